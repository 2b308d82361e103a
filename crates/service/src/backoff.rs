//! Waiting before another try: exponential, with jitter, so that replicas that lost the same server do not
//! come back in step.

use std::time::Duration;

use rand::{Rng, RngExt};

/// A series of growing delays. Start it anew after a success.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    max: Duration,
    next: Duration,
}

impl Backoff {
    /// Delays that double from `first` up to `max`.
    pub fn new(first: Duration, max: Duration) -> Self {
        Self {
            first,
            max,
            next: first.min(max),
        }
    }

    /// The next delay: between half and the whole of what its place in the series gives.
    pub fn next_delay(&mut self, rng: &mut impl Rng) -> Duration {
        let whole = self.next;
        self.next = whole.saturating_mul(2).min(self.max);
        whole.mul_f64(rng.random_range(0.5..=1.0))
    }

    /// Starts the series anew.
    pub fn reset(&mut self) {
        self.next = self.first.min(self.max);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    proptest! {
        #[test]
        fn delays_double_up_to_the_bound_and_never_vanish(seed: u64, first_ms in 1_u64..10_000, max_ms in 1_u64..100_000) {
            let (first, max) = (Duration::from_millis(first_ms), Duration::from_millis(max_ms));
            let mut rng = StdRng::seed_from_u64(seed);
            let mut backoff = Backoff::new(first, max);
            for step in 0..40_u32 {
                let whole = first.saturating_mul(2_u32.saturating_pow(step)).min(max);
                let delay = backoff.next_delay(&mut rng);
                prop_assert!(delay <= whole && delay >= whole.mul_f64(0.49), "{step}: {delay:?} of {whole:?}");
            }
            backoff.reset();
            prop_assert!(backoff.next_delay(&mut rng) <= first);
        }
    }
}
