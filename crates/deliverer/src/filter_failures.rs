//! Filters that fail on events.
//!
//! A filter that fails counts as no match, so nothing is sent and nothing recorded: unless somebody is told, the webhook
//! looks as if nothing happened. A filter that fails on one event mostly fails on each, so what is told must not grow with
//! the events:
//!
//! | where | what |
//! | --- | --- |
//! | metric `posthorn.filter.failures` | all failures of this process |
//! | log | a webhook once in [`LOGGED_EVERY`], [`LOGGED_WEBHOOKS_MAX`] webhooks within that time |
//! | the webhook (`filter_failures_24h`, and the last reason) | counted in memory, added to PostgreSQL every [`WRITTEN_EVERY`] |
//!
//! What waits to be written is one entry for each webhook, however long PostgreSQL is away. Not guaranteed: what was counted
//! since the last write is lost when the process dies.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use opentelemetry::metrics::{Counter, Meter};
use posthorn_domain::{EventId, FilterFailed, WebhookId};
use posthorn_service::lifecycle::Lifecycle;
use posthorn_store::{FilterFailureCount, Store, StoreError};
use tokio::time::{Instant, MissedTickBehavior};
use tracing::{debug, warn};

use crate::refresh::Webhooks;

/// How often the log tells of the same webhook.
const LOGGED_EVERY: Duration = Duration::from_secs(60);
/// Webhooks of which the log tells within that time; of more it is silent.
const LOGGED_WEBHOOKS_MAX: usize = 1_000;
/// How often what was counted is written.
const WRITTEN_EVERY: Duration = Duration::from_secs(3);

/// Filters that failed on an event.
#[derive(Debug)]
pub(crate) struct FilterFailures {
    counter: Counter<u64>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    logged: HashMap<WebhookId, Instant>,
    unwritten: HashMap<WebhookId, Unwritten>,
}

/// What a webhook's filter failed on since that was written last.
#[derive(Debug)]
struct Unwritten {
    failures: u64,
    last_event: EventId,
    last_at: Instant,
    last_reason: String,
}

impl FilterFailures {
    pub(crate) fn new(meter: &Meter) -> Self {
        let counter = meter
            .u64_counter("posthorn.filter.failures")
            .with_description("Filters that failed on an event, which counts as no match")
            .build();
        counter.add(0, &[]);
        Self {
            counter,
            state: Mutex::default(),
        }
    }

    /// A webhook's filter failed on an event.
    pub(crate) fn note(&self, webhook: WebhookId, event: EventId, error: &FilterFailed) {
        self.counter.add(1, &[]);
        let now = Instant::now();
        let is_to_be_logged = {
            let mut state = self.lock();
            state.count(webhook, event, error.reason(), now);
            state.is_to_be_logged(webhook, now)
        };
        if is_to_be_logged {
            warn!(webhook.id = %webhook, event.id = %event, "Skipped webhook {webhook}: {error}");
        }
    }

    /// Takes what was counted and not written yet.
    fn take(&self) -> Vec<FilterFailureCount> {
        let taken = std::mem::take(&mut self.lock().unwritten);
        let now = Instant::now();
        let counted = |(webhook, unwritten): (WebhookId, Unwritten)| FilterFailureCount {
            webhook,
            failures: unwritten.failures,
            last_event: unwritten.last_event,
            last_ago: now.duration_since(unwritten.last_at),
            last_reason: unwritten.last_reason,
        };
        taken.into_iter().map(counted).collect()
    }

    /// Keeps what could not be written for the next time.
    fn put_back(&self, counts: Vec<FilterFailureCount>, taken_at: Instant) {
        let mut state = self.lock();
        for count in counts {
            let old = Unwritten {
                failures: count.failures,
                last_event: count.last_event,
                last_at: taken_at.checked_sub(count.last_ago).unwrap_or(taken_at),
                last_reason: count.last_reason,
            };
            match state.unwritten.entry(count.webhook) {
                // What failed meanwhile failed later.
                Entry::Occupied(mut newer) => newer.get_mut().failures += old.failures,
                Entry::Vacant(place) => {
                    place.insert(old);
                }
            }
        }
    }

