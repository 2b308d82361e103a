//! Which attempts change anything, decided in memory.
//!
//! A success of a webhook that is not known to have failed, and a failure of one that is known to be failing, change
//! nothing. Everything else waits here for the keeper, put together into runs, so that a receiver that wavers costs
//! a few rows a second however much it is sent.
//!
//! Another replica may have seen failures that this one does not know of yet, so the last success of each webhook is
//! remembered for a moment and compared when they become known.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use posthorn_domain::{AttemptRun, FailureStreak, Timestamp, WebhookId};
use tokio::sync::Notify;

use super::Observation;

/// Runs of one webhook that may wait; of more, the oldest are forgotten.
const RUNS_MAX: usize = 16;
/// How long a success is remembered; several times as long as it takes to learn of other replicas' failures.
const SUCCESS_KEPT: Duration = Duration::from_secs(10);

/// What this process knows of its webhooks' failures.
pub(crate) struct Watch {
    state: Mutex<State>,
    changed: Notify,
    give_up_after: Duration,
}

#[derive(Default)]
struct State {
    /// As the database had them at the last look; a webhook without one is well.
    streaks: HashMap<WebhookId, FailureStreak>,
    waiting: HashMap<WebhookId, Runs>,
    successes: HashMap<WebhookId, Observation>,
}

/// Runs of one webhook, each with its last attempt.
pub(crate) type Runs = Vec<(AttemptRun, Observation)>;

impl Watch {
    /// Webhooks are given up after every attempt failed for `give_up_after`.
    pub(crate) fn new(give_up_after: Duration) -> Self {
        Self {
            state: Mutex::default(),
            changed: Notify::new(),
            give_up_after,
        }
    }

