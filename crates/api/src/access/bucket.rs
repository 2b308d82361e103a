use std::num::NonZeroU32;

use governor::{
    RateLimiter,
    clock::{Clock, MonotonicClock},
    middleware::{StateInformationMiddleware, StateSnapshot},
    state::{InMemoryState, NotKeyed},
};

/// How many requests one holder has left. Refills evenly; full, it holds one second's worth.
#[derive(Debug)]
pub(crate) struct Bucket {
    limiter: RateLimiter<NotKeyed, InMemoryState, MonotonicClock, StateInformationMiddleware>,
    per_second: NonZeroU32,
}

/// What the rate-limit headers say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds until the whole limit is there again.
    pub(crate) reset_seconds: u64,
}

/// No request is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted {
    pub(crate) quota: Quota,
    /// Seconds until one is.
    pub(crate) retry_after_seconds: u64,
}

impl Bucket {
    pub(crate) fn new(per_second: NonZeroU32) -> Self {
        let limiter =
            RateLimiter::direct_with_clock(governor::Quota::per_second(per_second), MonotonicClock)
                .with_middleware();
        Self {
            limiter,
            per_second,
        }
    }

    /// Takes one request out.
    pub(crate) fn take(&self) -> Result<Quota, Exhausted> {
        match self.limiter.check() {
            Ok(state) => Ok(self.quota(&state)),
            Err(refusal) => {
                let wait = refusal.wait_time_from(MonotonicClock.now());
                let retry_after_seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Err(Exhausted {
                    quota: Quota {
                        limit: self.per_second.get(),
                        remaining: 0,
                        reset_seconds: 1,
                    },
                    retry_after_seconds: retry_after_seconds.max(1),
                })
            }
        }
    }

    /// A bucket of this size of which nothing was taken.
    pub(crate) fn full(&self) -> Quota {
        let limit = self.per_second.get();
        Quota {
            limit,
            remaining: limit,
            reset_seconds: 0,
        }
    }

    fn quota(&self, state: &StateSnapshot) -> Quota {
        let limit = self.per_second.get();
        let remaining = state.remaining_burst_capacity();
        Quota {
            limit,
            remaining,
            // A bucket holds one second's worth, so it is never longer than that until it is full.
            reset_seconds: u64::from(remaining < limit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_one_seconds_worth_and_then_says_when_again() {
        let bucket = Bucket::new(NonZeroU32::new(3).unwrap());
        let remaining: Vec<_> = (0..3).map(|_| bucket.take().unwrap().remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        let exhausted = bucket.take().unwrap_err();
        assert_eq!(exhausted.retry_after_seconds, 1);
        assert_eq!(
            exhausted.quota,
            Quota {
                limit: 3,
                remaining: 0,
                reset_seconds: 1
            }
        );
    }
}
