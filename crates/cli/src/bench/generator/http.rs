//! Publishing through `POST /events`, over connections that are kept alive.

use std::{cell::Cell, num::NonZeroU32};

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use posthorn_domain::EventType;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;

use super::{Load, PAD_BYTES};
use crate::{
    bench::{payload::Stamp, rig::Rig},
    exit::{Exit, Failure},
};

/// How events are posted.
#[derive(Debug, Clone, Copy)]
pub(in crate::bench) struct Http {
    /// Events of one request; one alone is sent as an object, more as an array.
    pub(in crate::bench) events_per_request: NonZeroU32,
    /// Connections, each with one request at a time.
    pub(in crate::bench) connections: u32,
}

type Connection = http1::SendRequest<Full<Bytes>>;

impl Rig {
    /// Posts events of one type as fast as they are taken, and returns when all are accepted.
    pub(in crate::bench) async fn post(
        &self,
        how: Http,
        event_type: &EventType,
        load: Load,
    ) -> Result<(), Failure> {
        let address = self.api.plain_address()?;
        let next = Cell::new(load.first);
        let end = load.first + load.count;
        let work = (0..how.connections).map(|_| async {
            let mut connection = connect(&address).await?;
            loop {
                let from = next.get();
                let until = end.min(from + u64::from(how.events_per_request.get()));
                if from == until {
                    return Ok::<(), Failure>(());
                }
                next.set(until);
                let request = self.request(&address, self.body(event_type, from, until))?;
                accepted(&mut connection, request).await?;
            }
        });
        futures::future::try_join_all(work).await.map(|_| ())
    }

    /// The events with these numbers, sent now.
    fn body(&self, event_type: &EventType, from: u64, until: u64) -> Bytes {
        let sent_us = self.receiver.now_us();
        let mut body = Vec::new();
        let is_array = until - from > 1;
        for n in from..until {
            let opening: &[u8] = match (is_array, n == from) {
                (false, _) => b"{\"type\":\"",
                (true, true) => b"[{\"type\":\"",
                (true, false) => b",{\"type\":\"",
            };
            body.extend_from_slice(opening);
            body.extend_from_slice(event_type.as_str().as_bytes());
            body.extend_from_slice(b"\",\"data\":");
            body.extend_from_slice(&Stamp { n, sent_us }.to_data(PAD_BYTES));
            body.push(b'}');
        }
        if is_array {
            body.push(b']');
        }
        Bytes::from(body)
    }

    fn request(&self, address: &str, body: Bytes) -> Result<Request<Full<Bytes>>, Failure> {
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::new(Exit::Usage, format!("--api-url or --api-key: {error}"))
        };
        let bearer = format!("Bearer {}", self.api.key().expose_secret());
        let mut bearer = HeaderValue::try_from(bearer).map_err(|error| wrong(&error))?;
        bearer.set_sensitive(true);
        let mut request = Request::post("/api/v1/events")
            .header(header::HOST, address)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, bearer);
        if let Some(tenant) = self.api.tenant() {
            request = request.header("posthorn-tenant", tenant.as_str());
        }
        request.body(Full::new(body)).map_err(|error| wrong(&error))
    }
}

async fn connect(address: &str) -> Result<Connection, Failure> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| unreachable(&error))?;
    stream
        .set_nodelay(true)
        .map_err(|error| unreachable(&error))?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| unreachable(&error))?;
    // What ends it is seen by the next request.
    tokio::spawn(connection);
    Ok(sender)
}

async fn accepted(
    connection: &mut Connection,
    request: Request<Full<Bytes>>,
) -> Result<(), Failure> {
    connection
        .ready()
        .await
        .map_err(|error| unreachable(&error))?;
    let answer = connection
        .send_request(request)
        .await
        .map_err(|error| unreachable(&error))?;
    let status = answer.status();
    answer
        .into_body()
        .collect()
        .await
        .map_err(|error| unreachable(&error))?;
    if status == StatusCode::ACCEPTED {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Unavailable,
        format!("Posthorn answered an event of the benchmark with {status}"),
    ))
}

fn unreachable(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        Exit::Unavailable,
        format!("posting events to the api: {error}"),
    )
}
