use std::{fmt, str::FromStr};

use serde_json::{Map, Value, json};

use crate::event_type::EventType;

/// The four things that Posthorn says of itself, with what its documents say of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OperationalType {
    /// `delivery.exhausted`
    DeliveryExhausted,
    /// `webhook.disabled`
    WebhookDisabled,
    /// `webhook.failing`
    WebhookFailing,
    /// `webhook.recovered`
    WebhookRecovered,
}

/// Not one of the four.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no operational event type")]
pub struct UnknownOperationalType;

impl OperationalType {
    /// All of them, sorted by name.
    pub const ALL: [Self; 4] = [
        Self::DeliveryExhausted,
        Self::WebhookDisabled,
        Self::WebhookFailing,
        Self::WebhookRecovered,
    ];

    /// The one of this name, if it is one of them.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "delivery.exhausted" => Some(Self::DeliveryExhausted),
            "webhook.disabled" => Some(Self::WebhookDisabled),
            "webhook.failing" => Some(Self::WebhookFailing),
            "webhook.recovered" => Some(Self::WebhookRecovered),
            _ => None,
        }
    }

    /// The event type.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeliveryExhausted => "delivery.exhausted",
            Self::WebhookDisabled => "webhook.disabled",
            Self::WebhookFailing => "webhook.failing",
            Self::WebhookRecovered => "webhook.recovered",
        }
    }

    /// The event type, typed.
    pub fn event_type(self) -> EventType {
        EventType::from_static(self.as_str())
    }

    /// A few words for lists.
    pub const fn label(self) -> &'static str {
        match self {
            Self::DeliveryExhausted => "Delivery exhausted",
            Self::WebhookDisabled => "Webhook disabled",
            Self::WebhookFailing => "Webhook failing",
            Self::WebhookRecovered => "Webhook recovered",
        }
    }

    /// When it is published.
    pub const fn description(self) -> &'static str {
        match self {
            Self::DeliveryExhausted => {
                "A delivery failed for good and is a dead letter now: its attempts were used up, the answer was final, or its webhook was disabled while it waited."
            }
            Self::WebhookDisabled => {
                "Posthorn disabled a webhook: its endpoint answered 410 (gone), or every attempt failed for days (failing)."
            }
            Self::WebhookFailing => "Five attempts of a webhook in a row failed.",
            Self::WebhookRecovered => "The first success of a webhook that was failing.",
        }
    }

    /// JSON Schema (2020-12) of the event's `data`.
    pub fn schema(self) -> Value {
        let members: Map<String, Value> = self
            .members()
            .into_iter()
            .map(|(name, schema, _)| (name.to_owned(), schema))
            .collect();
        let required: Vec<&String> = members.keys().collect();
        json!({
            "type": "object",
            "required": required,
            "additionalProperties": false,
            "properties": members,
        })
    }

    /// An example of the event's `data`.
    pub fn example(self) -> Value {
        self.members()
            .into_iter()
            .map(|(name, _, example)| (name.to_owned(), example))
            .collect::<Map<_, _>>()
            .into()
    }

    /// Name, schema and example of each member of `data`.
    fn members(self) -> Vec<(&'static str, Value, Value)> {
        let mut members = attempt_members(self == Self::WebhookRecovered);
        let since = |types: Value| json!({"type": types, "format": "date-time", "description": "The first failure since the last success"});
        let since_example = json!("2026-03-01T08:00:00Z");
        match self {
            Self::DeliveryExhausted => {}
            Self::WebhookDisabled => {
                let reason = json!({"type": "string", "enum": ["gone", "failing"], "description": "The endpoint answered 410, or every attempt failed for too long"});
                members.push(("reason", reason, json!("failing")));
                members.push((
                    "failing_since",
                    since(json!(["string", "null"])),
                    since_example,
                ));
            }
            Self::WebhookFailing | Self::WebhookRecovered => {
                members.push(("failing_since", since(json!("string")), since_example));
            }
        }
        members
    }
}

/// What [`AttemptFacts`](super::AttemptFacts) holds, of an attempt that was a success or not.
fn attempt_members(success: bool) -> Vec<(&'static str, Value, Value)> {
    let (status, error) = if success {
        (json!(200), Value::Null)
    } else {
        (
            json!(503),
            json!("the endpoint answered 503 Service Unavailable"),
        )
    };
    let id = |what: &str| json!({"type": "string", "format": "uuid", "description": what});
    vec![
        (
            "webhook_id",
            id("The webhook"),
            json!("019ca8d2-8e00-7c55-b2e4-8f4d5a6b7c8d"),
        ),
        (
            "webhook_name",
            json!({"type": "string", "description": "Its name"}),
            json!("Orders"),
        ),
        (
            "delivery_id",
            id("The delivery that was attempted"),
            json!("019cbf1e-3a00-8d21-9c0e-1f2a3b4c5d6e"),
        ),
        (
            "event_id",
            id("The event that it carries"),
            json!("019cbf1e-3a00-7b10-8a2b-3c4d5e6f7a8b"),
        ),
        (
            "event_type",
            json!({"type": "string", "description": "That event's type"}),
            json!("order.created"),
        ),
        (
            "attempt_count",
            json!({"type": "integer", "minimum": 0, "description": "Attempts of the delivery so far"}),
            json!(5),
        ),
        (
            "status_code",
            json!({"type": ["integer", "null"], "description": "HTTP status of the attempt; null if no answer came"}),
            status,
        ),
        (
            "error_message",
            json!({"type": ["string", "null"], "description": "Why it failed; null if it did not"}),
            error,
        ),
    ]
}

impl FromStr for OperationalType {
    type Err = UnknownOperationalType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::of(text).ok_or(UnknownOperationalType)
    }
}

impl fmt::Display for OperationalType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
