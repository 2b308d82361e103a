use chrono::{DateTime, Utc};
use posthorn_domain::{CloudEventAttributes, EventId, EventType, TenantId};
use posthorn_store::EventSummary;
use serde::{Serialize, Serializer};
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

/// What a CloudEvents publisher said of its event, beside its type, its time and its data.
#[derive(Serialize, ToSchema)]
pub(crate) struct CloudEventView {
    id: String,
    source: String,
    subject: Option<String>,
    datacontenttype: Option<String>,
    dataschema: Option<String>,
    /// The extension attributes: strings, whole numbers and booleans.
    #[schema(value_type = Object, example = json!({"partitionkey": "42", "urgent": true}))]
    extensions: Extensions,
}

/// Extension attributes in the order in which they came.
struct Extensions(CloudEventAttributes);

impl Serialize for Extensions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let extensions = self.0.extensions();
        serializer.collect_map(extensions.iter().map(|(name, value)| (name, value)))
    }
}

impl From<CloudEventAttributes> for CloudEventView {
    fn from(attributes: CloudEventAttributes) -> Self {
        Self {
            id: attributes.id.clone(),
            source: attributes.source.clone(),
            subject: attributes.subject.clone(),
            datacontenttype: attributes.data_content_type().map(str::to_owned),
            dataschema: attributes.data_schema().map(str::to_owned),
            extensions: Extensions(attributes),
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
