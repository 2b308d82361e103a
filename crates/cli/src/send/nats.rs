//! Publishing straight to NATS: needs neither the API nor the database.

use std::{path::PathBuf, time::Duration};

use futures::{StreamExt, TryStreamExt, stream};
use posthorn_bus::{Accepted, Bus, BusConfig, BusError, OutgoingEvent, PublishError};
use posthorn_domain::{Clock, Event, EventId, SystemClock, TenantId};
use rand::rngs::StdRng;

use super::{Outgoing, Published, Report};
use crate::{
    exit::{Exit, Failure},
    random,
};

/// Events that are published before the next are made.
const STEP: usize = 1_000;
/// Events whose ids are looked up at the same time.
const LOOKUPS_AT_ONCE: usize = 64;

pub(super) struct Servers {
    pub(super) urls: Vec<String>,
    pub(super) creds_file: Option<PathBuf>,
    pub(super) timeout: Duration,
}

impl Servers {
    pub(super) async fn publish(
        self,
        outgoing: &Outgoing,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if outgoing.event_type.is_operational() {
            let why = format!(
                "only Posthorn itself publishes events of the type {}",
                outgoing.event_type
            );
            return Err(Failure::new(Exit::Data, why));
        }
        outgoing
            .data
            .check_depth()
            .map_err(|too_deep| Failure::new(Exit::Data, format!("the data {too_deep}")))?;
        let bus = self.connect().await?;
        let clock = SystemClock;
        let mut rng = random::seeded();
        let mut left = 1..=outgoing.count;
        loop {
            let events = left
                .by_ref()
                .take(STEP)
                .map(|n| {
                    Ok(OutgoingEvent {
                        request_id: None,
                        event: event(outgoing, &clock, &mut rng),
                        idempotency_key: outgoing.key(n)?,
                    })
                })
                .collect::<Result<Vec<_>, Failure>>()?;
            if events.is_empty() {
                bus.drain().await;
                return Ok(());
            }
            let accepted = bus
                .publish_events(&events)
                .await
                .map_err(|error| not_published(&error))?;
            let published: Vec<Published> = stream::iter(events.into_iter().zip(accepted))
                .map(|(event, accepted)| published(&bus, event.event, accepted))
                .buffered(LOOKUPS_AT_ONCE)
                .try_collect()
                .await?;
            report.add(&published)?;
        }
    }

    async fn connect(self) -> Result<Bus, Failure> {
        let config = BusConfig {
            servers: self.urls,
            creds_file: self.creds_file,
            client_name: "posthorn send".to_owned(),
            ..BusConfig::default()
        };
        match tokio::time::timeout(self.timeout, Bus::connect(config)).await {
            Ok(Ok(bus)) => Ok(bus),
            Ok(Err(error)) => Err(not_usable(&error)),
            Err(_) => Err(Failure::new(
                Exit::Unavailable,
                format!(
                    "no NATS server answered within {} s",
                    self.timeout.as_secs_f64()
                ),
            )),
        }
    }
}

/// An event with the id that a receiver will see: it follows from where the event is stored, of a duplicate the first one.
async fn published(bus: &Bus, event: Event, accepted: Accepted) -> Result<Published, Failure> {
    let stored = bus.event_at(accepted.sequence).await;
    let stored = stored.map_err(|error| not_usable(&error))?;
    let unknown = || {
        let why = "the event is stored and cannot be read: its id is not known";
        Failure::new(Exit::Unavailable, why.to_owned())
    };
    Ok(Published {
        id: stored.ok_or_else(unknown)?.id.to_string(),
        event_type: event.event_type,
        duplicate: accepted.duplicate,
    })
}

fn event(outgoing: &Outgoing, clock: &SystemClock, rng: &mut StdRng) -> Event {
    Event {
        id: EventId::generate(clock, rng),
        tenant: outgoing
            .tenant
            .clone()
            .unwrap_or_else(TenantId::default_tenant),
        event_type: outgoing.event_type.clone(),
        timestamp: outgoing.timestamp.unwrap_or_else(|| clock.now()),
        data: outgoing.data.clone(),
        cloud_event: None,
        trace: None,
    }
}

fn not_usable(error: &BusError) -> Failure {
    Failure::new(Exit::Unavailable, error.to_string())
}

fn not_published(error: &PublishError) -> Failure {
    let exit = match error {
        PublishError::TooLarge => Exit::Data,
        PublishError::Unavailable(_) | PublishError::Refused(_) => Exit::Unavailable,
    };
    Failure::new(exit, error.to_string())
}
