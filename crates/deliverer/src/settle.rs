//! What follows once a record is durable.

use std::{collections::HashSet, sync::Arc};

use posthorn_bus::{
    Bus, Cause, DeadLetter, HandOver, Malformed, Overwrite, PartlyStored, PublishError,
    subject::EVENTS_STREAM,
};
use posthorn_domain::{DeliveryId, EventId};
use posthorn_service::{randomness::SharedRng, reminder::Reminder};
use posthorn_store::{RecordBatch, Store, StoreError};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tracing::{debug, error, warn};

use crate::{
    burial::Burial,
    claim::Share,
    conclude::{FollowUp, SplitBatch},
    ended::Ended,
    metrics::Metrics,
    operations::Announcer,
    patience::Patience,
    publishing::{NotStored, progress, until_stored},
    refresh::Webhooks,
    snapshot::Snapshot,
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
            let followed = follower.follow(follow_up).await;
            follower.end(share, followed).await;
        });
    }

    /// Settles shares whose deliveries have to wait. They are handed over together, which costs a fraction of what
    /// they cost one by one.
    pub(crate) fn settle_waiting(&self, waiting: Vec<(Share, HandOver)>) {
        for batch in batches(waiting) {
            let follower = self.follower.clone();
            self.under_way.spawn(async move {
                let (shares, hand_overs): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
                let followed = follower.hand_over_all(&hand_overs).await;
                for (share, followed) in shares.into_iter().zip(followed) {
                    follower.end(share, followed).await;
                }
            });
        }
    }

    /// Ends a delivery in place of this hand-over, and returns when that is recorded and its dead letter is stored.
    pub(crate) async fn end(&self, hand_over: &HandOver, why: Ended) -> Result<(), Later> {
        self.follower.end_delivery(hand_over, why).await
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
    webhooks: Arc<Webhooks>,
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

/// Says that a message cannot be read.
pub(crate) fn report_malformed(metrics: &Metrics, malformed: &Malformed) {
    warn!(
        stream.sequence = malformed.stream_sequence,
        request.id = malformed.request_id(),
        "Message {} on {} cannot be read: {}",
        malformed.stream_sequence,
        malformed.subject,
        malformed.reason
    );
    metrics.malformed();
}

/// NATS takes nothing, though it is connected: the message is to be given back.
#[derive(Debug)]
pub(crate) struct Later;

/// The webhooks as far as they are known.
struct Newest {
    snapshot: Arc<Snapshot>,
    /// Whether they are those of this moment.
    is_fresh: bool,
}

/// What is in the way of a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InTheWay {
    /// The webhook is disabled. What was under way when that happened would else wait for its retry, which nobody would
    /// bring forward any more.
    Disabled,
    /// The webhook is deleted: its deliveries vanish, and nothing of them waits in a stream.
    Deleted,
}

impl Newest {
    fn in_the_way(&self, hand_over: &HandOver) -> Option<InTheWay> {
        match self.snapshot.known(hand_over.webhook) {
            None => self.is_fresh.then_some(InTheWay::Deleted),
            Some(_) if matches!(hand_over.cause, Cause::Undecided(_)) => None,
            Some(known) => (!known.enabled()).then_some(InTheWay::Disabled),
        }
    }
}

impl Follower {
    async fn follow(&self, follow_up: FollowUp) -> Result<(), Later> {
        match follow_up {
            FollowUp::Nothing => Ok(()),
            FollowUp::Again(hand_over) => self.hand_over(&hand_over).await,
            FollowUp::Bury(why, letter) => self.bury(why, &letter).await,
            FollowUp::Split(split) => self.split(&split).await,
            FollowUp::Gone(webhook, letter) => {
                self.announcer.disable_gone(&webhook, &letter).await;
                // Its event, come again, would not find the webhook any more. There is one for each webhook at most.
                while self.bury(Burial::Gone, &letter).await.is_err() {}
                Ok(())
            }
        }
    }

