//! What a request is answered.

use std::time::Duration;

use http::StatusCode;

use super::verify::Verification;

/// What the person who started the receiver wants of it.
pub(super) struct Plan {
    /// So many requests of each delivery are answered with 503.
    pub(super) fail: u64,
    /// The answer to all others.
    pub(super) status: StatusCode,
    /// The wait before each answer.
    pub(super) delay: Duration,
}

impl Plan {
    /// The answer to the n-th request of a delivery, counted from 1.
    pub(super) fn status(&self, n: u64, verification: &Verification) -> StatusCode {
        match verification {
            Verification::Failed(_) => StatusCode::UNAUTHORIZED,
            Verification::Verified | Verification::NotChecked if n <= self.fail => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Verification::Verified | Verification::NotChecked => self.status,
        }
    }
}
