use std::time::Duration;

use posthorn_service::{backoff::Backoff, randomness::SharedRng};

/// First delay before another try.
const DELAY_FIRST: Duration = Duration::from_millis(50);
/// Longest delay: how late this process may notice that a server is back.
const DELAY_MAX: Duration = Duration::from_secs(1);

/// Tries again for ever what can only fail because a server is away.
pub(crate) struct Patience<'a> {
    backoff: Backoff,
    rng: &'a SharedRng,
}

impl<'a> Patience<'a> {
    pub(crate) fn new(rng: &'a SharedRng) -> Self {
        Self {
            backoff: Backoff::new(DELAY_FIRST, DELAY_MAX),
            rng,
        }
    }

    /// Waits before the next try.
    pub(crate) async fn wait(&mut self) {
        let delay = self.rng.with(|rng| self.backoff.next_delay(rng));
        tokio::time::sleep(delay).await;
    }
}
