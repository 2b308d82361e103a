//! The durable consumers: how they should be, made where they are missing, changed where they differ.
//!
//! Where a consumer begins is decided when it is made and cannot be changed, so making and changing are two steps. A
//! missing consumer of POSTHORN_EVENTS begins behind what is settled ([`crate::floor`]).
//!
//! One of them is never pulled from. A work queue lets go of a message when nobody is interested in it any more, and a mirror or a
//! source counts as having taken what it has copied: it would empty the queue of every retry that waits. A consumer of the
//! schedules that takes nothing keeps them there.

use std::time::Duration;

use async_nats::jetstream::{
    Context, ErrorCode,
    consumer::{self, AckPolicy, DeliverPolicy, FromConsumer, pull},
    stream::{ConsumerCreateStrictErrorKind, ConsumerErrorKind},
};
use serde::Deserialize;
use tracing::info;

use crate::{
    api,
    error::BusError,
    floor::Floor,
    subject::{
        DEAD_LETTERS_STREAM, DELIVERER_CONSUMER, DELIVERIES_STREAM, EVENTS_STREAM, INDEX_CONSUMER,
        KEEPING_CONSUMER, READY, WAITING,
    },
};

/// A claim that is not reported on for this long goes to another deliverer.
const ACK_WAIT: Duration = Duration::from_secs(15);
/// Claims that all deliverers may hold together.
pub(crate) const ACK_PENDING_MAX: i64 = 100_000;

