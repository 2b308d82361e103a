//! Work that any replica may do, from time to time.

use std::{sync::Arc, time::Duration};

use posthorn_domain::Clock;
use posthorn_service::{lifecycle::Lifecycle, randomness::SharedRng};
use posthorn_store::{Store, StoreError};
use tracing::warn;

use crate::patience::Patience;

/// How often partitions are looked after.
const EVERY: Duration = Duration::from_secs(3_600);

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

/// Makes partitions ahead until the soft stop. A failure is tried again with the next round, of which
/// there are many before the last partition is reached.
pub(crate) async fn run(
    store: Store,
    clock: Arc<dyn Clock>,
    lifecycle: Lifecycle,
) -> anyhow::Result<()> {
    let mut every = tokio::time::interval(EVERY);
    while lifecycle
        .soft_stop()
        .run_until_cancelled(every.tick())
        .await
        .is_some()
    {
        if let Err(error) = store.ensure_partitions(clock.now()).await {
            warn!("Could not make partitions ahead, trying again in an hour: {error}");
        }
    }
    Ok(())
}
