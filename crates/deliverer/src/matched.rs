//! One event on its way to its webhooks.

use std::sync::Arc;

use posthorn_bus::{DueDelivery, IncomingEvent};
use posthorn_domain::{DeliveryId, Event, RateSlot, Timestamp, Webhook, delivery_lifecycle::Run};
use posthorn_store::{DeliveryStates, EventRecord};
use tracing::debug;

use crate::{
    claim::Share,
    conclude::FollowUp,
    gate::Reserved,
    intake::{Intake, Origin, Taken},
    matching::{Decided, UnreadableMatch},
    recorder::Entry,
    spread::{FAN_OUT_DIRECT_MAX, FanOut},
    unreadable::Unreadable,
    work::Work,
};

/// An event and the webhooks that want it.
pub(crate) struct Matched {
    pub(crate) event: Arc<Event>,
    pub(crate) webhooks: Vec<Arc<Webhook>>,
    /// Wanted it when it was accepted, and were disabled since.
    pub(crate) disabled: Vec<Arc<Webhook>>,
    /// Cannot be read here.
    unreadable: Vec<UnreadableMatch>,
    pub(crate) share: Share,
    redelivered: bool,
    /// There may be records of it.
    pub(crate) seen: bool,
    origin: Origin,
    /// The event's own record; `None` where only some of its webhooks are meant.
    record: Option<EventRecord>,
    request_id: Option<Box<str>>,
}

impl Matched {
    /// With the webhooks that want it, and beside it those that are yet to be asked.
    pub(crate) fn new(
        taken: Taken<IncomingEvent>,
        decide: impl FnOnce(&Event) -> Decided,
    ) -> (Self, Vec<Arc<Webhook>>) {
        let event = Arc::new(taken.message.event);
        let Decided {
            wanted,
            disabled,
            unreadable,
            undecided,
        } = decide(&event);
        let record = EventRecord {
            event: event.clone(),
            accepted_at: taken.origin.stored_at,
            stream_sequence: taken.origin.sequence,
        };
        let matched = Self {
            event,
            webhooks: wanted,
            disabled,
            unreadable,
            share: taken.share,
            redelivered: taken.redelivered,
            // Somebody's copy of an operational event has the signature of the first, and the same id.
            seen: taken.redelivered || record.event.is_operational(),
            origin: taken.origin,
            record: Some(record),
            request_id: taken.message.request_id,
        };
        (matched, undecided)
    }

    /// When the event was accepted.
    pub(crate) fn accepted_at(&self) -> Timestamp {
        self.origin.stored_at
    }

    /// The same event with some of its webhooks.
    pub(crate) fn part(&self, webhooks: Vec<Arc<Webhook>>) -> Self {
        Self {
            event: self.event.clone(),
            webhooks,
            disabled: Vec::new(),
            unreadable: Vec::new(),
            share: self.share.split(),
            redelivered: self.redelivered,
            seen: self.seen,
            origin: self.origin,
            record: None,
            request_id: self.request_id.clone(),
        }
    }

    /// Some of its webhooks, to be handed over.
    pub(crate) fn fan_out(&self, webhooks: Vec<Arc<Webhook>>) -> FanOut {
        FanOut {
            event: self.event.clone(),
            webhooks,
            share: self.share.split(),
            seen: self.seen,
            request_id: self.request_id.clone(),
        }
    }

    pub(crate) fn deliveries(&self) -> impl Iterator<Item = DeliveryId> {
        self.webhooks
            .iter()
            .chain(&self.disabled)
            .map(|webhook| DeliveryId::derive(self.event.id, webhook.id))
    }

    /// The first attempt of the delivery to a webhook.
    fn first_attempt(&self, webhook: Arc<Webhook>, rate_slot: Option<RateSlot>) -> Work {
        Work {
            share: self.share.split(),
            event: self.event.clone(),
            delivery: DeliveryId::derive(self.event.id, webhook.id),
            webhook,
            attempt: 1,
            run: Run::of_message(None),
            hop: 0,
            seen: self.seen,
            rate_slot,
            turn: None,
            attempt_before: None,
        }
    }

    /// The delivery to a webhook that cannot be read.
    fn unreadable(&self, found: &UnreadableMatch) -> Unreadable {
        Unreadable {
            share: self.share.split(),
            event: self.event.clone(),
            webhook: found.webhook,
            attempt: 1,
            run_start: None,
            hop: 0,
            undecided: !found.decided,
            has_unreadable_record: false,
            seen: self.seen,
            turn: None,
            attempt_before: None,
        }
    }

    /// Leaves those webhooks whose delivery has a record.
    fn take_unseen(&mut self, states: &DeliveryStates) -> FanOut {
        let event = self.event.clone();
        let is_recorded =
            |webhook: &Arc<Webhook>| states.contains_key(&DeliveryId::derive(event.id, webhook.id));
        let (recorded, unseen) = std::mem::take(&mut self.webhooks)
            .into_iter()
            .partition(is_recorded);
        self.webhooks = recorded;
        self.fan_out(unseen)
    }

    /// A delivery that has a record goes on as one that is due: claimed, then looked up.
    fn as_due(&self, webhook: &Webhook) -> Taken<DueDelivery> {
        Taken {
            message: DueDelivery {
                event: Event::clone(&self.event),
                webhook: webhook.id,
                attempt: 1,
                hop: 0,
                run_start: None,
                rate_slot: None,
                not_before: None,
                attempt_before: None,
                undecided: false,
            },
            share: self.share.split(),
            redelivered: true,
            origin: self.origin,
        }
    }

    pub(crate) async fn dispatch(
        mut self,
        intake: &Intake,
        states: &DeliveryStates,
        reserved: &mut Reserved,
    ) {
        if self.record.is_some() {
            intake.metrics.matched(self.webhooks.len());
        } else {
            intake.metrics.matched_later(self.webhooks.len());
        }
        debug!(
            event.id = %self.event.id,
            request.id = self.request_id.as_deref(),
            "Took event {}: {} webhooks want it",
            self.event.id,
            self.webhooks.len()
        );
        if self.webhooks.len() > FAN_OUT_DIRECT_MAX {
            let unseen = self.take_unseen(states);
            intake.spread(unseen).await;
        }
        let mut recorded = Vec::new();
        for webhook in std::mem::take(&mut self.webhooks) {
            let delivery = DeliveryId::derive(self.event.id, webhook.id);
            if states.contains_key(&delivery) {
                // It may have other messages by now.
                recorded.push(self.as_due(&webhook));
                continue;
            }
            let rate_slot = reserved.take(webhook.id);
            let work = self.first_attempt(webhook, rate_slot);
            intake.bring_forward(work, None, self.redelivered).await;
        }
        for webhook in std::mem::take(&mut self.disabled) {
            if states.contains_key(&DeliveryId::derive(self.event.id, webhook.id)) {
                recorded.push(self.as_due(&webhook));
                continue;
            }
            let work = self.first_attempt(webhook, None);
            intake
                .give_up_on_disabled(work, None, self.redelivered)
                .await;
        }
        for found in std::mem::take(&mut self.unreadable) {
            let delivery = self.unreadable(&found);
            intake.put_off_unreadable(delivery).await;
        }
        intake.reserve_moments(recorded).await;
        let Some(record) = self.record else {
            return self.share.settle().await;
        };
        let entry = Entry {
            event: Some(record),
            delivery: None,
            attempt: None,
            seen: self.seen,
            share: self.share,
            follow_up: FollowUp::Nothing,
            slot: None,
            turn: None,
            claimed: None,
            observation: None,
        };
        intake.dispatcher.enter(entry).await;
    }
}
