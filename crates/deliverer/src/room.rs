//! What this process has room for at the same time.

use std::{num::NonZero, sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::bodies::{Bodies, BodyPermit};

/// Deliveries that wait in memory for their turn, of all webhooks. When they are so many, everybody is busy: more is not
/// pulled until some have gone, because to put them off would only add to the work.
const WAITING_MAX: usize = 512;
/// A request is fresh for so long, or until it is answered.
pub(crate) const FRESH_FOR: Duration = Duration::from_millis(5);
/// Fresh requests for each core. Where receivers answer at once it is the processor that bounds, and whatever goes out
/// beyond this only waits its turn in sockets and caches: with hundreds at once each delivery costs up to a third more.
/// Its price: to receivers that answer later than [`FRESH_FOR`] no more than this many are sent every 5 ms, 6,400 a second
/// for each core, whatever the slots would allow.
const FRESH_PER_CORE: usize = 32;

/// The bounds of the process. Who finds no room waits for it.
#[derive(Debug)]
pub(crate) struct Rooms {
    slots: Arc<Semaphore>,
    fresh: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    bodies: Bodies,
}

/// What a request takes.
#[derive(Debug)]
pub(crate) struct Room {
    /// Until the request is answered, or no longer fresh.
    pub(crate) fresh: OwnedSemaphorePermit,
    /// Until it is recorded.
    pub(crate) slot: Slot,
}

/// What a request holds until its record is durable.
#[derive(Debug)]
pub(crate) struct Slot {
    _permit: OwnedSemaphorePermit,
    /// Where a template made its body.
    body: Option<BodyPermit>,
}

impl Slot {
    /// The request has ended; of its body `bytes` are recorded.
    pub(crate) fn keep_of_body(&mut self, bytes: usize) {
        if let Some(body) = &mut self.body {
            body.shrink(bytes);
        }
    }
}

impl Rooms {
    /// For so many requests that are under way or not recorded yet, on a machine of so many cores.
    pub(crate) fn new(slots: usize, cores: NonZero<usize>) -> Self {
        let of = |permits| Arc::new(Semaphore::new(permits));
        Self {
            slots: of(slots),
            fresh: of(FRESH_PER_CORE * cores.get()),
            waiting: of(WAITING_MAX),
            bodies: Bodies::default(),
        }
    }

    /// Room to send one more request now. Asked for before the gate, so that what cannot be sent yet takes no part in
    /// its webhook's bounds.
    pub(crate) async fn fresh(&self) -> OwnedSemaphorePermit {
        permit(&self.fresh).await
    }

    /// Room for a body that a template made; `None` where there is none now.
    pub(crate) fn for_body(&self, bytes: usize) -> Option<BodyPermit> {
        self.bodies.try_take(bytes)
    }

    /// Room for a request that the gate let pass, with the room for its body if that was made.
    pub(crate) async fn with_slot(
        &self,
        fresh: OwnedSemaphorePermit,
        body: Option<BodyPermit>,
    ) -> Room {
        let slot = Slot {
            _permit: permit(&self.slots).await,
            body,
        };
        Room { fresh, slot }
    }

    /// A place among those that wait in memory.
    pub(crate) async fn place(&self) -> OwnedSemaphorePermit {
        permit(&self.waiting).await
    }
}

async fn permit(semaphore: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    #[expect(clippy::expect_used, reason = "the semaphores are never closed")]
    let permit = semaphore
        .clone()
        .acquire_owned()
        .await
        .expect("never closed");
    permit
}