    /// Publishes them in their order and goes on where an error stopped it. One that is too large, or whose webhook is
    /// disabled, is ended in its place.
    async fn hand_over_all(&self, hand_overs: &[HandOver]) -> Vec<Result<(), Later>> {
        let webhooks = self.newest().await;
        let mut followed = Vec::with_capacity(hand_overs.len());
        while let rest @ [next, ..] = &hand_overs[followed.len()..] {
            if let Some(why) = webhooks.in_the_way(next) {
                followed.push(self.end_instead(next, why).await);
                continue;
            }
            let free = rest
                .iter()
                .take_while(|one| webhooks.in_the_way(one).is_none());
            let together = &rest[..free.count()];
            let publish =
                || async { progress(self.try_hand_over_all(together).await, together.len()) };
            match self.until_stored("retries", publish).await {
                Ok(stored) => {
                    self.metrics.handed_over(&together[..stored]);
                    self.take_back_erased(&together[..stored]).await;
                    followed.extend((0..stored).map(|_| Ok(())));
                }
                Err(NotStored::TooLarge) => {
                    followed.push(self.end_delivery(next, Ended::TooLarge).await);
                }
                Err(NotStored::Later) => followed.extend(rest.iter().map(|_| Err(Later))),
            }
        }
        followed
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

    async fn try_hand_over_all(&self, hand_overs: &[HandOver]) -> Result<(), PartlyStored> {
        // Given back before any pause: what cannot be published does not hold up others. Never closed.
        let _permit = self.batches.acquire().await;
        self.bus.hand_over_all(hand_overs).await
    }

    async fn hand_over(&self, hand_over: &HandOver) -> Result<(), Later> {
        if let Some(why) = self.newest().await.in_the_way(hand_over) {
            return self.end_instead(hand_over, why).await;
        }
        match self
            .until_stored("retries", || self.bus.hand_over(hand_over))
            .await
        {
            Ok(_) => {
                self.metrics.handed_over(std::slice::from_ref(hand_over));
                self.take_back_erased(std::slice::from_ref(hand_over)).await;
                Ok(())
            }
            Err(NotStored::TooLarge) => self.end_delivery(hand_over, Ended::TooLarge).await,
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
        let published = self.until_stored("announcements", || {
            said.publish(&self.bus, self.announcer.clock.now())
        });
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

    /// Makes messages of their own of a batch's events. All of it may be done again: each has an id and a name that follow
    /// from the batch's place.
    async fn split(&self, split: &SplitBatch) -> Result<(), Later> {
        let publish = || self.bus.publish_batch(&split.batch);
        let malformed = match self.until_stored("the events of a batch", publish).await {
            Ok(malformed) => malformed,
            // Each was looked at before; the stream takes less than the server. It is tried again later.
            Err(NotStored::TooLarge | NotStored::Later) => return Err(Later),
        };
        for one in malformed {
            report_malformed(&self.metrics, &one);
            let letter = DeadLetter::Malformed(one);
            self.bury(Burial::Malformed, &letter).await?;
        }
        // Its events are in the log now: they must not lie there a second time, where no erasure finds them.
        let erased = self
            .bus
            .erase_message(EVENTS_STREAM, split.sequence, Overwrite::No)
            .await;
        erased.map_err(|error| {
            debug!("Cannot take a batch out of the stream now: {error}");
            Later
        })
    }

    /// The webhooks of this moment. What a database that is away would say is found out later: those that wait are
    /// looked for once more.
    async fn newest(&self) -> Newest {
        match self.webhooks.compare().await {
            Ok(snapshot) => Newest {
                snapshot,
                is_fresh: true,
            },
            Err(_) => Newest {
                snapshot: self.webhooks.current(),
                is_fresh: false,
            },
        }
    }

    async fn end_instead(&self, hand_over: &HandOver, why: InTheWay) -> Result<(), Later> {
        match why {
            InTheWay::Disabled => self.end_delivery(hand_over, Ended::Disabled).await,
            InTheWay::Deleted => Ok(()),
        }
    }

    /// Ends a delivery that does not wait for another attempt.
    async fn end_delivery(&self, hand_over: &HandOver, why: Ended) -> Result<(), Later> {
        let row = why.record(hand_over);
        let reason = why.reason();
        match why {
            Ended::TooLarge => {
                warn!(delivery.id = %row.id, "Gave up delivery {}: {reason}", row.id);
            }
            Ended::Disabled | Ended::Erased => {
                debug!(delivery.id = %row.id, "Gave up delivery {}: {reason}", row.id);
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
        let erased = loop {
            match self
                .store
                .gone(&[hand_over.event.id], &HashSet::new())
                .await
            {
                Ok(gone) => break gone.is_erased(hand_over.event.id),
                Err(_) => patience.wait().await,
            }
        };
        match why.burial() {
            Some(burial) if !erased => self.bury(burial, &why.letter(hand_over)).await,
            Some(_) | None => Ok(()),
        }
    }

    /// Takes back what was handed over of events that were erased meanwhile. Whoever erases an event looks for what waits
    /// of it after its tombstone is there: what is handed over before that is found there, and what is later here.
    async fn take_back_erased(&self, handed_over: &[HandOver]) {
        let events: Vec<EventId> = handed_over.iter().map(|one| one.event.id).collect();
        let mut patience = Patience::new(&self.rng);
        let gone = loop {
            match self.store.gone(&events, &HashSet::new()).await {
                Ok(gone) => break gone,
                Err(_) => patience.wait().await,
            }
        };
        let erased: Vec<DeliveryId> = handed_over
            .iter()
            .filter(|one| gone.is_erased(one.event.id))
            .map(|one| DeliveryId::derive(one.event.id, one.webhook))
            .collect();
        while !erased.is_empty() {
            match self.bus.erase_schedules(&erased).await {
                Ok(()) => break,
                Err(error) => {
                    let why = format!("Waiting to take back retries of erased events: {error}");
                    patience.wait_out(&why).await;
                }
            }
        }
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
