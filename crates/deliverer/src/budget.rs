//! How much may be in memory at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Messages that one pull may ask for.
const PULL_MESSAGES_MAX: usize = 500;
/// Bytes that one pull may bring, in KiB.
const PULL_KIB_MAX: usize = 16 * 1024;
const KIB: usize = 1024;

/// Bounds the messages that this process holds, by number and by bytes.
///
/// A pull reserves room before it asks, so whatever arrives has its place, and a full budget stops the pulling.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    messages_max: usize,
    messages: Arc<Semaphore>,
    kib: Arc<Semaphore>,
}

/// Room for one pull. What it does not use returns when it is dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    messages: OwnedSemaphorePermit,
    kib: OwnedSemaphorePermit,
}

/// The room that one held message takes, until it is settled.
#[derive(Debug)]
pub(crate) struct Room {
    _messages: Option<OwnedSemaphorePermit>,
    _kib: Option<OwnedSemaphorePermit>,
}

impl Budget {
    /// Room for `messages` messages and `kib` KiB of payload.
    pub(crate) fn new(messages: usize, kib: usize) -> Self {
        Self {
            messages_max: messages,
            messages: Arc::new(Semaphore::new(messages)),
            kib: Arc::new(Semaphore::new(kib)),
        }
    }

    /// Messages that may be held at once.
    pub(crate) fn messages_max(&self) -> usize {
        self.messages_max
    }

    /// Waits until there is room, then takes as much as one pull can use.
    pub(crate) async fn reserve(&self) -> Reservation {
        let messages = at_most(&self.messages, PULL_MESSAGES_MAX).await;
        let kib = at_most(&self.kib, PULL_KIB_MAX).await;
        Reservation { messages, kib }
    }
}

/// At least one permit, and up to `max` if they are free now.
async fn at_most(semaphore: &Arc<Semaphore>, max: usize) -> OwnedSemaphorePermit {
    #[expect(
        clippy::expect_used,
        reason = "the semaphore belongs to the budget and is never closed"
    )]
    let mut permit = semaphore
        .clone()
        .acquire_owned()
        .await
        .expect("never closed");
    let more = semaphore.available_permits().min(max.saturating_sub(1));
    if let Ok(more) = semaphore
        .clone()
        .try_acquire_many_owned(u32::try_from(more).unwrap_or(0))
    {
        permit.merge(more);
    }
    permit
}

impl Reservation {
    /// Messages that still fit.
    pub(crate) fn messages(&self) -> usize {
        self.messages.num_permits()
    }

    /// Bytes that still fit.
    pub(crate) fn bytes(&self) -> usize {
        self.kib.num_permits() * KIB
    }

    /// Moves the room for one message of `bytes` out of the reservation.
    pub(crate) fn take(&mut self, bytes: usize) -> Room {
        let kib = bytes.div_ceil(KIB).min(self.kib.num_permits());
        Room {
            _messages: self.messages.split(1),
            _kib: self.kib.split(kib),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_message_takes_returns_when_it_is_settled() {
        let budget = Budget::new(3, 4);
        let mut reservation = budget.reserve().await;
        assert_eq!((reservation.messages(), reservation.bytes()), (3, 4096));
        let small = reservation.take(1);
        let large = reservation.take(2049);
        drop(reservation);
        assert_eq!(
            (
                budget.messages.available_permits(),
                budget.kib.available_permits()
            ),
            (1, 0)
        );
        drop(large);
        let room = budget.reserve().await;
        assert_eq!((room.messages(), room.bytes()), (2, 3072));
        drop((small, room));
        assert_eq!(
            (
                budget.messages.available_permits(),
                budget.kib.available_permits()
            ),
            (3, 4)
        );
    }

    #[tokio::test]
    async fn a_full_budget_waits() {
        let budget = Budget::new(1, 1);
        let mut reservation = budget.reserve().await;
        let held = reservation.take(10);
        drop(reservation);
        let mut waiting = std::pin::pin!(budget.reserve());
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(held);
        assert_eq!(waiting.await.messages(), 1);
    }
}
