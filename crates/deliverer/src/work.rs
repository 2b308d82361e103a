//! A delivery that is to be brought forward, and the messages and records that follow from it.

use std::sync::Arc;

use posthorn_bus::{Cause, DeadLetter, HandOver};
use posthorn_domain::{
    DeliveryId, DeliveryStatus, Event, RateSlot, Timestamp, TraceContext, Webhook,
    delivery_lifecycle::Run,
};
use posthorn_store::{DeliveryRecord, DeliveryState};

use crate::{claim::Share, moment::SCHEDULED_EARLIER, spans, turns::Turn};

/// One delivery that this process has to bring forward.
pub(crate) struct Work {
    pub(crate) share: Share,
    pub(crate) event: Arc<Event>,
    pub(crate) webhook: Arc<Webhook>,
    pub(crate) delivery: DeliveryId,
    /// Number of the attempt to make, from 1.
    pub(crate) attempt: u32,
    /// The run that it belongs to.
    pub(crate) run: Run,
    /// How often this attempt was put off.
    pub(crate) hop: u32,
    /// Whether the delivery may have a record already.
    pub(crate) seen: bool,
    /// The moment that was reserved for it under the webhook's rate limit.
    pub(crate) rate_slot: Option<RateSlot>,
    /// Its turn, if it may have another message.
    pub(crate) turn: Option<Turn>,
    /// Where the attempt before was traced.
    pub(crate) attempt_before: Option<Box<TraceContext>>,
}

impl Work {
    /// Attempts of the present run, this one included: where the retry policy stands if it fails.
    pub(crate) fn attempts_in_run(&self) -> u32 {
        self.attempt.saturating_sub(self.run.start)
    }

    /// A row of this delivery before its next attempt has ended.
    pub(crate) fn pending_record(&self, next_attempt_at: Option<Timestamp>) -> DeliveryRecord {
        DeliveryRecord {
            id: self.delivery,
            tenant: self.event.tenant.clone(),
            webhook: self.webhook.id,
            event: self.event.id,
            event_type: self.event.event_type.clone(),
            status: DeliveryStatus::Pending,
            status_code: None,
            response_time_ms: None,
            failure: None,
            error_message: None,
            attempt_count: self.attempt.saturating_sub(1),
            run_start: self.run.start,
            next_retry_at: next_attempt_at,
            created_at: self.event.id.time(),
            delivered_at: None,
        }
    }

    /// The message that makes attempt number `attempt` due.
    pub(crate) fn hand_over(&self, attempt: u32, hop: u32, due: Option<Timestamp>) -> HandOver {
        HandOver {
            event: self.event.clone(),
            webhook: self.webhook.id,
            attempt,
            hop,
            run_start: self.run.by_hand.then_some(self.run.start),
            // Another attempt has a moment of its own.
            rate_slot: self.rate_slot.filter(|_| attempt == self.attempt),
            due,
            not_before: None,
            cause: Cause::Claim(self.share.stream_sequence()),
            trace: spans::to_hand_over(&self.share, self.attempt_before.as_deref()),
        }
    }

    /// The message that makes attempt number `attempt` at `moment`, and no earlier.
    pub(crate) fn retry(&self, attempt: u32, moment: Timestamp, now: Timestamp) -> HandOver {
        let early = (moment - SCHEDULED_EARLIER).max(now);
        HandOver {
            not_before: Some(moment),
            ..self.hand_over(attempt, 0, Some(early))
        }
    }

    /// The dead letter of this delivery after `attempts` attempts.
    pub(crate) fn dead_letter(
        &self,
        attempts: u32,
        last_status: Option<u16>,
        reason: String,
    ) -> DeadLetter {
        DeadLetter::Delivery {
            event: self.event.clone(),
            webhook: self.webhook.id,
            attempts,
            last_status,
            reason,
            claim: Some(self.share.stream_sequence()),
        }
    }

    /// The dead letter of this delivery as its record has it, in place of one that may not have been stored.
    pub(crate) fn dead_letter_again(&self, record: &DeliveryState) -> Box<DeadLetter> {
        let reason = record.error_message.clone().unwrap_or_default();
        Box::new(self.dead_letter(record.attempt_count, record.status_code, reason))
    }
}
