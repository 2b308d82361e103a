//! CloudEvents that anybody publishes straight to NATS, and what an api makes of those that came over HTTP: every attribute,
//! data of any type, batches.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use async_nats::{HeaderMap, jetstream};
use bytes::Bytes;
use posthorn_bus::{
    Bus, BusConfig, CloudEvent, DeadLetter, IncomingEvent, Malformed,
    subject::{DEAD_LETTERS_STREAM, EVENTS_STREAM},
};
use posthorn_domain::{CloudEventAttributes, Event};
use posthorn_testkit::TestNats;
use support::{DEADLINE, outgoing, take};

const SUBJECT: &str = "posthorn.events.default.user.created";
const BATCH: [(&str, &str); 1] = [("content-type", "application/cloudevents-batch+json")];

async fn publish(nats: &TestNats, headers: &[(&str, &str)], body: impl Into<Bytes>) {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, *value);
    }
    jetstream::new(client)
        .publish_with_headers(SUBJECT, map, body.into())
        .await
        .unwrap()
        .await
        .unwrap();
}

async fn claim(bus: &Bus) -> Result<IncomingEvent, Malformed> {
    let mut claims = bus.event_claims().await.unwrap();
    let claim = take(&mut claims, 1).await.remove(0);
    claim.handle.ack().await;
    bus.drain().await;
    claim.message
}

async fn read(headers: &[(&str, &str)], body: impl Into<Bytes>) -> Result<Event, Malformed> {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    publish(&nats, headers, body).await;
    claim(&bus).await.map(|incoming| incoming.event)
}

fn stored(attributes: Option<CloudEventAttributes>) -> String {
    attributes.unwrap().more.unwrap().to_stored()
}

#[tokio::test]
async fn every_attribute_is_kept_from_headers() {
    let event = read(
        &[
            ("ce-specversion", "1.0"),
            ("ce-id", "\"a \\\"b\\\"\""),
            ("CE-Source", "/sh%C3%B6p"),
            ("ce-time", "\"2025-01-26T12:00:00Z\""),
            ("ce-datacontenttype", "application/vnd.x+json"),
            ("ce-dataschema", "https://s/1"),
            ("CE-ZONE", "eu"),
            ("ce-flag", "true"),
            // Anybody could write it.
            ("Posthorn-Attributes", r#"{"extensions":{"forged":true}}"#),
        ],
        "{\"n\": 0.10}",
    )
    .await
    .unwrap();
    let attributes = event.cloud_event.clone().unwrap();
    assert_eq!(attributes.id, "a \"b\"");
    assert_eq!(attributes.source, "/shöp");
    assert_eq!(event.timestamp.to_rfc3339(), "2025-01-26T12:00:00+00:00");
    assert_eq!(
        stored(event.cloud_event),
        r#"{"datacontenttype":"application/vnd.x+json","dataschema":"https://s/1","extensions":{"flag":"true","zone":"eu"}}"#
    );
    assert_eq!(event.data.as_str(), "{\"n\": 0.10}");
}

#[tokio::test]
async fn data_that_is_not_json_is_bytes() {
    let of_type = [
        ("ce-id", "1"),
        ("ce-source", "/s"),
        ("content-type", "image/png"),
    ];
    let event = read(&of_type, &b"\x89PNG"[..]).await.unwrap();
    assert_eq!(event.data.as_str(), "\"iVBORw==\"");
    assert!(event.cloud_event.unwrap().data_is_bytes());
    // The limit is of what was published.
    let large = vec![b'x'; BusConfig::default().event_data_bytes_max];
    assert!(read(&of_type, large.clone()).await.is_ok());
    let too_large = read(&of_type, [large, vec![b'x']].concat())
        .await
        .unwrap_err();
    assert!(
        too_large.reason.contains("262145 bytes"),
        "{}",
        too_large.reason
    );
}

#[tokio::test]
async fn what_breaks_the_rules_says_why() {
    let many: Vec<String> = (0..65).map(|n| format!("ce-x{n}")).collect();
    let mut too_many = vec![("ce-id", "1"), ("ce-source", "/s")];
    too_many.extend(many.iter().map(|name| (name.as_str(), "1")));
    let large = "x".repeat(4_097);
    let with = |name, value| vec![("ce-id", "1"), ("ce-source", "/s"), (name, value)];
    for (headers, body, reason) in [
        (
            with("ce-specversion", "0.3"),
            "1",
            "ce-specversion must be 1.0",
        ),
        (
            vec![("ce-specversion", "1.0")],
            "1",
            "ce-id and ce-source are required",
        ),
        (
            vec![("ce-id", ""), ("ce-source", "/s")],
            "1",
            "ce-id and ce-source are required",
        ),
        (with("ce-a_b", "1"), "1", "ce-a_b: names of attributes"),
        (
            with("ce-large", &large),
            "1",
            "ce-large: datacontenttype, dataschema",
        ),
        (
            with("content-type", "application/json"),
            "{",
            "which its content type says",
        ),
        (with("ce-x", "1"), "{", "no content type says what else"),
        (
            with("content-type", "application/cloudevents+xml"),
            "<e/>",
            "only JSON can",
        ),
        (too_many, "1", "at most 64 extension attributes"),
    ] {
        let malformed = read(&headers, body.to_owned()).await.unwrap_err();
        assert!(
            malformed.reason.contains(reason),
            "{}: {reason}",
            malformed.reason
        );
    }
}

/// What an api publishes of a CloudEvent is claimed as it was, with types, and survives a hand-over.
#[tokio::test]
async fn an_api_loses_nothing() {
    let json = r#"{"specversion":"1.0","id":"1","source":"/s","type":"user.created","datacontenttype":"image/png",
        "flag":true,"count":-5,"text":"5","data_base64":"iVBORw=="}"#;
    let read = CloudEvent::parse(json.as_bytes()).unwrap();
    let event = Event {
        cloud_event: Some(read.attributes),
        data: read.data,
        ..support::event(1)
    };
    for is_known in [true, false] {
        let nats = TestNats::start().await;
        let bus = support::bus(&nats).await;
        let publisher = if is_known {
            bus.clone()
        } else {
            // Nobody told it the key yet, so it publishes like anybody else.
            let config = BusConfig {
                servers: vec![nats.url()],
                ..BusConfig::default()
            };
            Bus::connect(config).await.unwrap()
        };
        publisher
            .publish_event(&outgoing(event.clone()))
            .await
            .unwrap();
        let claimed = claim(&bus).await.unwrap().event;
        assert_eq!(claimed.cloud_event, event.cloud_event, "{is_known}");
        assert_eq!(claimed.data, event.data);
        assert_eq!(claimed.id == event.id, is_known);
    }
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    bus.bury(&DeadLetter::Delivery {
        event: event.clone().into(),
        webhook: support::webhook(1),
        attempts: 1,
        last_status: None,
        reason: "test".to_owned(),
        claim: None,
    })
    .await
    .unwrap();
    let id = posthorn_domain::DeliveryId::derive(event.id, support::webhook(1));
    let letter = bus.dead_letter(id.into(), 1).await.unwrap().unwrap();
    let buried = letter.event.unwrap();
    assert_eq!(
        (buried.cloud_event, buried.data),
        (event.cloud_event, event.data)
    );
}

