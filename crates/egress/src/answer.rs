//! Reads an answer, as much of it as is kept.

use std::pin::Pin;

use bytes::BytesMut;
use http::{HeaderMap, header::RETRY_AFTER};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use posthorn_domain::limits::RESPONSE_BODY_BYTES_MAX;
use tokio::time::Sleep;

use crate::{
    exchange::{BodyEnd, Response},
    limits::{DISCARDED_BODY_BYTES_MAX, RESPONSE_HEADER_BYTES_MAX, RESPONSE_HEADERS_MAX},
};

/// Keeps the headers and reads the body until it ends, is too large, or the deadline passes.
///
/// Dropping the answer before its end closes the connection, so nobody can pin a slot or the memory.
pub(crate) async fn read(
    answer: http::Response<Incoming>,
    mut deadline: Pin<&mut Sleep>,
) -> Response {
    let (head, mut incoming) = answer.into_parts();
    let mut body = BytesMut::new();
    let mut read_bytes = 0_usize;
    let body_end = loop {
        if incoming.is_end_stream() {
            break end(read_bytes, body.len());
        }
        let frame = tokio::select! {
            biased;
            frame = incoming.frame() => frame,
            () = &mut deadline => break BodyEnd::TimedOut,
        };
        match frame {
            None => break end(read_bytes, body.len()),
            Some(Err(_)) => break BodyEnd::Broken,
            Some(Ok(frame)) => {
                // Trailers are not kept; HTTP/1 ones are not even read.
                let chunk = frame.into_data().unwrap_or_default();
                read_bytes = read_bytes.saturating_add(chunk.len());
                // Copied, because a chunk is a view that keeps a much larger read buffer alive.
                let room = RESPONSE_BODY_BYTES_MAX.saturating_sub(body.len());
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if read_bytes > RESPONSE_BODY_BYTES_MAX + DISCARDED_BODY_BYTES_MAX {
                    break BodyEnd::TooLarge;
                }
            }
        }
    };
    Response {
        status: head.status.as_u16(),
        headers: kept_headers(head.headers),
        body: body.freeze(),
        body_end,
    }
}

/// How a body ended that came in to its end.
fn end(read_bytes: usize, kept_bytes: usize) -> BodyEnd {
    if read_bytes > kept_bytes {
        BodyEnd::TooLarge
    } else {
        BodyEnd::Complete
    }
}

/// Cuts the headers to their limits. `retry-after` decides something, so it goes first.
pub(crate) fn kept_headers(mut all: HeaderMap) -> HeaderMap {
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
