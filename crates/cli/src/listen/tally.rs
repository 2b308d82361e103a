//! What the receiver remembers: how often it saw each delivery, and what the summary says.

use std::collections::{BTreeMap, HashMap, VecDeque};

use http::StatusCode;

use super::verify::Verification;

/// Deliveries whose requests are counted; of more, the oldest are forgotten.
const DELIVERIES_REMEMBERED_MAX: usize = 100_000;

#[derive(Default)]
pub(super) struct Tally {
    requests_of: HashMap<String, u64>,
    oldest_first: VecDeque<String>,
    requests: u64,
    deliveries: u64,
    verified: u64,
    failed: u64,
    statuses: BTreeMap<u16, u64>,
}

impl Tally {
    /// Counts a request of a delivery and says which one it is, from 1.
    pub(super) fn count(&mut self, delivery: &str) -> u64 {
        self.requests += 1;
        if let Some(n) = self.requests_of.get_mut(delivery) {
            *n += 1;
            return *n;
        }
        self.deliveries += 1;
        if self.oldest_first.len() == DELIVERIES_REMEMBERED_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.requests_of.remove(&oldest);
        }
        self.oldest_first.push_back(delivery.to_owned());
        self.requests_of.insert(delivery.to_owned(), 1);
        1
    }

    /// Counts what came of it.
    pub(super) fn record(&mut self, status: StatusCode, verification: &Verification) {
        *self.statuses.entry(status.as_u16()).or_default() += 1;
        match verification {
            Verification::Verified => self.verified += 1,
            Verification::Failed(_) => self.failed += 1,
            Verification::NotChecked => {}
        }
    }

    pub(super) fn summary(&self) -> String {
        let Self {
            requests,
            deliveries,
            verified,
            failed,
            ..
        } = self;
        let mut summary = format!("requests {requests}, deliveries {deliveries}");
        if verified + failed > 0 {
            summary.push_str(&format!("; verified {verified}, not verified {failed}"));
        }
        for (n, (status, times)) in self.statuses.iter().enumerate() {
            summary.push_str(if n == 0 { "; answered " } else { ", " });
            summary.push_str(&format!("{status} × {times}"));
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_delivery_for_itself_and_forgets_the_oldest() {
        let mut tally = Tally::default();
        assert_eq!(tally.count("first"), 1);
        assert_eq!(tally.count("first"), 2);
        for n in 1..DELIVERIES_REMEMBERED_MAX {
            assert_eq!(tally.count(&n.to_string()), 1);
        }
        assert_eq!(tally.count("first"), 3);
        assert_eq!(tally.count("one more"), 1);
        assert_eq!(tally.requests_of.len(), DELIVERIES_REMEMBERED_MAX);
        assert_eq!(tally.count("2"), 2);
        assert_eq!(tally.count("first"), 1);
    }

    #[test]
    fn sums_up() {
        let mut tally = Tally::default();
        assert_eq!(tally.summary(), "requests 0, deliveries 0");
        for (delivery, status, verification) in [
            ("a", StatusCode::SERVICE_UNAVAILABLE, Verification::Verified),
            ("a", StatusCode::OK, Verification::Verified),
            (
                "b",
                StatusCode::UNAUTHORIZED,
                Verification::Failed(String::new()),
            ),
        ] {
            tally.count(delivery);
            tally.record(status, &verification);
        }
        assert_eq!(
            tally.summary(),
            "requests 3, deliveries 2; verified 2, not verified 1; answered 200 × 1, 401 × 1, 503 × 1"
        );
    }
}
