//! What follows once a record is durable.

use std::sync::Arc;

use posthorn_bus::{Bus, DeadLetter, PublishError};
use posthorn_service::randomness::SharedRng;
use tokio_util::task::TaskTracker;
use tracing::warn;

use crate::{claim::Share, conclude::FollowUp, operations::Announcer, patience::Patience};

/// Brings every message to its end: acknowledges it, after whatever must still happen has happened.
pub(crate) struct Settler {
    follower: Arc<Follower>,
    under_way: TaskTracker,
}

impl Settler {
    pub(crate) fn new(bus: Bus, announcer: Arc<Announcer>, rng: Arc<SharedRng>) -> Self {
        Self {
            follower: Arc::new(Follower {
                bus,
                announcer,
                rng,
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

    /// Waits for everything that is under way.
    pub(crate) async fn finish(&self) {
        self.under_way.close();
        self.under_way.wait().await;
    }
}

/// Does what follows, however long it takes. Every step may be repeated without harm.
struct Follower {
    bus: Bus,
    announcer: Arc<Announcer>,
    rng: Arc<SharedRng>,
}

impl Follower {
    async fn follow(&self, follow_up: FollowUp) {
        match follow_up {
            FollowUp::Nothing => {}
            FollowUp::Again(hand_over) => {
                self.until_published(|| self.bus.hand_over(&hand_over))
                    .await;
            }
            FollowUp::Bury(letter) => self.bury(&letter).await,
            FollowUp::Gone(webhook, letter) => {
                self.announcer.disable_gone(webhook, &letter).await;
                self.bury(&letter).await;
            }
        }
    }

    async fn bury(&self, letter: &DeadLetter) {
        self.until_published(|| self.bus.bury(letter)).await;
        self.announcer.exhausted(letter).await;
    }

    /// Publishes, however long NATS is away. The message's id makes a repetition harmless.
    async fn until_published<T, F: Future<Output = Result<T, PublishError>>>(
        &self,
        publish: impl Fn() -> F,
    ) {
        let mut patience = Patience::new(&self.rng);
        while let Err(error) = publish().await {
            warn!("Holding a message until it can be handed over: {error}");
            patience.wait().await;
        }
    }
}
