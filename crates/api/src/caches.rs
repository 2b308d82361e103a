//! Keeps the API keys and the catalogues of event types in memory true, apart from the watch over the database: however long
//! it takes to load them, that says nothing about whether the database answers.

use std::{sync::Arc, time::Duration};

use posthorn_service::{http::dependencies::Known, reminder::Reminder};
use posthorn_store::{Store, StoreError};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, warn};

use crate::{
    access::{DeletedTenants, Keyring},
    catalogue::Catalogue,
};

/// How often changes are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// After this time the keys are loaded although nobody has said that they changed: a database that was restored may say
/// what it said before. Sooner where they are not believed for long without being loaded.
const LOAD_AFTER: Duration = Duration::from_secs(30);
/// At the very first start there is nothing to load before the schema is there. What takes longer is not that.
const SCHEMA_TIMEOUT: Duration = Duration::from_millis(1_500);

/// What is kept in memory of what the database holds.
pub(crate) struct Caches {
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) deleted_tenants: Arc<DeletedTenants>,
    pub(crate) catalogue: Arc<Catalogue>,
}

/// Loads what has changed, until `stop`. Each cache has a task of its own: the keys of one do not wait for the schemas of
/// the other.
pub(crate) async fn keep(
    store: Store,
    database: Known,
    caches: Caches,
    migrated: CancellationToken,
    stop: CancellationToken,
) {
    let schema = tokio::time::timeout(SCHEMA_TIMEOUT, migrated.cancelled());
    let _ = stop.run_until_cancelled(schema).await;
    tokio::join!(
        keep_keys(&store, &database, &caches.keyring, &stop),
        keep_deleted_tenants(&store, &database, &caches.deleted_tenants, &stop),
        keep_catalogue(&store, &database, &caches.catalogue, &stop),
    );
}

async fn keep_keys(store: &Store, database: &Known, keyring: &Keyring, stop: &CancellationToken) {
    let load_after = LOAD_AFTER.min(keyring.believed_for() / 3);
    let mut loaded = None;
    let in_vain = Reminder::default();
    let mut looks = looks();
    while stop.run_until_cancelled(looks.tick()).await.is_some() {
        let look = load_if_changed(store, keyring, loaded, load_after);
        match stop.run_until_cancelled(look).await {
            Some(Err(failure)) => report("API keys", &failure, database, &in_vain),
            Some(Ok(now)) => loaded = now,
            None => return,
        }
    }
}

async fn keep_deleted_tenants(
    store: &Store,
    database: &Known,
    deleted_tenants: &DeletedTenants,
    stop: &CancellationToken,
) {
    let in_vain = Reminder::default();
    let mut looks = looks();
    while stop.run_until_cancelled(looks.tick()).await.is_some() {
        match stop
            .run_until_cancelled(deleted_tenants.refresh(store))
            .await
        {
            Some(Err(failure)) => report("deleted tenants", &failure, database, &in_vain),
            Some(Ok(())) => {}
            None => return,
        }
    }
}

async fn keep_catalogue(
    store: &Store,
    database: &Known,
    catalogue: &Catalogue,
    stop: &CancellationToken,
) {
    let in_vain = Reminder::default();
    let mut looks = looks();
    while stop.run_until_cancelled(looks.tick()).await.is_some() {
        match stop.run_until_cancelled(catalogue.refresh(store)).await {
            Some(Err(failure)) => report("event types", &failure, database, &in_vain),
            Some(Ok(())) => {}
            None => return,
        }
    }
}

fn looks() -> tokio::time::Interval {
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    looks
}

/// A database that is away is in the log once, where that is watched.
fn report(what: &str, failure: &StoreError, database: &Known, in_vain: &Reminder) {
    match failure {
        StoreError::Unavailable(trouble) if database.is_up() && in_vain.is_due() => {
            warn!("Cannot load the {what} although PostgreSQL answers, trying again: {trouble}");
        }
        StoreError::Unavailable(trouble) => debug!("Cannot load the {what} now: {trouble}"),
        failure => error!("Cannot load the {what}: {failure}"),
    }
}

/// Loads all keys if one of them has changed since the last time, or that was long ago: the version that is loaded now,
/// and when that was.
async fn load_if_changed(
    store: &Store,
    keyring: &Keyring,
    loaded: Option<(i64, Instant)>,
    load_after: Duration,
) -> Result<Option<(i64, Instant)>, StoreError> {
    // Read before the keys: what changes between the two is loaded now and once more.
    let version = store.api_keys_version().await?;
    if loaded.is_some_and(|(known, at)| known == version && at.elapsed() < load_after) {
        return Ok(loaded);
    }
    let began = Instant::now();
    keyring.refresh(store).await?;
    Ok(Some((version, began)))
}
