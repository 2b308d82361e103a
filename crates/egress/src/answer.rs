//! Reads an answer, as much of it as is kept.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header::RETRY_AFTER};
use posthorn_domain::limits::RESPONSE_BODY_BYTES_MAX;
use tokio::time::{Instant, timeout_at};

use crate::{
    exchange::{BodyEnd, Response},
    limits::{DISCARDED_BODY_BYTES_MAX, RESPONSE_HEADER_BYTES_MAX, RESPONSE_HEADERS_MAX},
};

/// Keeps the headers and reads the body until it ends, is too large, or the deadline passes.
///
/// Dropping the answer before its end closes the connection, so nobody can pin a slot or the memory.
pub(crate) async fn read(mut answer: reqwest::Response, deadline: Instant) -> Response {
    let status = answer.status().as_u16();
    let headers = kept_headers(std::mem::take(answer.headers_mut()));
    let mut body = BytesMut::new();
    let mut read_bytes = 0_usize;
    let body_end = loop {
        match timeout_at(deadline, answer.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                read_bytes = read_bytes.saturating_add(chunk.len());
                // Copied, because a chunk is a view that keeps a much larger read buffer alive.
                let room = RESPONSE_BODY_BYTES_MAX.saturating_sub(body.len());
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if read_bytes > RESPONSE_BODY_BYTES_MAX + DISCARDED_BODY_BYTES_MAX {
                    break BodyEnd::TooLarge;
                }
            }
            Ok(Ok(None)) if read_bytes > body.len() => break BodyEnd::TooLarge,
            Ok(Ok(None)) => break BodyEnd::Complete,
            Ok(Err(_)) => break BodyEnd::Broken,
            Err(_) => break BodyEnd::TimedOut,
        }
    };
    Response {
        status,
        headers,
        body: Bytes::from(body),
        body_end,
    }
}

/// Cuts the headers to their limits. `retry-after` decides something, so it goes first.
fn kept_headers(mut all: HeaderMap) -> HeaderMap {
    let bytes: usize = all.iter().map(|(name, value)| size(name, value)).sum();
    if all.len() <= RESPONSE_HEADERS_MAX && bytes <= RESPONSE_HEADER_BYTES_MAX {
        return all;
    }
    let mut kept = HeaderMap::new();
    let mut room = RESPONSE_HEADER_BYTES_MAX;
    if let Some(value) = all.remove(RETRY_AFTER) {
        room = room.saturating_sub(size(&RETRY_AFTER, &value));
        kept.insert(RETRY_AFTER, value);
    }
    for (name, value) in &all {
        let needed = size(name, value);
        if kept.len() == RESPONSE_HEADERS_MAX || needed > room {
            continue;
        }
        room -= needed;
        kept.append(name.clone(), value.clone());
    }
    kept
}

fn size(name: &http::HeaderName, value: &http::HeaderValue) -> usize {
    name.as_str().len() + value.len()
}
