use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use opentelemetry::metrics::{Counter, Meter};
use posthorn_domain::{EventId, FilterFailed, WebhookId};
use tokio::time::Instant;
use tracing::warn;

/// How often the log tells of the same webhook.
const LOGGED_EVERY: Duration = Duration::from_secs(60);
/// Webhooks of which the log tells within that time; of more it is silent.
const LOGGED_WEBHOOKS_MAX: usize = 1_000;

/// Filters that failed on an event. One that does fails on each, so the log tells of a webhook once a minute at most;
/// all are counted.
#[derive(Debug)]
pub(crate) struct FilterFailures {
    counter: Counter<u64>,
    logged: Mutex<HashMap<WebhookId, Instant>>,
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
            logged: Mutex::default(),
        }
    }

    /// A webhook's filter failed on an event.
    pub(crate) fn note(&self, webhook: WebhookId, event: EventId, error: &FilterFailed) {
        self.counter.add(1, &[]);
        if self.is_to_be_logged(webhook) {
            warn!(webhook.id = %webhook, event.id = %event, "Skipped webhook {webhook}: {error}");
        }
    }

    fn is_to_be_logged(&self, webhook: WebhookId) -> bool {
        let now = Instant::now();
        let is_recent = |at: &Instant| now.duration_since(*at) < LOGGED_EVERY;
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.get(&webhook).is_some_and(is_recent) {
            return false;
        }
        if logged.len() >= LOGGED_WEBHOOKS_MAX {
            logged.retain(|_, at| is_recent(at));
        }
        let has_room = logged.len() < LOGGED_WEBHOOKS_MAX;
        if has_room {
            logged.insert(webhook, now);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tests_support::{filter_failures, webhook};

    #[tokio::test(start_paused = true)]
    async fn the_log_tells_of_each_webhook_once_a_minute() {
        let failures = filter_failures();
        let [one, other] = [1, 2].map(|number| webhook(number, "a", &json!({})).id);
        assert!(failures.is_to_be_logged(one) && failures.is_to_be_logged(other));
        tokio::time::advance(LOGGED_EVERY / 2).await;
        assert!(!failures.is_to_be_logged(one));
        tokio::time::advance(LOGGED_EVERY / 2).await;
        assert!(failures.is_to_be_logged(one) && !failures.is_to_be_logged(one));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_remembered_has_a_bound() {
        let failures = filter_failures();
        let logged = |from: u128| {
            let ids = (from..from + 2_000).map(|number| webhook(number, "a", &json!({})).id);
            ids.filter(|id| failures.is_to_be_logged(*id)).count()
        };
        assert_eq!(logged(1), LOGGED_WEBHOOKS_MAX);
        tokio::time::advance(LOGGED_EVERY).await;
        assert_eq!(logged(5_000), LOGGED_WEBHOOKS_MAX);
    }
}
