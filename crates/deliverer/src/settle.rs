//! What follows once a record is durable.

use std::sync::Arc;

use posthorn_bus::{Bus, DeadLetter, HandOver, PartlyStored, PublishError};
use posthorn_service::{randomness::SharedRng, reminder::Reminder};
use posthorn_store::{RecordBatch, Store, StoreError};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tracing::{error, warn};

use crate::{
    burial::Burial, claim::Share, conclude::FollowUp, metrics::Metrics, operations::Announcer,
    patience::Patience, too_large,
};

/// Data of deliveries that are handed over together, in bytes.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Such batches that are published at the same time.
const BATCHES_AT_ONCE_MAX: usize = 4;

/// Brings every message to its end: acknowledges it, after whatever must still happen has happened.
pub(crate) struct Settler {
    follower: Arc<Follower>,
    under_way: TaskTracker,
}

impl Settler {
    pub(crate) fn new(
        bus: Bus,
        store: Store,
        announcer: Arc<Announcer>,
        metrics: Arc<Metrics>,
        rng: Arc<SharedRng>,
    ) -> Self {
        Self {
            follower: Arc::new(Follower {
                bus,
                store,
                announcer,
                metrics,
                rng,
                waiting: Reminder::default(),
                batches: Semaphore::new(BATCHES_AT_ONCE_MAX),
            }),
            under_way: TaskTracker::new(),
        }
    }

    /// Settles one share. What needs an answer from NATS goes on in the background; the number of such
    /// tasks is bounded by the messages that this process may hold.
    pub(crate) async fn settle(&self, share: Share, follow_up: FollowUp) {
        if matches!(follow_up, FollowUp::Nothing) {
            return share.settle().await;
        }
        let follower = self.follower.clone();
        self.under_way.spawn(async move {
            follower.follow(follow_up).await;
            share.settle().await;
        });
    }

    /// Settles shares whose deliveries have to wait. They are handed over together, which costs a fraction of what
    /// they cost one by one.
    pub(crate) fn settle_waiting(&self, waiting: Vec<(Share, HandOver)>) {
        for batch in batches(waiting) {
            let follower = self.follower.clone();
            self.under_way.spawn(async move {
                let (shares, hand_overs): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
                follower.hand_over_all(&hand_overs).await;
                for share in shares {
                    share.settle().await;
                }
            });
        }
    }

    /// Waits for everything that is under way.
    pub(crate) async fn finish(&self) {
        self.under_way.close();
        self.under_way.wait().await;
    }
}

/// Does what follows, however long it takes. Every step may be repeated without harm.
struct Follower {
    bus: Bus,
    store: Store,
    announcer: Arc<Announcer>,
    metrics: Arc<Metrics>,
    rng: Arc<SharedRng>,
    /// Says that messages wait for NATS.
    waiting: Reminder,
    /// Batches that are published at the same time.
    batches: Semaphore,
}

/// Cuts what is handed over together by what it weighs: the first of it need not wait for the last to be settled.
fn batches(waiting: Vec<(Share, HandOver)>) -> Vec<Vec<(Share, HandOver)>> {
    let mut batches: Vec<Vec<_>> = Vec::new();
    let mut bytes = 0;
    for (share, hand_over) in waiting {
        bytes += hand_over.event.data.as_bytes().len();
        match batches.last_mut() {
            Some(batch) if bytes <= BATCH_BYTES_MAX => batch.push((share, hand_over)),
            Some(_) | None => {
                bytes = hand_over.event.data.as_bytes().len();
                batches.push(vec![(share, hand_over)]);
            }
        }
    }
    batches
}

impl Follower {
    async fn follow(&self, follow_up: FollowUp) {
        match follow_up {
            FollowUp::Nothing => {}
            FollowUp::Again(hand_over) => self.hand_over(&hand_over).await,
            FollowUp::Bury(why, letter) => self.bury(why, &letter).await,
            FollowUp::Gone(webhook, letter) => {
                self.announcer.disable_gone(webhook, &letter).await;
                self.bury(Burial::Gone, &letter).await;
            }
        }
    }

    /// Publishes them in their order, however long NATS is away, and goes on where an error stopped it.
    async fn hand_over_all(&self, hand_overs: &[HandOver]) {
        let mut rest = hand_overs;
        let mut patience = Patience::of_many(&self.rng, &self.waiting);
        while let Err(PartlyStored { stored, error }) = self.try_hand_over_all(rest).await {
            self.metrics.handed_over(&rest[..stored]);
            rest = &rest[stored..];
            if stored > 0 {
                patience = Patience::of_many(&self.rng, &self.waiting);
            }
            match (error, rest) {
                (PublishError::TooLarge, [too_large, behind @ ..]) => {
                    self.give_up(too_large).await;
                    rest = behind;
                }
                (error, _) => {
                    let why = format!("Holding messages until they can be handed over: {error}");
                    patience.wait_out(&why).await;
                }
            }
        }
        self.metrics.handed_over(rest);
    }

    async fn try_hand_over_all(&self, hand_overs: &[HandOver]) -> Result<(), PartlyStored> {
        // Given back before any pause: what cannot be published does not hold up others. Never closed.
        let _permit = self.batches.acquire().await;
        self.bus.hand_over_all(hand_overs).await
    }

    async fn hand_over(&self, hand_over: &HandOver) {
        let handed_over = self.until_published(|| self.bus.hand_over(hand_over));
        if handed_over.await.is_err() {
            return self.give_up(hand_over).await;
        }
        self.metrics.handed_over(std::slice::from_ref(hand_over));
    }

    async fn bury(&self, why: Burial, letter: &DeadLetter) {
        // What does not fit is cut, so that only a server which takes next to nothing refuses it.
        match self.until_published(|| self.bus.bury(letter)).await {
            Ok(()) => self.metrics.buried(why),
            Err(error) => error!("Lost a dead letter: {error}"),
        }
        self.announcer.exhausted(letter).await;
    }

    /// Ends a delivery that cannot wait for its next attempt, because NATS does not take so large a message.
    async fn give_up(&self, hand_over: &HandOver) {
        let row = too_large::record(hand_over);
        warn!(delivery.id = %row.id, "Gave up delivery {}: {}", row.id, too_large::REASON);
        let batch = RecordBatch {
            deliveries: vec![row],
            ..RecordBatch::default()
        };
        let mut patience = Patience::new(&self.rng);
        while let Err(error) = self.store.write(&batch).await {
            if !matches!(error, StoreError::Unavailable(_)) {
                error!("Lost the record of a delivery that was given up: {error}");
                break;
            }
            patience.wait().await;
        }
        self.bury(Burial::TooLarge, &too_large::letter(hand_over))
            .await;
    }

    /// Publishes, however long NATS is away; an error means that it never will. The message's id makes a repetition
    /// harmless.
    async fn until_published<T, F: Future<Output = Result<T, PublishError>>>(
        &self,
        publish: impl Fn() -> F,
    ) -> Result<T, PublishError> {
        let mut patience = Patience::of_many(&self.rng, &self.waiting);
        loop {
            match publish().await {
                Err(error @ (PublishError::Unavailable(_) | PublishError::Refused(_))) => {
                    let why = format!("Holding messages until they can be handed over: {error}");
                    patience.wait_out(&why).await;
                }
                done => return done,
            }
        }
    }
}
