//! Prints the messages for chat services that lines of data on standard input make, for the judges in tests/chat: for each
//! line one object, with a message for each service.

use std::io::{self, BufRead, Write};

use bytes::Bytes;
use posthorn_domain::{
    Event, EventId, IntegrationType, JsonText, UrlPolicy, WebhookId, WebhookInput, render,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

fn message(kind: IntegrationType, event: &Event) -> Result<Value, Box<dyn std::error::Error>> {
    let integration = match kind {
        IntegrationType::Telegram => json!({"chat_id": 1}),
        _ => json!({}),
    };
    let input: WebhookInput = serde_json::from_value(json!({
        "name": "chat", "url": "https://chat.example/", "event_types": ["*"],
        "integration_type": kind, "integration": integration,
    }))?;
    let settings = input
        .validate(UrlPolicy::HttpsOnly)
        .map_err(|mistakes| format!("{mistakes:?}"))?;
    let body = render(event, WebhookId::from_uuid(Uuid::nil()), &settings)?;
    Ok(serde_json::from_slice(&body.bytes)?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in io::stdin().lock().lines() {
        // The first word is the event's type, the rest its data.
        let line = line?;
        let (event_type, data) = line.split_once(' ').ok_or("a type, a space, data")?;
        let event = Event {
            id: EventId::from_stream_position(1_737_892_800_000_000_000, 1),
            tenant: "default".parse()?,
            event_type: event_type.parse()?,
            timestamp: "2025-01-26T12:00:00Z".parse()?,
            data: JsonText::parse(Bytes::from(data.to_owned()))?,
            cloud_event: None,
            trace: None,
        };
        let mut messages = Map::new();
        for kind in [
            IntegrationType::Slack,
            IntegrationType::Discord,
            IntegrationType::Telegram,
            IntegrationType::Teams,
        ] {
            messages.insert(kind.as_str().to_owned(), message(kind, &event)?);
        }
        writeln!(io::stdout(), "{}", Value::Object(messages))?;
    }
    Ok(())
}
