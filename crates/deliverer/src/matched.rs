//! Events and the webhooks that want them.

use std::{collections::HashSet, sync::Arc};

use posthorn_bus::IncomingEvent;
use posthorn_domain::{DeliveryId, Event, EventId, Timestamp, Webhook, WebhookId};
use posthorn_service::traces::{Span, Traces, log_span};
use posthorn_store::EventRecord;
use tracing::{Instrument, debug};

use crate::{
    claim::Share,
    conclude::FollowUp,
    gate::Reserved,
    intake::{Intake, Message, Taken},
    recorded::Recorded,
    recorder::Entry,
    snapshot::Snapshot,
    spans,
    spread::{FAN_OUT_DIRECT_MAX, FanOut},
    work::{Run, Work},
};

/// Deliveries that are matched before the first of them is brought forward, give or take one event.
const MATCHED_TOGETHER_MAX: usize = 20_000;

impl Message for IncomingEvent {
    fn span(&self, traces: &Traces, sequence: u64) -> Option<Span> {
        spans::of_event(traces, self, sequence)
    }

    fn due_at(&self, stored_at: Timestamp) -> Timestamp {
        stored_at
    }

    async fn take_chunk(intake: &Intake, chunk: Vec<Taken<Self>>) {
        let snapshot = intake.webhooks.fresh().await;
        let (mut matched, mut deliveries) = (Vec::with_capacity(chunk.len()), 0);
        for taken in chunk {
            let event = Matched::new(taken, &snapshot);
            deliveries += event.webhooks.len();
            matched.push(event);
            if deliveries >= MATCHED_TOGETHER_MAX {
                intake
                    .dispatch(std::mem::take(&mut matched), &snapshot)
                    .await;
                deliveries = 0;
            }
        }
        intake.dispatch(matched, &snapshot).await;
    }
}

impl Intake {
    async fn dispatch(&self, matched: Vec<Matched>, snapshot: &Snapshot) {
        let maybe_seen: Vec<EventId> = matched
            .iter()
            .filter(|event| event.may_have_been_seen)
            .map(|event| event.event.id)
            .collect();
        let recorded = self.recorded(&maybe_seen).await;
        let limits = &self.rate_limits;
        let limited = matched
            .iter()
            // What is spread over all replicas gets its moments there.
            .filter(|event| event.webhooks.len() <= FAN_OUT_DIRECT_MAX)
            .flat_map(|event| &event.webhooks)
            .filter(|webhook| limits.needs_slot(webhook, None));
        let mut reserved = limits.reserve(limited.map(|webhook| &**webhook)).await;
        for event in matched {
            let log = log_span(event.share.span());
            let dispatched = event.dispatch(self, &recorded, snapshot, &mut reserved);
            dispatched.instrument(log).await;
        }
    }
}

/// An event and the webhooks that want it.
struct Matched {
    event: Arc<Event>,
    webhooks: Vec<Arc<Webhook>>,
    share: Share,
    may_have_been_seen: bool,
    record: EventRecord,
    request_id: Option<Box<str>>,
}

impl Matched {
    fn new(taken: Taken<IncomingEvent>, snapshot: &Snapshot) -> Self {
        let event = Arc::new(taken.message.event);
        let (sequence, stored_at) = (taken.origin.sequence, taken.origin.stored_at);
        let mut webhooks = snapshot.matching(&event);
        if taken.may_have_been_seen {
            webhooks.retain(|webhook| !webhook.was_made_after(sequence, stored_at));
        }
        let record = EventRecord {
            event: event.clone(),
            accepted_at: stored_at,
            stream_sequence: sequence,
        };
        Self {
            event,
            webhooks,
            share: taken.share,
            may_have_been_seen: taken.may_have_been_seen,
            record,
            request_id: taken.message.request_id,
        }
    }

    /// Leaves those webhooks whose delivery has a record.
    fn take_unseen(&mut self, recorded: &Recorded) -> FanOut {
        let event = self.event.id;
        let is_recorded = |webhook: &Arc<Webhook>| {
            let delivery = DeliveryId::derive(event, webhook.id);
            recorded.state(event, delivery).is_some()
        };
        let (recorded, unseen) = std::mem::take(&mut self.webhooks)
            .into_iter()
            .partition(is_recorded);
        self.webhooks = recorded;
        FanOut {
            event: self.event.clone(),
            webhooks: unseen,
            share: self.share.split(),
            seen: self.may_have_been_seen,
            request_id: self.request_id.clone(),
        }
    }

    async fn dispatch(
        mut self,
        intake: &Intake,
        recorded: &Recorded,
        snapshot: &Snapshot,
        reserved: &mut Reserved,
    ) {
        intake.metrics.matched(self.webhooks.len());
        debug!(
            event.id = %self.event.id,
            request.id = self.request_id.as_deref(),
            "Took event {}: {} webhooks want it",
            self.event.id,
            self.webhooks.len()
        );
        if self.may_have_been_seen {
            let wanted_by: HashSet<WebhookId> = self.webhooks.iter().map(|w| w.id).collect();
            let others =
                intake.advance_others(&self.event, &wanted_by, recorded, snapshot, &self.share);
            // In a box: it is rare, and large.
            Box::pin(others).await;
        }
        if self.webhooks.len() > FAN_OUT_DIRECT_MAX {
            let unseen = self.take_unseen(recorded);
            intake.spread(unseen).await;
        }
        for webhook in self.webhooks {
            let delivery = DeliveryId::derive(self.event.id, webhook.id);
            let rate_slot = reserved.take(webhook.id);
            let work = Work {
                share: self.share.split(),
                event: self.event.clone(),
                webhook,
                delivery,
                attempt: 1,
                run: Run::of_message(None),
                hop: 0,
                seen: self.may_have_been_seen,
                rate_slot,
                turn: None,
                attempt_before: None,
            };
            let state = recorded.state(self.event.id, delivery);
            let repeated = self.may_have_been_seen && !recorded.is_finished(delivery);
            intake.bring_forward(work, state, repeated).await;
        }
        let entry = Entry {
            event: Some(self.record),
            delivery: None,
            attempt: None,
            seen: self.may_have_been_seen,
            share: self.share,
            follow_up: FollowUp::Nothing,
            slot: None,
            turn: None,
            observation: None,
        };
        intake.dispatcher.enter(entry).await;
    }
}
