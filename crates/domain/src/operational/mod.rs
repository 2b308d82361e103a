//! What Posthorn says of itself: events of the tenant concerned, published and delivered like any other, so that a
//! webhook can subscribe to them.
//!
//! They are known by their type ([`OperationalType`]): these four types are Posthorn's own. Nobody else can publish
//! them, over HTTP (422) or over NATS, where a [signature](OperationalKeys) tells a genuine one from one that somebody
//! else published. Their CloudEvents source is [`OPERATIONAL_SOURCE`], their CloudEvents subject the webhook that they
//! are about. Two rules keep them from feeding on themselves:
//!
//! - A delivery of an operational event never causes another operational event ([`Event::is_operational`]). It counts
//!   for the state of its webhook like any delivery, in silence.
//! - `*` does not include them. A webhook that wants them names the type, or a prefix of it.
//!
//! They hold no URL and no payload: either may be a credential.

mod kind;
mod signature;

use bytes::Bytes;
use serde::Serialize;

use crate::{
    clock::Timestamp,
    cloud_event::CloudEventAttributes,
    event::{Event, JsonText},
    event_type::EventType,
    ids::{DeliveryId, EventId, WebhookId},
    tenant::TenantId,
    webhook::DisabledReason,
};

pub use kind::{OperationalType, UnknownOperationalType};
pub use signature::{NotGenuine, OperationalKeys, SignedParts};

/// CloudEvents `source` of every operational event, and of no other that Posthorn publishes.
pub const OPERATIONAL_SOURCE: &str = "posthorn";

/// The attempt that an operational event came from, as the event's `data` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttemptFacts {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// Its name at that time.
    pub webhook_name: String,
    /// The delivery that was attempted.
    pub delivery_id: DeliveryId,
    /// The event that it carries.
    pub event_id: EventId,
    /// That event's type.
    pub event_type: EventType,
    /// Attempts of the delivery so far.
    pub attempt_count: u32,
    /// HTTP status of the attempt, if an answer came.
    pub status_code: Option<u16>,
    /// Why it failed, if it did.
    pub error_message: Option<String>,
}

/// Something that Posthorn says of itself; serialized, the event's `data`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum OperationalEvent {
    /// A delivery failed for good.
    DeliveryExhausted(AttemptFacts),
    /// Posthorn disabled a webhook.
    WebhookDisabled {
        /// The attempt that decided it.
        #[serde(flatten)]
        attempt: AttemptFacts,
        /// Why.
        reason: DisabledReason,
        /// The first failure since the last success, where that is the reason.
        failing_since: Option<Timestamp>,
    },
    /// Several attempts in a row failed.
    WebhookFailing {
        /// The last of them.
        #[serde(flatten)]
        attempt: AttemptFacts,
        /// The first failure since the last success.
        failing_since: Timestamp,
    },
    /// The first success of a webhook that was failing.
    WebhookRecovered {
        /// The success.
        #[serde(flatten)]
        attempt: AttemptFacts,
        /// The first failure of those that are over now.
        failing_since: Timestamp,
    },
}

impl OperationalEvent {
    /// Its event type.
    pub const fn kind(&self) -> OperationalType {
        match self {
            Self::DeliveryExhausted(_) => OperationalType::DeliveryExhausted,
            Self::WebhookDisabled { .. } => OperationalType::WebhookDisabled,
            Self::WebhookFailing { .. } => OperationalType::WebhookFailing,
            Self::WebhookRecovered { .. } => OperationalType::WebhookRecovered,
        }
    }

    /// The webhook that it is about.
    pub const fn webhook(&self) -> WebhookId {
        match self {
            Self::DeliveryExhausted(attempt)
            | Self::WebhookDisabled { attempt, .. }
            | Self::WebhookFailing { attempt, .. }
            | Self::WebhookRecovered { attempt, .. } => attempt.webhook_id,
        }
    }

    /// The event to publish.
    pub fn into_event(self, id: EventId, tenant: TenantId, at: Timestamp) -> Event {
        // Text, numbers and nothing else: it cannot fail to serialize.
        let data = serde_json::to_vec(&self).unwrap_or_else(|_| b"null".to_vec());
        operational_event(
            id,
            tenant,
            self.kind(),
            self.webhook(),
            at,
            JsonText::from_trusted(Bytes::from(data)),
        )
    }
}

/// An operational event put together again from its stored parts.
pub fn operational_event(
    id: EventId,
    tenant: TenantId,
    kind: OperationalType,
    about: WebhookId,
    at: Timestamp,
    data: JsonText,
) -> Event {
    Event {
        id,
        tenant,
        event_type: kind.event_type(),
        timestamp: at,
        data,
        cloud_event: Some(CloudEventAttributes {
            id: id.to_string(),
            source: OPERATIONAL_SOURCE.to_owned(),
            subject: Some(about.to_string()),
            more: None,
        }),
        trace: None,
    }
}

