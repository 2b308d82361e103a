//! What the account that Posthorn signs in to allows, where that keeps a stream from being made.

use async_nats::jetstream::{Context, stream::Config};
use serde::Deserialize;
use serde_json::json;

use crate::{
    api::{self, ApiError},
    subject::{DEAD_LETTERS_STREAM, EVENTS_STREAM},
};

/// JetStream's answer on `$JS.API.INFO`, as far as it concerns streams.
#[derive(Debug, Deserialize)]
struct Account {
    #[serde(default)]
    streams: i64,
    limits: Limits,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
struct Limits {
    max_storage: i64,
    max_streams: i64,
    storage_max_stream_bytes: i64,
    max_bytes_required: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_storage: -1,
            max_streams: -1,
            storage_max_stream_bytes: -1,
            max_bytes_required: false,
        }
    }
}

#[derive(Deserialize)]
struct Names {
    #[serde(default)]
    streams: Option<Vec<String>>,
}

async fn account(jetstream: &Context) -> Result<Account, ApiError> {
    api::request(jetstream, "INFO".to_owned(), &api::empty()).await
}

/// Most bytes for a stream in an account that demands a bound of each: its share of what the account may store. `None` where
/// the account demands none, or does not say of how much.
pub(crate) async fn bytes_demanded(jetstream: &Context, wanted: &Config) -> Option<i64> {
    let limits = account(jetstream).await.ok()?.limits;
    if !limits.max_bytes_required {
        return None;
    }
    bytes_for(&wanted.name, &limits)
}

fn bytes_for(stream: &str, limits: &Limits) -> Option<i64> {
    // Events are kept for the retention, deliveries for as long as they wait.
    let percent = match stream {
        EVENTS_STREAM => 60,
        DEAD_LETTERS_STREAM => 10,
        _ => 25,
    };
    let share = (limits.max_storage > 0).then(|| limits.max_storage / 100 * percent);
    let largest = (limits.storage_max_stream_bytes > 0).then_some(limits.storage_max_stream_bytes);
    match (share, largest) {
        (Some(share), Some(largest)) => Some(share.min(largest)),
        (share, largest) => share.or(largest),
    }
}

/// Why the server will not make a stream that is not there, as far as that can be known without trying.
pub(crate) async fn hindrance(jetstream: &Context, wanted: &Config) -> Option<String> {
    for subject in &wanted.subjects {
        let asked = json!({ "subject": subject });
        let names: Result<Names, _> =
            api::request(jetstream, "STREAM.NAMES".to_owned(), &asked).await;
        if let Some(other) = names
            .ok()
            .and_then(|names| names.streams?.into_iter().next())
        {
            return Some(format!(
                "NATS refuses it, because stream {other} takes subjects of {subject}"
            ));
        }
    }
    let Account { streams, limits } = account(jetstream).await.ok()?;
    if limits.max_streams >= 0 && streams >= limits.max_streams {
        return Some(format!(
            "NATS refuses it, because the account has its {streams} streams and may have no more"
        ));
    }
    if limits.max_bytes_required && bytes_for(&wanted.name, &limits).is_none() {
        return Some(
            "NATS refuses it, because the account demands max_bytes of each stream and has no bound itself to take it from"
                .to_owned(),
        );
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::DELIVERIES_STREAM;

    #[test]
    fn the_streams_share_what_an_account_may_store() {
        let mut limits = Limits {
            max_storage: 1_000,
            ..Limits::default()
        };
        let all = [EVENTS_STREAM, DELIVERIES_STREAM, DEAD_LETTERS_STREAM];
        let bytes = |limits: &Limits| all.map(|stream| bytes_for(stream, limits));
        assert_eq!(bytes(&limits), [Some(600), Some(250), Some(100)]);
        limits.storage_max_stream_bytes = 300;
        assert_eq!(bytes(&limits), [Some(300), Some(250), Some(100)]);
        assert_eq!(bytes(&Limits::default()), [None; 3]);
    }
}