    pub(crate) fn give_up_after(&self) -> Duration {
        self.give_up_after
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes notice of an attempt whose record is durable.
    pub(crate) fn note(&self, seen: Observation) {
        let mut state = self.lock();
        let id = seen.webhook.id;
        let changes_something = state.waiting.contains_key(&id)
            || match state.streaks.get(&id) {
                None => seen.failed,
                Some(streak) if seen.failed => {
                    !streak.is_unmoved_by_failure(seen.at, self.give_up_after)
                }
                Some(streak) => !streak.is_unmoved_by_success(seen.at),
            };
        if changes_something {
            state.push(seen);
            self.changed.notify_one();
        } else if !seen.failed {
            state.successes.insert(id, seen);
        }
    }

    /// Waits until something is to be brought to the database.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// What is to be brought to the database.
    pub(crate) fn take(&self) -> HashMap<WebhookId, Runs> {
        std::mem::take(&mut self.lock().waiting)
    }

    /// The database has these streaks now, of the webhooks that were taken; those that are not among them are well.
    pub(crate) fn brought(
        &self,
        taken: impl Iterator<Item = WebhookId>,
        streaks: &[(WebhookId, FailureStreak)],
    ) {
        let mut state = self.lock();
        for id in taken {
            state.streaks.remove(&id);
        }
        let unclean = streaks.iter().filter(|(_, streak)| !streak.is_clean());
        state.streaks.extend(unclean.copied());
        self.compare_successes(&mut state);
    }

    /// All that the database has; `None` if that is what it had before.
    pub(crate) fn learn(&self, streaks: Option<HashMap<WebhookId, FailureStreak>>, now: Timestamp) {
        let mut state = self.lock();
        if let Some(streaks) = streaks {
            state.streaks = streaks;
            self.compare_successes(&mut state);
        }
        state
            .successes
            .retain(|_, success| (now - success.at).to_std().unwrap_or_default() < SUCCESS_KEPT);
    }

    /// A success after the last failure of a streak that was not known then.
    fn compare_successes(&self, state: &mut State) {
        let late: HashSet<WebhookId> = state
            .streaks
            .iter()
            .filter(|(id, streak)| {
                let success = state.successes.get(id);
                success.is_some_and(|success| {
                    Some(success.at) > streak.last_failed_at
                        && !streak.is_unmoved_by_success(success.at)
                })
            })
            .map(|(id, _)| *id)
            .collect();
        for id in late {
            // What waits is later than what was remembered.
            if let Some(success) = state.successes.remove(&id)
                && !state.waiting.contains_key(&id)
            {
                state.push(success);
                self.changed.notify_one();
            }
        }
    }
}

impl State {
    fn push(&mut self, seen: Observation) {
        let runs = match self.waiting.entry(seen.webhook.id) {
            Entry::Occupied(waiting) => waiting.into_mut(),
            Entry::Vacant(place) => place.insert(Vec::new()),
        };
        match runs.last_mut() {
            Some((run, last))
                if run.failed == seen.failed
                    && last.webhook.settings.url == seen.webhook.settings.url =>
            {
                run.count = run.count.saturating_add(1);
                run.ordinary |= seen.ordinary;
                run.last_at = run.last_at.max(seen.at);
                *last = seen;
            }
            _ => {
                if runs.len() == RUNS_MAX {
                    runs.remove(0);
                }
                let run = AttemptRun {
                    failed: seen.failed,
                    count: 1,
                    ordinary: seen.ordinary,
                    first_at: seen.at,
                    last_at: seen.at,
                };
                runs.push((run, seen));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use posthorn_domain::{Webhook, from_unix_ms};
    use serde_json::json;

    use super::*;
    use crate::tests_support::webhook;

    const LONG: Duration = Duration::from_secs(86_400);

    fn failing(failed_at_ms: u64) -> FailureStreak {
        FailureStreak {
            failures: 5,
            failing_since: Some(from_unix_ms(0)),
            last_failed_at: Some(from_unix_ms(failed_at_ms)),
            announced_since: Some(from_unix_ms(0)),
            recovered_at: None,
        }
    }

    fn watched() -> (Watch, Arc<Webhook>) {
        (Watch::new(LONG), Arc::new(webhook(1, "a", &json!({}))))
    }

    fn runs(watch: &Watch, webhook: &Webhook) -> Vec<(bool, u32)> {
        let runs = watch.take().remove(&webhook.id).unwrap_or_default();
        runs.iter()
            .map(|(run, _)| (run.failed, run.count))
            .collect()
    }

    #[test]
    fn neither_a_healthy_webhook_nor_a_failing_one_costs_a_query() {
        let (watch, hook) = watched();
        (0..1_000).for_each(|at| watch.note(Observation::for_test(&hook, false, at)));
        assert!(watch.take().is_empty());
        watch.learn(
            Some(HashMap::from([(hook.id, failing(2_000))])),
            from_unix_ms(2_000),
        );
        (2_000..3_000).for_each(|at| watch.note(Observation::for_test(&hook, true, at)));
        assert!(watch.take().is_empty());
        // Until it has failed for too long, or is well again.
        watch.note(Observation::for_test(&hook, true, 86_400_000));
        assert_eq!(runs(&watch, &hook), [(true, 1)]);
        watch.note(Observation::for_test(&hook, false, 86_400_001));
        assert_eq!(runs(&watch, &hook), [(false, 1)]);
    }

    #[test]
    fn a_receiver_that_wavers_waits_in_bounded_room() {
        let (watch, hook) = watched();
        for at in 0..1_000 {
            watch.note(Observation::for_test(&hook, at % 3 > 0, at));
        }
        let runs = runs(&watch, &hook);
        assert_eq!(runs.len(), RUNS_MAX);
        assert_eq!(runs[RUNS_MAX - 2..], [(true, 2), (false, 1)]);
    }

    #[test]
    fn a_success_counts_against_failures_that_become_known_later() {
        for (failed_at, success_at, recovered) in [(10, 20, true), (20, 10, false)] {
            let (watch, hook) = watched();
            watch.note(Observation::for_test(&hook, false, success_at));
            watch.learn(
                Some(HashMap::from([(hook.id, failing(failed_at))])),
                from_unix_ms(30),
            );
            assert_eq!(!runs(&watch, &hook).is_empty(), recovered);
        }
        // Long ago is not remembered.
        let (watch, hook) = watched();
        watch.note(Observation::for_test(&hook, false, 20));
        watch.learn(Some(HashMap::new()), from_unix_ms(20_000));
        watch.learn(
            Some(HashMap::from([(hook.id, failing(10))])),
            from_unix_ms(20_000),
        );
        assert!(watch.take().is_empty());
    }
}
