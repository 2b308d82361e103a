//! What the server says of a stream, as it says it: with the fields that the client library does not know, and with the
//! server's time, which the library drops.

use async_nats::jetstream::{self, Context, response::Response, stream};
use posthorn_domain::{Clock, ClockOffset, StreamPosition, Timestamp};
use serde_json::{Value, json};

use crate::{
    error::BusError,
    refusal::{Verdict, verdict},
};

/// Pages of the list of streams that are read, of 256 each.
const LIST_PAGES_MAX: usize = 40;

/// A stream as it is.
#[derive(Debug)]
pub(crate) struct StreamInfo {
    /// The answer, read.
    pub(crate) info: stream::Info,
    /// Its configuration as the server wrote it.
    pub(crate) config: Value,
    /// What the server's clock showed; no server since 2.10 leaves it out.
    pub(crate) server_time: Option<Timestamp>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum InfoError {
    /// There is no such stream.
    Missing,
    /// The server does not answer, or cannot now.
    Unavailable(String),
    /// The server will not tell.
    Refused(String),
}

impl InfoError {
    pub(crate) fn of(refusal: &jetstream::Error) -> Self {
        match verdict(refusal) {
            Verdict::Missing => Self::Missing,
            Verdict::Unavailable => Self::Unavailable(refusal.to_string()),
            Verdict::TooLarge | Verdict::Configuration => Self::Refused(refusal.to_string()),
        }
    }

    /// In the words of the bus, where the stream should be there.
    pub(crate) fn about(self, stream: &str) -> BusError {
        match self {
            Self::Missing => BusError::Unavailable(format!("stream {stream} is not there")),
            Self::Unavailable(why) => BusError::Unavailable(why),
            Self::Refused(reason) => BusError::Refused {
                action: format!("tell of stream {stream}"),
                reason,
            },
        }
    }
}

/// Asks for one stream.
pub(crate) async fn ask(jetstream: &Context, stream: &str) -> Result<StreamInfo, InfoError> {
    let answer: Response<Value> = jetstream
        .request(format!("STREAM.INFO.{stream}"), &())
        .await
        .map_err(|error| InfoError::Unavailable(error.to_string()))?;
    match answer {
        Response::Ok(document) => read(document).map_err(|error| {
            InfoError::Unavailable(format!(
                "what NATS says of stream {stream} cannot be read: {error}"
            ))
        }),
        Response::Err { error } => Err(InfoError::of(&error)),
    }
}

/// The same, and notes how far the server's clock is ahead of `clock`.
pub(crate) async fn ask_with_time(
    jetstream: &Context,
    stream: &str,
    clock: &dyn Clock,
    offset: &ClockOffset,
) -> Result<StreamInfo, InfoError> {
    let asked = clock.now();
    let found = ask(jetstream, stream).await?;
    if let Some(time) = found.server_time {
        offset.heard(time, asked, clock.now());
    }
    Ok(found)
}

/// Where a stream ends now, by its count and by the clock of the server that leads it, which also stamps the messages.
pub(crate) async fn end(jetstream: &Context, stream: &str) -> Result<StreamPosition, BusError> {
    let found = ask(jetstream, stream)
        .await
        .map_err(|error| error.about(stream))?;
    let at = found.server_time.ok_or_else(|| {
        BusError::Unavailable(format!("NATS does not tell its time with stream {stream}"))
    })?;
    Ok(StreamPosition {
        sequence: found.info.state.last_sequence,
        at,
    })
}

/// The streams that take what is published to `stream`: its mirrors, and those that have it as a source. As far as the
/// user may list the account's streams; another account's are not among them.
pub(crate) async fn takers(jetstream: &Context, stream: &str) -> Vec<String> {
    let mut takers = Vec::new();
    let mut offset = 0;
    for _ in 0..LIST_PAGES_MAX {
        let page = jetstream
            .request("STREAM.LIST".to_owned(), &json!({ "offset": offset }))
            .await;
        let Ok(Response::<Value>::Ok(page)) = page else {
            break;
        };
        let listed = page["streams"].as_array().map_or(&[][..], Vec::as_slice);
        takers.extend(
            listed
                .iter()
                .filter(|other| takes(&other["config"], stream))
                .filter_map(|other| other["config"]["name"].as_str())
                .map(str::to_owned),
        );
        offset += listed.len();
        let total = page["total"].as_u64().unwrap_or(0);
        if listed.is_empty() || u64::try_from(offset).unwrap_or(u64::MAX) >= total {
            break;
        }
    }
    takers
}

fn takes(config: &Value, stream: &str) -> bool {
    let sources = config["sources"].as_array().map_or(&[][..], Vec::as_slice);
    let mut origins = sources.iter().chain(std::iter::once(&config["mirror"]));
    origins.any(|origin| origin["name"] == stream)
}

fn read(document: Value) -> Result<StreamInfo, serde_json::Error> {
    let config = document.get("config").cloned().unwrap_or_default();
    let server_time = document
        .get("ts")
        .and_then(Value::as_str)
        .and_then(|text| text.parse().ok());
    Ok(StreamInfo {
        info: serde_json::from_value(document)?,
        config,
        server_time,
    })
}
