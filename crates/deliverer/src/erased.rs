//! Events that are erased while this process has something of them in its hands.
//!
//! Three looks keep anything from being sent of them: one when their messages are taken, one when a delivery that is due is
//! claimed, both at the tombstones themselves; and one just before a request, at what [`hear`] has marked of the messages that
//! are held meanwhile. What is in hand for longer than [`HEAR_EVERY`] is known to be erased by then.
//!
//! Not guaranteed: a request that begins within that time after the erasure, and one that is under way.

use std::{collections::HashSet, sync::Arc, time::Duration};

use posthorn_bus::{DueDelivery, IncomingEvent};
use posthorn_domain::{DeliveryId, DeliveryStatus, EventId};
use posthorn_store::{DeliveryRecord, Gone, Store, StoreError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{
    claim::{Held, Share},
    conclude::FollowUp,
    ended::Ended,
    intake::{Intake, Taken},
    recorder::Entry,
    turns::Turn,
};

/// How often a process asks which events were erased.
const HEAR_EVERY: Duration = Duration::from_millis(250);
/// Events of one answer.
const HEARD_MAX: u32 = 10_000;

/// Marks held messages of events that are erased, until `stop`. While none is held it waits for `held_one`.
pub(crate) async fn hear(
    store: Store,
    held: Vec<Arc<Held>>,
    held_one: Arc<Notify>,
    stop: CancellationToken,
) {
    let mut every = tokio::time::interval(HEAR_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut position = None;
    while stop.run_until_cancelled(every.tick()).await.is_some() {
        // What is taken later is looked up when it is taken.
        while position.is_some() && held.iter().all(|held| held.is_empty()) {
            if stop
                .run_until_cancelled(held_one.notified())
                .await
                .is_none()
            {
                return;
            }
        }
        loop {
            match store.erased_after(position, HEARD_MAX).await {
                Ok((events, last)) => {
                    position = Some(last);
                    if events.is_empty() {
                        break;
                    }
                    let events: HashSet<EventId> = events.into_iter().collect();
                    for held in &held {
                        held.erase(&events);
                    }
                }
                Err(error) => {
                    if !matches!(error, StoreError::Unavailable(_)) {
                        warn!("Could not ask which events were erased, trying again: {error}");
                    }
                    break;
                }
            }
        }
    }
}

impl Intake {
    /// Takes out what is erased, and what belongs to a tenant that is deleted.
    pub(crate) async fn keep_events(
        &self,
        chunk: Vec<Taken<IncomingEvent>>,
        gone: &Gone,
    ) -> Vec<Taken<IncomingEvent>> {
        if gone.is_empty() {
            return chunk;
        }
        let mut kept = Vec::with_capacity(chunk.len());
        for taken in chunk {
            let (event, origin) = (&taken.message.event, taken.origin);
            let id = event.id;
            let of_deleted =
                gone.is_of_deleted_tenant(&event.tenant, origin.sequence, origin.stored_at);
            if gone.is_erased(id) {
                debug!(event.id = %id, "Left event {id} out: it was erased");
                taken.share.erase();
                if taken.may_have_been_seen {
                    self.take_back_all(id).await;
                }
                taken.share.settle().await;
            } else if of_deleted {
                debug!(event.id = %id, "Left event {id} out: its tenant was deleted");
                taken.share.settle().await;
            } else {
                kept.push(taken);
            }
        }
        kept
    }

    /// Ends a delivery that is due, and whose event is erased.
    pub(crate) async fn end_erased(&self, due: DueDelivery, share: Share, turn: Turn) {
        let delivery = DeliveryId::derive(due.event.id, due.webhook);
        debug!(delivery.id = %delivery, "Gave up delivery {delivery}: its event was erased");
        share.erase();
        // A process that died may have handed the next attempt over.
        if let Err(error) = self.bus.erase_schedules(&[delivery]).await {
            warn!("Could not take back what waits of delivery {delivery}: {error}");
        }
        let row = DeliveryRecord {
            id: delivery,
            tenant: due.event.tenant.clone(),
            webhook: due.webhook,
            event: due.event.id,
            event_type: due.event.event_type.clone(),
            status: DeliveryStatus::Failed,
            status_code: None,
            response_time_ms: None,
            failure: Some(Ended::Erased.failure()),
            error_message: Some(Ended::Erased.reason().to_owned()),
            attempt_count: due.attempt.saturating_sub(1),
            run_start: due.run_start.unwrap_or(0),
            next_retry_at: None,
            created_at: due.event.id.time(),
            delivered_at: None,
        };
        let row = Some(row).filter(|_| !due.undecided);
        let entry = Entry {
            turn: Some(turn),
            ..Entry::of_delivery(row, true, share, FollowUp::Nothing)
        };
        self.dispatcher.enter(entry).await;
    }

    /// Takes back what may wait of an event that comes again.
    async fn take_back_all(&self, event: EventId) {
        let waiting = self.store.erased_in_streams(&[event]).await;
        let Ok(left) = waiting else { return };
        if let Err(error) = self.bus.erase_schedules(&left.deliveries).await {
            warn!(event.id = %event, "Could not take back what waits of event {event}: {error}");
        }
    }
}
