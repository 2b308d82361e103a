//! The one clock of generator and receiver.

use tokio::time::Instant;

/// Tells the time since the start.
#[derive(Debug, Clone, Copy)]
pub(in crate::bench) struct Stopwatch(Instant);

impl Stopwatch {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// In microseconds.
    pub(in crate::bench) fn now_us(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}
