//! Limits that somebody else put on our streams.
//!
//! Posthorn makes its streams without limits in bytes and messages, and an operator may set some: a disk is not endless.
//! They are respected, and they are told, because of two of the streams the server drops what it was trusted with
//! when they are reached. (POSTHORN_EVENTS refuses new events then; the server allows that of no stream with
//! schedules, so POSTHORN_DELIVERIES drops its oldest messages.)

use async_nats::jetstream::stream::{Config, DiscardPolicy};

use crate::subject::{DEAD_LETTERS_STREAM, DELIVERIES_STREAM};

/// What limits a stream, in words.
pub(crate) fn of_stream(wanted: &Config, is: &Config) -> Vec<String> {
    let when_reached = match (is.discard, wanted.name.as_str()) {
        (DiscardPolicy::New, _) => "nothing more is taken when it is reached",
        (DiscardPolicy::Old, DELIVERIES_STREAM) => {
            "the oldest waiting deliveries are dropped when it is reached, and handed over again from the database"
        }
        (DiscardPolicy::Old, DEAD_LETTERS_STREAM) => {
            "the oldest dead letters are dropped when it is reached"
        }
        (DiscardPolicy::Old, _) => "the oldest messages are dropped when it is reached",
    };
    let mut limits = Vec::new();
    let mut limit = |name: &str, value: i64, what: &str| {
        if value > 0 {
            limits.push(format!("{name} is {value}: {what}"));
        }
    };
    limit("max_bytes", is.max_bytes, when_reached);
    limit("max_msgs", is.max_messages, when_reached);
    limit(
        "max_msgs_per_subject",
        is.max_messages_per_subject,
        if is.discard_new_per_subject {
            "nothing more is taken for a subject when it is reached"
        } else {
            "the oldest messages of a subject are dropped when it is reached"
        },
    );
    limit(
        "max_msg_size",
        is.max_message_size.into(),
        "larger messages are refused: their deliveries fail as too large",
    );
    if is.sealed {
        limits.push("it is sealed: nothing is taken any more".to_owned());
    }
    if !is.max_age.is_zero() && (wanted.max_age.is_zero() || is.max_age < wanted.max_age) {
        let seconds = is.max_age.as_secs();
        limits.push(format!(
            "max_age is {seconds} s: older messages are dropped, whether they are settled or not"
        ));
    }
    limits
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{config::BusConfig, topology};

    #[test]
    fn a_stream_as_it_is_made_has_no_limits_and_each_that_is_set_is_told() {
        for wanted in topology::streams(&BusConfig::default()) {
            assert!(of_stream(&wanted, &wanted).is_empty(), "{}", wanted.name);
            let hour = Duration::from_secs(3_600);
            for (words, is) in [
                (
                    "max_bytes",
                    Config {
                        max_bytes: 5,
                        ..wanted.clone()
                    },
                ),
                (
                    "max_msgs is",
                    Config {
                        max_messages: 5,
                        ..wanted.clone()
                    },
                ),
                (
                    "max_msgs_per_subject",
                    Config {
                        max_messages_per_subject: 5,
                        ..wanted.clone()
                    },
                ),
                (
                    "max_msg_size",
                    Config {
                        max_message_size: 5,
                        ..wanted.clone()
                    },
                ),
                (
                    "sealed",
                    Config {
                        sealed: true,
                        ..wanted.clone()
                    },
                ),
                (
                    "max_age",
                    Config {
                        max_age: hour,
                        ..wanted.clone()
                    },
                ),
            ] {
                let told = of_stream(&wanted, &is);
                assert_eq!(told.len(), 1, "{told:?}");
                assert!(told[0].contains(words), "{told:?}");
            }
        }
    }
}
