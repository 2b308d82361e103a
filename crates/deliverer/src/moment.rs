//! Waiting in memory for the exact moment of an attempt.
//!
//! nats-server fires schedules that lie close together in steps of 250 ms: a dozen at once for a limit of 50 a second,
//! and a retry up to 250 ms late. So what is to be on time is scheduled [`SCHEDULED_EARLIER`] than it is due, and waits
//! here for the rest. It waits before its record is looked up: meanwhile it may have been retried by hand, or have
//! become a dead letter with its webhook, and whoever did that could not take back a schedule that had fired.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use posthorn_bus::{Cause, DueDelivery, HandOver};
use posthorn_domain::Timestamp;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::warn;

use crate::{
    claim::Share,
    intake::{Intake, Taken},
    spans,
};

/// So much earlier the schedule of what is to be on time fires.
pub(crate) const SCHEDULED_EARLIER: TimeDelta = TimeDelta::milliseconds(300);
/// A moment that is further away is not waited for in memory.
pub(crate) const HELD_MAX: Duration = Duration::from_millis(500);
/// What comes so much before its moment was fired by a clock that is ahead of the database's, or that one was set back.
const FAR_TOO_EARLY: TimeDelta = TimeDelta::seconds(2);
/// It is scheduled anew after this, so that a clock which cannot be relied on is asked once a second at most.
const SCHEDULED_ANEW_AFTER: Duration = Duration::from_secs(1);
/// Whose moments lie so close together are taken on together: one look at the database for all.
const TOGETHER: Duration = Duration::from_millis(10);

/// From `now` to the moment of an attempt. No longer than its schedule is early: clocks of replicas may differ.
pub(crate) fn time_to(moment: Option<Timestamp>, now: Timestamp) -> Duration {
    moment
        .map(|moment| (moment - now).min(SCHEDULED_EARLIER))
        .and_then(|wait| wait.to_std().ok())
        .unwrap_or_default()
}

/// Whether a message comes long before the moment of its attempt.
fn is_far_too_early(moment: Option<Timestamp>, now: Timestamp) -> bool {
    moment.is_some_and(|moment| moment - now > FAR_TOO_EARLY)
}

impl Intake {
    /// Takes out what comes long before its moment, and schedules it anew. To make the attempts now would use up a retry
    /// policy of hours within seconds.
    pub(crate) fn put_back_early(
        &self,
        chunk: Vec<Taken<DueDelivery>>,
        now: Timestamp,
    ) -> Vec<Taken<DueDelivery>> {
        let (early, rest): (Vec<_>, Vec<_>) = chunk
            .into_iter()
            .partition(|due| is_far_too_early(due.message.not_before, now));
        if let Some(first) = early.first() {
            let by = first.message.not_before.unwrap_or(now) - now;
            warn!(
                "{} retries came up to {} s before their time: NATS's clock is ahead of PostgreSQL's, or was set; they are scheduled anew",
                early.len(),
                by.num_seconds()
            );
            let intake = self.clone();
            self.dispatcher.requests.spawn(async move {
                sleep(SCHEDULED_ANEW_AFTER).await;
                let now = intake.dispatcher.clock.now();
                let waiting = early.into_iter().map(|due| anew(due, now)).collect();
                intake.settler.settle_waiting(waiting);
            });
        }
        rest
    }

    /// Returns those that need not wait, and does `then` for the others when their moments have come.
    pub(crate) fn hold_until<F: Future<Output = ()> + Send>(
        &self,
        chunk: Vec<Taken<DueDelivery>>,
        wait: impl Fn(&DueDelivery) -> Duration,
        then: impl Fn(Self, Vec<Taken<DueDelivery>>) -> F + Send + 'static,
    ) -> Vec<Taken<DueDelivery>> {
        let from = Instant::now();
        let (mut on_time, mut early) = (Vec::with_capacity(chunk.len()), Vec::new());
        for due in chunk {
            match wait(&due.message) {
                Duration::ZERO => on_time.push(due),
                wait => early.push((wait, due)),
            }
        }
        if !early.is_empty() {
            early.sort_by_key(|(wait, _)| *wait);
            let intake = self.clone();
            self.dispatcher.requests.spawn(async move {
                for group in in_groups(early) {
                    sleep_until(from + group.wait).await;
                    then(intake.clone(), group.members).await;
                }
            });
        }
        on_time
    }
}

/// The same delivery, scheduled for the same moment once more.
fn anew(due: Taken<DueDelivery>, now: Timestamp) -> (Share, HandOver) {
    let Taken { message, share, .. } = due;
    let moment = message.not_before.unwrap_or(now);
    let hand_over = HandOver {
        webhook: message.webhook,
        attempt: message.attempt,
        hop: message.hop.saturating_add(1),
        run_start: message.run_start,
        rate_slot: message.rate_slot,
        due: Some((moment - SCHEDULED_EARLIER).max(now)),
        not_before: message.not_before,
        cause: Cause::Claim(share.stream_sequence()),
        trace: spans::to_hand_over(&share, message.attempt_before.as_ref()),
        event: Arc::new(message.event),
    };
    (share, hand_over)
}

/// Those that go on together, and how long they wait: none goes on before its own wait is over.
#[derive(Debug, PartialEq, Eq)]
struct Group<T> {
    wait: Duration,
    members: Vec<T>,
}

/// Groups what comes in the order of its wait.
fn in_groups<T>(ordered: Vec<(Duration, T)>) -> Vec<Group<T>> {
    let mut groups = Vec::new();
    let mut ordered = ordered.into_iter().peekable();
    while let Some((first, member)) = ordered.next() {
        let mut group = Group {
            wait: first,
            members: vec![member],
        };
        while let Some((wait, member)) = ordered.next_if(|(wait, _)| *wait <= first + TOGETHER) {
            group.wait = wait;
            group.members.push(member);
        }
        groups.push(group);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_before_its_moment_or_long_after_it() {
        let ms = Duration::from_millis;
        let ordered = vec![(ms(1), 'a'), (ms(11), 'b'), (ms(12), 'c'), (ms(300), 'd')];
        let group = |wait, members: &str| Group {
            wait: ms(wait),
            members: members.chars().collect(),
        };
        assert_eq!(
            in_groups(ordered),
            [group(11, "ab"), group(12, "c"), group(300, "d")]
        );
    }

    #[test]
    fn what_comes_long_before_its_moment_is_not_attempted_then() {
        let now = Timestamp::UNIX_EPOCH;
        let at = |ms: i64| Some(now + TimeDelta::milliseconds(ms));
        for (moment, early) in [
            (None, false),
            (at(-60_000), false),
            (at(300), false),
            (at(2_000), false),
            (at(2_001), true),
            (at(60_000), true),
        ] {
            assert_eq!(is_far_too_early(moment, now), early, "{moment:?}");
        }
    }

    #[test]
    fn a_clock_that_is_ahead_does_not_hold_up_for_longer_than_the_schedule_is_early() {
        let now = Timestamp::UNIX_EPOCH;
        let second = TimeDelta::seconds(1);
        assert_eq!(time_to(Some(now + second), now), Duration::from_millis(300));
        assert_eq!(time_to(Some(now - second), now), Duration::ZERO);
        assert_eq!(time_to(None, now), Duration::ZERO);
    }
}
