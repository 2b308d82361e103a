//! Events that may have been seen before: what is recorded of them decides, not what their webhooks want by now.
//!
//! An event comes again when the process that had it died, and when NATS has lost its memory of what was given out. What
//! has a record then goes on from there. That holds for webhooks too that the event would not match any more, because
//! somebody has changed them since: their deliveries have begun, and nobody else brings them to their end. A webhook that
//! was made after the event was accepted gets nothing of it.
//!
//! One query for each chunk of such events, and another where deliveries among them have failed. Events that nobody can
//! have seen cost none.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use posthorn_domain::{DeliveryId, DeliveryStatus, Event, EventId, WebhookId};
use posthorn_store::{DeliveryState, RecordedDelivery, StoreError};

use crate::{
    claim::Share,
    intake::Intake,
    patience::Patience,
    snapshot::Snapshot,
    work::{Run, Work},
};

/// What is recorded of some events.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    of_events: HashMap<EventId, HashMap<DeliveryId, RecordedDelivery>>,
    /// Deliveries of which the dead letter is known to be stored.
    with_dead_letter: HashSet<DeliveryId>,
}

impl Recorded {
    /// How far a delivery has come, if it is recorded.
    pub(crate) fn state(&self, event: EventId, delivery: DeliveryId) -> Option<&DeliveryState> {
        let recorded = self.of_events.get(&event)?.get(&delivery)?;
        Some(&recorded.state)
    }

    /// Whether all that follows from a failed delivery was done: its dead letter is the last of it.
    pub(crate) fn is_finished(&self, delivery: DeliveryId) -> bool {
        self.with_dead_letter.contains(&delivery)
    }

    /// The deliveries of an event to other webhooks than these.
    fn besides(&self, event: EventId, webhooks: &HashSet<WebhookId>) -> Vec<&RecordedDelivery> {
        let of_event = self.of_events.get(&event);
        of_event
            .into_iter()
            .flat_map(HashMap::values)
            .filter(|recorded| !webhooks.contains(&recorded.webhook))
            .collect()
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
        let failed: Vec<DeliveryId> = found
            .values()
            .flatten()
            .filter(|recorded| recorded.state.status == DeliveryStatus::Failed)
            .map(|recorded| recorded.id)
            .collect();
        let with_dead_letter = self.store.with_dead_letter(&failed).await?;
        let by_id = |deliveries: Vec<RecordedDelivery>| {
            let by_id = deliveries.into_iter().map(|found| (found.id, found));
            by_id.collect()
        };
        Ok(Recorded {
            of_events: found
                .into_iter()
                .map(|(event, deliveries)| (event, by_id(deliveries)))
                .collect(),
            with_dead_letter,
        })
    }

    /// Advances the deliveries of an event whose webhooks are not among those that want it now.
    pub(crate) async fn advance_others(
        &self,
        event: &Arc<Event>,
        wanted_by: &HashSet<WebhookId>,
        recorded: &Recorded,
        snapshot: &Snapshot,
        share: &Share,
    ) {
        for found in recorded.besides(event.id, wanted_by) {
            // Of a deleted webhook nothing is left to be done.
            let Some(webhook) = snapshot.get(found.webhook) else {
                continue;
            };
            let work = Work {
                share: share.split(),
                event: event.clone(),
                webhook: webhook.clone(),
                delivery: found.id,
                attempt: 1,
                run: Run::of_message(None),
                hop: 0,
                seen: true,
                // It gets its moment when it comes back.
                rate_slot: None,
                turn: None,
                attempt_before: None,
            };
            if webhook.enabled || found.state.status.is_settled() {
                let repeated = !recorded.is_finished(found.id);
                self.bring_forward(work, Some(&found.state), repeated).await;
            } else {
                self.give_up_on_disabled(work, Some(&found.state)).await;
            }
        }
    }
}
