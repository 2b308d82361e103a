//! What is left to do of a delivery whose message was delivered before.

use posthorn_domain::{DeliveryStatus, Timestamp};
use posthorn_store::DeliveryState;

use crate::work::Run;

/// The next step of a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// Make the attempt that the message asks for.
    Send {
        /// The run that it belongs to.
        run: Run,
    },
    /// The attempt was made and recorded; its hand-over may have been lost with the process that made it.
    HandOverAgain {
        /// The attempt that comes next.
        attempt: u32,
        /// The run that it belongs to.
        run: Run,
        /// When it is due.
        due: Option<Timestamp>,
    },
    /// It failed for good; its dead letter may have been lost.
    BuryAgain {
        /// How it ended.
        record: &'a DeliveryState,
    },
    /// All of it is done.
    Nothing,
}

/// Compares what a message asks for (`attempt` of `run`) with what the record says.
///
/// `redelivered` messages may belong to a process that died between two steps, so the later steps are
/// repeated; for any other message a record that is further on means that the message is out of date. A retry that waits
/// is handed over again in any case: there is one schedule for each delivery, so it stays one, and what this message
/// may have replaced is back. A delivery
/// that is settled is attempted again only by the message with which somebody asked for it.
pub(crate) fn next_step(
    record: Option<&DeliveryState>,
    attempt: u32,
    run: Run,
    redelivered: bool,
) -> Step<'_> {
    let Some(record) = record else {
        return Step::Send { run };
    };
    let run = present_run(record, run);
    if record.attempt_count < attempt && (!record.status.is_settled() || run.was_asked_for(attempt))
    {
        return Step::Send { run };
    }
    let again = Step::HandOverAgain {
        attempt: record.attempt_count + 1,
        run,
        due: record.next_retry_at,
    };
    match record.status {
        // A retry that has the same place in the queue as this message may have been pushed out of it by this one.
        DeliveryStatus::Retrying => again,
        DeliveryStatus::Pending if redelivered => again,
        // A letter that is known to be stored is not stored again: somebody may have thrown it away.
        DeliveryStatus::Failed if redelivered && !record.buried => Step::BuryAgain { record },
        DeliveryStatus::Pending | DeliveryStatus::Success | DeliveryStatus::Failed => Step::Nothing,
    }
}

/// The later run of the record's and the message's. The record may know of one that was asked for after the message
/// was scheduled; the message of one whose record was not written because its process died.
fn present_run(record: &DeliveryState, of_message: Run) -> Run {
    if of_message.by_hand && of_message.start >= record.run_start {
        return of_message;
    }
    Run {
        start: record.run_start,
        // The first run begins at 0, and every other was asked for.
        by_hand: record.run_start > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Run = Run {
        start: 0,
        by_hand: false,
    };

    fn by_hand(start: u32) -> Run {
        Run {
            start,
            by_hand: true,
        }
    }

    fn state(status: DeliveryStatus, attempt_count: u32) -> DeliveryState {
        in_run(0, status, attempt_count)
    }

    fn in_run(run_start: u32, status: DeliveryStatus, attempt_count: u32) -> DeliveryState {
        DeliveryState {
            status,
            attempt_count,
            run_start,
            next_retry_at: None,
            status_code: None,
            error_message: None,
            buried: false,
        }
    }

    #[test]
    fn an_unrecorded_attempt_is_made() {
        for run in [FIRST, by_hand(0)] {
            assert_eq!(next_step(None, 1, run, true), Step::Send { run });
        }
        for status in [DeliveryStatus::Pending, DeliveryStatus::Retrying] {
            assert_eq!(
                next_step(Some(&state(status, 1)), 2, FIRST, false),
                Step::Send { run: FIRST }
            );
        }
    }

    #[test]
    fn a_recorded_attempt_is_never_made_again() {
        for status in [
            DeliveryStatus::Pending,
            DeliveryStatus::Retrying,
            DeliveryStatus::Success,
            DeliveryStatus::Failed,
        ] {
            for (redelivered, run) in [(false, FIRST), (true, FIRST), (false, by_hand(2))] {
                let record = state(status, 3);
                let step = next_step(Some(&record), 3, run, redelivered);
                assert!(
                    !matches!(step, Step::Send { .. }),
                    "{status} {redelivered}: {step:?}"
                );
            }
        }
    }

    #[test]
    fn a_message_that_waited_finds_its_delivery_settled() {
        for status in [DeliveryStatus::Failed, DeliveryStatus::Success] {
            assert_eq!(
                next_step(Some(&state(status, 1)), 2, FIRST, false),
                Step::Nothing
            );
        }
    }

    #[test]
    fn what_may_have_been_lost_is_repeated() {
        // That a message took the place of the retry shows when it comes itself.
        for redelivered in [true, false] {
            let record = state(DeliveryStatus::Retrying, 2);
            let again = Step::HandOverAgain {
                attempt: 3,
                run: FIRST,
                due: None,
            };
            assert_eq!(next_step(Some(&record), 2, FIRST, redelivered), again);
        }
        let mut failed = state(DeliveryStatus::Failed, 5);
        assert_eq!(
            next_step(Some(&failed), 5, FIRST, true),
            Step::BuryAgain { record: &failed }
        );
        failed.buried = true;
        assert_eq!(next_step(Some(&failed), 5, FIRST, true), Step::Nothing);
        assert_eq!(
            next_step(Some(&state(DeliveryStatus::Pending, 0)), 0, FIRST, false),
            Step::Nothing
        );
    }

    #[test]
    fn what_was_asked_for_is_attempted_however_the_delivery_ended() {
        for status in [DeliveryStatus::Failed, DeliveryStatus::Success] {
            assert_eq!(
                next_step(Some(&state(status, 3)), 4, by_hand(3), false),
                Step::Send { run: by_hand(3) }
            );
            // A retry within that run is not: somebody else has brought the run to its end.
            assert_eq!(
                next_step(Some(&in_run(3, status, 4)), 5, by_hand(3), false),
                Step::Nothing
            );
        }
    }

    #[test]
    fn a_retry_that_was_on_its_way_joins_the_run_that_was_asked_for() {
        assert_eq!(
            next_step(
                Some(&in_run(2, DeliveryStatus::Retrying, 2)),
                3,
                FIRST,
                false
            ),
            Step::Send { run: by_hand(2) }
        );
    }
}
