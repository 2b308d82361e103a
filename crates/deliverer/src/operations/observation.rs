use std::sync::Arc;

use posthorn_domain::{
    AttemptFacts, AttemptOutcome, DeliveryId, EventId, EventType, FailureKind, Timestamp, Webhook,
};
use posthorn_store::DeliveryRecord;

use crate::work::Work;

/// An attempt that tells something about its receiver. Holds no payload: it may be kept for a while.
#[derive(Clone)]
pub(crate) struct Observation {
    pub(crate) webhook: Arc<Webhook>,
    pub(crate) failed: bool,
    /// When it ended.
    pub(crate) at: Timestamp,
    /// Whether its event is not operational.
    pub(crate) ordinary: bool,
    delivery: DeliveryId,
    event: EventId,
    event_type: EventType,
    attempt_count: u32,
    status_code: Option<u16>,
    error_message: Option<String>,
}

impl Observation {
    /// `None` where the receiver had no part in it, and where it says that it is gone: its webhook ends at once.
    pub(crate) fn of(
        work: &Work,
        outcome: AttemptOutcome,
        record: &DeliveryRecord,
        at: Timestamp,
    ) -> Option<Self> {
        let failed = match outcome {
            Err(failure) if failure.kind() == FailureKind::Unrenderable => return None,
            Err(_) => true,
            Ok(answer) if answer.status == 410 => return None,
            Ok(answer) => !(200..300).contains(&answer.status),
        };
        Some(Self {
            webhook: work.webhook.clone(),
            failed,
            at,
            ordinary: !work.event.is_operational(),
            delivery: record.id,
            event: record.event,
            event_type: record.event_type.clone(),
            attempt_count: record.attempt_count,
            status_code: record.status_code,
            error_message: record.error_message.clone(),
        })
    }

    /// What an operational event says of it.
    pub(crate) fn facts(&self) -> AttemptFacts {
        AttemptFacts {
            webhook_id: self.webhook.id,
            webhook_name: self.webhook.settings.name.clone(),
            delivery_id: self.delivery,
            event_id: self.event,
            event_type: self.event_type.clone(),
            attempt_count: self.attempt_count,
            status_code: self.status_code,
            error_message: self.error_message.clone(),
        }
    }
}

#[cfg(test)]
impl Observation {
    /// An ordinary attempt that ended `at_ms` after the Unix epoch.
    pub(crate) fn for_test(webhook: &Arc<Webhook>, failed: bool, at_ms: u64) -> Self {
        let event = crate::tests_support::event("a", "a.b", "1");
        Self {
            webhook: webhook.clone(),
            failed,
            at: posthorn_domain::from_unix_ms(at_ms),
            ordinary: true,
            delivery: DeliveryId::derive(event.id, webhook.id),
            event: event.id,
            event_type: event.event_type,
            attempt_count: 1,
            status_code: None,
            error_message: None,
        }
    }
}
