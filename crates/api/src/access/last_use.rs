//! When keys were last used, for whoever wonders which of them may go.
//!
//! A request notes its use in memory. What was noted is written behind the requests, every few seconds, a batch at a time;
//! a crash loses the uses of these seconds.

use std::{sync::Arc, time::Duration};

use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::keyring::Keyring;
use crate::database::Database;

/// How often uses are written.
const WRITTEN_EVERY: Duration = Duration::from_secs(5);
/// Keys in one statement.
const BATCH_MAX: usize = 1_000;
/// How long the last batches may take when the process stops.
const LAST_TIMEOUT: Duration = Duration::from_secs(2);

/// Writes uses until `stop`, and then what is left.
pub(crate) async fn write_uses(keyring: Arc<Keyring>, database: Database, stop: CancellationToken) {
    let mut ticks = interval(WRITTEN_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        write(&keyring, &database).await;
    }
    let _ = timeout(LAST_TIMEOUT, write(&keyring, &database)).await;
}

async fn write(keyring: &Keyring, database: &Database) {
    let used = keyring.unwritten_uses();
    for batch in used.chunks(BATCH_MAX) {
        let uses: Vec<_> = batch.iter().map(|(id, _, at)| (*id, *at)).collect();
        let written = database
            .call(|store| store.note_uses_of_api_keys(&uses))
            .await;
        if let Err(failure) = written {
            // The next round writes them.
            debug!("Cannot write when API keys were used: {failure}");
            return;
        }
        for (_, usage, at) in batch {
            usage.wrote(*at);
        }
    }
}
