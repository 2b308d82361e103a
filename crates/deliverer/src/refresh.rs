//! Keeps the snapshot of webhooks true.

use std::{sync::Arc, time::Duration};

use arc_swap::ArcSwap;
use posthorn_domain::WebhookId;
use posthorn_service::randomness::SharedRng;
use posthorn_store::{Store, StoreError};
use tokio::{sync::Mutex, time::Instant};
use tracing::debug;

use crate::{filter_failures::FilterFailures, patience::Patience, snapshot::Snapshot};

/// A snapshot that was read longer ago is read anew, as a whole. Deletions are remembered for twice as long.
pub(crate) const SNAPSHOT_AGE_MAX: Duration = Duration::from_secs(15 * 86_400);

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
            filter_failures,
        }
    }

    /// What a webhook was called at the last comparison; `None` if it did not exist.
    pub(crate) fn name(&self, id: WebhookId) -> Option<String> {
        let current = self.current.load();
        current.get(id).map(|webhook| webhook.settings.name.clone())
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

    /// The snapshot as it was when it was last compared with the database.
    pub(crate) fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// The snapshot of this moment, if the database answers.
    pub(crate) async fn compare(&self) -> Result<Arc<Snapshot>, StoreError> {
        let version = self.store.config_version().await?;
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
                "Webhooks changed: {} set, {} removed",
                changes.upserts.len(),
                changes.removed.len()
            );
            next.apply(changes.version, changes.upserts, &changes.removed);
            if !changes.more {
                break;
            }
        }
        let next = Arc::new(next);
        self.current.store(next.clone());
        *read_at = Instant::now();
        Ok(next)
    }
}