impl Event {
    /// Whether it is what Posthorn says of itself.
    pub fn is_operational(&self) -> bool {
        self.event_type.is_operational()
    }

    /// The webhook that an operational event is about; `None` for any other event.
    pub fn about(&self) -> Option<WebhookId> {
        let attributes = self.cloud_event.as_ref()?;
        let subject = attributes.subject.as_deref()?;
        subject.parse().ok().filter(|_| self.is_operational())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::*;

    fn facts() -> AttemptFacts {
        AttemptFacts {
            webhook_id: "01941f29-7c00-7000-8000-000000000001".parse().unwrap(),
            webhook_name: "Orders".to_owned(),
            delivery_id: "01941f29-7c00-8000-8000-000000000002".parse().unwrap(),
            event_id: "01941f29-7c00-7000-8000-000000000003".parse().unwrap(),
            event_type: "order.created".parse().unwrap(),
            attempt_count: 5,
            status_code: Some(503),
            error_message: Some("the endpoint answered 503 Service Unavailable".to_owned()),
        }
    }

    fn each() -> [OperationalEvent; 4] {
        let since = "2026-03-01T08:00:00Z".parse().unwrap();
        [
            OperationalEvent::DeliveryExhausted(facts()),
            OperationalEvent::WebhookDisabled {
                reason: DisabledReason::Failing,
                failing_since: Some(since),
                attempt: facts(),
            },
            OperationalEvent::WebhookFailing {
                failing_since: since,
                attempt: facts(),
            },
            OperationalEvent::WebhookRecovered {
                failing_since: since,
                attempt: facts(),
            },
        ]
    }

    fn data(event: OperationalEvent) -> Value {
        let event = event.into_event(
            "01941f29-7c00-7000-8000-000000000009".parse().unwrap(),
            TenantId::default_tenant(),
            "2026-03-06T08:00:00Z".parse().unwrap(),
        );
        serde_json::from_str(event.data.as_str()).unwrap()
    }

    /// What the documents promise is what is published: the same members, and none beside them.
    #[test]
    fn each_has_the_members_of_its_schema_and_example() {
        for event in each() {
            let kind = event.kind();
            let (data, schema, example) = (data(event), kind.schema(), kind.example());
            let members = |value: &Value| {
                let names = value.as_object().unwrap().keys().cloned();
                names.collect::<BTreeSet<_>>()
            };
            let required: BTreeSet<String> = schema["required"]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap().to_owned())
                .collect();
            assert_eq!(schema["additionalProperties"], json!(false));
            assert_eq!(members(&schema["properties"]), required, "{kind}");
            for value in [&data, &example] {
                assert_eq!(members(value), required, "{kind}");
                for (name, value) in value.as_object().unwrap() {
                    assert!(fits(value, &schema["properties"][name]), "{kind}: {name}");
                }
            }
        }
    }

    fn fits(value: &Value, schema: &Value) -> bool {
        let of_type = |name: &str| match name {
            "string" => value.is_string(),
            "integer" => value.is_u64(),
            "null" => value.is_null(),
            other => panic!("{other}"),
        };
        let typed = match &schema["type"] {
            Value::String(name) => of_type(name),
            Value::Array(names) => names.iter().any(|name| of_type(name.as_str().unwrap())),
            other => panic!("{other}"),
        };
        typed
            && schema["enum"]
                .as_array()
                .is_none_or(|values| values.contains(value))
    }

    #[test]
    fn it_is_known_by_its_type_and_not_by_what_a_publisher_says() {
        let [event, ..] = each();
        let about = event.webhook();
        let event = event.into_event(
            "01941f29-7c00-7000-8000-000000000009".parse().unwrap(),
            TenantId::default_tenant(),
            "2026-03-06T08:00:00Z".parse().unwrap(),
        );
        assert!(event.is_operational());
        assert_eq!(event.about(), Some(about));
        // Its source is anybody's to choose: one that says `posthorn` hides no failure of its deliveries.
        let ordinary = Event {
            event_type: "order.created".parse().unwrap(),
            ..event
        };
        assert!(!ordinary.is_operational());
        assert_eq!(ordinary.about(), None);
    }

    #[test]
    fn a_name_reads_back() {
        for kind in OperationalType::ALL {
            assert_eq!(kind.as_str().parse::<OperationalType>().unwrap(), kind);
            assert_eq!(kind.event_type().as_str(), kind.as_str());
        }
        assert!("webhook.created".parse::<OperationalType>().is_err());
    }
}
