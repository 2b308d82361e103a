use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use async_nats::{Client, connection::State};
use tokio::sync::watch;

use crate::error::PublishError;

/// The connection, and what becomes of it.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) client: Client,
    pub(crate) changes: watch::Receiver<Connection>,
}

/// One connection of those that the client makes, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Connection {
    /// Counts the connections made. With a new one, everything that the server knew of the old is gone.
    pub(crate) number: u64,
    pub(crate) stands: bool,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link")
            .field("connection", &*self.changes.borrow())
            .finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn is_connected(&self) -> bool {
        self.changes.borrow().stands && self.client.connection_state() == State::Connected
    }

    /// Fails while there is no connection, so that nothing queues up for the next one.
    pub(crate) fn check(&self) -> Result<Connection, PublishError> {
        if self.is_connected() {
            Ok(*self.changes.borrow())
        } else {
            Err(PublishError::Unavailable("not connected".to_owned()))
        }
    }

    /// Waits until there is a connection.
    pub(crate) async fn connected(&self) -> Connection {
        let mut changes = self.changes.clone();
        let connected = changes.wait_for(|connection| connection.stands).await;
        if let Ok(connection) = connected.map(|connection| *connection) {
            return connection;
        }
        // The client has ended and will never connect again.
        std::future::pending().await
    }

    /// Waits until this connection is lost.
    pub(crate) async fn lost(&self, connection: Connection) {
        let mut changes = self.changes.clone();
        let _ = changes.wait_for(|current| *current != connection).await;
    }
}

/// Pause before try number `attempt` (from 1): doubles from 50 ms to 1 s, of which a random half stays.
///
/// The upper bound decides how late a restarted server is noticed. The spread keeps a fleet from
/// arriving at once; it comes from the process's hash seed, since nothing else depends on it.
pub(crate) fn backoff(attempt: usize) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
    let ceiling_ms = (50 << doublings.min(5)).min(1_000);
    let half = ceiling_ms / 2;
    Duration::from_millis(half + RandomState::new().hash_one(attempt) % (half + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backoff_grows_to_one_second_and_no_further() {
        for (attempt, low, high) in [
            (1, 25, 50),
            (2, 50, 100),
            (6, 500, 1_000),
            (usize::MAX, 500, 1_000),
        ] {
            for _ in 0..100 {
                let ms = backoff(attempt).as_millis();
                assert!((low..=high).contains(&ms), "{attempt}: {ms}");
            }
        }
    }
}
