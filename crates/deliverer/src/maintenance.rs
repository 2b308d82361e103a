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
/// How long a deleted webhook is remembered, so that every replica learns of it. A snapshot that is half as old is
/// not trusted any more ([`SNAPSHOT_AGE_MAX`](crate::refresh::SNAPSHOT_AGE_MAX)).
pub(crate) const DELETED_REMEMBERED: TimeDelta = TimeDelta::days(30);

/// How long things are kept, in days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retention {
    /// Events, deliveries, attempts, statistics, dead letters, replays.
    pub(crate) log_days: u32,
    /// The audit log.
    pub(crate) audit_days: u32,
}

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
                let why = format!("Waiting for the database: {error}");
                patience.wait_out(&why).await;
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
    retention: Retention,
    lifecycle: Lifecycle,
) -> anyhow::Result<()> {
    let mut every = tokio::time::interval(EVERY);
    let stop = lifecycle.soft_stop();
    while stop.run_until_cancelled(every.tick()).await.is_some() {
        let round = async {
            let now = clock.now();
            store.ensure_partitions(now).await?;
            let before = |days: u32| now - TimeDelta::days(days.into());
            store.drop_expired(now, retention.log_days).await?;
            store
                .drop_expired_statistics(now, retention.log_days)
                .await?;
            store
                .drop_expired_letters(before(retention.log_days))
                .await?;
            store.drop_old_replays(before(retention.log_days)).await?;
            store
                .drop_former_subscriptions(before(retention.log_days))
                .await?;
            store
                .drop_expired_audit(before(retention.audit_days))
                .await?;
            store.forget_deleted(now - DELETED_REMEMBERED).await?;
            store.drop_stale_gates().await?;
            store.purge_deleted().await
        };
        if let Some(Err(error)) = stop.run_until_cancelled(round).await {
            warn!("Could not look after the tables, trying again later: {error}");
        }
    }
    Ok(())
}
