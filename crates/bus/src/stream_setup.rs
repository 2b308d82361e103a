//! Making the streams, and changing what differs: only what Posthorn owns, and never without saying so.
//!
//! | of a stream | whose it is |
//! | --- | --- |
//! | subjects, retention, storage, direct reads, schedules and rollups, the discard policy of POSTHORN_EVENTS, the window of duplicates | Posthorn's: changed back |
//! | `max_age` of POSTHORN_DELIVERIES | Posthorn's: none, because it would drop what waits longest |
//! | `max_age` of the others | follows the settings, unless somebody else has changed it since Posthorn set it: then it stays |
//! | copies | as many as the settings say, and never fewer than there are: a service that lacks the setting must not take them away |
//! | everything else: limits in bytes and messages, compression, placement, sources, republishing, metadata … | the operator's: left alone, and told by [`limits`](crate::limits) where messages can be lost by it |
//!
//! The configuration is changed as the server wrote it, so that what this version's client library does not know stays.

use async_nats::jetstream::{
    Context, ErrorCode,
    response::Response,
    stream::{Config, Info},
};
use serde_json::{Value, json};
use tracing::{info, warn};

use crate::{
    account,
    error::BusError,
    stream_info::{self, InfoError, StreamInfo},
    subject::{DELIVERIES_STREAM, EVENTS_STREAM},
};

/// In a stream's metadata: the `max_age` that a service set last, in nanoseconds.
const MAX_AGE_SET: &str = "posthorn_max_age";

/// Makes the stream if it is missing, and changes what Posthorn owns of it. Any number of services may do so at once.
pub(crate) async fn ensure(jetstream: &Context, wanted: &Config) -> Result<(), BusError> {
    let name = &wanted.name;
    let action = format!("set up stream {name}");
    match stream_info::ask(jetstream, name).await {
        Ok(found) => {
            let (is, set_up_for) = (found.info.config.num_replicas, wanted.num_replicas);
            if set_up_for < is {
                warn!(stream = %name, "Stream {name} has {is} copies, and this service is set up for {set_up_for}: they stay");
            }
            let Some(change) = change(wanted, &found) else {
                return Ok(());
            };
            let subject = format!("STREAM.UPDATE.{name}");
            if outcome(ask(jetstream, &subject, &change.config).await?, &action)? {
                return Err(BusError::Unavailable(format!("stream {name} is not there")));
            }
            warn!(stream = %name, "Changed stream {name}: {}", change.words.join("; "));
        }
        Err(InfoError::Missing) => {
            make(jetstream, wanted, &action).await?;
        }
        Err(InfoError::Unavailable(why)) => return Err(BusError::Unavailable(why)),
        Err(InfoError::Refused(reason)) => return Err(BusError::Refused { action, reason }),
    }
    Ok(())
}

async fn make(jetstream: &Context, wanted: &Config, action: &str) -> Result<(), BusError> {
    let name = &wanted.name;
    let subject = format!("STREAM.CREATE.{name}");
    let mut config = with_age_noted(document(wanted), wanted);
    let answer = ask(jetstream, &subject, &config).await?;
    let demands_bound = matches!(
        &answer,
        Response::Err { error } if error.error_code() == ErrorCode::STREAM_MAX_BYTES_REQUIRED
    );
    let bytes = if demands_bound {
        account::bytes_demanded(jetstream, wanted).await
    } else {
        None
    };
    let Some(bytes) = bytes else {
        outcome(answer, action)?;
        info!(stream = %name, "Made stream {name}");
        return Ok(());
    };
    config["max_bytes"] = bytes.into();
    outcome(ask(jetstream, &subject, &config).await?, action)?;
    warn!(
        stream = %name,
        "Made stream {name} for {bytes} bytes at most, because the account demands a bound"
    );
    Ok(())
}

async fn ask(
    jetstream: &Context,
    subject: &str,
    config: &Value,
) -> Result<Response<Value>, BusError> {
    jetstream
        .request(subject.to_owned(), config)
        .await
        .map_err(|error| BusError::Unavailable(error.to_string()))
}

/// Whether there is no such stream (any more).
fn outcome(answer: Response<Value>, action: &str) -> Result<bool, BusError> {
    let Response::Err { error } = answer else {
        return Ok(false);
    };
    match InfoError::of(&error) {
        InfoError::Missing => Ok(true),
        InfoError::Unavailable(why) => Err(BusError::Unavailable(why)),
        InfoError::Refused(reason) => Err(BusError::Refused {
            action: action.to_owned(),
            reason,
        }),
    }
}

/// What an update writes, and what is other in it, in words.
#[derive(Debug)]
pub(crate) struct Change {
    config: Value,
    pub(crate) words: Vec<String>,
}

