use std::sync::atomic::Ordering;

use tokio::time::Instant;

use super::{lane::Lane, share::share};

/// Payload of the requests in flight, in bytes, of which webhooks have their share. Well below what held messages may
/// take, so that receivers that hang never stop the pulling. An event counts once for each of its requests; where a
/// template makes the body, that counts.
const BYTES_IN_FLIGHT_MAX: u64 = 16 * 1024 * 1024;

/// What is in flight altogether.
#[derive(Debug, Default)]
pub(super) struct Totals {
    in_flight: u64,
    bytes_in_flight: u64,
    /// Webhooks, and tenants, with a request in flight.
    active: u64,
    active_tenants: u64,
}

/// The most that a webhook may hold now; `None` where nobody needs what it would take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shares {
    of_webhook: Option<u64>,
    of_tenant: Option<u64>,
    bytes: Option<u64>,
}

impl Shares {
    pub(super) fn refuse(&self, lane: &Lane, bytes: u64) -> bool {
        let tenant = lane.tenant.load(Ordering::Relaxed);
        let full = |held: u32, most: Option<u64>| most.is_some_and(|most| u64::from(held) >= most);
        full(lane.in_flight, self.of_webhook)
            || full(tenant, self.of_tenant)
            || self
                .bytes
                .is_some_and(|most| lane.in_flight > 0 && lane.bytes_in_flight + bytes > most)
    }
}

impl Totals {
    pub(super) fn in_flight(&self) -> u64 {
        self.in_flight
    }

    /// What the webhook of `lane` may hold of `slots`. It counts as active, and its tenant does: it wants to be.
    ///
    /// Results that wait to be recorded hold slots too, but nobody is to be blamed for them, and they are many when
    /// everything is well: whoever finds no slot for that reason waits for the recorder.
    pub(super) fn shares(&self, lane: &Lane, slots: u64, several_tenants: bool) -> Shares {
        let active = self.active + u64::from(lane.in_flight == 0);
        let newcomer = lane.tenant.load(Ordering::Relaxed) == 0;
        let active_tenants = self.active_tenants + u64::from(newcomer);
        let slots_free = slots.saturating_sub(self.in_flight);
        let bytes_free = BYTES_IN_FLIGHT_MAX.saturating_sub(self.bytes_in_flight);
        Shares {
            of_webhook: share(slots, slots_free, active),
            // A tenant that has the process to itself takes nothing from anybody.
            of_tenant: share(slots, slots_free, active_tenants).filter(|_| several_tenants),
            bytes: share(BYTES_IN_FLIGHT_MAX, bytes_free, active),
        }
    }

    pub(super) fn begin(&mut self, lane: &mut Lane, bytes: u64, now: Instant) {
        self.active += u64::from(lane.in_flight == 0);
        self.active_tenants += u64::from(lane.tenant.fetch_add(1, Ordering::Relaxed) == 0);
        self.in_flight += 1;
        self.bytes_in_flight += bytes;
        lane.begin(bytes, now);
    }

    /// A request in flight that was thought to weigh `from` weighs `to`.
    pub(super) fn weigh(&mut self, lane: &mut Lane, from: u64, to: u64) {
        let again = |held: u64| held.saturating_sub(from).saturating_add(to);
        lane.bytes_in_flight = again(lane.bytes_in_flight);
        self.bytes_in_flight = again(self.bytes_in_flight);
    }

    pub(super) fn end(&mut self, lane: &mut Lane, bytes: u64) {
        lane.end(bytes);
        self.active = self.active.saturating_sub(u64::from(lane.in_flight == 0));
        let last = lane.tenant.fetch_sub(1, Ordering::Relaxed) == 1;
        self.active_tenants = self.active_tenants.saturating_sub(u64::from(last));
        self.in_flight = self.in_flight.saturating_sub(1);
        self.bytes_in_flight = self.bytes_in_flight.saturating_sub(bytes);
    }
}