    async fn write(&self, store: &Store) -> Result<(), StoreError> {
        let taken_at = Instant::now();
        let counts = self.take();
        if counts.is_empty() {
            return Ok(());
        }
        let written = store.add_filter_failures(&counts).await;
        if written.is_err() {
            self.put_back(counts, taken_at);
        }
        written
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn count(&mut self, webhook: WebhookId, event: EventId, reason: &str, now: Instant) {
        match self.unwritten.entry(webhook) {
            Entry::Occupied(mut entry) => {
                let unwritten = entry.get_mut();
                unwritten.failures += 1;
                (unwritten.last_event, unwritten.last_at) = (event, now);
                if unwritten.last_reason != reason {
                    reason.clone_into(&mut unwritten.last_reason);
                }
            }
            Entry::Vacant(place) => {
                place.insert(Unwritten {
                    failures: 1,
                    last_event: event,
                    last_at: now,
                    last_reason: reason.to_owned(),
                });
            }
        }
    }

    fn is_to_be_logged(&mut self, webhook: WebhookId, now: Instant) -> bool {
        let is_recent = |at: &Instant| now.duration_since(*at) < LOGGED_EVERY;
        if self.logged.get(&webhook).is_some_and(is_recent) {
            return false;
        }
        if self.logged.len() >= LOGGED_WEBHOOKS_MAX {
            self.logged.retain(|_, at| is_recent(at));
        }
        let has_room = self.logged.len() < LOGGED_WEBHOOKS_MAX;
        if has_room {
            self.logged.insert(webhook, now);
        }
        has_room
    }
}

/// Writes what was counted, now and then, and once more when the process is told to stop.
pub(crate) async fn write_counts(
    webhooks: Arc<Webhooks>,
    store: Store,
    lifecycle: Lifecycle,
) -> anyhow::Result<()> {
    let failures = &webhooks.filter_failures;
    let mut every = tokio::time::interval(WRITTEN_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stop = lifecycle.soft_stop();
    while stop.run_until_cancelled(every.tick()).await.is_some() {
        match failures.write(&store).await {
            Ok(()) => {}
            Err(error @ StoreError::Unavailable(_)) => {
                debug!("Writing counts of filter failures again later: {error}");
            }
            Err(error) => warn!("Cannot write how often filters failed, trying again: {error}"),
        }
    }
    let last = lifecycle
        .hard_stop()
        .run_until_cancelled(failures.write(&store));
    if let Some(Err(error)) = last.await {
        warn!("Lost how often filters failed in the last seconds: {error}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use posthorn_domain::{EventContext, Filter};
    use serde_json::json;

    use super::*;
    use crate::tests_support::{event, filter_failures, webhook};

    fn id(number: u128) -> WebhookId {
        webhook(number, "a", &json!({})).id
    }

    fn is_to_be_logged(failures: &FilterFailures, webhook: WebhookId) -> bool {
        failures.lock().is_to_be_logged(webhook, Instant::now())
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_tells_of_each_webhook_once_a_minute() {
        let failures = filter_failures();
        let [one, other] = [1, 2].map(id);
        assert!(is_to_be_logged(&failures, one) && is_to_be_logged(&failures, other));
        tokio::time::advance(LOGGED_EVERY / 2).await;
        assert!(!is_to_be_logged(&failures, one));
        tokio::time::advance(LOGGED_EVERY / 2).await;
        assert!(is_to_be_logged(&failures, one) && !is_to_be_logged(&failures, one));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_of_the_log_has_a_bound() {
        let failures = filter_failures();
        let logged = |from: u128| {
            let ids = (from..from + 2_000).map(id);
            ids.filter(|id| is_to_be_logged(&failures, *id)).count()
        };
        assert_eq!(logged(1), LOGGED_WEBHOOKS_MAX);
        tokio::time::advance(LOGGED_EVERY).await;
        assert_eq!(logged(5_000), LOGGED_WEBHOOKS_MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn what_could_not_be_written_is_added_to_what_came_since() {
        let failures = filter_failures();
        let [one, other] = [1, 2].map(id);
        let seen = event("a", "x", "{}");
        let error = |filter: &str| {
            let filter = Filter::compile(filter).unwrap();
            filter
                .matches(&EventContext::new(&seen).unwrap())
                .unwrap_err()
        };
        let second = Duration::from_secs(1);
        for webhook in [one, one, other] {
            failures.note(webhook, seen.id, &error("data.absent > 1"));
        }
        tokio::time::advance(second).await;
        let (taken_at, taken) = (Instant::now(), failures.take());
        assert!(taken.iter().all(|count| count.last_ago == second));
        assert!(failures.take().is_empty());
        failures.note(one, seen.id, &error("1 / 0"));
        failures.put_back(taken, taken_at);
        tokio::time::advance(second).await;
        let mut counts = failures.take();
        counts.sort_by_key(|count| count.webhook);
        let told: Vec<_> = counts
            .iter()
            .map(|count| (count.webhook, count.failures, count.last_ago))
            .collect();
        assert_eq!(told, [(one, 3, second), (other, 1, 2 * second)]);
        assert_ne!(counts[0].last_reason, counts[1].last_reason);
    }
}
