//! Events that anybody publishes straight to NATS, well formed and not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use async_nats::{HeaderMap, jetstream};
use posthorn_bus::{
    Bus, BusConfig, DeadLetter, IncomingEvent, Malformed, subject::DEAD_LETTERS_STREAM,
};
use posthorn_testkit::TestNats;
use support::take;

struct Publisher {
    nats: TestNats,
    bus: Bus,
    jetstream: jetstream::Context,
}

impl Publisher {
    async fn new() -> Self {
        let nats = TestNats::start().await;
        let bus = support::bus(&nats).await;
        let client = async_nats::connect(nats.url()).await.unwrap();
        Self {
            bus,
            jetstream: jetstream::new(client),
            nats,
        }
    }

    /// Publishes and claims it, which is how the deliverer sees it.
    async fn event(
        &self,
        subject: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<IncomingEvent, Malformed> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, *value);
        }
        self.jetstream
            .publish_with_headers(subject.to_owned(), map, body.to_owned().into())
            .await
            .unwrap()
            .await
            .unwrap();
        let mut claims = self.bus.event_claims().await.unwrap();
        let claim = take(&mut claims, 1).await.remove(0);
        claim.handle.ack().await;
        self.bus.drain().await;
        claim.message
    }
}

const SUBJECT: &str = "posthorn.events.default.user.created";

#[tokio::test]
async fn a_plain_message_gets_an_id_that_never_changes() {
    let publisher = Publisher::new().await;
    let body = "{ \"a\" : 0.10 }";
    let event = publisher.event(SUBJECT, &[], body).await.unwrap().event;
    assert_eq!(event.tenant.as_str(), "default");
    assert_eq!(event.event_type.as_str(), "user.created");
    assert_eq!(event.data.as_str(), body);
    assert_eq!((&event.cloud_event, &event.trace), (&None, &None));
    // Neither the time nor the id depends on when or how it is read.
    assert_eq!(publisher.bus.event_at(1).await.unwrap().unwrap(), event);
    assert_eq!(event.id.as_uuid().get_version_num(), 7);
}

#[tokio::test]
async fn cloud_events_in_both_modes() {
    let publisher = Publisher::new().await;
    let binary = [
        ("CE-ID", "a%20b"),
        ("ce-source", "/shop"),
        ("ce-type", "user.created"),
        ("ce-time", "2025-01-26T13:00:00+01:00"),
        ("ce-specversion", "1.0"),
        (
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ),
    ];
    let event = publisher
        .event(SUBJECT, &binary, "[1]")
        .await
        .unwrap()
        .event;
    assert_eq!(event.timestamp.to_rfc3339(), "2025-01-26T12:00:00+00:00");
    let attributes = event.cloud_event.unwrap();
    assert_eq!(
        (attributes.id.as_str(), attributes.source.as_str()),
        ("a b", "/shop")
    );
    assert!(event.trace.is_some());
    // Without a body there is no data.
    let event = publisher.event(SUBJECT, &binary, "").await.unwrap().event;
    assert_eq!(event.data.as_str(), "null");

    let body = r#"{"specversion":"1.0","id":"7","source":"/s","type":"user.created","subject":"x",
        "time":"2025-01-26T12:00:00Z","ext":1,"data": {"n" : 1e400} }"#;
    for content_type in [
        "application/cloudevents+json",
        "application/CloudEvents+JSON; charset=utf-8",
    ] {
        let headers = [("Content-Type", content_type)];
        let event = publisher
            .event(SUBJECT, &headers, body)
            .await
            .unwrap()
            .event;
        assert_eq!(event.data.as_str(), r#"{"n" : 1e400}"#);
        let attributes = event.cloud_event.unwrap();
        assert_eq!(attributes.id, "7");
        assert_eq!(attributes.subject.as_deref(), Some("x"));
        assert_eq!(event.timestamp.to_rfc3339(), "2025-01-26T12:00:00+00:00");
    }
}

type Headers = &'static [(&'static str, &'static str)];
type Case<'a> = (&'a str, Headers, &'a str, &'a str);

