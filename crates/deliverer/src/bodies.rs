//! Room for bodies that templates made.
//!
//! An event's data is counted where the event is held. A template can make 1 MiB of an event of two bytes, so what it
//! made is counted by itself, from the rendering until the record of the attempt is durable. Who finds no room is put
//! off and rendered again: to wait here with the body would need the very room that there is not.
//!
//! The gate weighs these bodies too, so that one webhook's do not take what others need; this is the bound that holds
//! whatever the gate has learnt so far.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

const KIB: usize = 1024;
/// All bodies that templates made, in KiB.
const BODIES_KIB_MAX: usize = 16 * KIB;
/// A body above this is large, in KiB.
const SMALL_KIB_MAX: usize = 64;
/// Large ones alone, in KiB: receivers that hang with large bodies leave room for the small ones of others.
const LARGE_BODIES_KIB_MAX: usize = 12 * KIB;

/// The room that there is.
#[derive(Debug)]
pub(crate) struct Bodies {
    all: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

/// The room that one body takes, until it is dropped.
#[derive(Debug)]
pub(crate) struct BodyPermit {
    all: OwnedSemaphorePermit,
    large: Option<OwnedSemaphorePermit>,
}

impl Default for Bodies {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(BODIES_KIB_MAX)),
            large: Arc::new(Semaphore::new(LARGE_BODIES_KIB_MAX)),
        }
    }
}

impl Bodies {
    /// Room for a body of `bytes`, if there is any now.
    pub(crate) fn try_take(&self, bytes: usize) -> Option<BodyPermit> {
        let kib = kib_of(bytes);
        let large = if kib > SMALL_KIB_MAX {
            Some(take(&self.large, kib)?)
        } else {
            None
        };
        let all = take(&self.all, kib)?;
        Some(BodyPermit { all, large })
    }
}

impl BodyPermit {
    /// Only `bytes` of the body are still in memory.
    pub(crate) fn shrink(&mut self, bytes: usize) {
        let kib = kib_of(bytes);
        drop(self.all.split(self.all.num_permits().saturating_sub(kib)));
        if kib <= SMALL_KIB_MAX {
            self.large = None;
        }
    }
}

fn kib_of(bytes: usize) -> usize {
    bytes.div_ceil(KIB)
}

fn take(semaphore: &Arc<Semaphore>, kib: usize) -> Option<OwnedSemaphorePermit> {
    let kib = u32::try_from(kib).unwrap_or(u32::MAX);
    semaphore.clone().try_acquire_many_owned(kib).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: usize = 900 * KIB;
    const SMALL: usize = 10 * KIB;

    #[test]
    fn large_bodies_leave_room_for_small_ones_and_all_have_a_bound() {
        let bodies = Bodies::default();
        let taken = |bytes| std::iter::from_fn(|| bodies.try_take(bytes)).collect::<Vec<_>>();
        let large = taken(LARGE);
        assert_eq!(large.len(), LARGE_BODIES_KIB_MAX / 900);
        let small = taken(SMALL);
        let held: usize = large
            .iter()
            .chain(&small)
            .map(|p| p.all.num_permits())
            .sum();
        assert!(small.len() > 300 && held <= BODIES_KIB_MAX, "{held}");
        drop(large);
        assert!(bodies.try_take(LARGE).is_some());
    }

    #[test]
    fn what_is_recorded_of_a_body_takes_no_more_than_that() {
        let bodies = Bodies::default();
        let mut kept: Vec<_> = (0..10).filter_map(|_| bodies.try_take(LARGE)).collect();
        kept.iter_mut().for_each(|body| body.shrink(SMALL));
        assert_eq!(
            bodies.all.available_permits(),
            BODIES_KIB_MAX - 10 * SMALL / KIB
        );
        assert_eq!(bodies.large.available_permits(), LARGE_BODIES_KIB_MAX);
        kept.iter_mut().for_each(|body| body.shrink(0));
        assert_eq!(bodies.all.available_permits(), BODIES_KIB_MAX);
    }
}
