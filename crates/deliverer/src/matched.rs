//! Events and the webhooks that want them.

use std::{collections::HashSet, sync::Arc};

use futures::future::BoxFuture;
use posthorn_bus::{DueDelivery, IncomingEvent};
use posthorn_domain::{
    DeliveryId, Event, EventId, RateSlot, Timestamp, Webhook, WebhookId, delivery_lifecycle::Run,
};
use posthorn_service::traces::{Span, Traces, log_span};
use posthorn_store::{EventRecord, MessageKey};
use tracing::{Instrument, debug};

use crate::{
    claim::Share,
    conclude::FollowUp,
    filtering::FUEL_PER_CHUNK_MAX,
    gate::Reserved,
    intake::{Intake, Message, Origin, Taken},
    matching::{Decided, UnreadableMatch},
    recorded::Recorded,
    recorder::Entry,
    spans,
    spread::{FAN_OUT_DIRECT_MAX, FanOut},
    unreadable::Unreadable,
    work::Work,
};

/// Deliveries that are matched before the first of them is brought forward, give or take one event.
const MATCHED_TOGETHER_MAX: usize = 20_000;

impl Message for IncomingEvent {
    fn key(sequence: u64) -> MessageKey {
        MessageKey::of_event(sequence)
    }

    fn event(&self) -> EventId {
        self.event.id
    }

    fn span(&self, traces: &Traces, sequence: u64) -> Option<Span> {
        spans::of_event(traces, self, sequence)
    }

    fn due_at(&self, stored_at: Timestamp) -> Timestamp {
        stored_at
    }

    async fn take_chunk(intake: &Intake, chunk: Vec<Taken<Self>>) {
        let events: Vec<EventId> = chunk.iter().map(|taken| taken.message.event.id).collect();
        let of = chunk.iter().map(|taken| &taken.message.event.tenant);
        let (snapshot, gone) = intake.webhooks.fresh_with(&events, &of.collect()).await;
        let chunk = intake.keep_events(chunk, &gone).await;
        let (mut matched, mut deliveries) = (Vec::with_capacity(chunk.len()), 0);
        let mut fuel = FUEL_PER_CHUNK_MAX;
        for taken in chunk {
            let accepted_at = taken.origin.stored_at;
            let event = Matched::new(taken, |event| {
                snapshot.decide(
                    event,
                    accepted_at,
                    &mut fuel,
                    &intake.webhooks.filter_failures,
                )
            });
            deliveries += event.webhooks.len() + event.undecided.len();
            matched.push(event);
            if deliveries >= MATCHED_TOGETHER_MAX {
                intake.dispatch(std::mem::take(&mut matched)).await;
                deliveries = 0;
            }
        }
        intake.dispatch(matched).await;
    }
}

impl Intake {
    /// Brings events forward with the webhooks that want them.
    pub(crate) async fn dispatch(&self, mut matched: Vec<Matched>) {
        let seen: Vec<EventId> = matched
            .iter()
            .filter(|event| event.seen)
            .map(|event| event.event.id)
            .collect();
        let recorded = self.recorded(&seen).await;
        let mut begun = Vec::with_capacity(matched.len());
        for event in &mut matched {
            if event.record.is_some() {
                self.metrics.matched(event.webhooks.len());
            } else {
                self.metrics.matched_later(event.webhooks.len());
            }
            begun.push(event.take_begun(&recorded));
            let undecided = std::mem::take(&mut event.undecided);
            if !undecided.is_empty() {
                self.filter_later(event.part(undecided));
            }
        }
        let limits = &self.rate_limits;
        let limited = matched
            .iter()
            // What is spread over all replicas gets its moments there.
            .filter(|event| event.webhooks.len() <= FAN_OUT_DIRECT_MAX)
            .flat_map(|event| &event.webhooks)
            .filter(|webhook| limits.needs_slot(webhook, None));
        let mut reserved = limits.reserve(limited.map(|webhook| &**webhook)).await;
        for (event, begun) in matched.into_iter().zip(begun) {
            let log = log_span(event.share.span());
            let dispatched = event.dispatch(self, begun, &mut reserved);
            dispatched.instrument(log).await;
        }
    }
}