/// What the next start of a service changes of a stream; `None` where there is nothing to change.
pub(crate) fn change(wanted: &Config, found: &StreamInfo) -> Option<Change> {
    let Info { config: is, .. } = &found.info;
    let mut change = Change {
        config: found.config.clone(),
        words: Vec::new(),
    };
    let ours = document(wanted);
    let now = document(is);
    let mut owned = vec![
        "subjects",
        "retention",
        "storage",
        "allow_direct",
        "allow_msg_schedules",
        "allow_rollup_hdrs",
    ];
    if wanted.name == EVENTS_STREAM {
        owned.push("discard");
    }
    if wanted.num_replicas > is.num_replicas {
        owned.push("num_replicas");
    }
    let age_follows = wanted.name == DELIVERIES_STREAM || age_is_ours(is);
    if age_follows {
        owned.push("max_age");
    }
    // The server refuses a window that is longer than messages live.
    if age_follows || is.max_age.is_zero() || wanted.duplicate_window <= is.max_age {
        owned.push("duplicate_window");
    }
    for field in owned {
        let (ours, now) = (&ours[field], &now[field]);
        // What we do not need and somebody has switched on does no harm, and some of it cannot be switched off.
        if !ours.is_null() && ours != now {
            change.words.push(format!(
                "{field} was {}, and is {}",
                words(field, now),
                words(field, ours)
            ));
            change.config[field] = ours.clone();
        }
    }
    if change.words.is_empty() {
        return None;
    }
    if age_follows {
        change.config = with_age_noted(change.config, wanted);
    }
    Some(change)
}

/// Whether a stream's `max_age` is what a service set. A version that did not note it made it anyway.
pub(crate) fn age_is_ours(is: &Config) -> bool {
    is.metadata
        .get(MAX_AGE_SET)
        .is_none_or(|noted| *noted == is.max_age.as_nanos().to_string())
}

fn with_age_noted(mut config: Value, wanted: &Config) -> Value {
    if !config["metadata"].is_object() {
        config["metadata"] = json!({});
    }
    config["metadata"][MAX_AGE_SET] = json!(wanted.max_age.as_nanos().to_string());
    config
}

/// A configuration as it goes over the wire; what the server leaves out is `null` here, on either side.
fn document(config: &Config) -> Value {
    // Plain data: it cannot fail to serialize.
    serde_json::to_value(config).unwrap_or_default()
}

/// A value for a person: durations are nanoseconds on the wire.
fn words(field: &str, value: &Value) -> String {
    match (field, value.as_u64()) {
        ("max_age" | "duplicate_window", Some(nanos)) => format!("{} s", nanos / 1_000_000_000),
        _ if value.is_null() => "not set".to_owned(),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{config::BusConfig, topology};

    fn found(config: &Config, extra: &Value) -> StreamInfo {
        let mut document = document(config);
        for (name, value) in extra.as_object().cloned().unwrap_or_default() {
            document[name] = value;
        }
        let info = json!({
            "config": document,
            "created": "2026-01-01T00:00:00Z",
            "state": {"messages": 0, "bytes": 0, "first_seq": 0, "first_ts": "2026-01-01T00:00:00Z",
                "last_seq": 0, "last_ts": "2026-01-01T00:00:00Z", "consumer_count": 0},
        });
        StreamInfo {
            config: info["config"].clone(),
            info: serde_json::from_value(info).unwrap(),
            server_time: None,
        }
    }

    fn streams() -> Vec<Config> {
        topology::streams(&BusConfig::default())
    }

    #[test]
    fn nothing_is_changed_of_what_is_the_operators() {
        for wanted in streams() {
            let operators = json!({"max_bytes": 1_000, "max_msgs": 10, "compression": "s2",
                "metadata": {"team": "payments"}, "unknown_to_us": true, "num_replicas": 3});
            assert!(
                change(&wanted, &found(&wanted, &operators)).is_none(),
                "{}",
                wanted.name
            );
        }
    }

    #[test]
    fn what_is_ours_is_changed_back_and_the_rest_of_the_configuration_stays() {
        for wanted in streams() {
            let other = json!({"duplicate_window": 1, "unknown_to_us": true, "max_bytes": 1_000});
            let change = change(&wanted, &found(&wanted, &other)).unwrap();
            assert_eq!(change.words.len(), 1, "{:?}", change.words);
            assert_eq!(
                change.config["duplicate_window"],
                document(&wanted)["duplicate_window"]
            );
            assert_eq!(change.config["unknown_to_us"], true);
            assert_eq!(change.config["max_bytes"], 1_000);
        }
    }

    #[test]
    fn copies_are_never_taken_away() {
        for mut wanted in streams() {
            wanted.num_replicas = 3;
            let is = found(&wanted, &json!({"num_replicas": 5}));
            assert!(change(&wanted, &is).is_none());
            let is = found(&wanted, &json!({"num_replicas": 1}));
            assert_eq!(change(&wanted, &is).unwrap().config["num_replicas"], 3);
        }
    }

    #[test]
    fn an_age_follows_the_settings_until_somebody_else_sets_it() {
        let wanted = &streams()[0];
        let days = |days: u64| Duration::from_secs(days * 86_400);
        let earlier = Config {
            max_age: days(90),
            ..wanted.clone()
        };
        for noted in [
            json!({}),
            json!({"metadata": {MAX_AGE_SET: days(90).as_nanos().to_string()}}),
        ] {
            let change = change(wanted, &found(&earlier, &noted)).unwrap();
            assert_eq!(change.config["max_age"], document(wanted)["max_age"]);
            let noted = &change.config["metadata"][MAX_AGE_SET];
            assert_eq!(*noted, wanted.max_age.as_nanos().to_string());
        }
        let others = json!({"metadata": {MAX_AGE_SET: days(8).as_nanos().to_string()}});
        assert!(change(wanted, &found(&earlier, &others)).is_none());
    }
}
