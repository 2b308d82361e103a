//! The AsyncAPI document: what is published to NATS, what waits there, and what receivers get.

use axum::Json;
use posthorn_bus::subject;
use posthorn_domain::OperationalType;
use serde_json::{Map, Value, json};

/// What every tenant's name and every event type look like.
const TENANT: &str = "^[a-z0-9_-]{1,64}$";
const EVENT_TYPE: &str = r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$";

/// Answers with the document. It needs no key.
pub(crate) async fn asyncapi() -> Json<Value> {
    Json(document())
}

/// The AsyncAPI 3.0 document of this version.
pub fn document() -> Value {
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Posthorn",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Events go in over NATS JetStream (or HTTP, see openapi.json) and out to webhooks, signed.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "nats": {"host": "127.0.0.1:4222", "protocol": "nats", "description": "JetStream of nats-server 2.12 or later"},
        },
        "channels": channels(),
        "operations": operations(),
        "components": {"messages": messages(), "schemas": schemas()},
    })
}

fn channels() -> Value {
    let nats = json!([{"$ref": "#/servers/nats"}]);
    let message = |name: &str| json!({name: {"$ref": format!("#/components/messages/{name}")}});
    let mut events = message("event");
    if let Some(events) = events.as_object_mut() {
        events.extend(OperationalType::ALL.map(|each| {
            let name = each.as_str();
            (
                name.to_owned(),
                json!({"$ref": format!("#/components/messages/{name}")}),
            )
        }));
    }
    json!({
        "events": {
            "address": "posthorn.events.{tenant}.{event_type}",
            "description": format!("Every event, in the stream {}. Publish here, or over HTTP. What Posthorn says of itself (source `posthorn`) is here too, signed: what anybody else publishes under one of those four types is a dead letter.", subject::EVENTS_STREAM),
            "servers": nats,
            "parameters": {
                "tenant": {"description": format!("The tenant: {TENANT}"), "default": "default"},
                "event_type": {"description": format!("A dotted name of at most 128 characters: {EVENT_TYPE}"), "examples": ["user.created"]},
            },
            "messages": events,
        },
        "deadLetters": {
            "address": "posthorn.dead-letters.{tenant}.{webhook_id}",
            "description": format!("Deliveries that failed for good, in the stream {}.", subject::DEAD_LETTERS_STREAM),
            "servers": nats,
            "parameters": {
                "tenant": {"description": "The tenant"},
                "webhook_id": {"description": "The webhook; `malformed` for events that could not be read"},
            },
            "messages": message("deadLetter"),
        },
        "receiver": {
            "address": "{url}",
            "description": "The URL of a webhook: each delivery is one POST request there.",
            "parameters": {"url": {"description": "The webhook's URL"}},
            "messages": message("delivery"),
        },
    })
}

fn operations() -> Value {
    let channel = |name: &str| json!({"$ref": format!("#/channels/{name}")});
    let message = |channel: &str, name: &str| json!({"$ref": format!("#/channels/{channel}/messages/{name}")});
    let own: Vec<Value> = OperationalType::ALL
        .map(|each| message("events", each.as_str()))
        .into();
    json!({
        "receiveEvent": {
            "action": "receive", "channel": channel("events"),
            "summary": "Take an event that a service publishes",
            "messages": [message("events", "event")],
        },
        "sendOperationalEvent": {
            "action": "send", "channel": channel("events"),
            "summary": "Say what became of a webhook or a delivery",
            "messages": own,
        },
        "sendDeadLetter": {
            "action": "send", "channel": channel("deadLetters"),
            "summary": "Bury what could not be delivered or read",
            "messages": [message("deadLetters", "deadLetter")],
        },
        "sendDelivery": {
            "action": "send", "channel": channel("receiver"),
            "summary": "Deliver an event to a webhook",
            "messages": [message("receiver", "delivery")],
        },
    })
}

fn messages() -> Value {
    let mut messages = Map::from_iter([
        ("event".to_owned(), event()),
        ("deadLetter".to_owned(), dead_letter()),
        ("delivery".to_owned(), delivery()),
    ]);
    for each in OperationalType::ALL {
        let message = json!({
            "name": each.as_str(),
            "title": each.label(),
            "summary": each.description(),
            "payload": each.schema(),
            "examples": [{"name": each.as_str(), "payload": each.example()}],
        });
        messages.insert(each.as_str().to_owned(), message);
    }
    messages.into()
}

