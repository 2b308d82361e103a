//! What these tests have in common: events, and a bus on a server of their own.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use posthorn_bus::{Bus, BusConfig, Claim, Claims, OutgoingEvent};
use posthorn_domain::{
    Clock, Event, EventId, JsonText, MessageKey, SystemClock, Timestamp, WebhookId,
};
use posthorn_testkit::{TestNats, eventually};

/// Longer than anything here takes on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// The installation's key.
pub(crate) const KEY: [u8; MessageKey::BYTES] = [7; MessageKey::BYTES];

/// Of a process that knows the installation's key.
pub(crate) fn config(nats: &TestNats) -> BusConfig {
    let config = BusConfig {
        servers: vec![nats.url()],
        ..BusConfig::default()
    };
    config.own_messages.learn(MessageKey::new(&KEY), None);
    config
}

pub(crate) async fn bus(nats: &TestNats) -> Bus {
    let bus = Bus::connect(config(nats)).await.unwrap();
    bus.ensure_topology().await.unwrap();
    bus
}

/// Event number `n` of the default tenant, with an id as the api would make it now.
pub(crate) fn event(n: u64) -> Event {
    let timestamp = now();
    let ns = u64::try_from(timestamp.timestamp_nanos_opt().unwrap()).unwrap();
    Event {
        id: EventId::from_stream_position(ns, n),
        tenant: "default".parse().unwrap(),
        event_type: "user.created".parse().unwrap(),
        timestamp,
        data: json(&format!(r#"{{"n":{n}}}"#)),
        cloud_event: None,
        trace: None,
    }
}

pub(crate) fn outgoing(event: Event) -> OutgoingEvent {
    OutgoingEvent {
        request_id: None,
        event,
        idempotency_key: None,
    }
}

pub(crate) fn json(text: &str) -> JsonText {
    JsonText::parse(Bytes::copy_from_slice(text.as_bytes())).unwrap()
}

/// The real time: the server compares schedules with it.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

pub(crate) fn webhook(n: u64) -> WebhookId {
    WebhookId::from_uuid(EventId::from_stream_position(1_700_000_000_000_000_000, n).as_uuid())
}

pub(crate) fn shared(n: u64) -> Arc<Event> {
    Arc::new(event(n))
}

/// The next `count` claims, whatever number of pulls and chunks they come in.
pub(crate) async fn take<T>(claims: &mut Claims<T>, count: usize) -> Vec<Claim<T>> {
    let mut taken = Vec::new();
    let all = async {
        while taken.len() < count {
            let mut pull = claims.pull(count - taken.len(), 1 << 20).await;
            while let Some(chunk) = pull.next_chunk().await {
                taken.extend(chunk);
            }
        }
    };
    let done = tokio::time::timeout(DEADLINE, all).await;
    assert!(done.is_ok(), "{} of {count} claims came", taken.len());
    taken
}

/// Whether nothing is there to claim: a message published now would be the first to come.
pub(crate) async fn stream_messages(nats: &TestNats, stream: &str) -> u64 {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let jetstream = async_nats::jetstream::new(client);
    let mut stream = jetstream.get_stream(stream).await.unwrap();
    stream.info().await.unwrap().state.messages
}

/// Waits until a stream holds so many messages.
pub(crate) async fn holds(nats: &TestNats, stream: &str, count: u64) {
    eventually(DEADLINE, async || {
        let messages = stream_messages(nats, stream).await;
        if messages == count {
            Ok(())
        } else {
            Err(messages)
        }
    })
    .await;
}
