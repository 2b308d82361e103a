use std::collections::HashMap;

use bytes::Bytes;
use posthorn_domain::{
    DeliveryId, DeliveryStatus, EventId, EventType, TenantId, Timestamp, WebhookId,
};

use crate::{
    error::StoreError,
    page::Page,
    store::{Store, unfinished},
};

/// How far a delivery has come: what decides whether a message about it is stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryState {
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Attempts made so far.
    pub attempt_count: u32,
    /// [`Self::attempt_count`] when the current run of retries began: a retry by hand starts the policy anew.
    pub run_start: u32,
    /// When the next attempt is due, if one is.
    pub next_retry_at: Option<Timestamp>,
}

/// A delivery as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
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
    /// Why the last attempt failed.
    pub error_message: Option<String>,
    /// Attempts made so far.
    pub attempt_count: u32,
    /// When the next attempt is due, if one is.
    pub next_retry_at: Option<Timestamp>,
    /// When the delivery began.
    pub created_at: Timestamp,
    /// When the receiver took it (first).
    pub delivered_at: Option<Timestamp>,
}

/// A delivery with its attempts and what was said in the last one.
#[derive(Debug, Clone)]
pub struct DeliveryDetails {
    /// The delivery.
    pub delivery: Delivery,
    /// Its attempts, the first one first.
    pub attempts: Vec<AttemptRow>,
    /// Request and answer of the last attempt; `None` before the first.
    pub last_exchange: Option<Exchange>,
}

/// An attempt as `GET /deliveries/{id}` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// 1 for the first.
    pub number: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// HTTP status, if an answer came.
    pub status_code: Option<u16>,
    /// How long it took, in milliseconds.
    pub response_time_ms: Option<u32>,
    /// Why it failed.
    pub error_message: Option<String>,
    /// Whether a person asked for it.
    pub manual: bool,
}

/// What was sent and what came back, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// `name: value\n` lines, secrets redacted.
    pub request_headers: Bytes,
    /// `name: value\n` lines; empty if no answer came.
    pub response_headers: Bytes,
    /// The first bytes of the answer's body; may be invalid UTF-8.
    pub response_body: Bytes,
    /// The body sent, where it cannot be rendered again from the event.
    pub request_body: Option<Bytes>,
}

/// Which deliveries are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of this webhook.
    pub webhook: Option<WebhookId>,
    /// In this state.
    pub status: Option<DeliveryStatus>,
    /// Of events of this type.
    pub event_type: Option<EventType>,
    /// Of this event.
    pub event: Option<EventId>,
    /// Of events from this moment on (whole milliseconds count).
    pub since: Option<Timestamp>,
    /// Of events before this moment (whole milliseconds count).
    pub until: Option<Timestamp>,
}

/// One page of deliveries, newest first.
#[derive(Debug, Clone)]
pub struct DeliveryPage {
    /// The deliveries.
    pub deliveries: Vec<Delivery>,
    /// How many match the filter, on all pages.
    pub total: u64,
    /// Whether [`Self::total`] was counted; above 10,000 it is the planner's estimate.
    pub total_exact: bool,
    /// Whether more follow this page.
    pub has_more: bool,
    /// What to pass as [`Page::before`] for the next page, if there is one.
    pub next_cursor: Option<DeliveryId>,
}

impl Store {
    /// The states of those of the given deliveries that are recorded.
    pub async fn delivery_states(
        &self,
        ids: &[DeliveryId],
    ) -> Result<HashMap<DeliveryId, DeliveryState>, StoreError> {
        let _ = ids;
        unfinished()
    }

    /// The tenant's deliveries that pass the filter.
    pub async fn list_deliveries(
        &self,
        tenant: &TenantId,
        filter: &DeliveryFilter,
        page: Page<DeliveryId>,
    ) -> Result<DeliveryPage, StoreError> {
        let _ = (tenant, filter, page);
        unfinished()
    }

    /// One delivery of the tenant with its attempts.
    pub async fn get_delivery(
        &self,
        tenant: &TenantId,
        id: DeliveryId,
    ) -> Result<DeliveryDetails, StoreError> {
        let _ = (tenant, id);
        unfinished()
    }
}
