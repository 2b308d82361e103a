use std::{collections::HashMap, sync::Arc, time::Duration};

use posthorn_domain::{
    DisabledReason, Event, OperationalEvent, StreakChange, Timestamp, WebhookId,
};
use posthorn_store::{KnownStreak, StoreError, StreakUpdate};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::{Announcer, Observation, Watch, watch::Runs};
use crate::patience::Patience;

/// Least time between two transactions of one process: what comes meanwhile is put together.
const PAUSE: Duration = Duration::from_millis(250);
/// How soon a process learns of other replicas' failures.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// The streaks are read again after so many looks, whether they seem to have changed or not.
const READ_AFTER_LOOKS: u32 = 30;
/// An announcement that waits longer than this was left behind by its process.
const LEFT_BEHIND_AFTER: Duration = Duration::from_secs(10);
/// Announcements published in one round.
const LEFT_BEHIND_MAX: u32 = 100;

/// Brings what the watch saw to the database, and does what follows from it.
pub(crate) struct Keeper {
    pub(crate) watch: Arc<Watch>,
    pub(crate) announcer: Arc<Announcer>,
}

/// How far the streaks were read.
#[derive(Debug, Default)]
struct Seen {
    changes: Option<i64>,
    /// Looks at which nothing was new.
    unchanged: u32,
}

impl Seen {
    /// Whether the streaks are to be read. Their number moves before they do, so once more after it has moved; and
    /// now and then in any case, for what took longer than that.
    fn is_news(&self, changes: i64) -> bool {
        self.changes != Some(changes) || self.unchanged == 0 || self.unchanged >= READ_AFTER_LOOKS
    }

    fn read(&mut self, changes: i64, was_read: bool) {
        let moved = self.changes != Some(changes);
        self.changes = Some(changes);
        self.unchanged = match (moved, was_read) {
            (true, _) => 0,
            // The second reading after a change, or one for safety.
            (false, true) => 1,
            (false, false) => self.unchanged + 1,
        };
    }
}

/// A webhook of which every attempt failed for too long.
struct Hopeless {
    last: Observation,
    since: Timestamp,
    announced: bool,
}

impl Keeper {
    /// Works until told to stop, and then brings what is left.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut seen = Seen::default();
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = looks.tick() => self.look(&mut seen).await,
                () = self.watch.changed() => {
                    self.bring().await;
                    stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await;
                }
            }
        }
        self.bring().await;
    }

    /// Learns what other replicas saw, and publishes what was left behind. Tried again with the next round.
    async fn look(&self, seen: &mut Seen) {
        let Announcer { store, clock, .. } = &*self.announcer;
        let now = clock.now();
        let looked = async {
            let changes = store.failure_streak_changes().await?;
            let streaks = if seen.is_news(changes) {
                Some(store.failure_streaks().await?)
            } else {
                None
            };
            seen.read(changes, streaks.is_some());
            self.watch.learn(streaks, now);
            let before = now - LEFT_BEHIND_AFTER;
            store.waiting_announcements(before, LEFT_BEHIND_MAX).await
        };
        match looked.await {
            Ok(left_behind) => self.announcer.publish_kept(&left_behind).await,
            // The recorder, which has more to lose, says when the database is away.
            Err(error @ StoreError::Unavailable(_)) => debug!("Looking again later: {error}"),
            Err(error) => warn!("Could not look after failing webhooks: {error}"),
        }
    }

    /// Brings everything that waits; waits for the database as long as it takes.
    async fn bring(&self) {
        let seen = self.watch.take();
        if seen.is_empty() {
            return;
        }
        let ids: Vec<WebhookId> = seen.keys().copied().collect();
        let mut patience = Patience::new(&self.announcer.rng);
        let (update, hopeless) = loop {
            let mut hopeless = Vec::new();
            let decide = |known: &HashMap<_, _>| self.decide(&seen, known, &mut hopeless);
            match self
                .announcer
                .store
                .update_failure_streaks(&ids, decide)
                .await
            {
                Ok(update) => break (update, hopeless),
                Err(error @ StoreError::Unavailable(_)) => {
                    debug!(
                        "Waiting to note failures of {} webhooks: {error}",
                        ids.len()
                    );
                    patience.wait().await;
                }
                Err(error) => {
                    return warn!("Could not note failures of {} webhooks: {error}", ids.len());
                }
            }
        };
        self.watch.brought(ids.into_iter(), &update.streaks);
        self.announcer.publish_kept(&update.announcements).await;
        for webhook in hopeless {
            self.give_up(webhook).await;
        }
    }

    fn decide(
        &self,
        seen: &HashMap<WebhookId, Runs>,
        known: &HashMap<WebhookId, KnownStreak>,
        hopeless: &mut Vec<Hopeless>,
    ) -> StreakUpdate {
        let mut update = StreakUpdate::default();
        for (id, before) in known {
            let mut streak = before.streak;
            let mut given_up = None;
            // What was seen of an old URL says nothing of the present one.
            let of_present_url =
                |(_, last): &&(_, Observation)| last.webhook.settings.url.as_str() == &*before.url;
            for (run, last) in seen[id].iter().filter(of_present_url) {
                let (next, changes) = streak.after(run, self.watch.give_up_after());
                streak = next;
                for change in changes {
                    match change {
                        StreakChange::Failing { since } => {
                            update.announcements.push(self.failing(last, since));
                        }
                        StreakChange::Recovered { since } => {
                            update.announcements.push(self.recovered(last, since));
                        }
                        StreakChange::GiveUp { since } => {
                            given_up = Some(Hopeless {
                                last: last.clone(),
                                since,
                                announced: run.ordinary,
                            });
                        }
                    }
                }
                if !run.failed {
                    given_up = None;
                }
            }
            hopeless.extend(given_up);
            update.streaks.push((*id, streak));
        }
        update
    }

    fn failing(&self, last: &Observation, since: Timestamp) -> Event {
        let id = last.webhook.id;
        info!(webhook.id = %id, "Webhook {id} is failing since {since}");
        let failing = OperationalEvent::WebhookFailing {
            attempt: last.facts(),
            failing_since: since,
        };
        self.announcer.event(&last.webhook.tenant, failing)
    }

    fn recovered(&self, last: &Observation, since: Timestamp) -> Event {
        let id = last.webhook.id;
        info!(webhook.id = %id, "Webhook {id} has recovered; it was failing since {since}");
        let recovered = OperationalEvent::WebhookRecovered {
            attempt: last.facts(),
            failing_since: since,
        };
        self.announcer.event(&last.webhook.tenant, recovered)
    }

    async fn give_up(&self, webhook: Hopeless) {
        let Hopeless {
            last,
            since,
            announced,
        } = webhook;
        let announcement = announced.then(|| {
            let disabled = OperationalEvent::WebhookDisabled {
                attempt: last.facts(),
                reason: DisabledReason::Failing,
                failing_since: Some(since),
            };
            self.announcer.event(&last.webhook.tenant, disabled)
        });
        self.announcer
            .disable(&last.webhook, DisabledReason::Failing, announcement)
            .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streaks_are_read_twice_after_a_change_and_seldom_without_one() {
        let mut seen = Seen::default();
        let mut reads = Vec::new();
        for look in 0..70 {
            let changes = if look < 5 { 1 } else { 2 };
            let is_news = seen.is_news(changes);
            seen.read(changes, is_news);
            if is_news {
                reads.push(look);
            }
        }
        assert_eq!(reads, [0, 1, 5, 6, 36, 66]);
    }
}
