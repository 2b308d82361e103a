//! When a webhook is failing, when it has recovered, and when it is given up.
//!
//! A streak begins with the first failure after a success and ends with the next success. What counts is the answer of
//! the receiver alone; whose fault a failure is has been decided before. [`FAILING_AFTER_ATTEMPTS`] failures in
//! a row are worth an announcement, and so is their end. A streak that lasts too long ends the webhook.
//!
//! A receiver that fails in part makes and ends streaks all the time. So after a recovery nothing is said for
//! [`FAILING_PAUSE`]; whoever is failing then is announced with its next failure.
//!
//! Attempts of operational events count like any other, but cause no announcement (see
//! [`OperationalEvent`](crate::OperationalEvent)): what is due is announced with the next ordinary attempt.

use std::time::Duration;

use crate::{
    clock::Timestamp,
    limits::{FAILING_AFTER_ATTEMPTS, FAILING_PAUSE},
};

/// The failures of one webhook since its last success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FailureStreak {
    /// How many. Not every further one is counted once the webhook is known to be failing.
    pub failures: u32,
    /// The first of them, if there is any.
    pub failing_since: Option<Timestamp>,
    /// The last of them that was counted.
    pub last_failed_at: Option<Timestamp>,
    /// Since when the webhook was failing by the last announcement, until its recovery is announced.
    pub announced_since: Option<Timestamp>,
    /// When the last recovery was announced, as long as that matters.
    pub recovered_at: Option<Timestamp>,
}

/// Attempts in a row that ended alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptRun {
    /// Whether they failed.
    pub failed: bool,
    /// How many.
    pub count: u32,
    /// Whether an event was among them that is not operational.
    pub ordinary: bool,
    /// When the first ended.
    pub first_at: Timestamp,
    /// When the last ended.
    pub last_at: Timestamp,
}

/// What a run of attempts makes happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreakChange {
    /// The webhook is failing now: to be announced.
    Failing {
        /// The first failure.
        since: Timestamp,
    },
    /// It is over: to be announced.
    Recovered {
        /// The first failure of what is over.
        since: Timestamp,
    },
    /// Every attempt failed for too long: the webhook is to be disabled.
    GiveUp {
        /// The first failure.
        since: Timestamp,
    },
}

impl FailureStreak {
    /// Nothing is wrong, and nothing was said that must be taken back.
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }

    /// Whether another failure at `at` changes nothing: what it would say was said or has to wait, and it is too early
    /// to give up.
    pub fn is_unmoved_by_failure(&self, at: Timestamp, give_up_after: Duration) -> bool {
        let is_said = self.announced_since.is_some()
            || self.failures >= FAILING_AFTER_ATTEMPTS && self.is_paused(at);
        is_said
            && self
                .failing_since
                .is_some_and(|since| !lasted(since, at, give_up_after))
    }

    /// Whether another success at `at` changes nothing: all is well, and it is too early to forget the last recovery.
    pub fn is_unmoved_by_success(&self, at: Timestamp) -> bool {
        let but_for_a_recovery = Self {
            recovered_at: None,
            ..*self
        };
        but_for_a_recovery.is_clean() && (self.recovered_at.is_none() || self.is_paused(at))
    }

    /// Whether the last recovery was announced too short a time ago to say anything else.
    fn is_paused(&self, at: Timestamp) -> bool {
        self.recovered_at
            .is_some_and(|recovered| !lasted(recovered, at, FAILING_PAUSE))
    }

    /// Where a run of attempts leads, and what it makes happen.
    pub fn after(self, run: &AttemptRun, give_up_after: Duration) -> (Self, Vec<StreakChange>) {
        if run.failed {
            self.after_failures(run, give_up_after)
        } else {
            self.after_success(run)
        }
    }

    fn after_failures(
        mut self,
        run: &AttemptRun,
        give_up_after: Duration,
    ) -> (Self, Vec<StreakChange>) {
        let mut changes = Vec::new();
        let since = *self.failing_since.get_or_insert(run.first_at);
        self.failures = self.failures.saturating_add(run.count);
        self.last_failed_at = self.last_failed_at.max(Some(run.last_at));
        if self.failures >= FAILING_AFTER_ATTEMPTS
            && self.announced_since.is_none()
            && run.ordinary
            && !self.is_paused(run.last_at)
        {
            self.announced_since = Some(since);
            changes.push(StreakChange::Failing { since });
        }
        if lasted(since, run.last_at, give_up_after) {
            changes.push(StreakChange::GiveUp { since });
        }
        (self, changes)
    }

    fn after_success(self, run: &AttemptRun) -> (Self, Vec<StreakChange>) {
        match self.announced_since {
            Some(since) if run.ordinary => {
                let recovered = Self {
                    recovered_at: Some(run.last_at),
                    ..Self::default()
                };
                (recovered, vec![StreakChange::Recovered { since }])
            }
            announced_since => {
                let clean = Self {
                    announced_since,
                    recovered_at: self.recovered_at.filter(|_| self.is_paused(run.last_at)),
                    ..Self::default()
                };
                (clean, Vec::new())
            }
        }
    }
}

