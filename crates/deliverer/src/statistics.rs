//! Folds what the recorders add to the statistics. Any replica does it, one at a time; reads are exact without it,
//! but grow slower the longer nobody folds.

use std::time::Duration;

use posthorn_service::lifecycle::Lifecycle;
use posthorn_store::{Store, StoreError};
use tracing::{info, warn};

/// How often differences become sums. What is folded together costs one row of each sum, however much it is; what is
/// not folded yet is read through by everybody who asks.
const EVERY: Duration = Duration::from_secs(10);
/// After so many folded rows their room is given back.
const ROWS_PER_VACUUM: u64 = 20_000;

/// Folds until the soft stop. What is left then is folded by another replica, or after the next start.
pub(crate) async fn run(store: Store, lifecycle: Lifecycle) -> anyhow::Result<()> {
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let stop = lifecycle.soft_stop();
    let (mut folded, mut failing) = (0, false);
    while stop.run_until_cancelled(every.tick()).await.is_some() {
        let round = fold(&store, &mut folded);
        match stop.run_until_cancelled(round).await {
            None => {}
            Some(Ok(())) if failing => {
                failing = false;
                info!("Folding the statistics again");
            }
            Some(Ok(())) => {}
            Some(Err(error)) => {
                // Every few seconds the same would be noise.
                if !failing {
                    warn!("Cannot fold the statistics, trying again until it works: {error}");
                }
                failing = true;
            }
        }
    }
    Ok(())
}

async fn fold(store: &Store, folded: &mut u64) -> Result<(), StoreError> {
    while let Some(round) = store.fold_statistics().await? {
        *folded += round.rows;
        if !round.more {
            break;
        }
    }
    if *folded >= ROWS_PER_VACUUM {
        store.vacuum_statistics().await?;
        *folded = 0;
    }
    Ok(())
}
