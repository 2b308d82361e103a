use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;

use crate::clock::Timestamp;

/// How far another machine's clock is ahead of ours, learned from its answers.
///
/// Zero until something is heard.
#[derive(Debug, Default)]
pub struct ClockOffset {
    ahead_us: AtomicI64,
}

impl ClockOffset {
    /// The other clock showed `theirs` some time between `asked` and `answered`, by ours.
    ///
    /// What is known is corrected only where it contradicts that: a slow answer says little, and moves nothing.
    pub fn heard(&self, theirs: Timestamp, asked: Timestamp, answered: Timestamp) {
        let ahead_of = |ours: Timestamp| (theirs - ours).num_microseconds().unwrap_or_default();
        let (least, most) = (ahead_of(answered), ahead_of(asked));
        let known = self.ahead_us.load(Ordering::Relaxed);
        // `least` is the larger one where our clock was set back meanwhile; it is the later news then.
        let ahead = known.min(most).max(least);
        self.ahead_us.store(ahead, Ordering::Relaxed);
    }

    /// How far it is ahead.
    pub fn ahead(&self) -> TimeDelta {
        TimeDelta::microseconds(self.ahead_us.load(Ordering::Relaxed))
    }

    /// What the other clock shows at a moment of ours.
    pub fn theirs(&self, ours: Timestamp) -> Timestamp {
        ours.checked_add_signed(self.ahead()).unwrap_or(ours)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::milliseconds(ms)
    }

    proptest! {
        /// However far the clocks are apart and however slow the answers are: the error is never larger than the
        /// quickest answer was slow.
        #[test]
        fn it_is_never_further_off_than_the_quickest_answer_was_slow(
            ahead in -10_000_000_i64..10_000_000,
            answers in prop::collection::vec((0_i64..5_000, 0_i64..5_000), 1..20),
        ) {
            let offset = ClockOffset::default();
            let (mut now, mut quickest) = (1_000_000, i64::MAX);
            for (there, back) in answers {
                offset.heard(at(now + there + ahead), at(now), at(now + there + back));
                quickest = quickest.min(there + back);
                now += 60_000;
            }
            let wrong = (offset.ahead() - TimeDelta::milliseconds(ahead)).num_milliseconds().abs();
            prop_assert!(wrong <= quickest, "{wrong} ms off after an answer in {quickest} ms");
        }

        /// A clock that is set is followed with the next answer.
        #[test]
        fn a_clock_that_jumps_is_followed(before in -10_000_000_i64..10_000_000, after in -10_000_000_i64..10_000_000) {
            let offset = ClockOffset::default();
            offset.heard(at(before), at(0), at(1));
            offset.heard(at(10 + after), at(10), at(12));
            let wrong = (offset.ahead() - TimeDelta::milliseconds(after)).num_milliseconds().abs();
            prop_assert!(wrong <= 2);
        }
    }
}
