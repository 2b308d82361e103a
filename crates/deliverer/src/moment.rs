//! Waiting in memory for the exact moment of an attempt.
//!
//! nats-server fires schedules that lie close together in steps of 250 ms: a dozen at once for a limit of 50 a second,
//! and a retry up to 250 ms late. So what is to be on time is scheduled [`SCHEDULED_EARLIER`] than it is due, and waits
//! here for the rest. It waits before its record is looked up: meanwhile it may have been retried by hand, or have
//! become a dead letter with its webhook, and whoever did that could not take back a schedule that had fired.

use std::time::Duration;

use chrono::TimeDelta;
use posthorn_bus::DueDelivery;
use posthorn_domain::Timestamp;
use tokio::time::{Instant, sleep_until};

use crate::intake::{Intake, Taken};

/// So much earlier the schedule of what is to be on time fires.
pub(crate) const SCHEDULED_EARLIER: TimeDelta = TimeDelta::milliseconds(300);
/// A moment that is further away is not waited for in memory.
pub(crate) const HELD_MAX: Duration = Duration::from_millis(500);
/// Whose moments lie so close together are taken on together: one look at the database for all.
const TOGETHER: Duration = Duration::from_millis(10);

/// From `now` to the moment of an attempt. No longer than its schedule is early: clocks of replicas may differ.
pub(crate) fn time_to(moment: Option<Timestamp>, now: Timestamp) -> Duration {
    moment
        .map(|moment| (moment - now).min(SCHEDULED_EARLIER))
        .and_then(|wait| wait.to_std().ok())
        .unwrap_or_default()
}

impl Intake {
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
    fn a_clock_that_is_ahead_does_not_hold_up_for_longer_than_the_schedule_is_early() {
        let now = Timestamp::UNIX_EPOCH;
        let second = TimeDelta::seconds(1);
        assert_eq!(time_to(Some(now + second), now), Duration::from_millis(300));
        assert_eq!(time_to(Some(now - second), now), Duration::ZERO);
        assert_eq!(time_to(None, now), Duration::ZERO);
    }
}
