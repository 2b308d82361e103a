//! Streams, as data.

use std::time::Duration;

use async_nats::jetstream::{
    Context,
    stream::{Config, DiscardPolicy, RetentionPolicy, StorageType},
};

use crate::{
    config::BusConfig,
    consumers,
    error::BusError,
    floor::Floor,
    stream_info::{self, InfoError},
    stream_setup,
    subject::{DEAD_LETTERS_STREAM, DELIVERIES_STREAM, EVENTS_STREAM},
};

/// Events stay in their stream for at least so long, whatever the retention: those that are not settled expire with the
/// others, and an outage of a long weekend must not lose any.
pub const EVENTS_AGE_MIN: Duration = Duration::from_secs(7 * 86_400);

pub(crate) fn streams(config: &BusConfig) -> Vec<Config> {
    let common = Config {
        storage: StorageType::File,
        num_replicas: config.stream_replicas,
        // The server refuses a window that is longer than messages live.
        duplicate_window: config.duplicate_window.min(config.event_max_age),
        discard: DiscardPolicy::Old,
        allow_direct: true,
        max_messages: -1,
        max_bytes: -1,
        max_message_size: -1,
        max_messages_per_subject: -1,
        max_consumers: -1,
        ..Config::default()
    };
    vec![
        Config {
            name: EVENTS_STREAM.to_owned(),
            description: Some("Every event, for claiming once and for replay".to_owned()),
            subjects: vec!["posthorn.events.>".to_owned()],
            retention: RetentionPolicy::Limits,
            max_age: config.event_max_age.max(EVENTS_AGE_MIN),
            // Where somebody limits the stream, publishers are refused. Dropped would be what was accepted first and is
            // perhaps not delivered.
            discard: DiscardPolicy::New,
            ..common.clone()
        },
        Config {
            name: DELIVERIES_STREAM.to_owned(),
            description: Some(
                "Deliveries that wait for their time, and those that are due".to_owned(),
            ),
            subjects: vec!["posthorn.deliveries.>".to_owned()],
            retention: RetentionPolicy::WorkQueue,
            // A limit of age would drop what waits longest.
            max_age: Duration::ZERO,
            allow_message_schedules: true,
            // The server asks for rollups with schedules, and refuses `discard: New`; a schedule replaces the one before
            // it.
            allow_rollup: true,
            ..common.clone()
        },
        Config {
            name: DEAD_LETTERS_STREAM.to_owned(),
            description: Some("What could not be delivered or read".to_owned()),
            subjects: vec!["posthorn.dead-letters.>".to_owned()],
            retention: RetentionPolicy::Limits,
            max_age: config.event_max_age,
            ..common
        },
    ]
}

/// Creates what is missing and updates what differs of what is Posthorn's. Any number of services may do so at once: every
/// step is idempotent, and all write the same.
pub(crate) async fn ensure(
    jetstream: &Context,
    config: &BusConfig,
    floor: &Floor,
) -> Result<(), BusError> {
    for stream in streams(config) {
        stream_setup::ensure(jetstream, &stream).await?;
    }
    consumers::ensure(jetstream, floor).await
}

/// Creates streams and consumers that are missing, and touches nothing that is there. While a leader is elected nobody
/// can say what is missing: that is an error, and nothing was done.
pub(crate) async fn restore(
    jetstream: &Context,
    config: &BusConfig,
    floor: &Floor,
    only: Option<&str>,
) -> Result<(), BusError> {
    for stream in streams(config) {
        let name = &stream.name;
        if only.is_some_and(|only| only != name) {
            continue;
        }
        match stream_info::ask(jetstream, name).await {
            Ok(_) => {}
            Err(InfoError::Missing) => stream_setup::ensure(jetstream, &stream).await?,
            Err(error) => return Err(error.about(name)),
        }
        consumers::restore(jetstream, floor, name).await?;
    }
    Ok(())
}
