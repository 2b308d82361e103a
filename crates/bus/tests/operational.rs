//! Operational events on the stream: which are taken for Posthorn's own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use async_nats::{HeaderMap, jetstream};
use bytes::Bytes;
use posthorn_bus::{Bus, BusConfig, IncomingEvent, Malformed};
use posthorn_domain::{
    Event, JsonText, OperationalKeys, OperationalType, TenantId, Timestamp, operational_event,
};
use posthorn_testkit::TestNats;
use support::{config, now, take, webhook};

const OLD: (u32, &[u8]) = (0xa1, &[1; 32]);
const NEW: (u32, &[u8]) = (0xb2, &[2; 32]);

/// A bus of a deliverer with these master keys.
async fn bus(nats: &TestNats, masters: &[(u32, &'static [u8])]) -> Bus {
    let bus = Bus::connect(BusConfig {
        operational_keys: OperationalKeys::derive(masters.iter().copied()),
        ..config(nats)
    })
    .await
    .unwrap();
    bus.ensure_topology().await.unwrap();
    bus
}

fn failing(n: u64) -> Event {
    operational_event(
        support::event(n).id,
        TenantId::default_tenant(),
        OperationalType::WebhookFailing,
        webhook(n),
        now(),
        JsonText::from_trusted(Bytes::from_static(b"{\"n\":1}")),
    )
}

/// The next message, as this deliverer reads it.
async fn read(bus: &Bus) -> Result<IncomingEvent, Malformed> {
    let mut claims = bus.event_claims().await.unwrap();
    let claim = take(&mut claims, 1).await.remove(0);
    claim.handle.ack().await;
    bus.drain().await;
    claim.message
}

/// What PostgreSQL and the header keep of a moment.
fn as_published(event: Event) -> Event {
    let timestamp = chrono::SubsecRound::trunc_subsecs(event.timestamp, 6);
    Event { timestamp, ..event }
}

#[tokio::test]
async fn what_a_deliverer_signed_is_genuine_for_all_that_know_its_key() {
    let nats = TestNats::start().await;
    for (n, signs, reads) in [
        (1, &[OLD][..], &[OLD][..]),
        (2, &[OLD, NEW], &[NEW, OLD]),
        (3, &[NEW, OLD], &[OLD, NEW]),
    ] {
        let said = failing(n);
        let publisher = bus(&nats, signs).await;
        let occurrence = n.to_string();
        publisher
            .publish_operational(&said, &occurrence, now())
            .await
            .unwrap();
        let event = read(&bus(&nats, reads).await).await.unwrap().event;
        assert_eq!(event, as_published(said));
    }
}

#[tokio::test]
async fn a_deliverer_with_other_keys_leaves_it_to_those_who_have_them() {
    let nats = TestNats::start().await;
    let (knows, lacks) = (bus(&nats, &[NEW]).await, bus(&nats, &[OLD]).await);
    let said = failing(1);
    knows.publish_operational(&said, "1", now()).await.unwrap();
    let mut claims = lacks.event_claims().await.unwrap();
    let claim = take(&mut claims, 1).await.remove(0);
    let malformed = claim.message.unwrap_err();
    assert!(malformed.readable_elsewhere);
    assert!(
        malformed.reason.contains("000000b2"),
        "{}",
        malformed.reason
    );
    claim
        .handle
        .release_after(std::time::Duration::from_millis(10))
        .await;
    lacks.drain().await;
    claims.stop().await;
    assert_eq!(read(&knows).await.unwrap().event, as_published(said));
}

/// A message of the stream, published once more by somebody else with these changes.
struct Copied {
    jetstream: jetstream::Context,
    subject: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Copied {
    async fn of_first(nats: &TestNats) -> Self {
        let client = async_nats::connect(nats.url()).await.unwrap();
        let jetstream = jetstream::new(client);
        let stream = jetstream.get_stream("POSTHORN_EVENTS").await.unwrap();
        let message = stream.get_raw_message(1).await.unwrap();
        let mut headers = HeaderMap::new();
        for (name, values) in message.headers.iter() {
            let name: &str = name.as_ref();
            if !name.starts_with("Nats-") {
                headers.insert(name, values[0].as_str());
            }
        }
        Self {
            subject: message.subject.to_string(),
            headers,
            body: message.payload,
            jetstream,
        }
    }

    async fn publish(&self, changed: &[(&str, &str)]) {
        let mut headers = self.headers.clone();
        for (name, value) in changed {
            headers.insert(*name, *value);
        }
        let (subject, body) = (self.subject.clone(), self.body.clone());
        let sent = self.jetstream.publish_with_headers(subject, headers, body);
        sent.await.unwrap().await.unwrap();
    }
}

/// Of a copy nothing counts but what was signed, and that is what was said before.
#[tokio::test]
async fn nothing_of_an_operational_event_can_be_changed() {
    let nats = TestNats::start().await;
    let bus = bus(&nats, &[OLD]).await;
    let said = failing(1);
    bus.publish_operational(&said, "1", now()).await.unwrap();
    let said = as_published(said);
    assert_eq!(read(&bus).await.unwrap().event, said);
    let copied = Copied::of_first(&nats).await;
    for ignored in [
        &[][..],
        &[("ce-source", "/shop"), ("ce-id", "7")],
        &[("ce-time", "2020-01-01T00:00:00Z")],
        &[(
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        )],
    ] {
        copied.publish(ignored).await;
        assert_eq!(read(&bus).await.unwrap().event, said, "{ignored:?}");
    }
    let other = webhook(7).to_string();
    for refused in [
        ("ce-subject", other.as_str()),
        ("Posthorn-Event-Id", other.as_str()),
        ("Posthorn-Timestamp", "2020-01-01T00:00:00Z"),
        ("Posthorn-Signature", "v1,000000a1,1737892800,AAAA"),
    ] {
        copied.publish(&[refused]).await;
        let malformed = read(&bus).await.unwrap_err();
        assert!(!malformed.readable_elsewhere);
        assert!(
            malformed.reason.contains("only Posthorn itself"),
            "{refused:?}: {}",
            malformed.reason
        );
    }
}

#[tokio::test]
async fn what_the_release_before_said_is_genuine_until_it_is_replaced() {
    let nats = TestNats::start().await;
    // Signs nothing, as the release before.
    let before = bus(&nats, &[]).await;
    let hour = chrono::TimeDelta::hours(1);
    let until: [(Option<Timestamp>, bool); 3] = [
        (Some(now() + hour), true),
        (Some(now() - hour), false),
        (None, false),
    ];
    for (n, (until, genuine)) in until.into_iter().enumerate() {
        let said = failing(n as u64);
        let occurrence = n.to_string();
        before
            .publish_operational(&said, &occurrence, now())
            .await
            .unwrap();
        let reads = bus(&nats, &[OLD])
            .await
            .with_unsigned_operational_until(until);
        let event = read(&reads).await.map(|read| read.event);
        assert_eq!(event.ok(), genuine.then(|| as_published(said)), "{until:?}");
    }
}
