//! An event as the API shows it.

use posthorn_domain::{
    CloudEventAttributes, Event, EventId, EventType, JsonText, TenantId, Timestamp,
};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
pub(super) struct Seen {
    id: EventId,
    tenant: TenantId,
    r#type: EventType,
    timestamp: Timestamp,
    cloud_event: Option<SeenCloudEvent>,
    data: Box<RawValue>,
}

#[derive(Deserialize)]
struct SeenCloudEvent {
    id: String,
    source: String,
    subject: Option<String>,
}

impl Seen {
    /// With its data byte for byte.
    pub(super) fn event(self) -> Event {
        Event {
            id: self.id,
            tenant: self.tenant,
            event_type: self.r#type,
            timestamp: self.timestamp,
            data: JsonText::from_raw(&self.data),
            cloud_event: self.cloud_event.map(|attributes| CloudEventAttributes {
                id: attributes.id,
                source: attributes.source,
                subject: attributes.subject,
            }),
            trace: None,
        }
    }
}
