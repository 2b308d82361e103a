//! Webhooks and events for the tests of the pure parts.

use posthorn_domain::*;

use crate::filter_failures::FilterFailures;

pub(crate) fn webhook(number: u128, tenant: &str, settings: &serde_json::Value) -> Webhook {
    let mut document =
        serde_json::json!({"name": "n", "url": "https://example.com/", "event_types": ["*"]});
    document
        .as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    let input: WebhookInput = serde_json::from_value(document).unwrap();
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    let id = (7_u128 << 76) | (2_u128 << 62) | number;
    Webhook {
        id: id_text(id).parse().unwrap(),
        tenant: tenant.parse().unwrap(),
        settings: input.validate(UrlPolicy::HttpAllowed).unwrap(),
        enabled: input.enabled.unwrap_or(true),
        input: input.into(),
        disabled_reason: None,
        secrets: SigningSecrets::single(
            SigningSecret::parse("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap(),
        ),
        created_by: "test".to_owned(),
        version: 1,
        updated_by: "test".to_owned(),
        created_at: at,
        updated_at: at,
        made_after: None,
    }
}

pub(crate) fn filter_failures() -> FilterFailures {
    FilterFailures::new(&opentelemetry::global::meter("test"))
}

fn id_text(id: u128) -> String {
    let hex = format!("{id:032x}");
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

pub(crate) fn event(tenant: &str, event_type: &str, data: &'static str) -> Event {
    Event {
        id: EventId::from_stream_position(1_737_892_800_000_000_000, 1),
        tenant: tenant.parse().unwrap(),
        event_type: event_type.parse().unwrap(),
        timestamp: "2025-01-26T12:00:00Z".parse().unwrap(),
        data: JsonText::parse(data.into()).unwrap(),
        cloud_event: None,
        trace: None,
    }
}
