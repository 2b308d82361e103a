//! Pulls messages for which there is room, and makes work of them.

use std::{collections::HashMap, sync::Arc};

use posthorn_bus::{Bus, Claim, Claims, DeadLetter, DueDelivery, IncomingEvent, Malformed};
use posthorn_domain::{
    Answer, DeliveryId, Event, Timestamp, Webhook,
    delivery_lifecycle::{Run, Step, next_step},
};
use posthorn_service::{
    randomness::SharedRng,
    traces::{Span, Traces, log_span},
};
use posthorn_store::{DeliveryState, EventRecord, MessageKey, Store};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, debug, warn};

use crate::{
    budget::{Budget, Reservation},
    burial::Burial,
    claim::{Held, Share},
    conclude::FollowUp,
    dispatch::Dispatcher,
    gate::{RateLimits, Reserved},
    metrics::Metrics,
    patience::Patience,
    recorder::Entry,
    refresh::Webhooks,
    settle::Settler,
    snapshot::Snapshot,
    spans,
    spread::{FAN_OUT_DIRECT_MAX, FanOut, SpreadRoom},
    turns::Turns,
    work::Work,
};

/// Deliveries that are matched before the first of them is brought forward, give or take one event.
const MATCHED_TOGETHER_MAX: usize = 20_000;

/// Messages that are brought forward together, against one look at the configuration.
const CHUNK_MAX: usize = 500;

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
    pub(crate) traces: Traces,
    pub(crate) rng: Arc<SharedRng>,
}

/// A message of either stream, turned into work by the intake.
pub(crate) trait Message: Sized + Send {
    /// Its processing, where that is traced.
    fn span(&self, traces: &Traces, sequence: u64) -> Option<Span>;

    /// When it could be taken first, having been stored at `stored_at`.
    fn due_at(&self, stored_at: Timestamp) -> Timestamp;

    /// Identifies it where deliveries are claimed.
    fn key(sequence: u64) -> MessageKey;

    /// Brings a chunk of held messages forward, against one snapshot of the webhooks.
    fn take_chunk(intake: &Intake, chunk: Vec<Taken<Self>>) -> impl Future<Output = ()> + Send;
}

/// A message that this process holds now.
pub(crate) struct Taken<T> {
    pub(crate) message: T,
    pub(crate) share: Share,
    pub(crate) redelivered: bool,
    pub(crate) origin: Origin,
}

/// Where and when the stream stored the message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    sequence: u64,
    stored_at: Timestamp,
    pub(crate) key: MessageKey,
}

impl Intake {
    /// An intake with the same parts and room of its own.
    pub(crate) fn with_budget(&self, budget: Budget) -> Self {
        Self {
            budget,
            ..self.clone()
        }
    }

    /// Works until told to stop. Whatever goes wrong on the way is waited out by those it concerns.
    ///
    /// A message is held from when it arrives, however long those before it wait for the database: what only lay here
    /// would be given to another replica when its acknowledgement wait is over, and be sent by both.
    pub(crate) async fn run<T: Message>(
        self,
        claims: Claims<T>,
        held: Arc<Held>,
        stop: CancellationToken,
    ) {
        // Never full: each message in it has its room from the budget.
        let (arrived, waiting) = mpsc::channel(self.budget.messages_max());
        let pulled = CancellationToken::new();
        tokio::join!(
            async {
                self.pull(claims, &held, &stop, arrived).await;
                pulled.cancel();
            },
            self.take_on(waiting, &pulled),
        );
    }

    /// Brings forward what has arrived, as much at a time as there is, until the last pull has ended.
    async fn take_on<T: Message>(
        &self,
        mut waiting: Receiver<Taken<T>>,
        pulled: &CancellationToken,
    ) {
        let mut chunk = Vec::new();
        while let Some(1..) = pulled
            .run_until_cancelled(waiting.recv_many(&mut chunk, CHUNK_MAX))
            .await
        {
            let now = self.dispatcher.clock.now();
            for taken in &chunk {
                self.metrics
                    .taken(taken.message.due_at(taken.origin.stored_at), now);
            }
            T::take_chunk(self, std::mem::take(&mut chunk)).await;
        }
        // Another replica has it at once, not after its wait.
        while let Some(taken) = waiting.recv().await {
            taken.share.give_back().await;
        }
    }

    /// Asks for messages while there is room for more, and holds what comes. The last pull is read to its end: what
    /// is on its way to it would else come to somebody only after the acknowledgement wait.
    async fn pull<T: Message>(
        &self,
        mut claims: Claims<T>,
        held: &Arc<Held>,
        stop: &CancellationToken,
        arrived: Sender<Taken<T>>,
    ) {
        while let Some(mut room) = stop.run_until_cancelled(self.budget.reserve()).await {
            let asked = claims.pull(room.messages(), room.bytes());
            let Some(mut pull) = stop.run_until_cancelled(asked).await else {
                break;
            };
            while let Some(chunk) = pull.next_chunk().await {
                self.hold(chunk, held, &mut room, &arrived).await;
            }
        }
        claims.stop().await;
    }

