use posthorn_domain::{CloudEventAttributes, Event, EventId, EventType, TenantId, Timestamp};

use crate::{
    error::StoreError,
    page::Page,
    store::{Store, unfinished},
};

/// An event with its payload.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// The event.
    pub event: Event,
    /// When the stream stored it.
    pub accepted_at: Timestamp,
    /// Where it stood in the stream.
    pub stream_sequence: u64,
}

/// An event as lists show it: without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSummary {
    /// Its id.
    pub id: EventId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What happened.
    pub event_type: EventType,
    /// When it happened.
    pub timestamp: Timestamp,
    /// When the stream stored it.
    pub accepted_at: Timestamp,
    /// Length of the payload, in bytes.
    pub data_bytes: u64,
    /// Set when it was published as a CloudEvent.
    pub cloud_event: Option<CloudEventAttributes>,
}

/// Which events are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Of this type.
    pub event_type: Option<EventType>,
    /// Accepted from this moment on (whole milliseconds count).
    pub since: Option<Timestamp>,
    /// Accepted before this moment (whole milliseconds count).
    pub until: Option<Timestamp>,
}

/// One page of events, newest first.
#[derive(Debug, Clone)]
pub struct EventPage {
    /// The events.
    pub events: Vec<EventSummary>,
    /// How many match the filter, on all pages.
    pub total: u64,
    /// Whether [`Self::total`] was counted; above 10,000 it is the planner's estimate.
    pub total_exact: bool,
    /// Whether more follow this page.
    pub has_more: bool,
    /// What to pass as [`Page::before`] for the next page, if there is one.
    pub next_cursor: Option<EventId>,
}

impl Store {
    /// The tenant's events that pass the filter. Where they went: [`Store::list_deliveries`] by event.
    pub async fn list_events(
        &self,
        tenant: &TenantId,
        filter: &EventFilter,
        page: Page<EventId>,
    ) -> Result<EventPage, StoreError> {
        let _ = (tenant, filter, page);
        unfinished()
    }

    /// One event of the tenant with its payload.
    pub async fn get_event(
        &self,
        tenant: &TenantId,
        id: EventId,
    ) -> Result<StoredEvent, StoreError> {
        let _ = (tenant, id);
        unfinished()
    }
}
