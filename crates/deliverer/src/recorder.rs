//! Rows of many deliveries in one transaction.
//!
//! While some batches are written the next one gathers, so batches grow with the load and a lone result waits
//! for nobody. The channel is bounded: when the database is slow or away it fills, requests keep their
//! slots, and the intake stops pulling.

use std::{sync::Arc, time::Duration};

use posthorn_service::randomness::SharedRng;
use posthorn_store::{
    AttemptClaim, AttemptRecord, DeliveryRecord, EventRecord, RecordBatch, Store, StoreError,
    Written,
};
use tokio::{
    sync::mpsc,
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until},
};
use tracing::{error, warn};

use crate::{
    claim::Share,
    conclude::FollowUp,
    history::History,
    metrics::Metrics,
    operations::{Observation, Watch},
    patience::Patience,
    room::Slot,
    settle::Settler,
    turns::Turn,
};

/// Results that may wait for the recorder.
pub(crate) const QUEUE_ENTRIES_MAX: usize = 2_048;
/// Results in one transaction.
const BATCH_ENTRIES_MAX: usize = 1_000;
/// Transactions under way at the same time, so that the wait of one for its answers is not everybody's. More of them
/// mean smaller batches, which cost more.
const TRANSACTIONS_MAX: usize = 3;
/// How long after one transaction has begun the next one begins, unless it is full. A lone result is written at once;
/// under load batches grow. Nobody waits for them: the receiver has its request, and the slot that is held meanwhile
/// is one of many.
const PACE: Duration = Duration::from_millis(10);

/// Something to record, and what follows once it is durable.
pub(crate) struct Entry {
    pub(crate) event: Option<EventRecord>,
    pub(crate) delivery: Option<DeliveryRecord>,
    pub(crate) attempt: Option<AttemptRecord>,
    /// Whether the event or the delivery may be recorded already.
    pub(crate) seen: bool,
    pub(crate) share: Share,
    pub(crate) follow_up: FollowUp,
    /// The slot of the process that the request took. It is free again when the record is durable, so what
    /// a crash can repeat is bounded by the number of slots.
    pub(crate) slot: Option<Slot>,
    /// The delivery's turn, which ends when the record is durable, and its claim with it.
    pub(crate) turn: Option<Turn>,
    /// A first attempt that became slow.
    pub(crate) claimed: Option<AttemptClaim>,
    /// What the attempt tells about its receiver.
    pub(crate) observation: Option<Observation>,
}

impl Entry {
    /// A row of a delivery without an attempt.
    pub(crate) fn of_delivery(
        row: Option<DeliveryRecord>,
        seen: bool,
        share: Share,
        follow_up: FollowUp,
    ) -> Self {
        Self {
            event: None,
            delivery: row,
            attempt: None,
            seen,
            share,
            follow_up,
            slot: None,
            turn: None,
            claimed: None,
            observation: None,
        }
    }
}

/// Where results go.
pub(crate) type Queue = mpsc::Sender<Box<Entry>>;

/// Writes what arrives on the queue.
pub(crate) struct Recorder {
    pub(crate) store: Store,
    pub(crate) settler: Arc<Settler>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) rng: Arc<SharedRng>,
    pub(crate) history: Arc<History>,
}

impl Recorder {
    /// Writes until the last sender is gone. Panics when writing does.
    pub(crate) async fn run(self, mut results: mpsc::Receiver<Box<Entry>>) {
        let this = Arc::new(self);
        let mut writing = JoinSet::new();
        let mut next = Instant::now();
        let mut entries = Vec::with_capacity(BATCH_ENTRIES_MAX);
        while results.recv_many(&mut entries, BATCH_ENTRIES_MAX).await > 0 {
            // It sleeps through this moment rather than take each result as it comes, which would wake it for every
            // one of them.
            if entries.len() < BATCH_ENTRIES_MAX {
                sleep_until(next).await;
            }
            while writing.len() >= TRANSACTIONS_MAX
                && let Some(ended) = writing.join_next().await
            {
                pass_on_panic(ended);
            }
            while entries.len() < BATCH_ENTRIES_MAX
                && let Ok(entry) = results.try_recv()
            {
                entries.push(entry);
            }
            let full = std::mem::replace(&mut entries, Vec::with_capacity(BATCH_ENTRIES_MAX));
            next = Instant::now() + PACE;
            let this = this.clone();
            writing.spawn(async move { this.record(full).await });
        }
        while let Some(ended) = writing.join_next().await {
            pass_on_panic(ended);
        }
    }

    /// Makes results durable, then does what follows from them.
    #[expect(clippy::vec_box, reason = "they come out of the queue in their boxes")]
    async fn record(&self, mut entries: Vec<Box<Entry>>) {
        let batch = assemble(&mut entries);
        let limited = self.history.limited(&batch.deliveries);
        let Written { overtaken, erased } = self.write(batch).await;
        self.history.touch(limited);
        self.metrics.recorded_batch(entries.len());
        let mut waiting = Vec::new();
        for entry in entries {
            drop((entry.slot, entry.turn));
            if let Some(observation) = entry.observation {
                self.watch.note(observation);
            }
            if entry
                .share
                .event()
                .is_some_and(|event| erased.contains(&event))
            {
                entry.share.erase();
            }
            let follow_up = entry
                .follow_up
                .unless_overtaken(&overtaken)
                .unless_erased(&erased);
            match follow_up {
                FollowUp::Again(hand_over) => waiting.push((entry.share, *hand_over)),
                follow_up => self.settler.settle(entry.share, follow_up).await,
            }
        }
        self.settler.settle_waiting(waiting);
    }

