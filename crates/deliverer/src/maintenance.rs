//! Work that any replica may do, from time to time.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use posthorn_domain::Clock;
use posthorn_service::{lifecycle::Lifecycle, randomness::SharedRng};
use posthorn_store::{Store, StoreError};
use tracing::warn;

use crate::patience::Patience;

/// How often the tables are looked after.
const EVERY: Duration = Duration::from_secs(600);

/// Brings the schema up to date and makes partitions ahead; waits for the database as long as it takes.
pub(crate) async fn prepare(
    store: &Store,
    clock: &dyn Clock,
    rng: &SharedRng,
) -> Result<(), StoreError> {
    let mut patience = Patience::new(rng);
    loop {
        let prepared = async {
            store.migrate().await?;
            store.ensure_partitions(clock.now()).await
        };
        match prepared.await {
            Err(error @ StoreError::Unavailable(_)) => {
                warn!("Waiting for the database: {error}");
                patience.wait().await;
            }
            done => return done,
        }
    }
}

/// Looks after the tables until the soft stop: partitions ahead, retention, and what deleted webhooks left
/// behind. A failure is tried again with the next round.
pub(crate) async fn run(
    store: Store,
    clock: Arc<dyn Clock>,
    retention_days: u32,
    lifecycle: Lifecycle,
) -> anyhow::Result<()> {
    let mut every = tokio::time::interval(EVERY);
    let stop = lifecycle.soft_stop();
    while stop.run_until_cancelled(every.tick()).await.is_some() {
        let round = async {
            let now = clock.now();
            store.ensure_partitions(now).await?;
            store.drop_expired(now, retention_days).await?;
            store.drop_expired_statistics(now, retention_days).await?;
            let oldest = now - TimeDelta::days(retention_days.into());
            store.drop_expired_letters(oldest).await?;
            store.drop_old_replays(oldest).await?;
            store.purge_deleted().await
        };
        if let Some(Err(error)) = stop.run_until_cancelled(round).await {
            warn!("Could not look after the tables, trying again later: {error}");
        }
    }
    Ok(())
}