fn lasted(since: Timestamp, at: Timestamp, duration: Duration) -> bool {
    (at - since).to_std().is_ok_and(|lasted| lasted >= duration)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::from_unix_ms;

    const NEVER: Duration = Duration::MAX;

    fn run(failed: bool, count: u32, at_s: u64) -> AttemptRun {
        let at = from_unix_ms(at_s * 1_000);
        AttemptRun {
            failed,
            count,
            ordinary: true,
            first_at: at,
            last_at: at,
        }
    }

    fn follow(runs: &[AttemptRun], give_up_after: Duration) -> (FailureStreak, Vec<StreakChange>) {
        let mut streak = FailureStreak::default();
        let mut all = Vec::new();
        for run in runs {
            let (next, changes) = streak.after(run, give_up_after);
            streak = next;
            all.extend(changes);
        }
        (streak, all)
    }

    #[test]
    fn the_fifth_failure_in_a_row_is_announced_once_and_so_is_the_recovery() {
        let since = from_unix_ms(1_000);
        let (streak, changes) = follow(
            &[
                run(true, 4, 0),
                run(false, 1, 0),
                run(true, 4, 1),
                run(true, 1, 2),
                run(true, 9, 3),
            ],
            NEVER,
        );
        assert_eq!(changes, [StreakChange::Failing { since }]);
        assert!(streak.is_unmoved_by_failure(from_unix_ms(9_000), NEVER));
        let (streak, changes) = streak.after(&run(false, 3, 4), NEVER);
        assert_eq!(changes, [StreakChange::Recovered { since }]);
        assert!(streak.is_unmoved_by_success(from_unix_ms(5_000)));
        assert!(streak.after(&run(false, 1, 5), NEVER).1.is_empty());
    }

    #[test]
    fn a_recovery_is_followed_by_a_pause_and_then_by_what_is_so() {
        let pause_s = FAILING_PAUSE.as_secs();
        let recovered_s = 10;
        let (streak, _) = follow(&[run(true, 5, 0), run(false, 1, recovered_s)], NEVER);
        // It wavers: nothing is said, and what is known to be so costs no query.
        let (wavering, changes) = streak.after(&run(true, 5, 20), NEVER);
        assert!(changes.is_empty());
        assert!(wavering.is_unmoved_by_failure(from_unix_ms(21_000), NEVER));
        let (calm, changes) = wavering.after(&run(false, 1, 30), NEVER);
        assert!(changes.is_empty());
        assert!(calm.is_unmoved_by_success(from_unix_ms(31_000)));
        // It fails until the pause is over.
        let (streak, changes) = calm.after(&run(true, 9, 40), NEVER);
        assert!(changes.is_empty());
        let over_s = recovered_s + pause_s;
        assert!(!streak.is_unmoved_by_failure(from_unix_ms(over_s * 1_000), NEVER));
        let (_, changes) = streak.after(&run(true, 1, over_s), NEVER);
        let since = from_unix_ms(40_000);
        assert_eq!(changes, [StreakChange::Failing { since }]);
        // Or it is well until then, and nothing is left to be kept.
        assert!(!calm.is_unmoved_by_success(from_unix_ms(over_s * 1_000)));
        assert!(calm.after(&run(false, 1, over_s), NEVER).0.is_clean());
    }

    #[test]
    fn operational_attempts_count_in_silence() {
        let silent = |run: AttemptRun| AttemptRun {
            ordinary: false,
            ..run
        };
        let (streak, changes) = follow(&[silent(run(true, 6, 1))], NEVER);
        assert!(changes.is_empty());
        let (streak, changes) = streak.after(&run(true, 1, 2), NEVER);
        let since = from_unix_ms(1_000);
        assert_eq!(changes, [StreakChange::Failing { since }]);

        let (streak, changes) = streak.after(&silent(run(false, 1, 3)), NEVER);
        assert!(changes.is_empty() && streak.failing_since.is_none() && !streak.is_clean());
        let (_, changes) = streak.after(&run(false, 1, 4), NEVER);
        assert_eq!(changes, [StreakChange::Recovered { since }]);
    }

    #[test]
    fn failures_alone_for_long_enough_end_the_webhook_and_one_success_does_not() {
        let limit = Duration::from_secs(10);
        let since = from_unix_ms(0);
        for (last, given_up) in [(9, false), (10, true)] {
            let (_, changes) = follow(&[run(true, 1, 0), run(true, 1, last)], limit);
            let wanted = given_up.then_some(StreakChange::GiveUp { since });
            assert_eq!(changes, Vec::from_iter(wanted));
        }
        let (streak, changes) = follow(
            &[run(true, 5, 0), run(false, 1, 9), run(true, 1, 11)],
            limit,
        );
        assert!(!changes.contains(&StreakChange::GiveUp { since }));
        assert_eq!(streak.failing_since, Some(from_unix_ms(11_000)));
    }

    proptest! {
        /// Announcements come in pairs: no second failing before a recovery, no recovery of what was not failing. And no
        /// pair follows another at once.
        #[test]
        fn failing_and_recovered_alternate(outcomes in prop::collection::vec((any::<bool>(), any::<bool>(), 1_u32..7), 0..60)) {
            let (mut streak, mut open, mut quiet_until) = (FailureStreak::default(), None, None);
            for (&(failed, ordinary, count), n) in outcomes.iter().zip(0..) {
                let run = AttemptRun { ordinary, ..run(failed, count, 7 * n) };
                let (next, changes) = streak.after(&run, NEVER);
                streak = next;
                for change in changes {
                    match change {
                        StreakChange::Failing { since } => {
                            prop_assert!(open.is_none());
                            prop_assert!(Some(run.last_at) >= quiet_until);
                            open = Some(since);
                        }
                        StreakChange::Recovered { since } => {
                            prop_assert_eq!(open.take(), Some(since));
                            quiet_until = Some(run.last_at + FAILING_PAUSE);
                        }
                        StreakChange::GiveUp { .. } => prop_assert!(false),
                    }
                }
            }
        }

        /// However attempts are put together into runs, the streak is the same.
        #[test]
        fn runs_say_what_single_attempts_say(failed: bool, count in 1_u32..12, before in 0_u32..8) {
            let start = follow(&[run(true, before.max(1), 0)], NEVER).0;
            let together = start.after(&run(failed, count, 5), NEVER);
            let mut singly = (start, Vec::new());
            for _ in 0..count {
                let (next, changes) = singly.0.after(&run(failed, 1, 5), NEVER);
                singly.0 = next;
                singly.1.extend(changes);
            }
            prop_assert_eq!(together, singly);
        }
    }
}
