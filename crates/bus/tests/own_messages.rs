//! What tells an api's messages from those that others publish: the ids and the idempotency keys of one are nobody else's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use async_nats::{HeaderMap, jetstream};
use bytes::Bytes;
use posthorn_bus::{Accepted, Bus, BusConfig, OutgoingEvent, OwnMessages, Repeated};
use posthorn_domain::{Event, EventId, MessageKey, TenantId, Timestamp};
use posthorn_testkit::TestNats;
use support::{KEY, config, event, now, outgoing, take};

const SUBJECT: &str = "posthorn.events.default.user.created";

/// Somebody who may publish on NATS, and read what is there.
struct Stranger(jetstream::Context);

impl Stranger {
    async fn on(nats: &TestNats) -> Self {
        let client = async_nats::connect(nats.url()).await.unwrap();
        Self(jetstream::new(client))
    }

    async fn publish(&self, subject: &str, headers: HeaderMap, body: impl Into<Bytes>) {
        let sent = self
            .0
            .publish_with_headers(subject.to_owned(), headers, body.into());
        sent.await.unwrap().await.unwrap();
    }

    /// The headers of a message, but for those of the server.
    async fn headers_of(&self, sequence: u64) -> HeaderMap {
        let stream = self.0.get_stream("POSTHORN_EVENTS").await.unwrap();
        let message = stream.get_raw_message(sequence).await.unwrap();
        let mut headers = HeaderMap::new();
        for (name, values) in message.headers.iter() {
            let name: &str = name.as_ref();
            if !name.starts_with("Nats-") {
                headers.insert(name, values[0].as_str());
            }
        }
        headers
    }
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.insert(*name, *value);
    }
    headers
}

/// The next event, as a deliverer reads it.
async fn read(bus: &Bus) -> Event {
    let mut claims = bus.event_claims().await.unwrap();
    let claim = take(&mut claims, 1).await.remove(0);
    claim.handle.ack().await;
    bus.drain().await;
    claim.message.unwrap().event
}

fn keyed(n: u64, tenant: &str, key: &str) -> OutgoingEvent {
    let mut event = event(n);
    event.tenant = tenant.parse().unwrap();
    OutgoingEvent {
        idempotency_key: Some(key.parse().unwrap()),
        ..outgoing(event)
    }
}

/// Publishes an event, and tells what became of it, as the api does.
async fn publish(bus: &Bus, event: &OutgoingEvent) -> Repeated {
    let accepted = bus.publish_event(event).await.unwrap();
    if accepted.duplicate {
        bus.repeated(event, accepted).await.unwrap()
    } else {
        Repeated::Stored(accepted)
    }
}

