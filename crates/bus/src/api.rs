//! Requests to JetStream's API whose answers the client library does not give out whole.

use async_nats::jetstream::{Context, ErrorCode, response::Response};
use posthorn_domain::{StreamPosition, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::error::BusError;

/// Why a request had no result.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The server answered with this refusal.
    Refused(async_nats::jetstream::Error),
    /// Nobody answered, or not in words that can be read.
    Unavailable(String),
}

impl ApiError {
    /// Whether the server says exactly this.
    pub(crate) fn is(&self, code: ErrorCode) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.error_code() == code)
    }
}

impl ApiError {
    /// Whether the server says that a stream or consumer is not there.
    pub(crate) fn says_missing(&self) -> bool {
        self.is(ErrorCode::STREAM_NOT_FOUND) || self.is(ErrorCode::CONSUMER_NOT_FOUND)
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Unavailable(why) => f.write_str(why),
        }
    }
}

impl From<ApiError> for BusError {
    fn from(error: ApiError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// One request to the API; `operation` is its subject without the prefix.
pub(crate) async fn request<T: DeserializeOwned>(
    jetstream: &Context,
    operation: String,
    body: &(impl Serialize + ?Sized),
) -> Result<T, ApiError> {
    match jetstream.request(operation, body).await {
        Ok(Response::Ok(answer)) => Ok(answer),
        Ok(Response::Err { error }) => Err(ApiError::Refused(error)),
        Err(error) => Err(ApiError::Unavailable(error.to_string())),
    }
}

/// What counts of a consumer's state.
#[derive(Debug, Deserialize)]
pub(crate) struct ConsumerInfo {
    /// The last message that was given out for the first time.
    pub(crate) delivered: SequencePair,
    /// Every message up to here is acknowledged.
    pub(crate) ack_floor: SequencePair,
    #[serde(rename = "config")]
    pub(crate) limits: PullLimits,
    /// The time by the server that leads the consumer.
    ts: String,
}

/// What one pull may ask for, as servers and accounts bound it; 0 is no bound.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PullLimits {
    pub(crate) max_batch: usize,
    pub(crate) max_bytes: usize,
    /// In nanoseconds.
    pub(crate) max_expires: u64,
}

/// A place in the consumer's own count of deliveries, and in the stream.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct SequencePair {
    pub(crate) consumer_seq: u64,
    pub(crate) stream_seq: u64,
}

impl ConsumerInfo {
    /// Up to where every message is acknowledged now.
    pub(crate) fn floor(&self) -> Result<StreamPosition, BusError> {
        Ok(StreamPosition {
            sequence: self.ack_floor.stream_seq,
            at: moment(&self.ts)?,
        })
    }
}

/// A message as it is stored. What it holds is in base64, so the client reads it whatever it is.
#[derive(Debug, Deserialize)]
pub(crate) struct StoredRaw {
    pub(crate) subject: String,
    pub(crate) seq: u64,
    #[serde(default)]
    pub(crate) hdrs: Option<String>,
    #[serde(default)]
    pub(crate) data: Option<String>,
    time: String,
}

impl StoredRaw {
    /// When it was stored.
    pub(crate) fn stored_at(&self) -> Result<Timestamp, BusError> {
        moment(&self.time)
    }
}

#[derive(Deserialize)]
struct Got {
    message: StoredRaw,
}

/// Some operations refuse every other body.
pub(crate) fn empty() -> serde_json::Value {
    serde_json::json!({})
}

pub(crate) async fn consumer_info(
    jetstream: &Context,
    stream: &str,
    consumer: &str,
) -> Result<ConsumerInfo, ApiError> {
    let operation = format!("CONSUMER.INFO.{stream}.{consumer}");
    request(jetstream, operation, &empty()).await
}

/// The message at this place, as the stream's leader has it; `None` if there is none any more.
pub(crate) async fn stored_raw(
    jetstream: &Context,
    stream: &str,
    sequence: u64,
) -> Result<Option<StoredRaw>, ApiError> {
    let operation = format!("STREAM.MSG.GET.{stream}");
    let asked = serde_json::json!({ "seq": sequence });
    match request::<Got>(jetstream, operation, &asked).await {
        Ok(got) => Ok(Some(got.message)),
        Err(error) if error.is(ErrorCode::NO_MESSAGE_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The first message on a subject from a place on; `None` if there is none. The subject may have wildcards.
pub(crate) async fn next_raw(
    jetstream: &Context,
    stream: &str,
    subject: &str,
    from: u64,
) -> Result<Option<StoredRaw>, ApiError> {
    let operation = format!("STREAM.MSG.GET.{stream}");
    let asked = serde_json::json!({ "seq": from, "next_by_subj": subject });
    match request::<Got>(jetstream, operation, &asked).await {
        Ok(got) => Ok(Some(got.message)),
        Err(error) if error.is(ErrorCode::NO_MESSAGE_FOUND) => Ok(None),
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
struct Deleted {}

/// Deletes the message at a place. One that is not there any more is no error.
pub(crate) async fn delete(
    jetstream: &Context,
    stream: &str,
    sequence: u64,
    is_overwritten: bool,
) -> Result<(), ApiError> {
    let operation = format!("STREAM.MSG.DELETE.{stream}");
    let asked = serde_json::json!({ "seq": sequence, "no_erase": !is_overwritten });
    match request::<Deleted>(jetstream, operation, &asked).await {
        Ok(Deleted {}) => Ok(()),
        // Which of several refusals says that it was not there differs between servers.
        Err(ApiError::Refused(_)) if stored_raw(jetstream, stream, sequence).await?.is_none() => {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn moment(text: &str) -> Result<Timestamp, BusError> {
    text.parse()
        .map_err(|_| BusError::Unavailable(format!("the server's time is {text:?}")))
}
