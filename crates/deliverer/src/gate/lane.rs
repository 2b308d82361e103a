use std::{
    num::NonZeroU32,
    sync::{Arc, atomic::AtomicU32},
    time::Duration,
};

use posthorn_domain::{Breaker, Opening, Timestamp, Webhook};
use posthorn_store::SharedGate;
use tokio::time::Instant;

use super::{line::Line, waiting::Waiting};

/// What a webhook's answers are assumed to take before the first has come.
const RESPONSE_TIME_ASSUMED: Duration = Duration::from_millis(100);
/// How much of the average each new answer time makes up: one part in this many.
const AVERAGE_OVER: u32 = 8;
/// A silence that ends so much earlier than it was known to has been lifted; less is what clocks differ by.
const SILENCE_LIFTED_MIN: Duration = Duration::from_secs(1);
/// An open breaker that nobody asked about for this long is forgotten, as in the database.
const OPEN_KEPT: Duration = Duration::from_secs(3_600);

/// Requests in flight of one tenant; guarded by the gate's lock.
pub(super) type TenantInFlight = Arc<AtomicU32>;

/// All that this process knows of one webhook's receiver.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) tenant: TenantInFlight,
    pub(super) in_flight: u32,
    pub(super) bytes_in_flight: u64,
    /// What the body weighed that its template made last; 0: none.
    pub(super) made_bytes: u64,
    /// What requests take, however they end, and what those take that are answered.
    request_time: Duration,
    answer_time: Duration,
    /// When a request ended last, or the first of those in flight began.
    moved_at: Instant,
    /// Whether any request has ended, so that the times above are its own.
    measured: bool,
    pub(super) waiting: Waiting,
    pub(super) line: Line,
    /// The receiver asked for silence until then ...
    pub(super) silent_until: Instant,
    /// ... and other replicas know so much of it.
    pub(super) silent_said: Instant,
    pub(super) breaker: Breaker,
    /// The change of the database's row that was taken over last.
    seen: Option<Timestamp>,
}

impl Lane {
    pub(super) fn new(tenant: TenantInFlight, now: Instant) -> Self {
        Self {
            tenant,
            in_flight: 0,
            bytes_in_flight: 0,
            made_bytes: 0,
            request_time: RESPONSE_TIME_ASSUMED,
            answer_time: RESPONSE_TIME_ASSUMED,
            moved_at: now,
            measured: false,
            waiting: Waiting::default(),
            line: Line::new(now),
            silent_until: now,
            silent_said: now,
            breaker: Breaker::default(),
            seen: None,
        }
    }

    /// Whether one that would be made again is as good.
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        let forgotten = self
            .breaker
            .opening()
            .is_some_and(|opening| opening.until + OPEN_KEPT <= now.into_std());
        self.in_flight == 0
            && self.line.is_over(now)
            && self.silent_until <= now
            && (forgotten || self.breaker.is_pristine(now.into_std()))
    }

    pub(super) fn begin(&mut self, bytes: u64, now: Instant) {
        if self.in_flight == 0 {
            self.moved_at = now;
        }
        self.in_flight += 1;
        self.bytes_in_flight += bytes;
    }

    pub(super) fn end(&mut self, bytes: u64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.bytes_in_flight = self.bytes_in_flight.saturating_sub(bytes);
        self.waiting.call();
    }

    /// Takes notice of how long a request took.
    pub(super) fn took(&mut self, time: Duration, answered: bool, now: Instant) {
        self.moved_at = now;
        self.measured = true;
        average(&mut self.request_time, time);
        if answered {
            average(&mut self.answer_time, time);
        }
    }

    /// How long one of those that wait for a place in flight will have to wait longer than the one before it. If
    /// nothing has moved for a while, what requests took before says nothing any more.
    pub(super) fn spacing(&self, in_flight_max: u32, now: Instant) -> Duration {
        self.request_time.max(now - self.moved_at) / in_flight_max
    }

    /// The same for those that wait in memory. Of a receiver that has just got its first requests nothing is known
    /// but how long it has kept them: most answer at once, and what hangs may not fill the places that others need.
    pub(super) fn spacing_in_memory(&self, in_flight_max: u32, now: Instant) -> Duration {
        if self.measured {
            self.spacing(in_flight_max, now)
        } else {
            (now - self.moved_at) / in_flight_max
        }
    }

    /// How far apart deliveries come back to a receiver that was left alone: as it took them when it was well.
    pub(super) fn spacing_after_rest(&self, in_flight_max: u32) -> Duration {
        self.answer_time.max(RESPONSE_TIME_ASSUMED) / in_flight_max
    }

    /// Takes over how replicas treat this receiver, if that is news.
    pub(super) fn adopt(&mut self, shared: &SharedGate, breaker_on: bool, now: Instant) {
        if self.seen >= Some(shared.changed_at) {
            return;
        }
        self.seen = Some(shared.changed_at);
        let silent_before = self.silent_until;
        self.silent_until = shared.silent.map_or(now, |left| now + left);
        if self.silent_until + SILENCE_LIFTED_MIN < silent_before {
            self.line.shorten(self.silent_until);
        }
        self.silent_said = self.silent_until;
        if breaker_on {
            let now = now.into_std();
            self.breaker.adopt(shared.open.map(|open| Opening {
                until: now + open.left,
                count: open.openings,
                reason: open.reason,
                probe_until: open.probe_left.map(|left| now + left),
            }));
        }
    }
}

fn average(average: &mut Duration, took: Duration) {
    *average = (*average * (AVERAGE_OVER - 1) + took) / AVERAGE_OVER;
}

/// Requests in flight for one webhook in one process, unless it says otherwise.
const IN_FLIGHT_DEFAULT: NonZeroU32 = NonZeroU32::new(32).unwrap();

/// Requests to this webhook that one process may have in flight.
pub(super) fn in_flight_max(webhook: &Webhook) -> u32 {
    webhook
        .settings
        .max_in_flight
        .unwrap_or(IN_FLIGHT_DEFAULT)
        .get()
}
