use std::time::Duration;

use posthorn_service::{backoff::Backoff, randomness::SharedRng, reminder::Reminder};
use tracing::{debug, warn};

/// First delay before another try.
const DELAY_FIRST: Duration = Duration::from_millis(50);
/// Longest delay: how late this process may notice that a server is back.
const DELAY_MAX: Duration = Duration::from_secs(1);

/// Tries again for ever what can only fail because a server is away.
pub(crate) struct Patience<'a> {
    backoff: Backoff,
    rng: &'a SharedRng,
    own: Reminder,
    shared: Option<&'a Reminder>,
}

impl<'a> Patience<'a> {
    pub(crate) fn new(rng: &'a SharedRng) -> Self {
        Self {
            backoff: Backoff::new(DELAY_FIRST, DELAY_MAX),
            rng,
            own: Reminder::default(),
            shared: None,
        }
    }

    /// One of many that wait for the same: together they say so no more often than one.
    pub(crate) fn of_many(rng: &'a SharedRng, reminder: &'a Reminder) -> Self {
        Self {
            shared: Some(reminder),
            ..Self::new(rng)
        }
    }

    /// Says why it waits, at first and then now and then, and waits before the next try.
    pub(crate) async fn wait_out(&mut self, why: &str) {
        self.say(why);
        self.wait().await;
    }

    /// Says something, unless it or its like was said a moment ago.
    pub(crate) fn say(&self, why: &str) {
        if self.shared.unwrap_or(&self.own).is_due() {
            warn!("{why}");
        } else {
            debug!("{why}");
        }
    }

    /// Waits before the next try.
    pub(crate) async fn wait(&mut self) {
        let delay = self.rng.with(|rng| self.backoff.next_delay(rng));
        tokio::time::sleep(delay).await;
    }
}
