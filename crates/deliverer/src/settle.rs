//! What follows once a record is durable.

use std::sync::Arc;

use posthorn_bus::{Bus, DeadLetter, HandOver, PublishError};
use posthorn_service::{randomness::SharedRng, reminder::Reminder};
use posthorn_store::{RecordBatch, Store, StoreError};
use tokio_util::task::TaskTracker;
use tracing::{error, warn};

use crate::{
    burial::Burial,
    claim::Share,
    conclude::FollowUp,
    metrics::Metrics,
    operations::Announcer,
    patience::Patience,
    publishing::{NotStored, until_stored},
    too_large,
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
            let followed = follower.follow(follow_up).await;
            follower.end(share, followed).await;
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
            let followed = follower.hand_over_all(hand_overs).await;
            for (share, followed) in shares.into_iter().zip(followed) {
                follower.end(share, followed).await;
            }
        });
    }

    /// Waits for everything that is under way.
    pub(crate) async fn finish(&self) {
        self.under_way.close();
        self.under_way.wait().await;
    }
}

/// Does what follows. Every step may be repeated without harm.
struct Follower {
    bus: Bus,
    store: Store,
    announcer: Arc<Announcer>,
    metrics: Arc<Metrics>,
    rng: Arc<SharedRng>,
    /// Says that messages wait for NATS.
    waiting: Reminder,
}

/// NATS takes nothing, though it is connected: the message is to be given back.
struct Later;

impl Follower {
    async fn follow(&self, follow_up: FollowUp) -> Result<(), Later> {
        match follow_up {
            FollowUp::Nothing => Ok(()),
            FollowUp::Again(hand_over) => self.hand_over(&hand_over).await,
            FollowUp::Bury(why, letter) => self.bury(why, &letter).await,
            FollowUp::Gone(webhook, letter) => {
                self.announcer.disable_gone(webhook, &letter).await;
                // Its event, come again, would not find the webhook any more. There is one for each webhook at most.
                while self.bury(Burial::Gone, &letter).await.is_err() {}
                Ok(())
            }
        }
    }

    async fn end(&self, share: Share, followed: Result<(), Later>) {
        match followed {
            Ok(()) => share.settle().await,
            Err(Later) => {
                self.metrics.given_back();
                share.settle_later().await;
            }
        }
    }

    async fn hand_over_all(&self, hand_overs: Vec<HandOver>) -> Vec<Result<(), Later>> {
        let all = self
            .until_stored("retries", || self.bus.hand_over_all(&hand_overs))
            .await;
        match all {
            Ok(()) => {
                self.metrics.handed_over(&hand_overs);
                hand_overs.iter().map(|_| Ok(())).collect()
            }
            // Stored are those that were acknowledged before; they come to no harm by being handed over again.
            Err(NotStored::Later) => hand_overs.iter().map(|_| Err(Later)).collect(),
            Err(NotStored::TooLarge) => {
                // One of them is too large; which, shows when they go one by one.
                let mut followed = Vec::with_capacity(hand_overs.len());
                for hand_over in hand_overs {
                    followed.push(self.hand_over(&hand_over).await);
                }
                followed
            }
        }
    }

    async fn hand_over(&self, hand_over: &HandOver) -> Result<(), Later> {
        match self
            .until_stored("retries", || self.bus.hand_over(hand_over))
            .await
        {
            Ok(_) => {
                self.metrics.handed_over(std::slice::from_ref(hand_over));
                Ok(())
            }
            Err(NotStored::TooLarge) => self.give_up(hand_over).await,
            Err(NotStored::Later) => Err(Later),
        }
    }

    async fn bury(&self, why: Burial, letter: &DeadLetter) -> Result<(), Later> {
        match self
            .until_stored("dead letters", || self.bus.bury(letter))
            .await
        {
            Ok(()) => self.metrics.buried(why),
            // What does not fit is cut, so that only a server which takes next to nothing refuses it.
            Err(NotStored::TooLarge) => {
                error!("Lost a dead letter: not even an empty one fits into POSTHORN_DEAD_LETTERS");
            }
            Err(NotStored::Later) => return Err(Later),
        }
        let Some(said) = self.announcer.exhausted(letter) else {
            return Ok(());
        };
        let published = self.until_stored("announcements", || said.publish(&self.bus));
        match published.await {
            Err(NotStored::Later) => Err(Later),
            Err(NotStored::TooLarge) => {
                warn!(
                    "Could not announce that a delivery failed: the event is larger than NATS takes"
                );
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }

    /// Ends a delivery that cannot wait for its next attempt, because NATS does not take so large a message.
    async fn give_up(&self, hand_over: &HandOver) -> Result<(), Later> {
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
            .await
    }

    async fn until_stored<T, F: Future<Output = Result<T, PublishError>>>(
        &self,
        what: &str,
        publish: impl Fn() -> F,
    ) -> Result<T, NotStored> {
        let mut patience = Patience::of_many(&self.rng, &self.waiting);
        until_stored(|| self.bus.is_connected(), &mut patience, what, publish).await
    }
}