fn member(id: &str, more: &str) -> String {
    format!(r#"{{"specversion":"1.0","id":"{id}","source":"/s","type":"user.created"{more}}}"#)
}

#[tokio::test]
async fn a_batch_becomes_events_and_dead_letters() {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let headers = [BATCH[0], ("traceparent", trace)];
    let body = format!(
        "\u{feff}[{}, {}, {}, 7]",
        member("a", r#","data":{"n": 0.10}"#),
        r#"{"specversion":"1.0","id":"b","source":"/s","type":"other"}"#,
        member(
            "c",
            r#","datacontenttype":"image/png","data_base64":"iVBORw==","flag":true"#
        ),
    );
    publish(&nats, &headers, body).await;
    let mut malformed = claim(&bus).await.unwrap_err();
    let batch = malformed.take_batch().unwrap();
    // Twice, as after a crash: it is the same.
    let first = bus.publish_batch(&batch).await.unwrap();
    let second = bus.publish_batch(&batch).await.unwrap();
    assert_eq!(first, second);
    for one in first.into_iter().chain(second) {
        bus.bury(&DeadLetter::Malformed(one)).await.unwrap();
    }
    assert_eq!(support::stream_messages(&nats, EVENTS_STREAM).await, 3);
    assert_eq!(
        support::stream_messages(&nats, DEAD_LETTERS_STREAM).await,
        2
    );

    let mut claims = bus.event_claims().await.unwrap();
    let claimed = tokio::time::timeout(DEADLINE, take(&mut claims, 2))
        .await
        .unwrap();
    let events: Vec<Event> = claimed
        .into_iter()
        .map(|claim| claim.message.unwrap().event)
        .collect();
    let ids: Vec<_> = events
        .iter()
        .map(|e| e.cloud_event.as_ref().unwrap().id.as_str())
        .collect();
    assert_eq!(ids, ["a", "c"]);
    assert_eq!(events[0].data.as_str(), r#"{"n": 0.10}"#);
    assert_eq!(events[1].data.as_str(), "\"iVBORw==\"");
    assert_eq!(
        stored(events[1].cloud_event.clone()),
        r#"{"datacontenttype":"image/png","extensions":{"flag":true},"data_base64":true}"#
    );
    assert_eq!(events[0].trace.as_ref().unwrap().traceparent, trace);
    assert_ne!(events[0].id, events[1].id);
    // The ids follow from the batch's place.
    assert_eq!(events[0].id.time(), events[1].id.time());
    for event in &events {
        assert_eq!(event.id.as_uuid().get_version_num(), 7);
    }
}

#[tokio::test]
async fn what_is_no_batch_is_one_dead_letter() {
    let too_many = format!("[{}]", vec!["1"; 1_001].join(","));
    for (body, reason) in [
        ("{}", "not a batch"),
        ("[1,", "not a batch"),
        (&too_many, "at most 1000 events"),
    ] {
        let mut malformed = read(&BATCH, body.to_owned()).await.unwrap_err();
        assert!(malformed.take_batch().is_none());
        assert!(malformed.reason.contains(reason), "{}", malformed.reason);
    }
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    publish(&nats, &BATCH, "[]").await;
    let batch = claim(&bus).await.unwrap_err().take_batch().unwrap();
    assert_eq!(bus.publish_batch(&batch).await.unwrap(), []);
    assert_eq!(support::stream_messages(&nats, EVENTS_STREAM).await, 1);
}
