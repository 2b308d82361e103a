//! Deliveries that are due: each waits for its exact moment, is claimed, and what its record says then decides.

use std::{collections::HashSet, sync::Arc};

use futures::future::BoxFuture;
use posthorn_bus::DueDelivery;
use posthorn_domain::{DeliveryId, EventId, Timestamp, Webhook, delivery_lifecycle::Run};
use posthorn_service::traces::{Span, Traces};
use posthorn_store::{AttemptClaim, ClaimedAttempts, MessageKey};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::{
    conclude::FollowUp,
    dispatch::UNDER_WAY,
    gate::{self, RateLimits},
    intake::{Intake, Message, Taken},
    matching::Inquiry,
    moment::{self, Stage},
    patience::Patience,
    snapshot::Snapshot,
    spans, turns,
    unreadable::Unreadable,
    work::Work,
};

impl Message for DueDelivery {
    fn key(sequence: u64) -> MessageKey {
        MessageKey::of_delivery(sequence)
    }

    fn event(&self) -> EventId {
        self.event.id
    }

    fn span(&self, traces: &Traces, sequence: u64) -> Option<Span> {
        spans::of_due(traces, self, sequence)
    }

    fn due_at(&self, stored_at: Timestamp) -> Timestamp {
        // It fires a little before it is due.
        self.not_before.map_or(stored_at, |due| due.max(stored_at))
    }

    async fn take_chunk(intake: &Intake, chunk: Vec<Taken<Self>>) {
        let chunk = intake.filter_due(chunk).await;
        let now = intake.dispatcher.clock.now();
        let chunk = intake.put_back_early(chunk, now);
        let wait = |due: &Self| moment::time_to(due.not_before, now);
        let on_time = intake.hold_until(Stage::Attempt, chunk, wait);
        intake.reserve_moments(on_time).await;
    }
}

impl Intake {
    /// Reserves moments for those that their webhook's rate limit bounds.
    ///
    /// Not before a retry is due, because what is reserved while it waits would be used at once when it is.
    pub(crate) async fn reserve_moments(&self, mut chunk: Vec<Taken<DueDelivery>>) {
        if chunk.is_empty() {
            return;
        }
        let snapshot = self.webhooks.fresh().await;
        let limits = &self.rate_limits;
        let limited = chunk
            .iter()
            .filter(|due| needs_slot(limits, &snapshot, &due.message));
        let limited = limited.filter_map(|due| Some(&**snapshot.get(due.message.webhook)?));
        let mut reserved = limits.reserve(limited).await;
        for due in &mut chunk {
            if needs_slot(limits, &snapshot, &due.message) {
                due.message.rate_slot = reserved.take(due.message.webhook);
            }
        }
        let now = self.dispatcher.clock.now();
        let wait = |due: &DueDelivery| {
            let to_slot = due.rate_slot.map(|slot| gate::time_to(slot, now));
            // What is further away is put off.
            to_slot
                .filter(|wait| *wait <= moment::HELD_MAX)
                .unwrap_or_default()
        };
        let on_time = self.hold_until(Stage::RateSlot, chunk, wait);
        self.bring_all_forward(on_time).await;
    }

