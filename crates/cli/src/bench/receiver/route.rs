//! One URL of the receiver.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use posthorn_domain::EventId;
use tokio::time::Instant;

use super::{
    behaviour::{Behaviour, Reply},
    tally::{Arrival, Tally},
};
use crate::bench::payload::Stamp;

/// Where one webhook's deliveries arrive.
#[derive(Debug)]
pub(in crate::bench) struct Route {
    behaviour: Mutex<Behaviour>,
    tally: Mutex<Tally>,
    in_flight: AtomicU32,
    in_flight_max: AtomicU32,
    longest_us: AtomicU64,
}

impl Route {
    pub(super) fn new() -> Self {
        Self {
            behaviour: Mutex::new(Behaviour::Accept),
            tally: Mutex::default(),
            in_flight: AtomicU32::new(0),
            in_flight_max: AtomicU32::new(0),
            longest_us: AtomicU64::new(0),
        }
    }

    /// From the next request on.
    pub(in crate::bench) fn behave(&self, behaviour: Behaviour) {
        *lock(&self.behaviour) = behaviour;
    }

    /// From now on it is written down which event was accepted when.
    pub(in crate::bench) fn keep_journal(&self) {
        self.tally().journal.get_or_insert_default();
    }

    /// What was written down so far.
    pub(in crate::bench) fn journal(&self) -> Vec<Arrival> {
        self.tally().journal.clone().unwrap_or_default()
    }

    /// The counts so far.
    pub(in crate::bench) fn tally(&self) -> MutexGuard<'_, Tally> {
        lock(&self.tally)
    }

    /// Forgets all that depends on when things came, and keeps which events were accepted.
    pub(in crate::bench) fn begin_phase(&self) {
        self.in_flight_max.store(0, Ordering::Relaxed);
        self.longest_us.store(0, Ordering::Relaxed);
        let mut tally = self.tally();
        tally.requests = 0;
        tally.latencies_us.reset();
        tally.restart_seconds();
    }

    /// Most requests at once since the phase began.
    pub(in crate::bench) fn in_flight_max(&self) -> u32 {
        self.in_flight_max.load(Ordering::Relaxed)
    }

    /// The longest that any request has taken, from its arrival to the end of its answer or of its connection.
    pub(in crate::bench) fn longest(&self) -> Duration {
        Duration::from_micros(self.longest_us.load(Ordering::Relaxed))
    }

    /// Counts a request and decides its reply.
    pub(super) fn take_in(&self, body: &[u8], event: Option<EventId>, now_us: u64) -> Reply {
        let behaviour = *lock(&self.behaviour);
        let mut tally = self.tally();
        tally.arrive(now_us);
        let stamp = Stamp::find(body);
        let reply = behaviour.reply(tally.requests, stamp);
        if reply.is_acceptance()
            && let Some(stamp) = stamp
        {
            tally.accept(stamp, now_us);
            if let Some(event) = event {
                tally.note(event, now_us);
            }
        }
        reply
    }

    pub(super) fn visit(self: &Arc<Self>) -> Visit {
        let now = self.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        self.in_flight_max.fetch_max(now, Ordering::Relaxed);
        Visit {
            route: Arc::clone(self),
            begun: Instant::now(),
        }
    }
}

/// A request that is under way.
#[derive(Debug)]
pub(super) struct Visit {
    route: Arc<Route>,
    begun: Instant,
}

impl Drop for Visit {
    fn drop(&mut self) {
        let took = u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.route.longest_us.fetch_max(took, Ordering::Relaxed);
        self.route.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a panic elsewhere left is as good as any other count.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
