//! Which of two records of one delivery is the later one.
//!
//! A record may arrive twice, late, or from two replicas. Its place in the life of its delivery is decided by
//! what it says alone: more attempts come later; with as many, a later run (a retry by hand begins one) comes after
//! the end of the one before; within a run pending comes before retrying and retrying before the end; and of two
//! that still wait with as many attempts, the one that waits longer (the gate has put the delivery off once more).
//! The end is the end, until an attempt is made or a run begins after it.

use posthorn_domain::{DeliveryStatus, Timestamp};

/// What of a delivery decides its place. Compared field by field, from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Progress {
    attempt_count: i32,
    run_start: i32,
    stage: u8,
    /// What has no due time comes before what has one.
    due: Option<Timestamp>,
}

impl Progress {
    pub(crate) fn new(
        attempt_count: i32,
        run_start: i32,
        status: DeliveryStatus,
        next_retry_at: Option<Timestamp>,
    ) -> Self {
        let stage = match status {
            DeliveryStatus::Pending => 0,
            DeliveryStatus::Retrying => 1,
            DeliveryStatus::Success | DeliveryStatus::Failed => 2,
        };
        Self {
            attempt_count,
            run_start,
            stage,
            due: next_retry_at.filter(|_| !status.is_settled()),
        }
    }
}

#[cfg(test)]
mod tests {
    use posthorn_domain::{DeliveryStatus::*, from_unix_ms};

    use super::*;

    fn at(attempts: i32, status: DeliveryStatus, due_ms: Option<u64>) -> Progress {
        in_run(0, attempts, status, due_ms)
    }

    fn in_run(run: i32, attempts: i32, status: DeliveryStatus, due_ms: Option<u64>) -> Progress {
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
    fn the_end_stays_whatever_its_kind() {
        assert!(at(1, Failed, None) <= at(1, Success, None));
        assert!(at(1, Success, None) <= at(1, Failed, None));
        assert!(at(1, Retrying, Some(9)) <= at(1, Failed, None));
        assert!(at(1, Failed, Some(9)) <= at(1, Failed, None));
    }
}
