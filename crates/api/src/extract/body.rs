use std::{error::Error, time::Duration};

use axum::{
    body::Body,
    http::{
        HeaderMap,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
    },
};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Body as _;

use crate::{
    edge::NoRoom,
    problem::{Code, Problem},
    shares::Spent,
};

/// How much of a body is read that is too large, and for how long: most clients send all before they look for an answer, and
/// would find the connection broken instead.
const TOO_LARGE_READ_BYTES_MAX: usize = 16 * 1024 * 1024;
const TOO_LARGE_READ_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);
/// Room that is made for a body before anything of it has come, in bytes.
const ROOM_FIRST_BYTES: usize = 64 * 1024;
/// After how many seconds a client may try again for whose body there was no room.
const RETRY_AFTER_SECONDS: u64 = 1;

/// Reads a body of at most `bytes_max` bytes.
pub(crate) async fn read_body(body: Body, bytes_max: usize) -> Result<Bytes, Problem> {
    let mut body = body;
    match tokio::time::timeout(BODY_TIMEOUT, collect(&mut body, bytes_max)).await {
        Ok(Ok(Collected::Whole(bytes))) => Ok(bytes),
        Ok(Ok(Collected::TooLarge)) => {
            // What does not come in time is not waited for.
            let _ = tokio::time::timeout(TOO_LARGE_READ_TIMEOUT, pass_over(body)).await;
            Err(Problem::new(
                Code::PayloadTooLarge,
                format!("the body must be at most {bytes_max} bytes"),
            ))
        }
        Ok(Err(problem)) => Err(problem),
        Err(_) => Err(Problem::new(
            Code::RequestTimeout,
            "the body did not come in time",
        )),
    }
}

enum Collected {
    Whole(Bytes),
    TooLarge,
}

/// Reads on without keeping anything.
async fn pass_over(mut body: Body) {
    let mut bytes = 0;
    while bytes < TOO_LARGE_READ_BYTES_MAX {
        let Some(Ok(frame)) = body.frame().await else {
            return;
        };
        bytes += frame.data_ref().map_or(0, Bytes::len);
    }
}

/// Puts a body together in one piece of memory, which grows with what comes: what is announced and does not come takes
/// none, and the body is never there twice.
async fn collect(body: &mut Body, bytes_max: usize) -> Result<Collected, Problem> {
    let announced = body.size_hint().exact();
    let announced = announced.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        return Ok(Collected::TooLarge);
    }
    let mut collected = Vec::with_capacity(announced.unwrap_or_default().min(ROOM_FIRST_BYTES));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broken_off(&error))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let bytes = collected.len() + data.len();
        if bytes > bytes_max {
            return Ok(Collected::TooLarge);
        }
        if bytes > collected.capacity() {
            let more = collected.capacity() * 4;
            let room = more.min(announced.unwrap_or(bytes_max)).max(bytes);
            collected.reserve_exact(room - collected.len());
        }
        collected.extend_from_slice(&data);
    }
    Ok(Collected::Whole(collected.into()))
}

fn broken_off(error: &axum::Error) -> Problem {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(NoRoom(spent)) = error.downcast_ref() {
            let words = match spent {
                Spent::Part => "the requests that are under way with this key",
                Spent::All => "the requests that are under way",
            };
            let detail = format!("{words} take up all the memory for bodies: try again later");
            return Problem::new(Code::ServerBusy, detail).retry_after(RETRY_AFTER_SECONDS);
        }
        cause = error.source();
    }
    Problem::new(Code::InvalidBody, "the body broke off")
}

/// The media types of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaType {
    Json,
    MergePatch,
    CloudEvent,
    CloudEventBatch,
    /// CloudEvents in another format than JSON.
    OtherCloudEvent,
    /// What no operation reads, but as an event's data.
    Other,
}

impl MediaType {
    /// What the headers say, without parameters such as `charset`. `None`: nothing is said.
    /// A body that is compressed is of no type that is read here.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        match Self::of_any(headers)? {
            Some(Self::Other | Self::OtherCloudEvent) => Err(Self::unsupported()),
            known => Ok(known),
        }
    }

    /// The same where the body may be of any type.
    pub(crate) fn of_any(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        for encoding in headers.get_all(CONTENT_ENCODING) {
            let encoding = String::from_utf8_lossy(encoding.as_bytes());
            if !encoding.trim().eq_ignore_ascii_case("identity") && !encoding.trim().is_empty() {
                return Err(Problem::unsupported_encoding(encoding.trim()));
            }
        }
        let Some(value) = headers.get(CONTENT_TYPE) else {
            return Ok(None);
        };
        let text = value.to_str().unwrap_or_default();
        let name = text.split(';').next().unwrap_or_default().trim();
        let known = [
            ("application/json", Self::Json),
            ("application/merge-patch+json", Self::MergePatch),
            ("application/cloudevents+json", Self::CloudEvent),
            ("application/cloudevents-batch+json", Self::CloudEventBatch),
        ];
        let known = known
            .into_iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map(|(_, media_type)| media_type);
        let begins = |prefix: &str| {
            let start = name.get(..prefix.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        Ok(Some(known.unwrap_or_else(|| {
            if begins("application/cloudevents") {
                Self::OtherCloudEvent
            } else {
                Self::Other
            }
        })))
    }

    pub(crate) fn unsupported() -> Problem {
        Problem::new(
            Code::UnsupportedMediaType,
            "send JSON, with `Content-Type: application/json`",
        )
    }
}
