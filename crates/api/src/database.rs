//! PostgreSQL as a request sees it: there, or away, and never a long wait to find out.
//!
//! [`watch`] asks every second for the API keys and event types, which the caches need anyway. When it gets no answer in
//! time the database counts as away: requests that need it, and those that already wait for it, are answered
//! 503 at once, until it gets one again. So no request waits longer than one interval and one timeout.

use std::{sync::Arc, time::Duration};

use posthorn_store::{Store, StoreError};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::{
    access::{DeletedTenants, Keyring},
    catalogue::Catalogue,
};

/// How often the keys are loaded.
const INTERVAL: Duration = Duration::from_secs(1);
/// How long that may take before the database counts as away.
const TIMEOUT: Duration = Duration::from_millis(1_500);

/// The store, and whether it can be reached.
#[derive(Clone)]
pub(crate) struct Database {
    store: Store,
    away: watch::Sender<bool>,
}

impl Database {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            away: watch::Sender::new(false),
        }
    }

    /// Does something that needs the database, or fails as soon as that is known to be away.
    pub(crate) async fn call<'a, T, E, F>(
        &'a self,
        operation: impl FnOnce(&'a Store) -> F,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>> + 'a,
        E: From<StoreError>,
    {
        let mut away = self.away.subscribe();
        tokio::select! {
            biased;
            _ = away.wait_for(|away| *away) => {
                Err(StoreError::Unavailable("it did not answer the last time".to_owned()).into())
            }
            result = operation(&self.store) => result,
        }
    }

    /// Notes whether the database answers, and says so in the log when that changes.
    fn note(&self, trouble: Option<&str>) {
        let changed = self.away.send_if_modified(|away| {
            let changed = *away != trouble.is_some();
            *away = trouble.is_some();
            changed
        });
        match trouble {
            Some(trouble) if changed => warn!("PostgreSQL is away: {trouble}"),
            None if changed => info!("PostgreSQL answers again"),
            _ => {}
        }
    }
}

/// Keeps the caches fresh and watches over the database until `stop`.
///
/// At the very first start there is nothing to load before `migrated`; what takes longer than a moment is
/// not that, but a database that is away.
pub(crate) async fn watch(
    database: Database,
    caches: Caches,
    migrated: CancellationToken,
    stop: CancellationToken,
) {
    let _ = stop
        .run_until_cancelled(timeout(TIMEOUT, migrated.cancelled()))
        .await;
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        match timeout(TIMEOUT, caches.refresh(&database.store)).await {
            Ok(Ok(())) => database.note(None),
            Ok(Err(StoreError::Unavailable(trouble))) => database.note(Some(&trouble)),
            Ok(Err(failure)) => error!("Cannot load the API keys and event types: {failure}"),
            Err(_) => database.note(Some("no answer in time")),
        }
    }
}

/// What is kept in memory of what the database holds.
pub(crate) struct Caches {
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) deleted_tenants: Arc<DeletedTenants>,
    pub(crate) catalogue: Arc<Catalogue>,
}

impl Caches {
    async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        self.keyring.refresh(store).await?;
        self.deleted_tenants.refresh(store).await?;
        self.catalogue.refresh(store).await
    }
}
