//! What follows once a record is durable.

use std::sync::Arc;

use posthorn_bus::{Bus, PublishError};
use posthorn_domain::{DisabledReason, WebhookId};
use posthorn_service::randomness::SharedRng;
use posthorn_store::{Store, StoreError};
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use crate::{claim::Share, conclude::FollowUp, patience::Patience};

/// Brings every message to its end: acknowledges it, after whatever must still happen has happened.
pub(crate) struct Settler {
    follower: Arc<Follower>,
    under_way: TaskTracker,
}

impl Settler {
    pub(crate) fn new(bus: Bus, store: Store, rng: Arc<SharedRng>) -> Self {
        Self {
            follower: Arc::new(Follower { bus, store, rng }),
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
    store: Store,
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
            FollowUp::Bury(letter) => self.until_published(|| self.bus.bury(&letter)).await,
            FollowUp::Gone(webhook, letter) => {
                self.disable(webhook, DisabledReason::Gone).await;
                self.until_published(|| self.bus.bury(&letter)).await;
            }
        }
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

    async fn disable(&self, webhook: WebhookId, reason: DisabledReason) {
        let mut patience = Patience::new(&self.rng);
        loop {
            match self.store.disable_webhook_for(webhook, reason, None).await {
                Ok(true) => {
                    return info!(webhook.id = %webhook, "Disabled webhook {webhook}: {reason}");
                }
                Ok(false) => return,
                Err(error @ StoreError::Unavailable(_)) => {
                    warn!("Waiting to disable webhook {webhook}: {error}");
                    patience.wait().await;
                }
                Err(error) => {
                    return warn!(webhook.id = %webhook, "Could not disable webhook {webhook}: {error}");
                }
            }
        }
    }
}