#[tokio::test]
async fn what_cannot_be_read_says_why_and_stops_nothing() {
    let publisher = Publisher::new().await;
    const STRUCTURED: Headers = &[("content-type", "application/cloudevents+json")];
    let large = format!(
        "\"{}\"",
        "x".repeat(BusConfig::default().event_data_bytes_max)
    );
    // Subject, headers, body; then a part of the reason.
    let cases: &[Case<'_>] = &[
        (SUBJECT, &[], "{", "not a JSON value"),
        (SUBJECT, &[], "", "not a JSON value"),
        (SUBJECT, &[], &large, "262146 bytes"),
        ("posthorn.events.Acme.user.created", &[], "1", "tenant"),
        ("posthorn.events.default", &[], "1", "names no event type"),
        (
            "posthorn.events.default.user.cr%ated",
            &[],
            "1",
            "event type",
        ),
        (SUBJECT, &[("ce-type", "user.deleted")], "1", "differs"),
        (SUBJECT, &[("ce-id", "1")], "1", "ce-source"),
        (SUBJECT, &[("ce-time", "yesterday")], "1", "RFC 3339"),
        (
            SUBJECT,
            &[("ce-id", "1"), ("ce-source", "posthorn")],
            "1",
            "only Posthorn itself",
        ),
        (SUBJECT, STRUCTURED, "[]", "CloudEvent"),
        (
            SUBJECT,
            STRUCTURED,
            r#"{"specversion":"1.0","id":"1","source":"/","type":"x"}"#,
            "differs",
        ),
    ];
    for (subject, headers, body, reason) in cases {
        let malformed = publisher.event(subject, headers, body).await.unwrap_err();
        assert!(
            malformed.reason.contains(reason),
            "{}: {reason}",
            malformed.reason
        );
        assert_eq!(malformed.subject, *subject);
        assert_eq!(malformed.raw, *body);
        publisher
            .bus
            .bury(&DeadLetter::Malformed(malformed))
            .await
            .unwrap();
    }
    let buried = support::stream_messages(&publisher.nats, DEAD_LETTERS_STREAM).await;
    assert_eq!(buried, u64::try_from(cases.len()).unwrap());
    assert!(publisher.event(SUBJECT, &[], "1").await.is_ok());
}

/// Without a key nothing is Posthorn's own, whatever a message says of itself.
#[tokio::test]
async fn an_operational_event_that_nobody_signed_is_malformed() {
    let publisher = Publisher::new().await;
    let id = support::event(1).id.to_string();
    let headers = [
        ("Posthorn-Event-Id", id.as_str()),
        ("Posthorn-Timestamp", "2025-01-26T12:00:00Z"),
        ("Posthorn-Signature", "v1,00000000,1737892800,AAAA"),
        ("ce-id", id.as_str()),
        ("ce-source", "posthorn"),
        ("ce-subject", id.as_str()),
        ("ce-type", "webhook.failing"),
    ];
    let subject = "posthorn.events.default.webhook.failing";
    for (count, foreign) in [(0, false), (2, false), (7, true)] {
        let malformed = publisher.event(subject, &headers[..count], "{}").await;
        let malformed = malformed.unwrap_err();
        assert!(
            malformed.reason.contains("Posthorn"),
            "{}",
            malformed.reason
        );
        // It names a key: who has that may know better.
        assert_eq!(malformed.readable_elsewhere, foreign);
        assert_eq!(malformed.tenant.unwrap().as_str(), "default");
    }
    let other = "posthorn.events.default.webhook.created";
    assert!(publisher.event(other, &[], "1").await.is_ok());
}

/// What just fits the server does not fit it any more with the headers of a dead letter.
#[tokio::test]
async fn the_largest_message_can_be_buried_too() {
    let publisher = Publisher::new().await;
    let malformed = publisher
        .event(SUBJECT, &[], &"x".repeat(1_048_576))
        .await
        .unwrap_err();
    publisher
        .bus
        .bury(&DeadLetter::Malformed(malformed))
        .await
        .unwrap();
    let stream = publisher
        .jetstream
        .get_stream(DEAD_LETTERS_STREAM)
        .await
        .unwrap();
    let message = stream.direct_get(1).await.unwrap();
    assert!(message.payload.len() > 1_040_000);
    let truncated = message
        .headers
        .get("Posthorn-Truncated")
        .map(|v| v.as_str());
    assert_eq!(truncated, Some("1048576"));
}