/// An event and the webhooks that want it.
pub(crate) struct Matched {
    pub(crate) event: Arc<Event>,
    pub(crate) webhooks: Vec<Arc<Webhook>>,
    /// Wanted it when it was accepted, and were disabled since.
    pub(crate) disabled: Vec<Arc<Webhook>>,
    /// Cannot be read here.
    unreadable: Vec<UnreadableMatch>,
    /// Those whose filters are yet to be asked.
    undecided: Vec<Arc<Webhook>>,
    pub(crate) share: Share,
    redelivered: bool,
    /// There may be records of it.
    seen: bool,
    origin: Origin,
    /// The event's own record; `None` where only some of its webhooks are meant.
    record: Option<EventRecord>,
    request_id: Option<Box<str>>,
}

impl Matched {
    fn new(taken: Taken<IncomingEvent>, decide: impl FnOnce(&Event) -> Decided) -> Self {
        let event = Arc::new(taken.message.event);
        let (sequence, stored_at) = (taken.origin.sequence, taken.origin.stored_at);
        let Decided {
            mut wanted,
            mut disabled,
            unreadable,
            mut undecided,
        } = decide(&event);
        if taken.may_have_been_seen {
            for webhooks in [&mut wanted, &mut disabled, &mut undecided] {
                webhooks.retain(|webhook| !webhook.was_made_after(sequence, stored_at));
            }
        }
        let record = EventRecord {
            event: event.clone(),
            accepted_at: stored_at,
            stream_sequence: sequence,
        };
        Self {
            webhooks: wanted,
            disabled,
            unreadable,
            undecided,
            share: taken.share,
            redelivered: taken.redelivered,
            // Somebody's copy of an operational event has the signature of the first, and the same id.
            seen: taken.may_have_been_seen || event.is_operational(),
            origin: taken.origin,
            record: Some(record),
            request_id: taken.message.request_id,
            event,
        }
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
            undecided: Vec::new(),
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

    /// Takes out those webhooks whose deliveries have begun. Returns those deliveries of which something is left to do: of
    /// a whole event also those to webhooks that would not want it any more.
    fn take_begun(&mut self, recorded: &Recorded) -> Vec<Taken<DueDelivery>> {
        let event = self.event.id;
        let known = self.webhooks.iter().chain(&self.disabled);
        let meant: HashSet<WebhookId> = known.map(|webhook| webhook.id).collect();
        let is_whole = self.record.is_some();
        let begun = recorded
            .of_event(event)
            .filter(|found| is_whole || meant.contains(&found.webhook))
            .filter(|found| !found.is_finished())
            .map(|found| self.as_due(found.webhook))
            .collect();
        let is_new = |webhook| !recorded.contains(event, DeliveryId::derive(event, webhook));
        for webhooks in [&mut self.webhooks, &mut self.disabled, &mut self.undecided] {
            webhooks.retain(|webhook| is_new(webhook.id));
        }
        self.unreadable.retain(|found| is_new(found.webhook));
        begun
    }

    /// A delivery that has a record goes on as one that is due: claimed, then looked up.
    fn as_due(&self, webhook: WebhookId) -> Taken<DueDelivery> {
        Taken {
            message: DueDelivery {
                event: Event::clone(&self.event),
                webhook,
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
            may_have_been_seen: true,
            origin: self.origin,
        }
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

    async fn dispatch(
        mut self,
        intake: &Intake,
        begun: Vec<Taken<DueDelivery>>,
        reserved: &mut Reserved,
    ) {
        debug!(
            event.id = %self.event.id,
            request.id = self.request_id.as_deref(),
            "Took event {}: {} webhooks want it, {} deliveries of it go on",
            self.event.id,
            self.webhooks.len(),
            begun.len()
        );
        let mut webhooks = std::mem::take(&mut self.webhooks);
        if webhooks.len() > FAN_OUT_DIRECT_MAX {
            let fan_out = self.fan_out(std::mem::take(&mut webhooks));
            intake.spread(fan_out).await;
        }
        for webhook in webhooks {
            let rate_slot = reserved.take(webhook.id);
            let work = self.first_attempt(webhook, rate_slot);
            intake.bring_forward(work, None, self.redelivered).await;
        }
        for webhook in std::mem::take(&mut self.disabled) {
            let work = self.first_attempt(webhook, None);
            intake
                .give_up_on_disabled(work, None, self.redelivered)
                .await;
        }
        for found in std::mem::take(&mut self.unreadable) {
            let delivery = self.unreadable(&found);
            intake.put_off_unreadable(delivery).await;
        }
        if !begun.is_empty() {
            // A task of its own, for its future is large. Bounded by the messages that are held.
            let due = intake.clone();
            let go_on: BoxFuture<'static, ()> =
                Box::pin(async move { due.reserve_moments(begun).await });
            intake.dispatcher.requests.spawn(go_on);
        }
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
