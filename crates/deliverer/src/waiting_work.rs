//! One look for all the work that any replica may take up, instead of one for each kind.

use std::time::Duration;

use posthorn_service::lifecycle::Lifecycle;
use posthorn_store::{Store, StoreError, WaitingWork};
use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// How long work waits at most for somebody who has time.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks, and tells those who wait for some kind of work.
pub(crate) struct Look {
    store: Store,
    tell: watch::Sender<WaitingWork>,
}

/// What [`Look`] tells. Each clone is told.
#[derive(Debug, Clone)]
pub(crate) struct Told(watch::Receiver<WaitingWork>);

impl Look {
    pub(crate) fn new(store: Store) -> (Self, Told) {
        let (tell, told) = watch::channel(WaitingWork::default());
        (Self { store, tell }, Told(told))
    }

    /// Looks until the soft stop.
    pub(crate) async fn run(self, lifecycle: Lifecycle) -> anyhow::Result<()> {
        let stop = lifecycle.soft_stop();
        let mut every = interval(LOOK_EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(every.tick()).await.is_some() {
            match self.store.waiting_work().await {
                Ok(waiting) => {
                    self.tell.send_if_modified(|told| {
                        *told = waiting;
                        // The same work again may be other work.
                        waiting.is_any()
                    });
                }
                Err(StoreError::Unavailable(_)) => {}
                Err(error) => warn!("Cannot look for work: {error}"),
            }
        }
        Ok(())
    }
}

impl Told {
    /// Waits until a look that is still to come finds work of this kind, or for `stop`.
    pub(crate) async fn of(&mut self, kind: fn(&WaitingWork) -> bool, stop: &CancellationToken) {
        let told = async {
            while self.0.changed().await.is_ok() {
                if kind(&self.0.borrow_and_update()) {
                    return;
                }
            }
            // Nobody looks any more: the stop is near.
            std::future::pending::<()>().await;
        };
        stop.run_until_cancelled(told).await;
    }
}
