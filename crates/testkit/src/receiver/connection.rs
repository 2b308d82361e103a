//! HTTP/1.1, just enough of it, by hand: a library would not let us misbehave.

use std::{io, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::{Instant, sleep},
};

use super::{
    Shared,
    answer::{Act, Answer, ReceivedRequest},
};

pub(super) async fn serve(stream: TcpStream, number: usize, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    while let Ok(Some(request)) = read_request(&mut stream, number).await {
        let answer = shared.take(request);
        let _in_flight = InFlight(&shared);
        if !matches!(give(&mut stream, answer).await, Ok(Next::Request)) {
            return;
        }
    }
}

struct InFlight<'a>(&'a Shared);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.lock().in_flight -= 1;
    }
}

enum Next {
    Request,
    End,
}

async fn give(stream: &mut BufReader<TcpStream>, answer: Answer) -> io::Result<Next> {
    sleep(answer.after).await;
    if let Some(gate) = &answer.gate {
        tokio::select! {
            () = gate.passed() => {}
            gone = closed(stream) => return gone,
        }
    }
    match answer.act {
        Act::Reply {
            status,
            headers,
            body,
            then_close,
        } => {
            let mut bytes = head(status);
            for (name, value) in headers {
                bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
            }
            bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
            bytes.extend_from_slice(&body);
            stream.write_all(&bytes).await?;
            return Ok(if then_close { Next::End } else { Next::Request });
        }
        Act::Raw(bytes) => stream.write_all(&bytes).await?,
        Act::Drip { status, every } => {
            begin_endless(stream, status).await?;
            loop {
                stream.write_all(b"1\r\n.\r\n").await?;
                sleep(every).await;
            }
        }
        Act::Endless { status } => {
            begin_endless(stream, status).await?;
            let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
            loop {
                stream.write_all(chunk.as_bytes()).await?;
            }
        }
        Act::Hang => return closed(stream).await,
        Act::ResetAfter(bytes) => {
            stream.write_all(&bytes).await?;
            stream.get_ref().set_zero_linger()?;
        }
    }
    Ok(Next::End)
}

/// Waits until the other side has gone.
async fn closed(stream: &mut BufReader<TcpStream>) -> io::Result<Next> {
    loop {
        let bytes = stream.fill_buf().await?.len();
        if bytes == 0 {
            return Ok(Next::End);
        }
        stream.consume(bytes);
    }
}

fn head(status: u16) -> Vec<u8> {
    format!("HTTP/1.1 {status} Scripted\r\n").into_bytes()
}

async fn begin_endless(stream: &mut BufReader<TcpStream>, status: u16) -> io::Result<()> {
    let mut bytes = head(status);
    bytes.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
    stream.write_all(&bytes).await
}

async fn read_request<S: AsyncBufRead + Unpin>(
    stream: &mut S,
    connection: usize,
) -> io::Result<Option<ReceivedRequest>> {
    let first = read_line(stream).await?;
    let mut words = first.split(' ');
    let (Some(method @ ("POST" | "GET" | "PUT" | "HEAD")), Some(target)) =
        (words.next(), words.next())
    else {
        return Ok(None);
    };
    let mut headers = HeaderMap::new();
    loop {
        let line = read_line(stream).await?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).map_err(io::Error::other)?,
            HeaderValue::from_str(value.trim()).map_err(io::Error::other)?,
        );
    }
    let body = read_body(stream, &headers).await?;
    Ok(Some(ReceivedRequest {
        method: method.to_owned(),
        target: target.to_owned(),
        headers,
        body,
        arrived_at: Instant::now(),
        connection,
    }))
}

async fn read_body<S: AsyncBufRead + Unpin>(
    stream: &mut S,
    headers: &HeaderMap,
) -> io::Result<Bytes> {
    let length = headers
        .get("content-length")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let mut body = Vec::new();
    match length {
        Some(length) => {
            body.resize(length, 0);
            stream.read_exact(&mut body).await?;
        }
        None if headers.contains_key("transfer-encoding") => loop {
            let size = read_line(stream).await?;
            let size = usize::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
            let start = body.len();
            body.resize(start + size, 0);
            stream.read_exact(&mut body[start..]).await?;
            read_line(stream).await?;
            if size == 0 {
                break;
            }
        },
        None => {}
    }
    Ok(body.into())
}

/// One line without its end.
async fn read_line<S: AsyncBufRead + Unpin>(stream: &mut S) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}
