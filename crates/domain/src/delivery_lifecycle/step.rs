use crate::{
    DeliveryStatus, Timestamp,
    delivery_lifecycle::{Progress, Run},
};

/// The next step of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Make the attempt that the message asks for.
    Send {
        /// The run that it belongs to.
        run: Run,
    },
    /// The attempt was made and recorded; its hand-over may have been lost with the process that made it.
    HandOver {
        /// The attempt that comes next.
        attempt: u32,
        /// The run that it belongs to.
        run: Run,
        /// When it is due.
        due: Option<Timestamp>,
    },
    /// It failed for good; its dead letter may have been lost.
    DeadLetter {
        /// Attempts made.
        attempts: u32,
    },
    /// All of it is done.
    Nothing,
}

/// Compares what a message asks for (`attempt` of `run`) with what the record says.
///
/// `redelivered` messages may belong to a process that died between two steps, so the later steps are
/// repeated; for any other message a record that is further on means that the message is out of date. A retry that waits
/// is handed over again in any case: there is one schedule for each delivery, so it stays one, and what this message
/// may have replaced is back. A delivery that is settled is attempted again only by the message with which somebody
/// asked for it. One that was asked for while the attempt of that number was made for another reason, and before anybody
/// had written so, begins its run after that attempt, unless it has succeeded.
pub fn next_step(
    record: Option<&Progress>,
    attempt: u32,
    of_message: Run,
    redelivered: bool,
) -> Step {
    let Some(record) = record else {
        return Step::Send { run: of_message };
    };
    let run = present_run(record, of_message);
    if record.attempt_count < attempt && (!record.status.is_settled() || run.was_asked_for(attempt))
    {
        return Step::Send { run };
    }
    if was_never_begun(record, of_message) && record.status != DeliveryStatus::Success {
        return Step::HandOver {
            attempt: record.attempt_count + 1,
            run: Run {
                start: record.attempt_count,
                by_hand: true,
            },
            due: None,
        };
    }
    let again = Step::HandOver {
        attempt: record.attempt_count + 1,
        run,
        due: record.due,
    };
    match record.status {
        // A retry that has the same place in the queue as this message may have been pushed out of it by this one.
        DeliveryStatus::Retrying => again,
        DeliveryStatus::Pending if redelivered => again,
        DeliveryStatus::Failed if redelivered => Step::DeadLetter {
            attempts: record.attempt_count,
        },
        DeliveryStatus::Pending | DeliveryStatus::Success | DeliveryStatus::Failed => Step::Nothing,
    }
}

/// The later run of the record's and the message's. The record may know of one that was asked for after the message
/// was scheduled; the message of one whose record was not written because its process died.
fn present_run(record: &Progress, of_message: Run) -> Run {
    if of_message.by_hand && of_message.start >= record.run_start {
        return of_message;
    }
    Run {
        start: record.run_start,
        // The first run begins at 0, and every other was asked for.
        by_hand: record.run_start > 0,
    }
}

/// Whether the message's run is one that no record knows: where its first attempt had been made, or the run had been
/// noted, the record's run would be this one.
fn was_never_begun(record: &Progress, of_message: Run) -> bool {
    of_message.by_hand && of_message.start > record.run_start
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

    fn state(status: DeliveryStatus, attempt_count: u32) -> Progress {
        in_run(0, status, attempt_count)
    }

    fn in_run(run_start: u32, status: DeliveryStatus, attempt_count: u32) -> Progress {
        Progress::new(attempt_count, run_start, status, None)
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
                let step = next_step(Some(&in_run(run.start, status, 3)), 3, run, redelivered);
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
            let again = Step::HandOver {
                attempt: 3,
                run: FIRST,
                due: None,
            };
            assert_eq!(next_step(Some(&record), 2, FIRST, redelivered), again);
        }
        assert_eq!(
            next_step(Some(&state(DeliveryStatus::Failed, 5)), 5, FIRST, true),
            Step::DeadLetter { attempts: 5 }
        );
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
    fn a_run_that_nobody_has_noted_begins_after_the_attempt_that_was_made_meanwhile() {
        for status in [DeliveryStatus::Failed, DeliveryStatus::Retrying] {
            assert_eq!(
                next_step(Some(&state(status, 3)), 3, by_hand(2), false),
                Step::HandOver {
                    attempt: 4,
                    run: by_hand(3),
                    due: None
                }
            );
        }
        let delivered = state(DeliveryStatus::Success, 3);
        assert_eq!(
            next_step(Some(&delivered), 3, by_hand(2), false),
            Step::Nothing
        );
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
