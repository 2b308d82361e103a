//! Events that may have been seen before: what is recorded of them decides, not what their webhooks want by now.
//!
//! An event comes again when the process that had it died, and when NATS has lost its memory of what was given out. What
//! has a record then goes on from there. That holds for webhooks too that the event would not match any more, because
//! somebody has changed them since: their deliveries have begun, and nobody else brings them to their end. A webhook that
//! was made after the event was accepted gets nothing of it.
//!
//! One query for each chunk of such events. Events that nobody can have seen cost none, and neither does a delivery of
//! which nothing is left to do: it is not claimed, and takes no moment of its webhook's rate limit.

use std::collections::HashMap;

use posthorn_domain::{DeliveryId, EventId};
use posthorn_store::{RecordedDelivery, StoreError};

use crate::{intake::Intake, patience::Patience};

/// What is recorded of some events.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    of_events: HashMap<EventId, HashMap<DeliveryId, RecordedDelivery>>,
}

impl Recorded {
    /// Whether a delivery has begun.
    pub(crate) fn contains(&self, event: EventId, delivery: DeliveryId) -> bool {
        self.of_events
            .get(&event)
            .is_some_and(|deliveries| deliveries.contains_key(&delivery))
    }

    /// The deliveries of an event that have begun.
    pub(crate) fn of_event(&self, event: EventId) -> impl Iterator<Item = &RecordedDelivery> {
        let of_event = self.of_events.get(&event);
        of_event.into_iter().flat_map(HashMap::values)
    }
}

impl Intake {
    /// What is recorded of these events; waits for the database as long as it takes.
    pub(crate) async fn recorded(&self, events: &[EventId]) -> Recorded {
        if events.is_empty() {
            return Recorded::default();
        }
        let mut patience = Patience::new(&self.rng);
        loop {
            match self.look_up(events).await {
                Ok(recorded) => return recorded,
                Err(error) => {
                    let count = events.len();
                    let why = format!("Waiting for the records of {count} events: {error}");
                    patience.wait_out(&why).await;
                }
            }
        }
    }

    async fn look_up(&self, events: &[EventId]) -> Result<Recorded, StoreError> {
        let found = self.store.deliveries_of_events(events).await?;
        let by_id = |deliveries: Vec<RecordedDelivery>| {
            let by_id = deliveries.into_iter().map(|found| (found.id, found));
            by_id.collect()
        };
        Ok(Recorded {
            of_events: found
                .into_iter()
                .map(|(event, deliveries)| (event, by_id(deliveries)))
                .collect(),
        })
    }
}
