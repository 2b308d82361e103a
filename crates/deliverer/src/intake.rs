//! Pulls messages for which there is room, and makes work of them.

use std::sync::Arc;

use posthorn_bus::{Bus, Claim, Claims, DeadLetter, Malformed};
use posthorn_domain::{
    Answer, DeliveryId, EventId, Timestamp,
    delivery_lifecycle::{Step, next_step},
};
use posthorn_service::{
    randomness::SharedRng,
    traces::{Span, Traces},
};
use posthorn_store::{DeliveryState, DeliveryStates, MessageKey, Store};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_util::sync::CancellationToken;

use crate::{
    budget::{Budget, Reservation},
    burial::Burial,
    claim::{Held, Share},
    conclude::{FollowUp, SplitBatch},
    dispatch::Dispatcher,
    elsewhere::Elsewhere,
    filtering::Filtering,
    gate::RateLimits,
    metrics::Metrics,
    moment::Moments,
    patience::Patience,
    recorder::Entry,
    refresh::Webhooks,
    settle::{Settler, report_malformed},
    spread::SpreadRoom,
    turns::Turns,
    work::Work,
};

/// Messages that are brought forward together, against one look at the configuration.
const CHUNK_MAX: usize = 500;

/// What both intakes share.
#[derive(Clone)]
pub(crate) struct Intake {
    pub(crate) budget: Budget,
    pub(crate) bus: Bus,
    pub(crate) spread_room: SpreadRoom,
    pub(crate) filtering: Filtering,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) store: Store,
    pub(crate) dispatcher: Arc<Dispatcher>,
    pub(crate) rate_limits: RateLimits,
    pub(crate) moments: Moments,
    pub(crate) turns: Turns,
    pub(crate) elsewhere: Elsewhere,
    pub(crate) settler: Arc<Settler>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) traces: Traces,
    pub(crate) rng: Arc<SharedRng>,
}

/// A message of either stream, turned into work by the intake.
pub(crate) trait Message: Sized + Send {
    /// The event that it carries.
    fn event(&self) -> EventId;

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
    /// Whether what follows from its record may not have been done: the server gave it out before.
    pub(crate) redelivered: bool,
    /// Whether somebody may have worked on it, whatever the server says.
    pub(crate) may_have_been_seen: bool,
    pub(crate) origin: Origin,
}

/// Where and when the stream stored the message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) sequence: u64,
    pub(crate) stored_at: Timestamp,
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
            let delivery_count = handle.delivery_count();
            let may_have_been_seen = handle.may_have_been_seen();
            let span = || {
                let message = message.as_ref().ok();
                message.and_then(|message| message.span(&self.traces, origin.sequence))
            };
            let event = message.as_ref().ok().map(T::event);
            let Some(share) = held.hold(handle, event, room.take(bytes), span) else {
                continue;
            };
            match message {
                Ok(message) => {
                    let taken = Taken {
                        message,
                        share,
                        redelivered: delivery_count > 1,
                        may_have_been_seen,
                        origin,
                    };
                    // Who takes them on goes last.
                    let _ = arrived.send(taken).await;
                }
                Err(malformed) => self.unreadable(malformed, share, delivery_count).await,
            }
        }
    }

    async fn unreadable(&self, malformed: Malformed, share: Share, delivery_count: i64) {
        let mut malformed = malformed;
        if let Some(batch) = malformed.take_batch() {
            let batch = Box::new(batch);
            let sequence = malformed.stream_sequence;
            let split = SplitBatch { batch, sequence };
            return self.settler.settle(share, FollowUp::Split(split)).await;
        }
        let share = if malformed.readable_elsewhere {
            match self.elsewhere.offer(share, delivery_count, &self.rng).await {
                Ok(()) => return,
                Err(share) => share,
            }
        } else {
            share
        };
        report_malformed(&self.metrics, &malformed);
        let letter = DeadLetter::Malformed(malformed);
        self.settler
            .settle(share, FollowUp::Bury(Burial::Malformed, Box::new(letter)))
            .await;
    }

    /// The records of these deliveries; waits for the database as long as it takes.
    pub(crate) async fn states(&self, ids: &[DeliveryId]) -> DeliveryStates {
        if ids.is_empty() {
            return DeliveryStates::default();
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
            Step::DeadLetter { .. } => {
                // Only what has a record is at its end. A letter that is known to be stored is not stored again: somebody may
                // have thrown it away.
                let Some(record) = record.filter(|record| !record.buried) else {
                    return self.end(work, FollowUp::Nothing).await;
                };
                let letter = work.dead_letter_again(record);
                let follow_up = if record.status_code == Some(Answer::GONE) {
                    FollowUp::Gone(work.webhook.clone(), letter)
                } else {
                    FollowUp::Bury(Burial::Repeated, letter)
                };
                self.end(work, follow_up).await;
            }
            Step::Nothing => self.end(work, FollowUp::Nothing).await,
        }
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
