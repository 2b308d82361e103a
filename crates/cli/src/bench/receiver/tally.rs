//! What one route of the receiver has seen.

use hdrhistogram::Histogram;
use posthorn_domain::EventId;

use super::seen::Seen;
use crate::bench::payload::Stamp;

/// Three digits of a latency are kept.
const DIGITS: u8 = 3;

/// An empty histogram of microseconds that grows with what is recorded.
pub(in crate::bench) fn histogram() -> Histogram<u64> {
    #[expect(clippy::expect_used, reason = "fails for more than 5 digits only")]
    Histogram::new(DIGITS).expect("3 digits")
}

/// An event that was accepted, maybe not for the first time.
#[derive(Debug, Clone, Copy)]
pub(in crate::bench) struct Arrival {
    pub(in crate::bench) event: EventId,
    /// In microseconds since the start.
    pub(in crate::bench) at_us: u64,
}

/// Counts of one route. A request that is answered badly on purpose counts as a request and no more.
#[derive(Debug)]
pub(in crate::bench) struct Tally {
    pub(in crate::bench) requests: u64,
    accepted: Seen,
    /// Accepted although it had been accepted before.
    pub(in crate::bench) duplicates: u64,
    /// From the moment of sending to the arrival of the first accepted request, in microseconds.
    pub(in crate::bench) latencies_us: Histogram<u64>,
    /// Requests in each second since the first one.
    pub(in crate::bench) per_second: Vec<u64>,
    first_at_us: Option<u64>,
    /// What was accepted when, if it is to be known.
    pub(super) journal: Option<Vec<Arrival>>,
    /// When the latest request came, in microseconds since the start.
    pub(in crate::bench) last_at_us: u64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            requests: 0,
            accepted: Seen::default(),
            duplicates: 0,
            latencies_us: histogram(),
            per_second: Vec::new(),
            first_at_us: None,
            journal: None,
            last_at_us: 0,
        }
    }
}

/// Seconds that are counted one by one: a day.
const SECONDS_MAX: usize = 86_400;

impl Tally {
    /// Counts a request that came at `now_us`.
    pub(super) fn arrive(&mut self, now_us: u64) {
        self.requests += 1;
        self.last_at_us = now_us;
        let first = *self.first_at_us.get_or_insert(now_us);
        let second =
            usize::try_from(now_us.saturating_sub(first) / 1_000_000).unwrap_or(SECONDS_MAX);
        if second < SECONDS_MAX {
            if second >= self.per_second.len() {
                self.per_second.resize(second + 1, 0);
            }
            if let Some(count) = self.per_second.get_mut(second) {
                *count += 1;
            }
        }
    }

    /// Counts a request that is accepted.
    pub(super) fn accept(&mut self, stamp: Stamp, now_us: u64) {
        if self.accepted.insert(stamp.n) {
            // It grows as it needs to, so it takes any value.
            let _ = self
                .latencies_us
                .record(now_us.saturating_sub(stamp.sent_us));
        } else {
            self.duplicates += 1;
        }
    }

    /// Writes down an event that is accepted.
    pub(super) fn note(&mut self, event: EventId, at_us: u64) {
        if let Some(journal) = &mut self.journal {
            journal.push(Arrival { event, at_us });
        }
    }

    /// Begins counting by seconds anew.
    pub(super) fn restart_seconds(&mut self) {
        self.per_second.clear();
        self.first_at_us = None;
    }

    /// Different events that were accepted.
    pub(in crate::bench) fn accepted(&self) -> u64 {
        self.accepted.count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repetition_is_a_duplicate_and_no_latency() {
        let mut tally = Tally::default();
        for (n, now_us) in [(0, 1_500), (1, 2_500), (0, 9_000_000)] {
            tally.arrive(now_us);
            tally.accept(Stamp { n, sent_us: 500 }, now_us);
        }
        assert_eq!(
            (tally.requests, tally.accepted(), tally.duplicates),
            (3, 2, 1)
        );
        assert_eq!(tally.latencies_us.len(), 2);
        assert_eq!(
            (tally.latencies_us.min(), tally.latencies_us.max()),
            (1_000, 2_000)
        );
        assert_eq!(tally.per_second.first(), Some(&2));
        assert_eq!(tally.per_second.iter().sum::<u64>(), 3);
        assert_eq!(tally.per_second.len(), 9);
    }

    #[test]
    fn histograms_of_routes_add_up() {
        let (mut one, mut other) = (histogram(), histogram());
        for us in 1..=1_000 {
            one.record(us).unwrap();
            other.record(us * 1_000).unwrap();
        }
        one.add(&other).unwrap();
        assert_eq!(one.len(), 2_000);
        let p50 = one.value_at_quantile(0.5);
        assert!((999..=1_001).contains(&p50), "{p50}");
        let max = one.max();
        assert!((999_000..=1_001_000).contains(&max), "{max}");
    }
}