fn string(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn event() -> Value {
    json!({
        "title": "An event",
        "summary": "The body is the event's data: any JSON. CloudEvents 1.0 too: binary (`ce-` headers, data of any type), structured (`content-type: application/cloudevents+json`) or a batch of one type (`application/cloudevents-batch+json`).",
        "headers": {
            "type": "object",
            "properties": {
                "Nats-Msg-Id": string("A key that removes duplicates within two minutes"),
                "content-type": string("`application/cloudevents+json` or `application/cloudevents-batch+json`; of a CloudEvent in binary mode the type of its data: what is not JSON is taken as bytes"),
                "ce-id": string("CloudEvents: the publisher's id"),
                "ce-source": string("CloudEvents: who published it"),
                "ce-type": string("CloudEvents: the type, which is that of the subject"),
                "ce-time": {"type": "string", "format": "date-time", "description": "CloudEvents: when it happened"},
                "ce-subject": string("CloudEvents: what it happened to"),
                "ce-datacontenttype": string("CloudEvents: the type of the data, where `content-type` does not say it"),
                "ce-dataschema": string("CloudEvents: a URI of the data's schema"),
                "ce-specversion": {"type": "string", "const": "1.0"},
                "traceparent": string("W3C Trace Context, carried to the receiver"),
                "tracestate": string("W3C Trace Context, carried to the receiver"),
            },
            "patternProperties": {
                "^ce-[a-z0-9]+$": string("CloudEvents: an extension attribute, at most 64 and 4 KiB together"),
            },
        },
        "payload": {"description": "Any JSON value, at most 256 KiB; of a CloudEvent also bytes of another type"},
        "examples": [{"name": "plain", "payload": {"user_id": 7, "email": "ada@example.com"}}],
    })
}

fn dead_letter() -> Value {
    json!({
        "title": "A dead letter",
        "summary": "The event's data, or the bytes that could not be read, with the reason in the headers.",
        "headers": {
            "type": "object",
            "properties": {
                "Posthorn-Reason": string("Why"),
                "Posthorn-Event-Id": string("The event"),
                "Posthorn-Event-Type": string("Its type"),
                "Posthorn-Tenant": string("Its tenant"),
                "Posthorn-Webhook-Id": string("The webhook"),
                "Posthorn-Attempts": string("How many attempts were made"),
                "Posthorn-Last-Status": string("The status of the last answer"),
                "Posthorn-Subject": string("Where a message that could not be read was published"),
            },
        },
        "payload": {"description": "As it was published"},
    })
}

fn delivery() -> Value {
    json!({
        "title": "A delivered event",
        "summary": "The POST request that a receiver gets (payload_format `standard`), signed as Standard Webhooks 1.0 says.",
        "headers": {
            "type": "object",
            "required": ["webhook-id", "webhook-timestamp", "webhook-signature", "x-webhook-event", "x-webhook-delivery"],
            "properties": {
                "content-type": {"type": "string", "const": "application/json"},
                "user-agent": string("`Posthorn/<version>`"),
                "webhook-id": string("The event's id, the same on every attempt and replay"),
                "webhook-timestamp": string("Unix seconds of this attempt"),
                "webhook-signature": string("`v1,` and base64 of HMAC-SHA256 of `id.timestamp.body`; two during a rotation"),
                "x-webhook-signature": string("HMAC-SHA256 of the body; name and format are settings of the webhook"),
                "x-webhook-event": string("The event type"),
                "x-webhook-delivery": string("The delivery's id"),
                "traceparent": string("W3C Trace Context, where the publisher sent one"),
            },
        },
        "payload": {"$ref": "#/components/schemas/DeliveredEvent"},
        "examples": [{
            "name": "standard",
            "payload": {
                "id": "019ca8d2-8e00-7c55-b2e4-8f4d5a6b7c8d", "type": "user.created",
                "timestamp": "2025-01-26T12:00:00Z", "data": {"user_id": 7},
            },
        }],
    })
}

fn schemas() -> Value {
    json!({
        "DeliveredEvent": {
            "type": "object",
            "required": ["id", "type", "timestamp"],
            "oneOf": [{"required": ["data"]}, {"required": ["data_base64"]}],
            "properties": {
                "id": {"type": "string", "format": "uuid"},
                "type": {"type": "string", "pattern": EVENT_TYPE, "maxLength": 128},
                "timestamp": {"type": "string", "format": "date-time"},
                "data": {"description": "As it was published, byte for byte"},
                "data_base64": {
                    "type": "string", "contentEncoding": "base64",
                    "description": "In place of `data` what was published as a CloudEvent and is not JSON",
                },
            },
        },
    })
}
