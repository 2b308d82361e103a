use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use async_nats::{Client, connection::State};
use tokio::sync::watch;

use crate::error::PublishError;

/// How often a connection that is down is looked at.
const DOWN_POLL: Duration = Duration::from_millis(25);

/// The client, and how often its connection was lost.
///
/// The client tells of losses by events, which it drops when too many wait. So whoever waits for a loss
/// waits with a timeout too, and whether the connection stands is asked of the client itself.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) client: Client,
    losses: watch::Receiver<u64>,
    denials: watch::Receiver<Option<String>>,
}

/// One of the connections that the client makes, one after the other. With a new one, everything that
/// the server knew of the old is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Connection {
    losses_before: u64,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link")
            .field("connected", &self.is_connected())
            .finish_non_exhaustive()
    }
}

impl Link {
    pub(crate) fn new(
        client: Client,
        losses: watch::Receiver<u64>,
        denials: watch::Receiver<Option<String>>,
    ) -> Self {
        Self {
            client,
            losses,
            denials,
        }
    }

    /// What the server said when it denied an acknowledgement, if it has done so on this connection.
    pub(crate) fn denied(&self) -> Option<String> {
        self.denials.borrow().clone()
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.client.connection_state() == State::Connected
    }

    /// Fails while there is no connection, so that nothing queues up for the next one.
    pub(crate) fn check(&self) -> Result<Connection, PublishError> {
        if self.is_connected() {
            Ok(self.present())
        } else {
            Err(PublishError::Unavailable("not connected".to_owned()))
        }
    }

    /// Waits until there is a connection.
    pub(crate) async fn connected(&self) -> Connection {
        while !self.is_connected() {
            tokio::time::sleep(DOWN_POLL).await;
        }
        self.present()
    }

    /// Waits until this connection is lost.
    pub(crate) async fn lost(&self, connection: Connection) {
        let mut losses = self.losses.clone();
        let lost = losses.wait_for(|losses| *losses != connection.losses_before);
        if lost.await.is_err() {
            // The client has ended and tells nothing any more.
            std::future::pending::<()>().await;
        }
    }

    fn present(&self) -> Connection {
        Connection {
            losses_before: *self.losses.borrow(),
        }
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
