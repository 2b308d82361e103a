use std::cmp::Ordering;

use crate::{DeliveryStatus, Timestamp};

/// How far a delivery has come, as its record says. The order is that of its life.
///
/// A record may arrive twice, late, or from two replicas, and what it says alone decides which of two is the later one:
/// more attempts come later; with as many, a later run comes after the end of the one before; within a run pending
/// comes before retrying, retrying before failed, and failed before success: of two requests of one attempt, which only
/// a crash can cause, the one that was accepted counts. Of two that still wait, the later due time comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Attempts made.
    pub attempt_count: u32,
    /// Attempts made before the present run.
    pub run_start: u32,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// When the next attempt is due; `None` where it is not known, or none follows.
    pub due: Option<Timestamp>,
}

impl Progress {
    /// A due time of what is settled means nothing and is left out.
    pub fn new(
        attempt_count: u32,
        run_start: u32,
        status: DeliveryStatus,
        due: Option<Timestamp>,
    ) -> Self {
        Self {
            attempt_count,
            run_start,
            status,
            due: due.filter(|_| !status.is_settled()),
        }
    }

    fn rank(&self) -> (u32, u32, u8, Option<Timestamp>) {
        let stage = match self.status {
            DeliveryStatus::Pending => 0,
            DeliveryStatus::Retrying => 1,
            DeliveryStatus::Failed => 2,
            DeliveryStatus::Success => 3,
        };
        (self.attempt_count, self.run_start, stage, self.due)
    }

    /// Whether a run was asked for whose first attempt has not ended: only a new run has made none.
    pub fn waits_for_its_run(&self) -> bool {
        self.status == DeliveryStatus::Retrying && self.run_start == self.attempt_count
    }
}

impl PartialOrd for Progress {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Progress {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// What the record of a failed attempt finds in the row, so that what follows is another thing than the attempt alone
/// would have followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overtaken {
    /// A run was asked for while the attempt was made. It begins now, with its whole policy.
    ByRun,
    /// Somebody has recorded more: they see to what follows.
    ByRecord,
}

/// Compares the record of a failed attempt with the row, `None` where nothing is unusual.
///
/// Not to be asked for an endpoint that is gone: that ends its webhook, whatever was asked for.
pub fn overtaken(stored: &Progress, failed: &Progress) -> Option<Overtaken> {
    if stored.run_start > failed.run_start {
        if stored.attempt_count < failed.attempt_count {
            return Some(Overtaken::ByRun);
        }
        // The same, written before: the answer of the database was lost.
        if stored.waits_for_its_run() && stored.attempt_count == failed.attempt_count {
            return Some(Overtaken::ByRun);
        }
    }
    (stored > failed).then_some(Overtaken::ByRecord)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DeliveryStatus::*, from_unix_ms};

    fn at(attempts: u32, status: DeliveryStatus, due_ms: Option<u64>) -> Progress {
        in_run(0, attempts, status, due_ms)
    }

    fn in_run(run: u32, attempts: u32, status: DeliveryStatus, due_ms: Option<u64>) -> Progress {
        Progress::new(attempts, run, status, due_ms.map(from_unix_ms))
    }

    #[test]
    fn a_delivery_goes_one_way() {
        let life = [
            at(0, Pending, None),
            at(0, Pending, Some(1)),
            at(0, Pending, Some(2)),
            at(1, Retrying, Some(5)),
            at(1, Retrying, Some(9)),
            at(2, Retrying, Some(3)),
            at(2, Failed, None),
            at(2, Success, None),
            in_run(2, 2, Retrying, Some(1)),
            in_run(2, 2, Failed, None),
            at(3, Retrying, Some(4)),
            at(4, Success, None),
        ];
        for (i, earlier) in life.iter().enumerate() {
            for later in &life[i + 1..] {
                assert!(later > earlier);
            }
        }
    }

    #[test]
    fn of_one_attempt_the_success_counts() {
        assert!(at(1, Failed, None) < at(1, Success, None));
        assert!(at(1, Retrying, Some(9)) < at(1, Failed, None));
        assert_eq!(at(1, Failed, Some(9)), at(1, Failed, None));
    }

    #[test]
    fn a_run_that_was_asked_for_during_the_last_attempt_begins() {
        let asked = in_run(1, 1, Retrying, Some(5));
        for failed in [at(2, Failed, None), at(2, Retrying, Some(9))] {
            assert_eq!(overtaken(&asked, &failed), Some(Overtaken::ByRun));
            // And again, when the answer to that was lost.
            let begun = in_run(2, 2, Retrying, Some(6));
            assert_eq!(overtaken(&begun, &failed), Some(Overtaken::ByRun));
        }
        assert_eq!(
            overtaken(&at(1, Retrying, Some(5)), &at(2, Failed, None)),
            None
        );
        // An attempt of the run itself.
        assert_eq!(overtaken(&asked, &in_run(1, 2, Failed, None)), None);
    }

    #[test]
    fn what_somebody_else_has_brought_further_is_theirs() {
        for stored in [at(2, Success, None), at(3, Retrying, Some(1))] {
            assert_eq!(
                overtaken(&stored, &at(2, Failed, None)),
                Some(Overtaken::ByRecord)
            );
        }
        // The same record, written twice, has the same consequences.
        let failed = at(2, Failed, None);
        assert_eq!(overtaken(&failed, &failed), None);
    }
}
