//! One request, and what came of it.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use posthorn_domain::{EndpointUrl, Failure, Phases, Tls};
use tokio::time::Instant;

use crate::pool::SentAgain;

/// One POST to make.
#[derive(Debug, Clone)]
pub struct Request {
    /// Where to.
    pub url: EndpointUrl,
    /// Every header but `host`, `content-length` and, unless given, `user-agent`, `accept` and `accept-encoding`.
    pub headers: HeaderMap,
    /// The bytes to send, as they are.
    pub body: Bytes,
    /// The time for the whole exchange: name, connection, TLS, request, answer and its body. It stands still while the request
    /// waits for others here.
    pub timeout: Duration,
    /// What to show to the receiver and whom to trust, if not the public authorities.
    pub tls: Option<Arc<Tls>>,
}

/// What came of a request.
#[derive(Debug)]
pub struct Exchange {
    /// The answer, or why there is none.
    pub outcome: Result<Response, FailedExchange>,
    /// From the call to the end of the answer, or to the failure, without what the request waited for within Posthorn.
    pub elapsed: Duration,
    /// What the time went to, as far as the exchange came.
    pub phases: Phases,
    /// How often the request went once more, because it had not been processed.
    pub sent_again: SentAgain,
}

impl Exchange {
    /// One that failed before anything was opened.
    pub(crate) fn failed(failed: FailedExchange, start: Instant) -> Self {
        Self {
            outcome: Err(failed),
            elapsed: start.elapsed(),
            phases: Phases::default(),
            sent_again: SentAgain::default(),
        }
    }
}

/// An answer: the receiver's headers came in, completely or more of them than are kept.
#[derive(Debug, Clone)]
pub struct Response {
    /// HTTP status code.
    pub status: u16,
    /// The headers in their order, values as bytes, cut to [`RESPONSE_HEADERS_MAX`](crate::limits::RESPONSE_HEADERS_MAX) and
    /// [`RESPONSE_HEADER_BYTES_MAX`](crate::limits::RESPONSE_HEADER_BYTES_MAX). `retry-after` is never cut.
    pub headers: HeaderMap,
    /// The first [`RESPONSE_BODY_BYTES_MAX`](posthorn_domain::limits::RESPONSE_BODY_BYTES_MAX) bytes of the body, as they
    /// came: neither decompressed nor decoded.
    pub body: Bytes,
    /// How the body ended.
    pub body_end: BodyEnd,
}

impl Response {
    /// Whether `body` is less than what the receiver sent, or meant to send.
    pub fn body_truncated(&self) -> bool {
        self.body_end != BodyEnd::Complete
    }
}

/// How an answer's body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEnd {
    /// All of it was kept.
    Complete,
    /// It was larger than what is kept.
    TooLarge,
    /// The timeout passed while it was still coming in.
    TimedOut,
    /// The connection broke, or the body was not valid HTTP.
    Broken,
    /// Nobody knows: how the answer is framed is not valid. What came with its head is kept.
    Unframed,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FailedExchange {
    /// What happened: decides what follows.
    pub failure: Failure,
    /// Plain words for the webhook's owner, without the URL, the addresses behind its name and any secret.
    pub message: String,
}
