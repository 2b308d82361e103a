//! What an attempt's outcome means for its delivery.

use std::time::Duration;

use crate::failure::{Failure, FailureKind};

/// What came back from a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status code.
    pub status: u16,
    /// What `Retry-After` asked for, already capped.
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// The status with which an endpoint says that it is gone for good (RFC 9110, section 15.5.11).
    pub const GONE: u16 = 410;
}

/// How an attempt ended.
pub type AttemptOutcome = Result<Answer, Failure>;

/// What follows for the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has it.
    Delivered,
    /// Try again when the retry policy says so, and not before `not_before` has passed.
    Retry {
        /// The receiver asked every sender to slow down, not this delivery alone.
        throttled: bool,
        /// Least delay that the receiver asked for.
        not_before: Option<Duration>,
    },
    /// Trying again cannot help.
    GiveUp {
        /// The endpoint says that it is gone: its webhook is disabled.
        gone: bool,
    },
}

impl Verdict {
    /// Reads an outcome by the contract's table. `retry_client_errors` is the webhook's setting.
    pub fn of(outcome: AttemptOutcome, retry_client_errors: bool) -> Self {
        let answer = match outcome.map_err(Failure::kind) {
            Ok(answer) => answer,
            Err(FailureKind::AddressNotAllowed | FailureKind::Unrenderable) => {
                return Self::GiveUp { gone: false };
            }
            Err(
                FailureKind::Dns
                | FailureKind::Connect
                | FailureKind::Tls
                | FailureKind::Token
                | FailureKind::Timeout
                | FailureKind::Protocol
                // Of which whoever sends makes no attempt in the first place.
                | FailureKind::Local,
            ) => {
                return Self::Retry {
                    throttled: false,
                    not_before: None,
                };
            }
        };
        let retry = |throttled| Self::Retry {
            throttled,
            not_before: answer.retry_after,
        };
        match answer.status {
            200..=299 => Self::Delivered,
            Answer::GONE => Self::GiveUp { gone: true },
            429 | 502 | 503 | 504 => retry(true),
            408 | 425 => retry(false),
            400..=499 if !retry_client_errors => Self::GiveUp { gone: false },
            _ => retry(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answered(status: u16) -> AttemptOutcome {
        Ok(Answer {
            status,
            retry_after: None,
        })
    }

    #[test]
    fn follows_the_contracts_table() {
        let again = Verdict::Retry {
            throttled: false,
            not_before: None,
        };
        let slower = Verdict::Retry {
            throttled: true,
            not_before: None,
        };
        let never = Verdict::GiveUp { gone: false };
        for (status, strict, verdict) in [
            (200, false, Verdict::Delivered),
            (204, true, Verdict::Delivered),
            (299, false, Verdict::Delivered),
            (301, true, again),
            (307, false, again),
            (400, false, again),
            (400, true, never),
            (404, true, never),
            (408, true, again),
            (410, false, Verdict::GiveUp { gone: true }),
            (425, true, again),
            (429, true, slower),
            (500, true, again),
            (501, true, again),
            (502, true, slower),
            (503, true, slower),
            (504, false, slower),
            (599, false, again),
        ] {
            assert_eq!(
                Verdict::of(answered(status), !strict),
                verdict,
                "{status}, strict: {strict}"
            );
        }
    }

    #[test]
    fn a_refused_address_is_final_and_a_broken_line_is_not() {
        assert_eq!(
            Verdict::of(Err(Failure::AddressNotAllowed), true),
            Verdict::GiveUp { gone: false }
        );
        for failure in [
            Failure::DnsFailed,
            Failure::ConnectionRefused,
            Failure::TlsUntrusted,
            Failure::Timeout,
            Failure::ConnectionReset,
        ] {
            assert!(
                matches!(Verdict::of(Err(failure), false), Verdict::Retry { .. }),
                "{failure:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn only_2xx_is_delivered_and_retry_after_is_kept(status in 100_u16..1000, seconds: Option<u32>, retry_client_errors: bool) {
            let retry_after = seconds.map(|s| Duration::from_secs(s.into()));
            let verdict = Verdict::of(Ok(Answer { status, retry_after }), retry_client_errors);
            prop_assert_eq!(verdict == Verdict::Delivered, (200..300).contains(&status));
            if let Verdict::Retry { not_before, .. } = verdict {
                prop_assert_eq!(not_before, retry_after);
            }
        }
    }
}
