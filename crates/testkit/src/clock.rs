use std::{sync::Mutex, time::Duration};

use posthorn_domain::{Clock, Timestamp};

/// A clock that stands still until the test moves it.
#[derive(Debug)]
pub struct TestClock(Mutex<Timestamp>);

impl TestClock {
    /// Stands at `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves forward.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }

    /// Jumps, back too.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap() = now;
    }
}

impl Default for TestClock {
    /// Stands at noon on 26 January 2025 UTC.
    fn default() -> Self {
        Self::at("2025-01-26T12:00:00Z".parse().unwrap())
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}
