//! A webhook as its owner writes it: any JSON is either refused with its mistakes named, or makes settings that can deliver.

use bytes::Bytes;
use posthorn_domain::{Event, EventId, JsonText, UrlPolicy, WebhookId, WebhookInput, render};

/// Panics where something that must hold does not.
pub fn check(json: &[u8]) {
    let Ok(input) = serde_json::from_slice::<WebhookInput>(json) else {
        return;
    };
    match input.validate(UrlPolicy::HttpsOnly) {
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            assert!(
                mistakes
                    .iter()
                    .all(|one| !one.field.is_empty() && !one.detail.is_empty())
            );
        }
        Ok(settings) => {
            assert!(settings.url.is_https());
            let event = Event {
                id: EventId::from_stream_position(1_737_892_800_000_000_000, 1),
                tenant: "default".parse().expect("a tenant"),
                event_type: "user.created".parse().expect("an event type"),
                timestamp: chrono::DateTime::from_timestamp(1_737_892_800, 0).expect("a moment"),
                data: JsonText::parse(Bytes::from_static(br#"{"name":"Ada","n":[1,2]}"#))
                    .expect("JSON"),
                cloud_event: None,
                trace: None,
            };
            let _ = render(&event, WebhookId::from_uuid(uuid::Uuid::nil()), &settings);
        }
    }
}