#[track_caller]
fn same(repeated: &Repeated) -> EventId {
    match repeated {
        Repeated::Same(first) => first.id,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn stored(repeated: &Repeated) -> Accepted {
    match repeated {
        Repeated::Stored(accepted) => *accepted,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_id_is_the_apis_only_if_it_tells_the_time() {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    for (hours, taken) in [
        (0, true),
        (23, true),
        (-23, true),
        (25, false),
        (-25, false),
    ] {
        let at = now() - chrono::TimeDelta::hours(hours);
        let ns = u64::try_from(at.timestamp_nanos_opt().unwrap()).unwrap();
        let mut event = event(1);
        event.id = EventId::from_stream_position(ns, 77);
        bus.publish_event(&outgoing(event.clone())).await.unwrap();
        assert_eq!(read(&bus).await.id == event.id, taken, "{hours}");
    }
}

#[tokio::test]
async fn what_posthorn_makes_for_itself_is_ignored_in_what_others_publish() {
    let nats = TestNats::start().await;
    let (bus, stranger) = (support::bus(&nats).await, Stranger::on(&nats).await);
    let id = event(1).id.to_string();
    let pairs = [
        ("Posthorn-Event-Id", id.as_str()),
        ("Posthorn-Timestamp", "2025-01-26T12:00:00Z"),
        ("Posthorn-Request-Id", "r"),
        ("Posthorn-Signature", "e1,AAAA"),
    ];
    for count in 1..=pairs.len() {
        let headers = headers(&pairs[..count]);
        stranger.publish(SUBJECT, headers, "1").await;
        let mut claims = bus.event_claims().await.unwrap();
        let claim = take(&mut claims, 1).await.remove(0);
        claim.handle.ack().await;
        bus.drain().await;
        let read = claim.message.unwrap();
        assert_ne!(read.event.id.to_string(), id);
        assert!((now() - read.event.timestamp).num_minutes() < 5);
        assert_eq!(read.request_id, None);
    }
}

/// Of a copy nothing can be changed but what makes it an event of its own.
#[tokio::test]
async fn an_id_cannot_be_copied_to_another_event() {
    let nats = TestNats::start().await;
    let (bus, stranger) = (support::bus(&nats).await, Stranger::on(&nats).await);
    let mut said = event(1);
    said.cloud_event = Some(posthorn_domain::CloudEventAttributes {
        id: "a b".to_owned(),
        source: "/shop".to_owned(),
        subject: None,
        more: None,
    });
    let published = OutgoingEvent {
        request_id: Some("r-1".into()),
        ..outgoing(said.clone())
    };
    let accepted = bus.publish_event(&published).await.unwrap();
    let first = read(&bus).await;
    assert_eq!(first.id, said.id);
    let copied = stranger.headers_of(accepted.sequence).await;
    let body = said.data.as_str().to_owned();
    // The whole of it is the same event.
    stranger
        .publish(SUBJECT, copied.clone(), body.clone())
        .await;
    assert_eq!(read(&bus).await, first);
    let with = |name: &str, value: &str| {
        let mut headers = copied.clone();
        headers.insert(name, value);
        headers
    };
    for (subject, headers, body) in [
        (
            "posthorn.events.other.user.created",
            copied.clone(),
            body.as_str(),
        ),
        (SUBJECT, copied.clone(), "2"),
        (SUBJECT, with("ce-source", "/other"), body.as_str()),
        (SUBJECT, with("ce-subject", "s"), body.as_str()),
        (
            SUBJECT,
            with("Posthorn-Timestamp", "2025-01-26T12:00:00Z"),
            body.as_str(),
        ),
        (SUBJECT, with("Posthorn-Request-Id", "r-2"), body.as_str()),
    ] {
        stranger.publish(subject, headers, body.to_owned()).await;
        assert_ne!(read(&bus).await.id, first.id, "{subject} {body}");
    }
}

#[tokio::test]
async fn a_key_that_can_be_guessed_occupies_nothing() {
    let nats = TestNats::start().await;
    let (bus, stranger) = (support::bus(&nats).await, Stranger::on(&nats).await);
    for name in ["http:default:k", "default:k", "k"] {
        let headers = headers(&[("Nats-Msg-Id", name)]);
        stranger
            .publish("posthorn.events.other.a", headers, "1")
            .await;
    }
    let event = keyed(1, "default", "k");
    stored(&publish(&bus, &event).await);
    assert_eq!(same(&publish(&bus, &event).await), event.event.id);
    // Another tenant's key is another key.
    stored(&publish(&bus, &keyed(2, "other", "k")).await);
}

/// Such as one that was seen on the stream, and is free again when the window is over.
#[tokio::test]
async fn a_name_that_somebody_sits_on_is_given_up_for_the_next() {
    let nats = TestNats::start().await;
    let (bus, stranger) = (support::bus(&nats).await, Stranger::on(&nats).await);
    let key = MessageKey::new(&KEY);
    let name = key.name(&TenantId::default_tenant(), "k", 0);
    let event = keyed(1, "default", "k");
    // As it will be published, so that only its signature tells them apart.
    let body = event.event.data.as_str().to_owned();
    stranger
        .publish(SUBJECT, headers(&[("Nats-Msg-Id", &name)]), body)
        .await;
    assert_eq!(stored(&publish(&bus, &event).await).sequence, 2);
    assert_eq!(same(&publish(&bus, &event).await), event.event.id);
}

#[tokio::test]
async fn a_key_belongs_to_one_type_and_data() {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    let first = keyed(1, "default", "k");
    stored(&publish(&bus, &first).await);
    let mut spaced = keyed(1, "default", "k");
    spaced.event.data = support::json("{ \"n\" : 1 }");
    assert_eq!(same(&publish(&bus, &spaced).await), first.event.id);
    let mut other_type = keyed(1, "default", "k");
    other_type.event.event_type = "user.deleted".parse().unwrap();
    for other in [keyed(2, "default", "k"), other_type] {
        match publish(&bus, &other).await {
            Repeated::Other(event) => assert_eq!(event.id, first.event.id),
            became => panic!("{became:?}"),
        }
    }
    assert_eq!(support::stream_messages(&nats, "POSTHORN_EVENTS").await, 1);
}

/// A bus beside the release before, which is being replaced until then.
async fn beside_the_release_before(nats: &TestNats, until: Timestamp) -> Bus {
    let config = BusConfig {
        own_messages: OwnMessages::default(),
        ..config(nats)
    };
    config
        .own_messages
        .learn(MessageKey::new(&KEY), Some(until));
    let bus = Bus::connect(config).await.unwrap();
    bus.ensure_topology().await.unwrap();
    bus
}

#[tokio::test]
async fn what_the_release_before_published_is_believed_until_it_is_replaced() {
    let nats = TestNats::start().await;
    let hour = chrono::TimeDelta::hours(1);
    let before = Stranger::on(&nats).await;
    for (until, believed) in [(now() + hour, true), (now() - hour, false)] {
        let bus = beside_the_release_before(&nats, until).await;
        let (said, key) = (event(1), format!("k{believed}"));
        let id = said.id.to_string();
        let name = format!("http:default:{key}");
        let pairs = [
            ("Posthorn-Event-Id", id.as_str()),
            ("Posthorn-Timestamp", "2025-01-26T12:00:00Z"),
            ("Nats-Msg-Id", name.as_str()),
        ];
        let body = said.data.as_str().to_owned();
        before.publish(SUBJECT, headers(&pairs), body).await;
        assert_eq!(read(&bus).await.id == said.id, believed, "{until}");
        // A client that goes on with this release finds its event.
        let again = publish(&bus, &keyed(1, "default", &key)).await;
        if believed {
            assert_eq!(same(&again), said.id);
        } else {
            stored(&again);
            read(&bus).await;
        }
    }
}
