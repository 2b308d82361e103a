use std::time::Duration;

use crate::{DeliveryStatus, delivery_lifecycle::Progress};

/// A series of attempts under one retry policy: the first one of a delivery, or one that was asked for by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Attempts made before it began.
    pub start: u32,
    /// Whether somebody asked for it: a retry by hand or a replay.
    pub by_hand: bool,
}

impl Run {
    /// What a message says of its run.
    pub fn of_message(run_start: Option<u32>) -> Self {
        Self {
            start: run_start.unwrap_or(0),
            by_hand: run_start.is_some(),
        }
    }

    /// Whether `attempt` is the one that was asked for, rather than a retry that follows from it.
    pub fn was_asked_for(self, attempt: u32) -> bool {
        self.by_hand && attempt == self.start.saturating_add(1)
    }
}

/// What becomes of a request to attempt a delivery again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunDecision {
    /// A new run begins.
    Begin,
    /// A run was asked for before and waits for its attempt: asking twice is asking once.
    Asked,
    /// Its first attempt is under way or will be made soon, with the whole policy to come.
    FirstAttempt,
}

/// Whether a new run begins.
///
/// `under_way`: a message has the claim. `late`: how long ago the next attempt was due. A message that has not been
/// taken up `lost_after` that may be gone, and is replaced; one that is not gone finds what became of the delivery.
pub fn begin_run(
    record: &Progress,
    under_way: bool,
    late: Duration,
    lost_after: Duration,
) -> RunDecision {
    let awaited = under_way || late < lost_after;
    match record.status {
        DeliveryStatus::Pending if awaited => RunDecision::FirstAttempt,
        _ if record.waits_for_its_run() && awaited => RunDecision::Asked,
        _ => RunDecision::Begin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DeliveryStatus::*;

    #[test]
    fn nothing_blocks_a_request_for_ever() {
        let (soon, late) = (Duration::ZERO, Duration::from_secs(60));
        let lost_after = Duration::from_secs(5);
        let decide =
            |record: &Progress, under_way, late| begin_run(record, under_way, late, lost_after);
        let pending = Progress::new(0, 0, Pending, None);
        let asked = Progress::new(3, 3, Retrying, None);
        for (record, awaited) in [
            (pending, RunDecision::FirstAttempt),
            (asked, RunDecision::Asked),
        ] {
            assert_eq!(decide(&record, false, soon), awaited);
            assert_eq!(decide(&record, true, late), awaited);
            assert_eq!(decide(&record, false, late), RunDecision::Begin);
        }
        for status in [Failed, Success, Retrying] {
            let record = Progress::new(3, 0, status, None);
            for under_way in [false, true] {
                assert_eq!(decide(&record, under_way, soon), RunDecision::Begin);
            }
        }
    }
}