    /// Writes a batch, however long it takes. Says which attempts were overtaken, and which events are erased.
    async fn write(&self, batch: RecordBatch) -> Written {
        let error = match self.write_when_possible(&batch).await {
            Ok(written) => return written,
            Err(error) => error,
        };
        let mut all = Written::default();
        if rows(&batch) == 1 {
            lose(&batch, &error);
            let claims = RecordBatch {
                claimed: batch.claimed,
                released: batch.released,
                ..RecordBatch::default()
            };
            // What is not released lapses.
            let _ = self.write_when_possible(&claims).await;
            return all;
        }
        warn!(
            "Writing {} rows one by one, because together they were refused: {error}",
            rows(&batch)
        );
        for single in singles(batch) {
            match self.write_when_possible(&single).await {
                Ok(written) => {
                    all.overtaken.extend(written.overtaken);
                    all.erased.extend(written.erased);
                }
                Err(error) => lose(&single, &error),
            }
        }
        all
    }

    /// Waits while the database is away; an error means that it will never take this batch.
    async fn write_when_possible(&self, batch: &RecordBatch) -> Result<Written, StoreError> {
        let mut patience = Patience::new(&self.rng);
        loop {
            let began = Instant::now();
            let written = self.store.write(batch).await;
            self.metrics.wrote_batch(written.is_ok(), began.elapsed());
            match written {
                Err(error @ StoreError::Unavailable(_)) => {
                    let count = rows(batch);
                    let why = format!("Holding {count} rows until the database is back: {error}");
                    patience.wait_out(&why).await;
                }
                done => return done,
            }
        }
    }
}

fn pass_on_panic(ended: Result<(), JoinError>) {
    if let Some(panic) = ended.err().and_then(|error| error.try_into_panic().ok()) {
        std::panic::resume_unwind(panic);
    }
}

/// Moves the rows out of `entries`. A delivery that is in the batch twice keeps its later row, because one
/// statement cannot write a row twice.
fn assemble(entries: &mut [Box<Entry>]) -> RecordBatch {
    let mut batch = RecordBatch::default();
    for entry in entries {
        if let Some(event) = entry.event.take() {
            batch.seen.events |= entry.seen;
            batch.events.push(event);
        }
        batch.attempts.extend(entry.attempt.take());
        batch.claimed.extend(entry.claimed);
        batch
            .released
            .extend(entry.turn.as_ref().and_then(Turn::claim));
        let Some(delivery) = entry.delivery.take() else {
            continue;
        };
        // Only one that is seen can have an earlier row in this batch: it was slow enough to be shown as pending.
        let earlier = entry
            .seen
            .then(|| batch.deliveries.iter_mut().rev())
            .and_then(|mut rows| rows.find(|row| row.id == delivery.id));
        match earlier {
            Some(earlier) => *earlier = delivery,
            None => {
                if entry.seen {
                    batch.seen.deliveries.insert(delivery.id);
                }
                batch.deliveries.push(delivery);
            }
        }
    }
    batch
}

fn rows(batch: &RecordBatch) -> usize {
    batch.events.len() + batch.deliveries.len() + batch.attempts.len()
}

/// One batch for each row, none of them known to be new; deliveries before their attempts, as in a whole batch.
fn singles(batch: RecordBatch) -> impl Iterator<Item = RecordBatch> {
    let RecordBatch {
        events,
        deliveries,
        attempts,
        claimed,
        released,
        ..
    } = batch;
    let claims = RecordBatch {
        claimed,
        released,
        ..RecordBatch::default()
    };
    let events = events.into_iter().map(|row| RecordBatch {
        events: vec![row],
        ..RecordBatch::default()
    });
    let deliveries = deliveries.into_iter().map(|row| RecordBatch {
        deliveries: vec![row],
        ..RecordBatch::default()
    });
    let attempts = attempts.into_iter().map(|row| RecordBatch {
        attempts: vec![row],
        ..RecordBatch::default()
    });
    events.chain(deliveries).chain(attempts).chain([claims])
}

/// A record that the database refuses whatever we do must not hold up its delivery, which has happened.
fn lose(batch: &RecordBatch, error: &StoreError) {
    for delivery in &batch.deliveries {
        error!(delivery.id = %delivery.id, "Lost the record of delivery {}: {error}", delivery.id);
    }
    for attempt in &batch.attempts {
        let AttemptRecord {
            delivery, number, ..
        } = attempt;
        error!(delivery.id = %delivery, "Lost the record of attempt {number} of delivery {delivery}: {error}");
    }
    for event in &batch.events {
        error!(event.id = %event.event.id, "Lost the record of event {}: {error}", event.event.id);
    }
}
