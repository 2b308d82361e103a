//! A receiver that speaks HTTP/2 by hand: a library would not let it misbehave, or stop in the middle.
//!
//! Requests are told apart by their bodies; their headers are not read, and every answer is 200 without a body.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{
    receiver::Receiver,
    tls::{Authority, hooks_example},
};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const MAX_CONCURRENT_STREAMS: u16 = 3;
const REFUSED_STREAM: u32 = 7;

/// One connection.
pub(crate) struct Http2 {
    stream: TlsStream<TcpStream>,
    bodies: HashMap<u32, String>,
    /// How many connections there were before this one.
    pub(crate) number: usize,
}

/// Runs `script` on each connection. A receiver that names `streams_max` takes no more at once.
pub(crate) async fn start<S, F>(
    authority: &Authority,
    streams_max: Option<u32>,
    script: S,
) -> Receiver
where
    S: Fn(Http2) -> F + Send + Sync + 'static,
    F: Future<Output = ()> + Send,
{
    let mut config = authority.sign(&hooks_example());
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let script = Arc::new(script);
    let numbers = Arc::new(Mutex::new(0..));
    Receiver::start(move |tcp| {
        let number = numbers.lock().unwrap().next().unwrap();
        let (acceptor, script) = (acceptor.clone(), Arc::clone(&script));
        async move {
            let Ok(mut stream) = acceptor.accept(tcp).await else {
                return;
            };
            let mut preface = [0; PREFACE.len()];
            if stream.read_exact(&mut preface).await.is_err() {
                return;
            }
            let mut connection = Http2 {
                stream,
                bodies: HashMap::new(),
                number,
            };
            let mut settings = Vec::new();
            if let Some(max) = streams_max {
                settings.extend(MAX_CONCURRENT_STREAMS.to_be_bytes());
                settings.extend(max.to_be_bytes());
            }
            connection.write(SETTINGS, 0, 0, &settings).await;
            script(connection).await;
        }
    })
    .await
}

impl Http2 {
    /// The next request that has come whole: its stream and its body. `None` when the client has closed.
    pub(crate) async fn request(&mut self) -> Option<(u32, String)> {
        loop {
            let mut head = [0; 9];
            self.stream.read_exact(&mut head).await.ok()?;
            let length =
                usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
            let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
            let mut payload = vec![0; length];
            self.stream.read_exact(&mut payload).await.ok()?;
            match (head[3], head[4]) {
                (SETTINGS, flags) if flags & ACK == 0 => self.write(SETTINGS, ACK, 0, &[]).await,
                (PING, flags) if flags & ACK == 0 => self.write(PING, ACK, 0, &payload).await,
                (DATA, flags) => {
                    let body = self.bodies.entry(stream).or_default();
                    body.push_str(str::from_utf8(&payload).unwrap());
                    if flags & END_STREAM != 0 {
                        return Some((stream, self.bodies.remove(&stream).unwrap()));
                    }
                }
                _ => {}
            }
        }
    }

    pub(crate) async fn answer(&mut self, stream: u32) {
        // The eighth entry of the static table: `:status: 200`.
        self.write(HEADERS, END_HEADERS | END_STREAM, stream, &[0x88])
            .await;
    }

    pub(crate) async fn refuse(&mut self, stream: u32) {
        self.write(RST_STREAM, 0, stream, &REFUSED_STREAM.to_be_bytes())
            .await;
    }

    /// Says that no stream above `last` is taken, for no error.
    pub(crate) async fn go_away(&mut self, last: u32) {
        let mut payload = last.to_be_bytes().to_vec();
        payload.extend(0_u32.to_be_bytes());
        self.write(GOAWAY, 0, 0, &payload).await;
    }

    /// Ends the connection without a word.
    pub(crate) fn cut(self) {
        self.stream.get_ref().0.set_zero_linger().unwrap();
    }

    async fn write(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        // Whether the client still listens shows when it is read from.
        let _ = self.stream.write_all(&frame).await;
        let _ = self.stream.flush().await;
    }
}
