use chrono::{DateTime, Utc};
use posthorn_domain::{CloudEventAttributes, EventId, EventType, TenantId};
use posthorn_store::EventSummary;
use serde::Serialize;
use utoipa::ToSchema;

/// An event as lists show it.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventView {
    id: EventId,
    #[schema(value_type = String)]
    tenant: TenantId,
    #[schema(value_type = String)]
    r#type: EventType,
    /// When it happened, by the publisher's word.
    timestamp: DateTime<Utc>,
    /// When the stream stored it.
    accepted_at: DateTime<Utc>,
    /// Set when it was published as a CloudEvent.
    cloud_event: Option<CloudEventView>,
    /// When its payload was erased; null unless it was.
    erased_at: Option<DateTime<Utc>>,
}

/// What a CloudEvents publisher called its event.
#[derive(Serialize, ToSchema)]
pub(crate) struct CloudEventView {
    id: String,
    source: String,
    subject: Option<String>,
}

impl From<CloudEventAttributes> for CloudEventView {
    fn from(attributes: CloudEventAttributes) -> Self {
        Self {
            id: attributes.id,
            source: attributes.source,
            subject: attributes.subject,
        }
    }
}

impl From<EventSummary> for EventView {
    fn from(event: EventSummary) -> Self {
        Self {
            id: event.id,
            tenant: event.tenant,
            r#type: event.event_type,
            timestamp: event.timestamp,
            accepted_at: event.accepted_at,
            cloud_event: event.cloud_event.map(Into::into),
            erased_at: event.erased_at,
        }
    }
}

impl From<posthorn_store::StoredEvent> for EventView {
    fn from(stored: posthorn_store::StoredEvent) -> Self {
        let event = stored.event;
        Self {
            id: event.id,
            tenant: event.tenant,
            r#type: event.event_type,
            timestamp: event.timestamp,
            accepted_at: stored.accepted_at,
            cloud_event: event.cloud_event.map(Into::into),
            erased_at: stored.erased_at,
        }
    }
}
