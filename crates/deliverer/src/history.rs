//! Keeps the history of webhooks within their limit.
//!
//! The recorder notes which webhooks with a limit it wrote for; every second those lose what is beyond it. A limit that
//! is new or lower applies at once, and from time to time every limited webhook is looked at, for what a process
//! noted and did not get to before it ended. Replicas do this side by side: each skips what another has locked.
//!
//! A webhook's next turn comes after twenty times as long as the last one took, so that a history of a million never
//! keeps the database busy.
//!
//! Not guaranteed: a delivery that was pruned is known no more. When its process dies before the message is
//! acknowledged, it is sent again, as after a crash before the record.

use std::{
    collections::{HashMap, HashSet},
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use posthorn_domain::WebhookId;
use posthorn_store::{DeliveryRecord, Store, StoreError};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{refresh::Webhooks, snapshot::Snapshot};

/// How often what was noted is pruned.
const EVERY: Duration = Duration::from_secs(1);
/// How often every limited webhook is looked at.
const SWEEP: Duration = Duration::from_secs(600);
/// A turn of a webhook takes no more than one part in so many of the time.
const REST_FACTOR: u32 = 20;

/// Which webhooks have to be looked at.
pub(crate) struct History {
    store: Store,
    webhooks: Arc<Webhooks>,
    touched: Mutex<HashSet<WebhookId>>,
}

impl History {
    pub(crate) fn new(store: Store, webhooks: Arc<Webhooks>) -> Self {
        Self {
            store,
            webhooks,
            touched: Mutex::default(),
        }
    }

    /// The webhooks with a limit that these records are about.
    pub(crate) fn limited(&self, records: &[DeliveryRecord]) -> HashSet<WebhookId> {
        let snapshot = self.webhooks.current();
        records
            .iter()
            .map(|record| record.webhook)
            .filter(|id| limit(&snapshot, *id).is_some())
            .collect()
    }

    /// Notes that these webhooks may have too much history now.
    pub(crate) fn touch(&self, webhooks: impl IntoIterator<Item = WebhookId>) {
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        touched.extend(webhooks);
    }

    /// Prunes until `stop`. What is noted then is found by the next sweep of whoever runs.
    pub(crate) async fn run(self: Arc<Self>, stop: CancellationToken) {
        let mut every = tokio::time::interval(EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut turns = Turns::default();
        while stop.run_until_cancelled(every.tick()).await.is_some() {
            let round = self.round(&mut turns);
            if let Some(Err(error)) = stop.run_until_cancelled(round).await
                && !matches!(error, StoreError::Unavailable(_))
            {
                warn!("Could not prune the history, trying again: {error}");
            }
        }
    }

    async fn round(&self, turns: &mut Turns) -> Result<(), StoreError> {
        let snapshot = self.webhooks.compare().await?;
        self.touch(turns.sweep(&snapshot));
        let now = Instant::now();
        let due: Vec<WebhookId> = {
            let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
            let due = |id: &WebhookId| turns.rested.get(id).is_none_or(|at| *at <= now);
            touched.extract_if(|id| due(id)).collect()
        };
        turns.rested.retain(|_, at| *at > now);
        for id in due {
            let Some(keep) = limit(&snapshot, id) else {
                continue;
            };
            let begun = Instant::now();
            if let Err(error) = self.prune(id, keep).await {
                self.touch([id]);
                return Err(error);
            }
            turns
                .rested
                .insert(id, Instant::now() + begun.elapsed() * REST_FACTOR);
        }
        Ok(())
    }

    async fn prune(&self, id: WebhookId, keep: NonZeroU32) -> Result<(), StoreError> {
        let mut pruned = 0;
        loop {
            let round = self.store.prune_history(id, keep).await?;
            pruned += round.deliveries;
            if !round.more {
                break;
            }
        }
        if pruned > 0 {
            debug!(webhook.id = %id, "Pruned {pruned} deliveries of webhook {id} beyond its limit of {keep}");
        }
        Ok(())
    }
}

fn limit(snapshot: &Snapshot, id: WebhookId) -> Option<NonZeroU32> {
    snapshot.get(id)?.settings.history_limit
}

/// When which webhook is looked at.
#[derive(Default)]
struct Turns {
    /// Before these moments they are left in peace.
    rested: HashMap<WebhookId, Instant>,
    known: Option<Known>,
}

/// The limits as they were looked at last.
struct Known {
    version: i64,
    limits: HashMap<WebhookId, NonZeroU32>,
    swept_at: Instant,
}

impl Turns {
    /// The webhooks of which nobody noted anything, but that may have too much: all from time to time, and those
    /// whose limit is new or lower.
    fn sweep(&mut self, snapshot: &Snapshot) -> Vec<WebhookId> {
        let all = self
            .known
            .as_ref()
            .is_none_or(|known| known.swept_at.elapsed() >= SWEEP);
        let unchanged = self
            .known
            .as_ref()
            .is_some_and(|known| known.version == snapshot.version());
        if unchanged && !all {
            return Vec::new();
        }
        let limits: HashMap<WebhookId, NonZeroU32> = snapshot
            .all()
            .filter_map(|webhook| Some((webhook.id, webhook.settings.history_limit?)))
            .collect();
        let before = self.known.take();
        let lower = |id: &WebhookId, limit: &NonZeroU32| {
            let known = before.as_ref().and_then(|known| known.limits.get(id));
            known.is_none_or(|known| limit < known)
        };
        let found = limits
            .iter()
            .filter(|(id, limit)| all || lower(id, limit))
            .map(|(id, _)| *id)
            .collect();
        self.known = Some(Known {
            version: snapshot.version(),
            swept_at: match before {
                Some(before) if !all => before.swept_at,
                _ => Instant::now(),
            },
            limits,
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests_support::webhook;

    #[tokio::test(start_paused = true)]
    async fn a_limit_is_looked_at_when_it_is_new_or_lower_and_from_time_to_time() {
        let snapshot = |version, limits: [Option<u32>; 2]| {
            let webhooks = (1..)
                .zip(limits)
                .map(|(number, limit)| webhook(number, "a", &json!({ "history_limit": limit })));
            Snapshot::default().with_changes(version, webhooks.collect(), &[])
        };
        let mut turns = Turns::default();
        let mut swept = |snapshot: &Snapshot| turns.sweep(snapshot).len();
        let first = snapshot(1, [Some(10), None]);
        assert_eq!(swept(&first), 1, "at the start");
        assert_eq!(swept(&first), 0);
        assert_eq!(swept(&snapshot(2, [Some(20), None])), 0, "higher");
        assert_eq!(swept(&snapshot(3, [Some(20), Some(5)])), 1, "new");
        assert_eq!(swept(&snapshot(4, [Some(19), Some(5)])), 1, "lower");
        tokio::time::advance(SWEEP).await;
        assert_eq!(swept(&snapshot(4, [Some(19), Some(5)])), 2);
        assert_eq!(swept(&snapshot(4, [Some(19), Some(5)])), 0);
    }
}
