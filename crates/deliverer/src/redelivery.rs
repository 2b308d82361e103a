//! What is left to do of a delivery whose message was delivered before.

use posthorn_domain::{DeliveryStatus, Timestamp};
use posthorn_store::DeliveryState;

/// The next step of a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Make the attempt that the message asks for.
    Send {
        /// Attempts made before the present run of retries began.
        run_start: u32,
    },
    /// The attempt was made and recorded; its hand-over may have been lost with the process that made it.
    HandOverAgain {
        /// The attempt that comes next.
        attempt: u32,
        /// When it is due.
        due: Option<Timestamp>,
    },
    /// It failed for good; its dead letter may have been lost.
    BuryAgain {
        /// Attempts made.
        attempts: u32,
    },
    /// All of it is done.
    Nothing,
}

/// Compares what a message asks for (`attempt`) with what the record says.
///
/// `redelivered` messages may belong to a process that died between two steps, so the later steps are
/// repeated; for any other message a record that is further on means that the message is out of date.
pub(crate) fn next_step(record: Option<&DeliveryState>, attempt: u32, redelivered: bool) -> Step {
    let Some(record) = record else {
        return Step::Send { run_start: 0 };
    };
    if record.attempt_count < attempt && !record.status.is_settled() {
        return Step::Send {
            run_start: record.run_start,
        };
    }
    match record.status {
        DeliveryStatus::Retrying | DeliveryStatus::Pending if redelivered => Step::HandOverAgain {
            attempt: record.attempt_count + 1,
            due: record.next_retry_at,
        },
        DeliveryStatus::Failed if redelivered => Step::BuryAgain {
            attempts: record.attempt_count,
        },
        DeliveryStatus::Pending
        | DeliveryStatus::Success
        | DeliveryStatus::Retrying
        | DeliveryStatus::Failed => Step::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(status: DeliveryStatus, attempt_count: u32) -> DeliveryState {
        DeliveryState {
            status,
            attempt_count,
            run_start: 0,
            next_retry_at: None,
        }
    }

    #[test]
    fn an_unrecorded_attempt_is_made() {
        assert_eq!(next_step(None, 1, true), Step::Send { run_start: 0 });
        for status in [DeliveryStatus::Pending, DeliveryStatus::Retrying] {
            assert_eq!(
                next_step(Some(&state(status, 1)), 2, false),
                Step::Send { run_start: 0 }
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
            for redelivered in [false, true] {
                let step = next_step(Some(&state(status, 3)), 3, redelivered);
                assert!(
                    !matches!(step, Step::Send { .. }),
                    "{status} {redelivered}: {step:?}"
                );
            }
        }
    }

    #[test]
    fn a_message_that_waited_finds_its_delivery_settled() {
        assert_eq!(
            next_step(Some(&state(DeliveryStatus::Failed, 1)), 2, false),
            Step::Nothing
        );
        assert_eq!(
            next_step(Some(&state(DeliveryStatus::Success, 1)), 2, false),
            Step::Nothing
        );
    }

    #[test]
    fn what_may_have_been_lost_is_repeated() {
        assert_eq!(
            next_step(Some(&state(DeliveryStatus::Retrying, 2)), 1, true),
            Step::HandOverAgain {
                attempt: 3,
                due: None
            }
        );
        assert_eq!(
            next_step(Some(&state(DeliveryStatus::Failed, 5)), 5, true),
            Step::BuryAgain { attempts: 5 }
        );
        assert_eq!(
            next_step(Some(&state(DeliveryStatus::Retrying, 2)), 1, false),
            Step::Nothing
        );
    }
}
