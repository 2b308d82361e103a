//! What a log says of something that goes on: at first, and then now and then.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How often it is said again. Less often, and whoever looks at the end of a log cannot tell that it still goes on.
const SAID_EVERY: Duration = Duration::from_secs(10);

/// Shared by all that would say the same: a thousand messages that wait for one server are worth one line.
#[derive(Debug)]
pub struct Reminder {
    every: Duration,
    said_at: Mutex<Option<Instant>>,
}

impl Default for Reminder {
    /// Every 10 s.
    fn default() -> Self {
        Self::every(SAID_EVERY)
    }
}

impl Reminder {
    /// One that is due at first and then at most this often.
    pub fn every(every: Duration) -> Self {
        Self {
            every,
            said_at: Mutex::default(),
        }
    }

    /// Whether it is to be said now: nobody has for so long.
    pub fn is_due(&self) -> bool {
        let now = Instant::now();
        let mut said_at = self.said_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = said_at.is_none_or(|at| now.duration_since(at) >= self.every);
        if due {
            *said_at = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn says_it_at_first_and_then_now_and_then() {
        let reminder = Reminder::default();
        let mut said = Vec::new();
        for second in 0..25 {
            for _ in 0..3 {
                if reminder.is_due() {
                    said.push(second);
                }
            }
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert_eq!(said, [0, 10, 20]);
    }
}
