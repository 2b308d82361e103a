//! From a piece of work to its attempt: through the gate, into a slot, out to the recorder.

use std::{sync::Arc, time::Duration};

use posthorn_domain::{Clock, Timestamp};
use posthorn_egress::{Attempted, Sender};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

use crate::{
    conclude::{Conclusion, FollowUp, after, conclude},
    gate::{Admission, Gate, Pass},
    metrics::Metrics,
    operations::Observation,
    recorder::{Entry, Queue},
    work::Work,
};

/// A request that takes longer than this is shown as a pending delivery while it goes on.
const SHOWN_AS_PENDING_AFTER: Duration = Duration::from_secs(1);

/// Sends work to its receivers, within the bounds of the process and of each webhook.
pub(crate) struct Dispatcher {
    pub(crate) gate: Arc<Gate>,
    pub(crate) slots: Arc<Semaphore>,
    pub(crate) sender: Sender,
    pub(crate) queue: Queue,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) requests: TaskTracker,
}

impl Dispatcher {
    /// Starts the attempt if the gate lets it pass, or puts it off. Waits only for a slot of the process.
    pub(crate) async fn dispatch(self: &Arc<Self>, work: Work) {
        match self.gate.admit(&work.webhook, work.hop > 0) {
            Admission::Later(delay) => {
                self.metrics.deferred();
                self.put_off(work, after(self.clock.now(), delay)).await;
            }
            Admission::Go(pass) => {
                #[expect(clippy::expect_used, reason = "the semaphore is never closed")]
                let slot = self
                    .slots
                    .clone()
                    .acquire_owned()
                    .await
                    .expect("never closed");
                let this = self.clone();
                self.requests
                    .spawn(async move { this.deliver(work, pass, slot).await });
            }
        }
    }

    async fn deliver(&self, mut work: Work, pass: Pass, slot: OwnedSemaphorePermit) {
        let attempted = self.send(&mut work).await;
        drop(pass);
        let outcome = attempted.outcome;
        self.metrics.attempted(outcome, attempted.elapsed);
        let now = self.clock.now();
        // Seeded by the delivery: the jitter is as good as random, and a failure can be repeated.
        let mut rng = StdRng::seed_from_u64(seed(&work));
        let conclusion = conclude(&work, attempted, now, &mut rng);
        if let Some(asked) = conclusion.silence {
            self.gate.silence(work.webhook.id, asked);
        }
        self.metrics
            .concluded(conclusion.delivery.status, &work.event, now);
        let Conclusion {
            delivery,
            attempt,
            follow_up,
            ..
        } = conclusion;
        let observation = Observation::of(&work, outcome, &delivery, now);
        self.enter(Entry {
            event: None,
            delivery: Some(delivery),
            attempt: Some(attempt),
            seen: work.seen,
            share: work.share,
            follow_up,
            slot: Some(slot),
            observation,
        })
        .await;
    }

    async fn send(&self, work: &mut Work) -> Attempted {
        let (event, webhook) = (work.event.clone(), work.webhook.clone());
        // In a box, because it is large, and this future is moved about until it is a task.
        let attempt = self.sender.attempt(work.delivery, &event, &webhook);
        let mut request = Box::pin(attempt);
        match tokio::time::timeout(SHOWN_AS_PENDING_AFTER, &mut request).await {
            Ok(attempted) => attempted,
            Err(_slow) => {
                self.show_as_pending(work).await;
                request.await
            }
        }
    }

    async fn show_as_pending(&self, work: &mut Work) {
        if work.attempt == 1 {
            let row = work.pending_record(None);
            let share = work.share.split();
            let entry = Entry::of_delivery(Some(row), work.seen, share, FollowUp::Nothing);
            work.seen = true;
            self.enter(entry).await;
        }
    }

    async fn put_off(&self, work: Work, due: Timestamp) {
        let again = FollowUp::Again(Box::new(work.hand_over(
            work.attempt,
            work.hop + 1,
            Some(due),
        )));
        // A retry has its row already; a first attempt that is put off is shown as pending.
        let row = (work.attempt == 1).then(|| work.pending_record(Some(due)));
        self.enter(Entry::of_delivery(row, work.seen, work.share, again))
            .await;
    }

    /// Hands something to the recorder.
    pub(crate) async fn enter(&self, entry: Entry) {
        // The recorder outlives every sender; if it is gone the message stays unacknowledged and comes again.
        let _ = self.queue.send(entry).await;
    }
}

fn seed(work: &Work) -> u64 {
    let low = work.delivery.as_uuid().as_u128() & u128::from(u64::MAX);
    u64::try_from(low).unwrap_or_default() ^ u64::from(work.attempt)
}
