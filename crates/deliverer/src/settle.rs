//! What follows once a record is durable.

use std::sync::Arc;

use posthorn_bus::{Bus, DeadLetter, HandOver, PublishError};
use posthorn_service::{randomness::SharedRng, reminder::Reminder};
use posthorn_store::{RecordBatch, Store, StoreError};
use tokio_util::task::TaskTracker;
use tracing::{debug, error, warn};

use crate::{
    burial::Burial, claim::Share, conclude::FollowUp, ended::Ended, metrics::Metrics,
    operations::Announcer, patience::Patience, refresh::Webhooks,
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
        webhooks: Arc<Webhooks>,
        announcer: Arc<Announcer>,
        metrics: Arc<Metrics>,
        rng: Arc<SharedRng>,
    ) -> Self {
        Self {
            follower: Arc::new(Follower {
                bus,
                store,
                webhooks,
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

    /// Ends a delivery in place of this hand-over, and returns when that is recorded and its dead letter is stored.
    pub(crate) async fn end(&self, hand_over: &HandOver, why: Ended) {
        self.follower.end(hand_over, why).await;
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
    webhooks: Arc<Webhooks>,
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
            FollowUp::Again(hand_over) => self.hand_over_all(vec![*hand_over]).await,
            FollowUp::Bury(why, letter) => self.bury(why, &letter).await,
            FollowUp::Gone(webhook, letter) => {
                self.announcer.disable_gone(webhook, &letter).await;
                self.bury(Burial::Gone, &letter).await;
            }
        }
    }

    async fn hand_over_all(&self, hand_overs: Vec<HandOver>) {
        let hand_overs = self.end_disabled(hand_overs).await;
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
            return self.end(hand_over, Ended::TooLarge).await;
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

    /// Ends those whose webhook is disabled, and returns the others. What was under way when that happened would else
    /// wait for its retry, which nobody would bring forward any more.
    async fn end_disabled(&self, mut hand_overs: Vec<HandOver>) -> Vec<HandOver> {
        // What a database that is away would say is found out later: those that wait are looked for once more.
        let snapshot = match self.webhooks.compare().await {
            Ok(snapshot) => snapshot,
            Err(_) => self.webhooks.current(),
        };
        let is_disabled = |hand_over: &mut HandOver| {
            let known = snapshot.known(hand_over.webhook);
            !hand_over.undecided && known.is_some_and(|known| !known.enabled())
        };
        let disabled: Vec<HandOver> = hand_overs.extract_if(.., is_disabled).collect();
        for hand_over in disabled {
            self.end(&hand_over, Ended::Disabled).await;
        }
        hand_overs
    }

    /// Ends a delivery that does not wait for another attempt.
    async fn end(&self, hand_over: &HandOver, why: Ended) {
        let row = why.record(hand_over);
        let reason = why.reason();
        match why {
            Ended::TooLarge => {
                warn!(delivery.id = %row.id, "Gave up delivery {}: {reason}", row.id)
            }
            Ended::Disabled => {
                debug!(delivery.id = %row.id, "Gave up delivery {}: {reason}", row.id)
            }
        }
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
        self.bury(why.burial(), &why.letter(hand_over)).await;
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
