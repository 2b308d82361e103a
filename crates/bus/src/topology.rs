//! Streams and consumers, as data.

use std::time::Duration;

use crate::{
    config::BusConfig,
    error::BusError,
    stream_setup,
    subject::{
        DEAD_LETTERS_STREAM, DELIVERER_CONSUMER, DELIVERIES_STREAM, EVENTS_STREAM, INDEX_CONSUMER,
        READY,
    },
};
use async_nats::jetstream::{
    Context,
    consumer::{AckPolicy, DeliverPolicy, pull},
    stream::{Config, ConsumerErrorKind, DiscardPolicy, RetentionPolicy, StorageType},
};

/// A claim that is not reported on for this long goes to another deliverer.
const ACK_WAIT: Duration = Duration::from_secs(15);
/// Claims that all deliverers may hold together.
const ACK_PENDING_MAX: i64 = 100_000;

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

pub(crate) fn consumers() -> [(&'static str, pull::Config); 3] {
    let common = pull::Config {
        durable_name: Some(DELIVERER_CONSUMER.to_owned()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        max_deliver: -1,
        max_ack_pending: ACK_PENDING_MAX,
        ..pull::Config::default()
    };
    [
        (
            EVENTS_STREAM,
            pull::Config {
                description: Some("Events that no deliverer has settled yet".to_owned()),
                ..common.clone()
            },
        ),
        (
            DELIVERIES_STREAM,
            pull::Config {
                description: Some("Deliveries that are due".to_owned()),
                // Never `later.>`: a schedule that a consumer sees would be taken before its time.
                filter_subject: READY.to_owned(),
                ..common.clone()
            },
        ),
        (
            DEAD_LETTERS_STREAM,
            pull::Config {
                description: Some("Dead letters that are not in the index yet".to_owned()),
                durable_name: Some(INDEX_CONSUMER.to_owned()),
                // The index keeps no payloads.
                headers_only: true,
                ..common
            },
        ),
    ]
}

/// Creates what is missing and updates what differs of what is Posthorn's. Any number of services may do so at once: every
/// step is idempotent, and all write the same.
pub(crate) async fn ensure(jetstream: &Context, config: &BusConfig) -> Result<(), BusError> {
    for stream in streams(config) {
        stream_setup::ensure(jetstream, &stream).await?;
    }
    for (stream, consumer) in consumers() {
        jetstream
            .create_consumer_on_stream(consumer, stream)
            .await
            .map_err(|error| match error.kind() {
                ConsumerErrorKind::JetStream(refusal) => BusError::Refused {
                    action: format!("set up the consumer of {stream}"),
                    reason: refusal.to_string(),
                },
                _ => BusError::Unavailable(error.to_string()),
            })?;
    }
    Ok(())
}
