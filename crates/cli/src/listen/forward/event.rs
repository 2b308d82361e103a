//! An event as the API shows it.

use posthorn_domain::{
    CloudEventAttributes, Event, EventId, EventType, JsonText, TenantId, Timestamp,
    cloud_event::MoreAttributes,
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
    data_base64: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct SeenCloudEvent {
    id: String,
    source: String,
    subject: Option<String>,
    datacontenttype: Option<String>,
    dataschema: Option<String>,
    /// None of an api that drops them.
    extensions: Option<Box<RawValue>>,
}

impl Seen {
    /// With its data byte for byte.
    pub(super) fn event(self) -> Event {
        Event {
            id: self.id,
            tenant: self.tenant,
            event_type: self.r#type,
            timestamp: self.timestamp,
            data: JsonText::from_raw(self.data_base64.as_ref().unwrap_or(&self.data)),
            cloud_event: self.cloud_event.map(|attributes| CloudEventAttributes {
                id: attributes.id,
                source: attributes.source,
                subject: attributes.subject,
                more: attributes.extensions.map(|extensions| {
                    let stored = format!("{{\"extensions\":{extensions}}}");
                    Box::new(MoreAttributes {
                        data_content_type: attributes.datacontenttype,
                        data_schema: attributes.dataschema,
                        data_is_bytes: self.data_base64.is_some(),
                        ..MoreAttributes::from_stored(&stored).unwrap_or_default()
                    })
                }),
            }),
            trace: None,
        }
    }
}
