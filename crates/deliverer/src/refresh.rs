//! Keeps the snapshot of webhooks true.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use posthorn_domain::{EventId, TenantId, WebhookId};
use posthorn_service::randomness::SharedRng;
use posthorn_store::{Changes, Gone, Store, StoreError};
use tokio::{sync::Mutex, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::{filter_failures::FilterFailures, patience::Patience, snapshot::Snapshot};

/// A snapshot that was read longer ago is read again, as a whole. Deletions are remembered for twice as long.
pub(crate) const SNAPSHOT_AGE_MAX: Duration = Duration::from_secs(15 * 86_400);

/// Webhooks that could not be read and are tried again together.
const READ_AGAIN_MAX: usize = 1_000;

/// How often they are.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often somebody looks whether there are such while all can be read. What deliveries meet is known at once.
const LOOK_EVERY_WHEN_WELL: Duration = Duration::from_secs(5);

/// The current snapshot, compared with the database before each use.
///
/// A webhook that was created before an event was accepted has raised the configuration's version before
/// the event was published, so a comparison made *after* the event was pulled always sees it. The
/// comparison is one row by primary key; callers that arrive while one is under way wait and make their own.
pub(crate) struct Webhooks {
    store: Store,
    rng: Arc<SharedRng>,
    current: ArcSwap<Snapshot>,
    /// When the snapshot was read last.
    refreshing: Mutex<Instant>,
    /// Whether they were read at all, and what could not be read was tried again.
    looked: AtomicBool,
    /// Hears of filters that fail.
    pub(crate) filter_failures: FilterFailures,
}

impl Webhooks {
    pub(crate) fn new(store: Store, rng: Arc<SharedRng>, filter_failures: FilterFailures) -> Self {
        Self {
            store,
            rng,
            current: ArcSwap::default(),
            refreshing: Mutex::new(Instant::now()),
            looked: AtomicBool::new(false),
            filter_failures,
        }
    }

    /// What a webhook was called at the last comparison; `None` if it did not exist.
    pub(crate) fn name(&self, id: WebhookId) -> Option<String> {
        let current = self.current.load();
        current.get(id).map(|webhook| webhook.settings.name.clone())
    }

    /// Whether this process could read every webhook when it last looked. If not, says how many it could not: their
    /// deliveries wait.
    pub(crate) fn readable(&self) -> Result<(), String> {
        if !self.looked.load(Ordering::Relaxed) {
            return Err("the webhooks were not read yet".to_owned());
        }
        let snapshot = self.current();
        let Some(first) = snapshot.unreadable_ids().next() else {
            return Ok(());
        };
        let count = snapshot.unreadable();
        let s = if count == 1 { "" } else { "s" };
        Err(format!(
            "{count} webhook{s} cannot be read, the first is {first}"
        ))
    }

    /// Looks now and then whether what could not be read can be now, until `stop`. Whether the database answers is
    /// another question.
    pub(crate) async fn keep_reading(&self, stop: &CancellationToken) {
        loop {
            let pause = match stop.run_until_cancelled(self.read_unreadable()).await {
                Some(Ok(snapshot)) => {
                    self.looked.store(true, Ordering::Relaxed);
                    if snapshot.unreadable() == 0 {
                        LOOK_EVERY_WHEN_WELL
                    } else {
                        LOOK_EVERY
                    }
                }
                Some(Err(error)) => {
                    debug!("Looking for unreadable webhooks again later: {error}");
                    LOOK_EVERY
                }
                None => return,
            };
            let pause = tokio::time::sleep(pause);
            if stop.run_until_cancelled(pause).await.is_none() {
                return;
            }
        }
    }

    /// The snapshot of this moment. Waits for the database as long as it takes: matching against an old
    /// one could lose a delivery.
    pub(crate) async fn fresh(&self) -> Arc<Snapshot> {
        let mut patience = Patience::new(&self.rng);
        loop {
            match self.compare().await {
                Ok(snapshot) => return snapshot,
                Err(error) => {
                    let why = format!("Waiting for the configuration: {error}");
                    patience.wait_out(&why).await;
                }
            }
        }
    }

    /// The same, and what became of these events and tenants, asked in one statement.
    pub(crate) async fn fresh_with(
        &self,
        events: &[EventId],
        tenants: &HashSet<&TenantId>,
    ) -> (Arc<Snapshot>, Gone) {
        let mut patience = Patience::new(&self.rng);
        loop {
            let asked = async {
                let (version, gone) = self.store.config_version_and_gone(events, tenants).await?;
                Ok::<_, StoreError>((self.at(version).await?, gone))
            };
            match asked.await {
                Ok(fresh) => return fresh,
                Err(error) => {
                    let count = events.len();
                    let why = format!(
                        "Waiting for the configuration, and to know whether {count} events are erased: {error}"
                    );
                    patience.wait_out(&why).await;
                }
            }
        }
    }

    /// The snapshot as it was when it was last compared with the database.
    pub(crate) fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// The snapshot of this moment, after another try at what could not be read. Sealing a row again is no change of
    /// its webhook, so its version does not tell.
    async fn read_unreadable(&self) -> Result<Arc<Snapshot>, StoreError> {
        let snapshot = self.compare().await?;
        if snapshot.unreadable() == 0 {
            return Ok(snapshot);
        }
        let _refreshing = self.refreshing.lock().await;
        let current = self.current.load_full();
        let ids: Vec<WebhookId> = current.unreadable_ids().take(READ_AGAIN_MAX).collect();
        let changes = self.store.read_again(&ids).await?;
        if changes.unreadable.len() == ids.len() {
            return Ok(current);
        }
        let mut next = Snapshot::clone(&current);
        next.apply(Changes {
            version: current.version(),
            ..changes
        });
        let next = Arc::new(next);
        self.current.store(next.clone());
        Ok(next)
    }

    /// The snapshot of this moment, if the database answers.
    pub(crate) async fn compare(&self) -> Result<Arc<Snapshot>, StoreError> {
        let version = self.store.config_version().await?;
        self.at(version).await
    }

    /// The snapshot at a version that the database has just told, or a newer one.
    async fn at(&self, version: i64) -> Result<Arc<Snapshot>, StoreError> {
        let current = self.current.load_full();
        if current.version() == version {
            return Ok(current);
        }
        let mut read_at = self.refreshing.lock().await;
        let version = self.store.config_version().await?;
        let current = self.current.load_full();
        if current.version() == version {
            return Ok(current);
        }
        // A version behind ours means that the database was restored from a backup: start from nothing. So does a
        // snapshot from before deletions that the database may have forgotten.
        let base = if version < current.version() || read_at.elapsed() > SNAPSHOT_AGE_MAX {
            Arc::default()
        } else {
            current
        };
        let mut next = Snapshot::clone(&base);
        loop {
            let changes = self.store.changes_since(next.version()).await?;
            debug!(
                version = changes.version,
                "Webhooks changed: {} set, {} not readable, {} removed",
                changes.upserts.len(),
                changes.unreadable.len(),
                changes.removed.len()
            );
            let more = changes.more;
            next.apply(changes);
            if !more {
                break;
            }
        }
        let next = Arc::new(next);
        self.current.store(next.clone());
        *read_at = Instant::now();
        Ok(next)
    }
}