/// Each stream's consumer, as it is made where nothing is known of what came before.
pub(crate) fn wanted() -> [(&'static str, pull::Config); 4] {
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
                // Never `later.>`: a schedule that is given out would be taken before its time.
                filter_subject: READY.to_owned(),
                ..common.clone()
            },
        ),
        (
            DELIVERIES_STREAM,
            pull::Config {
                description: Some(
                    "Nobody pulls: it keeps what waits from mirrors and sources".to_owned(),
                ),
                durable_name: Some(KEEPING_CONSUMER.to_owned()),
                filter_subject: WAITING.to_owned(),
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

/// What became of a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ensured {
    /// It is there.
    There,
    /// It is missing, and where it would begin cannot be known now.
    Left,
}

#[derive(Deserialize)]
struct Found {
    config: consumer::Config,
}

/// Makes what is missing, and changes what differs.
pub(crate) async fn ensure(jetstream: &Context, floor: &Floor) -> Result<(), BusError> {
    for (stream, consumer) in wanted() {
        match find(jetstream, stream, &consumer).await? {
            None => {
                if create(jetstream, floor, stream, consumer).await? == Ensured::Left {
                    info!("The consumer of {stream} is missing, and is left to a deliverer");
                }
            }
            Some(found) => update(jetstream, stream, consumer, found).await?,
        }
    }
    Ok(())
}

/// Makes the consumer of one stream if it is missing, and else touches nothing.
pub(crate) async fn restore(
    jetstream: &Context,
    floor: &Floor,
    of_stream: &str,
) -> Result<(), BusError> {
    for (stream, consumer) in wanted() {
        if stream == of_stream
            && find(jetstream, stream, &consumer).await?.is_none()
            && create(jetstream, floor, stream, consumer).await? == Ensured::Left
        {
            return Err(BusError::Unavailable(format!(
                "the consumer of {stream} waits until it is known where the settled events end"
            )));
        }
    }
    Ok(())
}

async fn find(
    jetstream: &Context,
    stream: &str,
    wanted: &pull::Config,
) -> Result<Option<consumer::Config>, BusError> {
    let name = wanted.durable_name.as_deref().unwrap_or_default();
    let operation = format!("CONSUMER.INFO.{stream}.{name}");
    match api::request::<Found>(jetstream, operation, &api::empty()).await {
        Ok(found) => Ok(Some(found.config)),
        Err(error) if error.is(ErrorCode::CONSUMER_NOT_FOUND) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn create(
    jetstream: &Context,
    floor: &Floor,
    stream: &str,
    wanted: pull::Config,
) -> Result<Ensured, BusError> {
    let deliver_policy = if stream == EVENTS_STREAM {
        match floor.begin(jetstream).await {
            Ok(begin) => begin,
            Err(BusError::Unavailable(why)) => {
                info!("Cannot make the consumer of {stream} now: {why}");
                return Ok(Ensured::Left);
            }
            Err(error) => return Err(error),
        }
    } else {
        DeliverPolicy::All
    };
    let config = pull::Config {
        deliver_policy,
        ..wanted
    };
    let within_bounds = pull::Config {
        max_ack_pending: 0,
        ..config.clone()
    };
    match create_as(jetstream, stream, config).await {
        // The account or the server allows fewer; without a word on it the server takes as many as it allows.
        Err(ConsumerCreateStrictErrorKind::JetStream(refusal))
            if refusal.error_code() == ErrorCode::CONSUMER_MAX_PENDING_ACK_EXCESS =>
        {
            info!("The consumer of {stream} gets a lower bound on claims: {refusal}");
            create_as(jetstream, stream, within_bounds).await
        }
        done => done,
    }
    .map_err(|error| match error {
        ConsumerCreateStrictErrorKind::JetStream(refusal) => BusError::Refused {
            action: format!("set up the consumer of {stream}"),
            reason: refusal.to_string(),
        },
        error => BusError::Unavailable(error.to_string()),
    })
}

async fn create_as(
    jetstream: &Context,
    stream: &str,
    config: pull::Config,
) -> Result<Ensured, ConsumerCreateStrictErrorKind> {
    let created = jetstream.create_consumer_strict_on_stream(config, stream);
    match created.await.map_err(|error| error.kind()) {
        // Another service was faster; it may have read another floor.
        Ok(_) | Err(ConsumerCreateStrictErrorKind::AlreadyExists) => Ok(Ensured::There),
        Err(error) => Err(error),
    }
}

async fn update(
    jetstream: &Context,
    stream: &str,
    wanted: pull::Config,
    found: consumer::Config,
) -> Result<(), BusError> {
    let found = pull::Config::try_from_consumer_config(found)
        .map_err(|error| BusError::Unavailable(error.to_string()))?;
    // What is not ours stays as it is, and where it began cannot be changed.
    let changed = pull::Config {
        description: wanted.description,
        ack_wait: wanted.ack_wait,
        max_deliver: wanted.max_deliver,
        max_ack_pending: wanted.max_ack_pending,
        filter_subject: wanted.filter_subject,
        headers_only: wanted.headers_only,
        ..found.clone()
    };
    if changed == found {
        return Ok(());
    }
    let within_bounds = pull::Config {
        max_ack_pending: found.max_ack_pending,
        ..changed.clone()
    };
    match update_to(jetstream, stream, changed).await {
        // The bound is that of the account or the server, and not to be changed.
        Err(ConsumerErrorKind::JetStream(refusal))
            if refusal.error_code() == ErrorCode::CONSUMER_MAX_PENDING_ACK_EXCESS =>
        {
            if within_bounds == found {
                return Ok(());
            }
            update_to(jetstream, stream, within_bounds).await
        }
        done => done,
    }
    .map_err(|error| match error {
        ConsumerErrorKind::JetStream(refusal) => BusError::Refused {
            action: format!("change the consumer of {stream}"),
            reason: refusal.to_string(),
        },
        error => BusError::Unavailable(error.to_string()),
    })
}

async fn update_to(
    jetstream: &Context,
    stream: &str,
    config: pull::Config,
) -> Result<(), ConsumerErrorKind> {
    let updated = jetstream.create_consumer_on_stream(config, stream).await;
    updated.map_err(|error| error.kind())?;
    info!("Changed the consumer of {stream} back to how it should be");
    Ok(())
}
