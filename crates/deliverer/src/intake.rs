//! Pulls messages for which there is room, and makes work of them.

use std::{collections::HashMap, sync::Arc};

use posthorn_bus::{Bus, Claim, Claims, DeadLetter, IncomingEvent, Malformed};
use posthorn_domain::{Answer, DeliveryId, Event, Webhook};
use posthorn_service::randomness::SharedRng;
use posthorn_store::{DeliveryState, EventRecord, Store};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    budget::{Budget, Reservation},
    claim::{Held, Share},
    conclude::FollowUp,
    dispatch::Dispatcher,
    gate::{RateLimits, Reserved},
    metrics::Metrics,
    patience::Patience,
    recorder::Entry,
    redelivery::{Step, next_step},
    refresh::Webhooks,
    settle::Settler,
    snapshot::Snapshot,
    spread::{FAN_OUT_DIRECT_MAX, FanOut, SpreadRoom},
    turns::Turns,
    work::{Run, Work},
};

/// Deliveries that are matched before the first of them is brought forward, give or take one event.
const MATCHED_TOGETHER_MAX: usize = 20_000;

/// What both intakes share.
#[derive(Clone)]
pub(crate) struct Intake {
    pub(crate) budget: Budget,
    pub(crate) bus: Bus,
    pub(crate) spread_room: SpreadRoom,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) store: Store,
    pub(crate) dispatcher: Arc<Dispatcher>,
    pub(crate) rate_limits: RateLimits,
    pub(crate) turns: Turns,
    pub(crate) settler: Arc<Settler>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) rng: Arc<SharedRng>,
}

/// A message of either stream, turned into work by the intake.
pub(crate) trait Message: Sized + Send {
    /// Brings a chunk of held messages forward, against one snapshot of the webhooks.
    fn take_chunk(intake: &Intake, chunk: Vec<Taken<Self>>) -> impl Future<Output = ()> + Send;
}

/// A message that this process holds now.
pub(crate) struct Taken<T> {
    pub(crate) message: T,
    pub(crate) share: Share,
    pub(crate) redelivered: bool,
    origin: Origin,
}

/// Where and when the stream stored the message.
struct Origin {
    sequence: u64,
    stored_at: posthorn_domain::Timestamp,
}

impl Intake {
    /// An intake with the same parts and room of its own.
    pub(crate) fn with_budget(&self, budget: Budget) -> Self {
        Self {
            budget,
            ..self.clone()
        }
    }

    /// Pulls until told to stop. Whatever goes wrong on the way is waited out by those it concerns.
    pub(crate) async fn run<T: Message>(
        self,
        mut claims: Claims<T>,
        held: Arc<Held>,
        stop: CancellationToken,
    ) {
        while let Some(mut room) = stop.run_until_cancelled(self.budget.reserve()).await {
            let asked = claims.pull(room.messages(), room.bytes());
            let Some(mut pull) = stop.run_until_cancelled(asked).await else {
                break;
            };
            while let Some(chunk) = stop.run_until_cancelled(pull.next_chunk()).await.flatten() {
                let taken = self.hold(chunk, &held, &mut room).await;
                if !taken.is_empty() {
                    T::take_chunk(&self, taken).await;
                }
            }
        }
        // What has arrived and was not taken goes to another replica at once, not after its wait.
        claims.stop().await;
    }

    /// Takes hold of each message; what cannot be read goes to the dead letters at once.
    async fn hold<T>(
        &self,
        chunk: Vec<Claim<T>>,
        held: &Arc<Held>,
        room: &mut Reservation,
    ) -> Vec<Taken<T>> {
        let mut taken = Vec::with_capacity(chunk.len());
        for claim in chunk {
            let origin = Origin {
                sequence: claim.handle.stream_sequence(),
                stored_at: claim.handle.stored_at(),
            };
            let redelivered = claim.handle.delivery_count() > 1;
            let Some(share) = held.hold(claim.handle, room.take(claim.bytes)) else {
                continue;
            };
            match claim.message {
                Ok(message) => taken.push(Taken {
                    message,
                    share,
                    redelivered,
                    origin,
                }),
                Err(malformed) => self.bury_malformed(malformed, share).await,
            }
        }
        taken
    }

    async fn bury_malformed(&self, malformed: Malformed, share: Share) {
        warn!(
            stream.sequence = malformed.stream_sequence,
            "Message {} on {} cannot be read: {}",
            malformed.stream_sequence,
            malformed.subject,
            malformed.reason
        );
        self.metrics.malformed();
        let letter = DeadLetter::Malformed(malformed);
        self.settler
            .settle(share, FollowUp::Bury(Box::new(letter)))
            .await;
    }

    /// The records of these deliveries; waits for the database as long as it takes.
    pub(crate) async fn states(&self, ids: &[DeliveryId]) -> HashMap<DeliveryId, DeliveryState> {
        if ids.is_empty() {
            return HashMap::new();
        }
        let mut patience = Patience::new(&self.rng);
        loop {
            match self.store.delivery_states(ids).await {
                Ok(states) => return states,
                Err(error) => {
                    warn!(
                        "Waiting for the records of {} deliveries: {error}",
                        ids.len()
                    );
                    patience.wait().await;
                }
            }
        }
    }