    /// Takes hold of each message; what cannot be read goes to the dead letters at once.
    async fn hold<T: Message>(
        &self,
        chunk: Vec<Claim<T>>,
        held: &Arc<Held>,
        room: &mut Reservation,
        arrived: &Sender<Taken<T>>,
    ) {
        for Claim {
            message,
            handle,
            bytes,
        } in chunk
        {
            let origin = Origin {
                sequence: handle.stream_sequence(),
                stored_at: handle.stored_at(),
                key: T::key(handle.stream_sequence()),
            };
            let redelivered = handle.delivery_count() > 1;
            let span = || {
                let message = message.as_ref().ok();
                message.and_then(|message| message.span(&self.traces, origin.sequence))
            };
            let Some(share) = held.hold(handle, room.take(bytes), span) else {
                continue;
            };
            match message {
                Ok(message) => {
                    let taken = Taken {
                        message,
                        share,
                        redelivered,
                        origin,
                    };
                    // Who takes them on goes last.
                    let _ = arrived.send(taken).await;
                }
                Err(malformed) => self.bury_malformed(malformed, share).await,
            }
        }
    }

    async fn bury_malformed(&self, malformed: Malformed, share: Share) {
        warn!(
            stream.sequence = malformed.stream_sequence,
            request.id = malformed.request_id(),
            "Message {} on {} cannot be read: {}",
            malformed.stream_sequence,
            malformed.subject,
            malformed.reason
        );
        self.metrics.malformed();
        let letter = DeadLetter::Malformed(malformed);
        self.settler
            .settle(share, FollowUp::Bury(Burial::Malformed, Box::new(letter)))
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
                    let count = ids.len();
                    let why = format!("Waiting for the records of {count} deliveries: {error}");
                    patience.wait_out(&why).await;
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
        let progress = record.map(DeliveryState::progress);
        match next_step(progress.as_ref(), work.attempt, work.run, redelivered) {
            Step::Send { run } => {
                work.run = run;
                self.dispatcher.dispatch(work).await;
            }
            Step::HandOver { attempt, run, due } => {
                work.run = run;
                let again = match due {
                    Some(moment) => work.retry(attempt, moment, self.dispatcher.clock.now()),
                    None => work.hand_over(attempt, 0, None),
                };
                self.end(work, FollowUp::Again(Box::new(again))).await;
            }
            Step::DeadLetter { attempts } => self.dead_letter_again(work, record, attempts).await,
            Step::Nothing => self.end(work, FollowUp::Nothing).await,
        }
    }

    /// It has failed for good; its dead letter may have been lost.
    pub(crate) async fn dead_letter_again(
        &self,
        work: Work,
        record: Option<&DeliveryState>,
        attempts: u32,
    ) {
        let last_status = record.and_then(|record| record.status_code);
        let reason = record.and_then(|record| record.error_message.clone());
        let letter = Box::new(work.dead_letter(attempts, last_status, reason.unwrap_or_default()));
        let follow_up = if last_status == Some(Answer::GONE) {
            FollowUp::Gone(work.webhook.id, letter)
        } else {
            FollowUp::Bury(Burial::Repeated, letter)
        };
        self.end(work, follow_up).await;
    }

    /// No attempt is made. The recorder releases the claim, and what follows comes after that.
    pub(crate) async fn end(&self, work: Work, follow_up: FollowUp) {
        let entry = Entry {
            turn: work.turn,
            ..Entry::of_delivery(None, work.seen, work.share, follow_up)
        };
        self.dispatcher.enter(entry).await;
    }
}

impl Message for IncomingEvent {
    fn key(sequence: u64) -> MessageKey {
        MessageKey::of_event(sequence)
    }

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
            let log = log_span(event.share.span());
            let dispatched = event.dispatch(self, &states, &mut reserved);
            dispatched.instrument(log).await;
        }
    }
}

/// An event and the webhooks that want it.
struct Matched {
    event: Arc<Event>,
    webhooks: Vec<Arc<Webhook>>,
    share: Share,
    redelivered: bool,
    origin: Origin,
    record: EventRecord,
    request_id: Option<Box<str>>,
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
            origin: taken.origin,
            record,
            request_id: taken.message.request_id,
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
            request_id: self.request_id.clone(),
        }
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
            },
            share: self.share.split(),
            redelivered: true,
            origin: self.origin,
        }
    }

    async fn dispatch(
        mut self,
        intake: &Intake,
        states: &HashMap<DeliveryId, DeliveryState>,
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
                attempt_before: None,
            };
            intake.bring_forward(work, None, self.redelivered).await;
        }
        if !recorded.is_empty() {
            // A task of its own, for its future is large. Bounded by the messages that are held.
            let due = intake.clone();
            let later = async move { due.reserve_moments(recorded).await };
            intake.dispatcher.requests.spawn(later);
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
            claimed: None,
            observation: None,
        };
        intake.dispatcher.enter(entry).await;
    }
}
