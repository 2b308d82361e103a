use std::time::Duration;

use async_nats::{Client, connection::State};
use tokio::sync::watch;

use crate::error::PublishError;

/// What the rest of the crate needs to know of the connection.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) client: Client,
    /// Counts the connections made: it changes whenever everything that the server knew of us is gone.
    pub(crate) connections: watch::Receiver<u64>,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link")
            .field("connected", &self.is_connected())
            .finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Fails fast while there is no connection, so that nothing queues up for the next one.
    pub(crate) fn check(&self) -> Result<(), PublishError> {
        if self.is_connected() {
            Ok(())
        } else {
            Err(PublishError::Unavailable("not connected".to_owned()))
        }
    }
}

/// Pause before try number `attempt` (from 1): doubles from 50 ms to 1 s, of which a random half stays.
///
/// The upper bound decides how late a restarted server is noticed. The spread keeps a fleet from
/// arriving at once; its randomness is the process's hash seed, since nothing depends on the value.
pub(crate) fn backoff(attempt: usize) -> Duration {
    use std::hash::{BuildHasher, RandomState};
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    let ceiling_ms = 50_u64
        .saturating_mul(2_u64.saturating_pow(doublings.min(16)))
        .min(1_000);
    let half = ceiling_ms / 2;
    Duration::from_millis(half + RandomState::new().hash_one(attempt) % (half + 1))
}
