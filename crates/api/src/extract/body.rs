use std::time::Duration;

use axum::{
    body::Body,
    http::{
        HeaderMap,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
    },
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::problem::{Code, Problem};

/// How long a client may take to send a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// Reads a body of at most `bytes_max` bytes.
pub(crate) async fn read_body(body: Body, bytes_max: usize) -> Result<Bytes, Problem> {
    let collected =
        tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, bytes_max).collect()).await;
    match collected {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::new(
            Code::PayloadTooLarge,
            format!("the body must be at most {bytes_max} bytes"),
        )),
        Ok(Err(_)) => Err(Problem::new(Code::InvalidBody, "the body broke off")),
        Err(_) => Err(Problem::new(
            Code::RequestTimeout,
            "the body did not come in time",
        )),
    }
}

/// The media types that the API reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaType {
    Json,
    MergePatch,
    CloudEvent,
    CloudEventBatch,
}

impl MediaType {
    /// What the headers say, without parameters such as `charset`. `None`: nothing is said.
    /// A body that is compressed is of no type that is read here.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let encoding = headers.get(CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(Problem::new(
                Code::UnsupportedMediaType,
                "send the body as it is, without a `Content-Encoding`",
            ));
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
        known
            .into_iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map(|(_, media_type)| Some(media_type))
            .ok_or_else(Self::unsupported)
    }

    pub(crate) fn unsupported() -> Problem {
        Problem::new(
            Code::UnsupportedMediaType,
            "send JSON, with `Content-Type: application/json`",
        )
    }
}
