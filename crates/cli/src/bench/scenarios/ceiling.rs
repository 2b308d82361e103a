//! What a client and the receiver reach with nothing between them: no figure of deliveries can be higher.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::Instant,
};

use super::float;
use crate::{
    bench::{
        payload::Stamp,
        report::{CEILING_ID, Figure, PER_SECOND},
        rig::Rig,
    },
    exit::{Exit, Failure},
};

/// Connections, each with one request at a time: as many as a delivery process has busy.
const CONNECTIONS: u64 = 64;
/// As many bytes as a delivered event has.
const PAD_BYTES: usize = 300;
/// Headers of a delivery that this receiver does not look at.
const HEADERS: &str = "content-type: application/json\r\nuser-agent: Posthorn/0.1.0\r\n\
    webhook-id: 01900000-0000-7000-8000-000000000000\r\nwebhook-timestamp: 1700000000\r\n\
    webhook-signature: v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\
    x-webhook-signature: sha256=0000000000000000000000000000000000000000000000000000000000000000\r\n\
    x-webhook-event: user.created\r\nx-webhook-delivery: 01900000-0000-8000-8000-000000000000\r\n";

/// Measures it.
pub(in crate::bench) async fn ceiling(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let (route, path) = rig.receiver.add_route();
    let address = rig.receiver.address();
    let each = (rig.sizes.events.get() / CONNECTIONS).max(1);
    let begun = Instant::now();
    let clients = (0..CONNECTIONS).map(|client| {
        let path = &path;
        async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let mut answer = [0; 4096];
            for n in client * each..(client + 1) * each {
                let sent_us = rig.receiver.now_us();
                let body = Stamp { n, sent_us }.to_data(PAD_BYTES);
                let length = body.len();
                let head = format!(
                    "POST {path} HTTP/1.1\r\nhost: {address}\r\n{HEADERS}content-length: {length}\r\n\r\n"
                );
                let mut request = head.into_bytes();
                request.extend_from_slice(&body);
                stream.write_all(&request).await?;
                if stream.read(&mut answer).await? == 0 {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
            }
            Ok::<(), std::io::Error>(())
        }
    });
    futures::future::try_join_all(clients)
        .await
        .map_err(|error| {
            Failure::new(
                Exit::Unavailable,
                format!("the receiver cannot be reached: {error}"),
            )
        })?;
    let rate = float(route.tally().accepted()) / begun.elapsed().as_secs_f64();
    Ok(vec![Figure::new(
        CEILING_ID,
        "bare client and receiver: requests",
        PER_SECOND,
        rate,
    )])
}
