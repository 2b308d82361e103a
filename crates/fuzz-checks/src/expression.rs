//! Filters and payload templates: whoever may write a webhook may write these, so none may hang, grow without end or panic.

use arbitrary::Arbitrary;
use bytes::Bytes;
use posthorn_domain::{
    Event, EventContext, EventId, Filter, JsonText, UrlPolicy, WebhookId, WebhookInput,
    limits::RENDERED_BODY_BYTES_MAX, render,
};

use crate::read;

const DATA: &str = r#"{"amount":150,"n":null,"user":{"plan":"pro","name":"Zoë"},"tags":["a","b"],"big":12345678901234567890}"#;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    template: bool,
    data: Option<&'a str>,
    source: &'a str,
}

/// Panics where something that must hold does not.
pub fn check(bytes: &[u8]) {
    if let Some(input) = read(bytes) {
        judge(&input);
    }
}

fn judge(input: &Input<'_>) {
    let data = input.data.unwrap_or(DATA);
    let Ok(data) = JsonText::parse(Bytes::copy_from_slice(data.as_bytes())) else {
        return;
    };
    let event = Event {
        id: EventId::from_stream_position(1_737_892_800_000_000_000, 1),
        tenant: "default".parse().expect("a tenant"),
        event_type: "order.paid".parse().expect("an event type"),
        timestamp: chrono::DateTime::from_timestamp(1_737_892_800, 0).expect("a moment"),
        data,
        cloud_event: None,
        trace: None,
    };
    if input.template {
        let webhook = WebhookInput {
            name: "n".to_owned(),
            url: "https://example.com".to_owned(),
            event_types: vec!["*".to_owned()],
            payload_template: Some(input.source.to_owned()),
            ..WebhookInput::default()
        };
        let Ok(settings) = webhook.validate(UrlPolicy::HttpsOnly) else {
            return;
        };
        if let Ok(body) = render(&event, WebhookId::from_uuid(uuid::Uuid::nil()), &settings) {
            assert!(body.bytes.len() <= RENDERED_BODY_BYTES_MAX);
            serde_json::from_slice::<serde::de::IgnoredAny>(&body.bytes).expect("the body is JSON");
        }
    } else if let Ok(filter) = Filter::compile(input.source)
        && let Ok(context) = EventContext::new(&event)
    {
        let first = filter.matches(&context).ok();
        assert_eq!(
            first,
            filter.matches(&context).ok(),
            "an answer depends on nothing else"
        );
    }
}
