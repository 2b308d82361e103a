//! A delivery that ends although attempts are left, and whose message alone is at hand.

use posthorn_bus::{Cause, DeadLetter, HandOver};
use posthorn_domain::{DeliveryId, DeliveryStatus, FailureCode};
use posthorn_store::DeliveryRecord;

use crate::burial::Burial;

/// Why it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It would have to wait, and is larger than the messages that NATS takes. An event is only accepted if a hand-over of
    /// it fits, so this happens when the server's `max_payload` was made smaller meanwhile, or the stream was given a
    /// `max_msg_size`. Waiting cures nothing.
    TooLarge,
    /// Its webhook was disabled.
    Disabled,
    /// Somebody had its event erased. It gets no dead letter.
    Erased,
}

impl Ended {
    /// What operators and owners read.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::TooLarge => {
                "it cannot wait for another attempt, because it is larger than NATS takes (max_payload, or max_msg_size of POSTHORN_DELIVERIES)"
            }
            Self::Disabled => "the webhook was disabled",
            Self::Erased => "the event was erased",
        }
    }

    /// The same for clients.
    pub(crate) const fn failure(self) -> FailureCode {
        match self {
            Self::TooLarge => FailureCode::TOO_LARGE_TO_WAIT,
            Self::Disabled => FailureCode::WEBHOOK_DISABLED,
            Self::Erased => FailureCode::EVENT_ERASED,
        }
    }

    /// The same for metrics; `None` where no dead letter follows.
    pub(crate) const fn burial(self) -> Option<Burial> {
        match self {
            Self::TooLarge => Some(Burial::TooLarge),
            Self::Disabled => Some(Burial::Disabled),
            Self::Erased => None,
        }
    }

    /// The record of its end, in place of this hand-over.
    pub(crate) fn record(self, hand_over: &HandOver) -> DeliveryRecord {
        let event = &hand_over.event;
        DeliveryRecord {
            id: DeliveryId::derive(event.id, hand_over.webhook),
            tenant: event.tenant.clone(),
            webhook: hand_over.webhook,
            event: event.id,
            event_type: event.event_type.clone(),
            status: DeliveryStatus::Failed,
            status_code: None,
            response_time_ms: None,
            failure: Some(self.failure()),
            error_message: Some(self.reason().to_owned()),
            attempt_count: hand_over.attempt.saturating_sub(1),
            run_start: hand_over.run_start.unwrap_or(0),
            next_retry_at: None,
            created_at: event.id.time(),
            delivered_at: None,
        }
    }

    /// Its dead letter; of one that is too large as much of the data as fits.
    pub(crate) fn letter(self, hand_over: &HandOver) -> DeadLetter {
        DeadLetter::Delivery {
            event: hand_over.event.clone(),
            webhook: hand_over.webhook,
            attempts: hand_over.attempt.saturating_sub(1),
            last_status: None,
            reason: self.reason().to_owned(),
            claim: match hand_over.cause {
                Cause::Claim(claim) | Cause::Undecided(claim) => Some(claim),
                Cause::Replay(_) | Cause::Request => None,
            },
        }
    }
}
