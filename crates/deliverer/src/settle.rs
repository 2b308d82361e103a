//! What follows once a record is durable.

use std::sync::Arc;

use posthorn_bus::{Bus, DeadLetter, HandOver, PublishError};
use posthorn_service::{randomness::SharedRng, reminder::Reminder};
use posthorn_store::{RecordBatch, Store, StoreError};
use tokio_util::task::TaskTracker;
use tracing::{error, warn};

use crate::{
    burial::Burial, claim::Share, conclude::FollowUp, metrics::Metrics, operations::Announcer,
    patience::Patience, too_large,
};

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
        if waiting.is_empty() {
            return;
        }
        let follower = self.follower.clone();
        self.under_way.spawn(async move {
            let (shares, hand_overs): (Vec<_>, Vec<_>) = waiting.into_iter().unzip();
            follower.hand_over_all(hand_overs).await;
            for share in shares {
                share.settle().await;
            }
        });
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
}

impl Follower {
    async fn follow(&self, follow_up: FollowUp) {
        match follow_up {
            FollowUp::Nothing => {}
            FollowUp::Again(hand_over) => self.hand_over(&hand_over).await,
            FollowUp::Bury(why, letter) => self.bury(why, &letter).await,
            FollowUp::Gone(webhook, letter) => {
                self.announcer.disable_gone(&webhook, &letter).await;
                self.bury(Burial::Gone, &letter).await;
            }
        }
    }

    async fn hand_over_all(&self, hand_overs: Vec<HandOver>) {
        let together = self.until_published(|| self.bus.hand_over_all(&hand_overs));
        if together.await.is_ok() {
            self.metrics.handed_over(&hand_overs);
            return;
        }
        // One of them is too large; which, shows when they go one by one.
        for hand_over in hand_overs {
            self.hand_over(&hand_over).await;
        }
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