    /// Does what is next for a delivery.
    pub(crate) async fn bring_forward(
        &self,
        mut work: Work,
        record: Option<&DeliveryState>,
        redelivered: bool,
    ) {
        match next_step(record, work.attempt, work.run, redelivered) {
            Step::Send { run } => {
                work.run = run;
                self.dispatcher.dispatch(work).await;
            }
            Step::HandOverAgain { attempt, run, due } => {
                work.run = run;
                let again = match due {
                    Some(moment) => work.retry(attempt, moment, self.dispatcher.clock.now()),
                    None => work.hand_over(attempt, 0, None),
                };
                self.settler
                    .settle(work.share, FollowUp::Again(Box::new(again)))
                    .await;
            }
            Step::BuryAgain { attempts } => {
                let last_status = record.and_then(|record| record.status_code);
                let reason = record.and_then(|record| record.error_message.clone());
                let letter =
                    Box::new(work.dead_letter(attempts, last_status, reason.unwrap_or_default()));
                let follow_up = if last_status == Some(Answer::GONE) {
                    FollowUp::Gone(work.webhook.id, letter)
                } else {
                    FollowUp::Bury(letter)
                };
                self.settler.settle(work.share, follow_up).await;
            }
            Step::Nothing => self.settler.settle(work.share, FollowUp::Nothing).await,
        }
    }
}

impl Message for IncomingEvent {
    async fn take_chunk(intake: &Intake, chunk: Vec<Taken<Self>>) {
        let snapshot = intake.webhooks.fresh().await;
        let (mut matched, mut deliveries) = (Vec::with_capacity(chunk.len()), 0);
        for taken in chunk {
            let event = Matched::new(taken, &snapshot);
            deliveries += event.webhooks.len();
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
    async fn dispatch(&self, matched: Vec<Matched>) {
        let redelivered: Vec<_> = matched
            .iter()
            .filter(|event| event.redelivered)
            .flat_map(Matched::deliveries)
            .collect();
        let states = self.states(&redelivered).await;
        let limits = &self.rate_limits;
        let limited = matched
            .iter()
            // What is spread over all replicas gets its moments there.
            .filter(|event| event.webhooks.len() <= FAN_OUT_DIRECT_MAX)
            .flat_map(|event| &event.webhooks)
            .filter(|webhook| limits.needs_slot(webhook, None));
        let mut reserved = limits.reserve(limited.map(|webhook| &**webhook)).await;
        for event in matched {
            event.dispatch(self, &states, &mut reserved).await;
        }
    }
}

/// An event and the webhooks that want it.
struct Matched {
    event: Arc<Event>,
    webhooks: Vec<Arc<Webhook>>,
    share: Share,
    redelivered: bool,
    record: EventRecord,
}

impl Matched {
    fn new(taken: Taken<IncomingEvent>, snapshot: &Snapshot) -> Self {
        let event = Arc::new(taken.message.event);
        let webhooks = snapshot.matching(&event);
        let record = EventRecord {
            event: event.clone(),
            accepted_at: taken.origin.stored_at,
            stream_sequence: taken.origin.sequence,
        };
        Self {
            event,
            webhooks,
            share: taken.share,
            redelivered: taken.redelivered,
            record,
        }
    }

    fn deliveries(&self) -> impl Iterator<Item = DeliveryId> {
        self.webhooks
            .iter()
            .map(|webhook| DeliveryId::derive(self.event.id, webhook.id))
    }

    /// Leaves those webhooks whose delivery has a record.
    fn take_unseen(&mut self, states: &HashMap<DeliveryId, DeliveryState>) -> FanOut {
        let event = self.event.clone();
        let is_recorded =
            |webhook: &Arc<Webhook>| states.contains_key(&DeliveryId::derive(event.id, webhook.id));
        let (recorded, unseen) = std::mem::take(&mut self.webhooks)
            .into_iter()
            .partition(is_recorded);
        self.webhooks = recorded;
        FanOut {
            event: self.event.clone(),
            webhooks: unseen,
            share: self.share.split(),
            seen: self.redelivered,
        }
    }

    async fn dispatch(
        mut self,
        intake: &Intake,
        states: &HashMap<DeliveryId, DeliveryState>,
        reserved: &mut Reserved,
    ) {
        intake.metrics.matched(self.webhooks.len());
        if self.webhooks.len() > FAN_OUT_DIRECT_MAX {
            let unseen = self.take_unseen(states);
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
                seen: self.redelivered,
                rate_slot,
                turn: None,
            };
            intake
                .bring_forward(work, states.get(&delivery), self.redelivered)
                .await;
        }
        let entry = Entry {
            event: Some(self.record),
            delivery: None,
            attempt: None,
            seen: self.redelivered,
            share: self.share,
            follow_up: FollowUp::Nothing,
            slot: None,
            turn: None,
            observation: None,
        };
        intake.dispatcher.enter(entry).await;
    }
}
