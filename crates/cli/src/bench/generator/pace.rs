//! When each event is sent.

use std::time::Duration;

use tokio::time::Instant;

/// The runtime's timers are this exact; what is later was held up.
const TIMER_STEP: Duration = Duration::from_millis(2);

/// Evenly spread over time, or as fast as it goes.
#[derive(Debug, Clone, Copy)]
pub(in crate::bench) struct Pace {
    begun: Instant,
    per_second: Option<u32>,
}

impl Pace {
    pub(in crate::bench) fn begin(per_second: Option<u32>) -> Self {
        Self {
            begun: Instant::now(),
            per_second,
        }
    }

    /// Waits for the turn of event `k` (from 0); returns how long ago it should have been sent.
    ///
    /// An event that is sent late because its generator was held up counts from when it was due: else a system that
    /// stalls everybody would look quick, for nothing is sent while it stalls.
    pub(in crate::bench) async fn turn(&self, k: u64) -> Duration {
        let Some(per_second) = self.per_second else {
            return Duration::ZERO;
        };
        let after_ns = k.saturating_mul(1_000_000_000) / u64::from(per_second.max(1));
        let due = self.begun + Duration::from_nanos(after_ns);
        if Instant::now() < due {
            tokio::time::sleep_until(due).await;
        }
        let late = due.elapsed();
        if late > TIMER_STEP {
            late
        } else {
            Duration::ZERO
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn events_are_spread_evenly_and_late_ones_count_from_their_turn() {
        let pace = Pace::begin(Some(500));
        for k in 0..100 {
            assert_eq!(pace.turn(k).await, Duration::ZERO);
        }
        let begun = pace.begun;
        assert_eq!(begun.elapsed(), Duration::from_millis(198));
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(pace.turn(100).await, Duration::from_millis(998));
    }
}
