use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use bytes::Bytes;
use posthorn_domain::{
    DeliveryId, DeliveryStatus, Event, EventId, EventType, FailureCode, Phases, PlainFormat,
    TenantId, Timestamp, WebhookId,
};

use crate::attempt_claims::{AttemptClaim, MessageKey};

/// What the deliverer writes in one transaction.
#[derive(Debug, Clone, Default)]
pub struct RecordBatch {
    /// Events seen for the first time (again does no harm).
    pub events: Vec<EventRecord>,
    /// How deliveries stand now.
    pub deliveries: Vec<DeliveryRecord>,
    /// Attempts made. Each travels in the same batch as its delivery's record.
    pub attempts: Vec<AttemptRecord>,
    /// What of it may be recorded already.
    pub seen: Seen,
    /// First attempts that are under way and became slow.
    pub claimed: Vec<AttemptClaim>,
    /// Claims that end with this batch.
    pub released: Vec<(DeliveryId, MessageKey)>,
}

/// What of a batch the database knew more of than its records say: what follows from these is another thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Deliveries whose failed attempt was not the last word.
    pub overtaken: HashMap<DeliveryId, AttemptOvertaken>,
    /// Events of the batch that are erased: nothing follows from their attempts.
    pub erased: HashSet<EventId>,
}

/// Why what would follow from a failed attempt does not follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOvertaken {
    /// A run was asked for while it was made. The record says so now, and its first attempt has to be handed over.
    ByRun {
        /// Attempts made before the run.
        run_start: u32,
        /// When its first attempt is due.
        due: Timestamp,
    },
    /// Somebody has recorded more, and sees to what follows.
    ByRecord,
}

/// What of a batch may be recorded already: retries, and what comes a second time after a crash. The rest takes a
/// quicker way. A mistake in either direction costs time and nothing else.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Some of its events.
    pub events: bool,
    /// These of its deliveries.
    pub deliveries: HashSet<DeliveryId>,
}

/// An event as it came out of the stream.
#[derive(Debug, Clone)]
pub struct EventRecord {
    /// The event.
    pub event: Arc<Event>,
    /// When the stream stored it.
    pub accepted_at: Timestamp,
    /// Where it stands in the stream.
    pub stream_sequence: u64,
}

/// How a delivery stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Its id.
    pub id: DeliveryId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The webhook it goes to.
    pub webhook: WebhookId,
    /// The event it carries.
    pub event: EventId,
    /// The event's type.
    pub event_type: EventType,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// HTTP status of the last attempt, if an answer came.
    pub status_code: Option<u16>,
    /// How long the last attempt took, in milliseconds.
    pub response_time_ms: Option<u32>,
    /// Why no answer came, or why it ended without one; `None` where the receiver answered the last attempt.
    pub failure: Option<FailureCode>,
    /// Why the last attempt failed, in words.
    pub error_message: Option<String>,
    /// Attempts made so far.
    pub attempt_count: u32,
    /// [`Self::attempt_count`] when the present run of retries began: 0 unless one was asked for by hand.
    pub run_start: u32,
    /// When the next attempt is due, if one is.
    pub next_retry_at: Option<Timestamp>,
    /// When the delivery began.
    pub created_at: Timestamp,
    /// When the receiver took it.
    pub delivered_at: Option<Timestamp>,
}

/// One HTTP request of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// The delivery it belongs to.
    pub delivery: DeliveryId,
    /// 1 for the first.
    pub number: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// HTTP status, if an answer came.
    pub status_code: Option<u16>,
    /// How long it took, in milliseconds.
    pub response_time_ms: Option<u32>,
    /// What the time went to; kept to the microsecond.
    pub phases: Phases,
    /// Why no answer came; `None` where the receiver answered.
    pub failure: Option<FailureCode>,
    /// Why it failed, in words.
    pub error_message: Option<String>,
    /// Whether a person asked for it.
    pub manual: bool,
    /// `name: value\n` lines with secrets already redacted.
    pub request_headers: Bytes,
    /// `name: value\n` lines as received; empty if no answer came.
    pub response_headers: Bytes,
    /// The first bytes of the answer's body, as received.
    pub response_body: Bytes,
    /// The body sent, where it cannot be rendered again from the event (a template may have changed).
    pub request_body: Option<Bytes>,
    /// The shape of the body sent, from which it is rendered again, where it is not kept.
    pub request_format: Option<PlainFormat>,
}
