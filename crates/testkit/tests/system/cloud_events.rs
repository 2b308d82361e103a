//! CloudEvents from either way in to every format out.

use posthorn_testkit::{ReceivedRequest, Receiver};
use serde_json::{Value, json};

use crate::{
    http::{Reply, send},
    stack::{ADMIN_KEY, Stack},
};

const SUBJECT: &str = "posthorn.events.default.user.created";

/// A webhook of each format, and what each got of one event.
struct Formats(Vec<(&'static str, Receiver)>);

impl Formats {
    async fn of(stack: &Stack) -> Self {
        let mut formats = Vec::new();
        for format in [
            "standard",
            "classic",
            "cloudevents",
            "cloudevents_binary",
            "raw",
        ] {
            let receiver = Receiver::start().await;
            stack
                .webhook(&receiver.url(), json!({"payload_format": format}))
                .await;
            formats.push((format, receiver));
        }
        Self(formats)
    }

    async fn got(&self, format: &str, count: usize) -> ReceivedRequest {
        let (_, receiver) = self.0.iter().find(|(name, _)| *name == format).unwrap();
        receiver.wait_for(count).await.pop().unwrap()
    }

    async fn json(&self, format: &str, count: usize) -> Value {
        serde_json::from_slice(&self.got(format, count).await.body).unwrap()
    }
}

async fn publish(stack: &Stack, headers: &[(&str, &str)], body: &str) -> Reply {
    let authorization = format!("Bearer {ADMIN_KEY}");
    let headers = [headers, &[("authorization", authorization.as_str())]].concat();
    let reply = send(
        stack.api.address(),
        "POST",
        "/api/v1/events",
        &headers,
        body,
    )
    .await;
    let reply = reply.unwrap();
    assert_eq!(reply.status, 202, "{reply:?}");
    reply
}

#[tokio::test]
async fn attributes_and_bytes_arrive_from_http_and_nats() {
    let stack = Stack::start().await;
    let formats = Formats::of(&stack).await;
    let structured = json!({
        "specversion": "1.0", "id": "ä 1", "source": "/shop", "type": "user.created", "subject": "s",
        "time": "2026-01-26T12:00:00Z", "datacontenttype": "application/vnd.user+json", "dataschema": "https://s/1",
        "flag": true, "count": -7, "text": "5 €", "when": "2026-01-26T13:00:00+01:00", "data": {"n": 1},
    });
    let mut wire = stack.nats_wire().await;
    for (index, way) in ["HTTP", "NATS"].into_iter().enumerate() {
        let count = index + 1;
        let body = structured.to_string();
        match way {
            "HTTP" => {
                let headers = [("content-type", "application/cloudevents+json")];
                publish(&stack, &headers, &body).await;
            }
            _ => {
                let headers = [("content-type", "application/cloudevents+json")];
                wire.publish(SUBJECT, &headers, body.as_bytes()).await;
            }
        }
        assert_eq!(
            formats.json("cloudevents", count).await,
            structured,
            "{way}"
        );
        let binary = formats.got("cloudevents_binary", count).await;
        for (name, value) in [
            ("content-type", "application/vnd.user+json"),
            ("ce-specversion", "1.0"),
            ("ce-id", "%C3%A4%201"),
            ("ce-source", "/shop"),
            ("ce-type", "user.created"),
            ("ce-subject", "s"),
            ("ce-time", "2026-01-26T12:00:00Z"),
            ("ce-dataschema", "https://s/1"),
            ("ce-flag", "true"),
            ("ce-count", "-7"),
            ("ce-text", "5%20%E2%82%AC"),
            ("ce-when", "2026-01-26T13:00:00+01:00"),
        ] {
            assert_eq!(binary.header(name), value, "{way}");
        }
        assert_eq!(binary.body[..], br#"{"n":1}"#[..]);
    }

    // Bytes: binary mode in on both ways.
    let headers = [
        ("ce-specversion", "1.0"),
        ("ce-id", "1"),
        ("ce-source", "/s"),
        ("ce-type", "user.created"),
        ("content-type", "image/png"),
    ];
    let reply = publish(&stack, &headers, "PNG!").await;
    let id = reply.body["events"][0]["id"].as_str().unwrap().to_owned();
    wire.publish(SUBJECT, &headers, b"PNG!").await;
    for count in [3, 4] {
        let binary = formats.got("cloudevents_binary", count).await;
        assert_eq!(binary.header("content-type"), "image/png");
        assert_eq!(binary.body[..], b"PNG!"[..]);
        for format in ["standard", "classic", "cloudevents", "raw"] {
            let body = formats.json(format, count).await;
            assert_eq!(body["data_base64"], "UE5HIQ==", "{format}: {body}");
            assert_eq!(body.get("data"), None, "{format}: {body}");
        }
    }
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 20)
        .await;
    let event = stack.get(&format!("/events/{id}")).await;
    assert_eq!(
        (&event["data"], &event["data_base64"]),
        (&Value::Null, &json!("UE5HIQ=="))
    );
    assert_eq!(event["cloud_event"]["datacontenttype"], "image/png");
    let deliveries = stack.get(&format!("/events/{id}/deliveries")).await;
    for delivery in deliveries["deliveries"].as_array().unwrap() {
        let path = format!("/deliveries/{}", delivery["id"].as_str().unwrap());
        let sent = &stack.get(&path).await["request_payload"];
        assert!(
            *sent == "PNG!" || sent["data_base64"] == "UE5HIQ==",
            "{sent}"
        );
    }
}

#[tokio::test]
async fn a_batch_over_nats_is_events_once_each() {
    let (stack, receiver) = (Stack::with_deliverers(2).await, Receiver::start().await);
    stack
        .webhook(
            &receiver.url(),
            json!({"payload_format": "cloudevents", "filter": "ce.zone == 'eu' and ce.n < 50"}),
        )
        .await;
    let mut wire = stack.nats_wire().await;
    let mut members: Vec<Value> = (0..100)
        .map(|n| {
            json!({
                "specversion": "1.0", "id": format!("{n}"), "source": "/s", "type": "user.created",
                "zone": "eu", "n": n, "data": n,
            })
        })
        .collect();
    members[70]["specversion"] = json!("0.3");
    let headers = [(
        "content-type",
        "application/cloudevents-batch+json; charset=utf-8",
    )];
    let body = Value::from(members).to_string();
    wire.publish(SUBJECT, &headers, body.as_bytes()).await;
    wire.publish(SUBJECT, &headers, b"[]").await;
    let requests = receiver.wait_for(50).await;
    let mut ids: Vec<u64> = requests
        .iter()
        .map(|request| {
            let event: Value = serde_json::from_slice(&request.body).unwrap();
            event["n"].as_u64().unwrap()
        })
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, Vec::from_iter(0..50));
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 50)
        .await;
    stack.rows("SELECT count(*) FROM dead_letters", 1).await;
    // The batches themselves are gone: what an event of them says lies in its own message alone.
    stack.messages("POSTHORN_EVENTS", ">", 99).await;
    let letters = stack.get("/dead-letters").await;
    let letter = &letters["dead_letters"][0];
    let reason = letter["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("[70] of a batch: specversion"),
        "{reason}"
    );
    assert_eq!(receiver.requests().len(), 50);
}
