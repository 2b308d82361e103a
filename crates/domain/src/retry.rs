use std::time::Duration;

use rand::{Rng, RngExt};

use crate::limits::BACKOFF_MAX;

/// Jitter stays this far from the configured delay, as a share of it.
///
/// The contract promises ±10 %. The draw keeps a hundredth in reserve for what comes after it: a lone
/// schedule fires some milliseconds late. Those that are due close together fire in steps of 250 ms, which it is too
/// small for where the delay is short.
const JITTER_SHARE: f64 = 0.09;

/// When a failed delivery is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryPolicy {
    /// `delay × 2ⁿ⁻¹` before retry n, at most 24 hours.
    Exponential {
        /// Retries after the first attempt.
        max_retries: u8,
        /// Delay before the first retry.
        delay: Duration,
    },
    /// One delay for each retry, in order.
    Schedule(Box<[Duration]>),
}

impl RetryPolicy {
    /// The delay before the retry that follows `failed_attempts` failures, or `None` when they are used up.
    ///
    /// Without jitter: what an operator sees as the plan.
    pub fn planned_delay(&self, failed_attempts: u32) -> Option<Duration> {
        let index = failed_attempts.checked_sub(1)?;
        match self {
            Self::Exponential { max_retries, delay } => {
                (index < u32::from(*max_retries)).then(|| {
                    let factor = 2_u32.checked_pow(index).unwrap_or(u32::MAX);
                    delay.saturating_mul(factor).min(BACKOFF_MAX)
                })
            }
            Self::Schedule(steps) => steps.get(usize::try_from(index).ok()?).copied(),
        }
    }

    /// [`Self::planned_delay`] with jitter, so that deliveries that failed together do not return together.
    pub fn delay(&self, failed_attempts: u32, rng: &mut impl Rng) -> Option<Duration> {
        let factor = rng.random_range(1.0 - JITTER_SHARE..=1.0 + JITTER_SHARE);
        self.planned_delay(failed_attempts)
            .map(|planned| planned.mul_f64(factor))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    #[test]
    fn doubles_from_the_first_delay_up_to_a_day() {
        let policy = RetryPolicy::Exponential {
            max_retries: 10,
            delay: Duration::from_secs(3600),
        };
        let hours: Vec<_> = (1..=11)
            .map(|n| policy.planned_delay(n).map(|d| d.as_secs() / 3600))
            .collect();
        assert_eq!(
            hours,
            [1, 2, 4, 8, 16, 24, 24, 24, 24, 24]
                .map(Some)
                .into_iter()
                .chain([None])
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_schedule_is_followed_to_its_end() {
        let policy = RetryPolicy::Schedule([60, 300, 900].map(Duration::from_secs).into());
        assert_eq!(policy.planned_delay(0), None);
        assert_eq!(policy.planned_delay(2), Some(Duration::from_secs(300)));
        assert_eq!(policy.planned_delay(4), None);
        assert_eq!(RetryPolicy::Schedule([].into()).planned_delay(1), None);
    }

    proptest! {
        #[test]
        fn jitter_stays_within_a_tenth(seed: u64, delay in 1_u64..3600, n in 1_u32..12, max_retries in 0_u8..=10) {
            let policy = RetryPolicy::Exponential { max_retries, delay: Duration::from_secs(delay) };
            let jittered = policy.delay(n, &mut StdRng::seed_from_u64(seed));
            prop_assert_eq!(jittered.is_some(), n <= u32::from(max_retries));
            if let (Some(jittered), Some(planned)) = (jittered, policy.planned_delay(n)) {
                let ratio = jittered.as_secs_f64() / planned.as_secs_f64();
                prop_assert!((0.9..=1.1).contains(&ratio), "{}", ratio);
            }
        }
    }
}