    pub(crate) async fn bring_all_forward(&self, chunk: Vec<Taken<DueDelivery>>) {
        let mut with_turns = Vec::with_capacity(chunk.len());
        for due in chunk {
            let delivery = DeliveryId::derive(due.message.event.id, due.message.webhook);
            match self.turns.take(delivery) {
                Ok(turn) => with_turns.push((due, delivery, turn)),
                Err(free) => self.bring_forward_later(due, free),
            }
        }
        if with_turns.is_empty() {
            return;
        }
        let events = with_turns.iter().map(|(due, _, _)| due.message.event.id);
        // Which tenants are deleted does not matter: their webhooks are.
        let (snapshot, gone) = self
            .webhooks
            .fresh_with(&events.collect::<Vec<_>>(), &HashSet::new())
            .await;
        let claims: Vec<_> = with_turns
            .iter()
            .filter_map(|(due, delivery, _)| {
                let webhook = snapshot.get(due.message.webhook)?;
                Some(turns::claim(*delivery, due.origin.key, webhook))
            })
            .collect();
        let (asked_at, claimed) = self.claim(&claims).await;
        for (taken, delivery, turn) in with_turns {
            let is_refused = claimed.refused.contains(&delivery);
            if is_refused && taken.redelivered {
                self.bring_forward_again(taken);
                continue;
            }
            let due = taken.message;
            let Some(known) = snapshot.known(due.webhook) else {
                info!(delivery.id = %delivery, "Dropped delivery {delivery}: webhook {} was deleted", due.webhook);
                self.settler.settle(taken.share, FollowUp::Nothing).await;
                continue;
            };
            let turn = match is_refused {
                true => turn,
                false => turn.with_claim(taken.origin.key, asked_at),
            };
            if gone.is_erased(due.event.id) {
                self.end_erased(due, taken.share, turn).await;
                continue;
            }
            let has_unreadable_record = claimed.states.is_unreadable(&delivery);
            let Some(webhook) = known.readable().filter(|_| !has_unreadable_record) else {
                let unreadable = Unreadable {
                    has_unreadable_record,
                    turn: Some(turn),
                    ..Unreadable::of_due(due, taken.share)
                };
                self.put_off_unreadable(unreadable).await;
                continue;
            };
            let is_unwanted = due.undecided && !self.is_wanted(&snapshot, &due, webhook);
            let state = claimed.states.get(&delivery);
            let work = Work {
                share: taken.share,
                event: Arc::new(due.event),
                webhook: webhook.clone(),
                delivery,
                attempt: due.attempt,
                run: Run::of_message(due.run_start),
                // What could not be read until now has not been at the gate.
                hop: if due.undecided { 0 } else { due.hop },
                seen: state.is_some() || taken.redelivered,
                rate_slot: due.rate_slot,
                turn: Some(turn),
                attempt_before: due.attempt_before.map(Box::new),
            };
            if is_unwanted {
                self.end(work, FollowUp::Nothing).await;
            } else if is_refused {
                self.dispatcher.come_back(work).await;
            } else if webhook.enabled {
                self.bring_forward(work, state, taken.redelivered).await;
            } else {
                self.give_up_on_disabled(work, state, taken.redelivered)
                    .await;
            }
        }
    }

    /// Claims these deliveries; waits for the database as long as it takes. Says when that was asked for.
    async fn claim(&self, wanted: &[AttemptClaim]) -> (Instant, ClaimedAttempts) {
        let mut patience = Patience::new(&self.rng);
        loop {
            let asked_at = Instant::now();
            match self.store.claim_attempts(wanted).await {
                Ok(claimed) => return (asked_at, claimed),
                Err(error) => {
                    let count = wanted.len();
                    let why = format!("Waiting to claim {count} deliveries: {error}");
                    patience.wait_out(&why).await;
                }
            }
        }
    }

    /// Another message of the same delivery is being worked on: what comes of it decides.
    fn bring_forward_later(&self, due: Taken<DueDelivery>, free: CancellationToken) {
        let intake = self.clone();
        let later: BoxFuture<'static, ()> = Box::pin(async move {
            free.cancelled().await;
            intake.bring_all_forward(vec![due]).await;
        });
        self.dispatcher.requests.spawn(later);
    }

    /// Another replica attempts this delivery, and a process that died may have left steps undone that this message has to
    /// repeat. A new message would not know of that, so this one is kept, and asks again.
    fn bring_forward_again(&self, due: Taken<DueDelivery>) {
        let intake = self.clone();
        let later: BoxFuture<'static, ()> = Box::pin(async move {
            tokio::time::sleep(UNDER_WAY).await;
            intake.bring_all_forward(vec![due]).await;
        });
        self.dispatcher.requests.spawn(later);
    }

    /// Whether the webhook wants the event after all, or wanted it when it was accepted.
    pub(crate) fn is_wanted(
        &self,
        snapshot: &Snapshot,
        due: &DueDelivery,
        webhook: &Webhook,
    ) -> bool {
        let failures = &self.webhooks.filter_failures;
        let mut inquiry = Inquiry::new(&due.event, due.event.id.time(), failures);
        let mut enough = u64::MAX;
        inquiry.wants(snapshot, webhook, &mut enough) == Some(true)
    }
}

fn needs_slot(limits: &RateLimits, snapshot: &Snapshot, due: &DueDelivery) -> bool {
    snapshot
        .get(due.webhook)
        .is_some_and(|webhook| webhook.enabled && limits.needs_slot(webhook, due.rate_slot))
}
