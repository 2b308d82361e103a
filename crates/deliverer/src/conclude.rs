//! What an attempt's outcome makes of its delivery.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use chrono::TimeDelta;
use posthorn_bus::{Batch, Cause, DeadLetter, HandOver};
use posthorn_domain::{
    DeliveryId, DeliveryStatus, EventId, FailureCode, Timestamp, Verdict, Webhook,
};
use posthorn_egress::Attempted;
use posthorn_store::{AttemptOvertaken, AttemptRecord, DeliveryRecord};
use rand::Rng;

use crate::{burial::Burial, work::Work};

/// What must still happen, once the record is durable, before the message may be acknowledged.
pub(crate) enum FollowUp {
    /// Nothing.
    Nothing,
    /// The next attempt is scheduled.
    Again(Box<HandOver>),
    /// The delivery becomes a dead letter.
    Bury(Burial, Box<DeadLetter>),
    /// A batch becomes messages of its own, and leaves the stream.
    Split(SplitBatch),
    /// The endpoint is gone: its webhook is disabled if it still is this webhook's, the delivery becomes a dead letter.
    Gone(Arc<Webhook>, Box<DeadLetter>),
}

/// A batch that a message of POSTHORN_EVENTS is.
pub(crate) struct SplitBatch {
    pub(crate) batch: Box<Batch>,
    /// The message's place in the stream.
    pub(crate) sequence: u64,
}

impl FollowUp {
    /// What follows when a delivery's failed attempt was not the last word.
    pub(crate) fn unless_overtaken(
        self,
        overtaken: &HashMap<DeliveryId, AttemptOvertaken>,
    ) -> Self {
        if overtaken.is_empty() {
            return self;
        }
        let (event, webhook, cause, trace) = match &self {
            Self::Again(next) => (&next.event, next.webhook, next.cause, next.trace.clone()),
            Self::Bury(_, letter) => match &**letter {
                DeadLetter::Delivery {
                    event,
                    webhook,
                    claim: Some(claim),
                    ..
                } => (event, *webhook, Cause::Claim(*claim), None),
                DeadLetter::Delivery { .. } | DeadLetter::Malformed(_) => return self,
            },
            // That the endpoint is gone ends its webhook in any case.
            Self::Nothing | Self::Gone(..) | Self::Split(_) => return self,
        };
        match overtaken.get(&DeliveryId::derive(event.id, webhook)) {
            None => self,
            Some(AttemptOvertaken::ByRecord) => Self::Nothing,
            Some(AttemptOvertaken::ByRun { run_start, due }) => Self::Again(Box::new(HandOver {
                event: event.clone(),
                webhook,
                attempt: run_start.saturating_add(1),
                hop: 0,
                run_start: Some(*run_start),
                rate_slot: None,
                due: Some(*due),
                not_before: None,
                cause,
                trace,
            })),
        }
    }
}

impl FollowUp {
    /// What follows when events were erased meanwhile: no further attempt and no dead letter. That an endpoint is gone ends
    /// its webhook all the same; the letter, by which that is told, has no payload then.
    pub(crate) fn unless_erased(self, erased: &HashSet<EventId>) -> Self {
        if erased.is_empty() {
            return self;
        }
        let is_of_erased = |letter: &DeadLetter| match letter {
            DeadLetter::Delivery { event, .. } => erased.contains(&event.id),
            DeadLetter::Malformed(_) => false,
        };
        match self {
            Self::Again(next) if erased.contains(&next.event.id) => Self::Nothing,
            Self::Bury(_, letter) if is_of_erased(&letter) => Self::Nothing,
            Self::Gone(webhook, letter) if is_of_erased(&letter) => {
                Self::Gone(webhook, Box::new(letter.without_payload()))
            }
            other => other,
        }
    }
}

/// The rows of one attempt and what follows from it.
pub(crate) struct Conclusion {
    pub(crate) delivery: DeliveryRecord,
    pub(crate) attempt: AttemptRecord,
    pub(crate) follow_up: FollowUp,
    /// The receiver asked every sender to be silent for this long.
    pub(crate) silence: Option<Duration>,
}

/// Judges an attempt that ended at `now`.
pub(crate) fn conclude(
    work: &Work,
    attempted: Attempted,
    now: Timestamp,
    rng: &mut impl Rng,
) -> Conclusion {
    let settings = &work.webhook.settings;
    let status_code = attempted.outcome.ok().map(|answer| answer.status);
    let mut silence = None;
    let bury =
        |reason: &str| Box::new(work.dead_letter(work.attempt, status_code, reason.to_owned()));
    let reason = attempted.error_message.as_deref().unwrap_or_default();

    let (status, next_retry_at, follow_up) =
        match Verdict::of(attempted.outcome, settings.retry_client_errors) {
            Verdict::Delivered => (DeliveryStatus::Success, None, FollowUp::Nothing),
            Verdict::GiveUp { gone: true } => (
                DeliveryStatus::Failed,
                None,
                FollowUp::Gone(work.webhook.clone(), bury(reason)),
            ),
            Verdict::GiveUp { gone: false } => (
                DeliveryStatus::Failed,
                None,
                FollowUp::Bury(Burial::given_up_after(attempted.outcome), bury(reason)),
            ),
            Verdict::Retry {
                throttled,
                not_before,
            } => {
                if throttled {
                    silence = not_before;
                }
                match settings.retry_policy.delay(work.attempts_in_run(), rng) {
                    Some(delay) => {
                        let due = after(now, delay.max(not_before.unwrap_or_default()));
                        let again = work.retry(work.attempt + 1, due, now);
                        (
                            DeliveryStatus::Retrying,
                            Some(due),
                            FollowUp::Again(Box::new(again)),
                        )
                    }
                    None => (
                        DeliveryStatus::Failed,
                        None,
                        FollowUp::Bury(Burial::Exhausted, bury(reason)),
                    ),
                }
            }
        };

    let failure: Option<FailureCode> = attempted.outcome.err().map(Into::into);
    let response_time_ms = u32::try_from(attempted.elapsed.as_millis()).unwrap_or(u32::MAX);
    let delivery = DeliveryRecord {
        status,
        status_code,
        response_time_ms: Some(response_time_ms),
        failure: failure.clone(),
        error_message: attempted.error_message.clone(),
        attempt_count: work.attempt,
        delivered_at: (status == DeliveryStatus::Success).then_some(now),
        ..work.pending_record(next_retry_at)
    };
    let attempt = AttemptRecord {
        delivery: work.delivery,
        number: work.attempt,
        started_at: attempted.started_at,
        status_code,
        response_time_ms: Some(response_time_ms),
        phases: attempted.phases,
        failure,
        error_message: attempted.error_message,
        manual: work.run.was_asked_for(work.attempt),
        request_headers: attempted.request_headers,
        request_body: attempted.request_body,
        request_format: attempted.request_format,
        response_headers: attempted.response_headers,
        response_body: attempted.response_body,
    };
    Conclusion {
        delivery,
        attempt,
        follow_up,
        silence,
    }
}

/// `delay` after `now`; the far end of the calendar if that lies beyond it.
pub(crate) fn after(now: Timestamp, delay: Duration) -> Timestamp {
    TimeDelta::from_std(delay)
        .ok()
        .and_then(|delay| now.checked_add_signed(delay))
        .unwrap_or(Timestamp::MAX_UTC)
}
