//! Publishing: duplicates, arrays, and failing fast.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use posthorn_bus::{Bus, OutgoingEvent, PublishError};
use posthorn_testkit::{Proxy, TestNats};
use support::{DEADLINE, bus, config, event, outgoing};
use tokio::time::Instant;

fn keyed(n: u64, tenant: &str, key: &str) -> OutgoingEvent {
    let mut event = event(n);
    event.tenant = tenant.parse().unwrap();
    OutgoingEvent {
        request_id: None,
        event,
        idempotency_key: Some(key.parse().unwrap()),
    }
}

#[tokio::test]
async fn a_key_makes_one_event_of_two_within_its_tenant() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let first = keyed(1, "acme", "k");
    let accepted = bus.publish_event(&first).await.unwrap();
    let again = bus.publish_event(&keyed(2, "acme", "k")).await.unwrap();
    assert!(again.duplicate && !accepted.duplicate);
    assert_eq!(again.sequence, accepted.sequence);
    // The answer to a duplicate is the first one's id.
    assert_eq!(
        bus.event_at(again.sequence).await.unwrap(),
        Some(first.event)
    );
    for other in [keyed(3, "acme", "l"), keyed(4, "other", "k")] {
        assert!(!bus.publish_event(&other).await.unwrap().duplicate);
    }
}

#[tokio::test]
async fn an_array_is_accepted_in_its_order() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let events: Vec<_> = (0..1_000).map(|n| outgoing(event(n))).collect();
    let accepted = bus.publish_events(&events).await.unwrap();
    let sequences: Vec<_> = accepted.iter().map(|a| a.sequence).collect();
    assert_eq!(sequences, (1..=1_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_is_too_large_is_refused_for_good() {
    let nats = TestNats::start_with("max_payload: 100000").await;
    let bus = bus(&nats).await;
    let mut large = event(1);
    large.data = support::json(&format!("\"{}\"", "x".repeat(100_000)));
    let refused = bus.publish_event(&outgoing(large)).await;
    assert!(
        matches!(refused, Err(PublishError::TooLarge)),
        "{refused:?}"
    );
}

async fn fails_fast(bus: &Bus, most: Duration) {
    let begun = Instant::now();
    let failed = bus.publish_event(&outgoing(event(1))).await;
    assert!(
        matches!(failed, Err(PublishError::Unavailable(_))),
        "{failed:?}"
    );
    assert!(begun.elapsed() < most, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn without_a_server_publishing_fails_at_once_and_afterwards_works() {
    let mut nats = TestNats::start().await;
    let bus = bus(&nats).await;
    nats.kill();
    posthorn_testkit::eventually(DEADLINE, async || {
        if bus.is_connected() {
            Err("connected")
        } else {
            Ok(())
        }
    })
    .await;
    for _ in 0..10_000 {
        fails_fast(&bus, Duration::from_millis(500)).await;
    }
    nats.restart().await;
    published_within(&bus, Duration::from_secs(3)).await;
    // Nothing of what failed was kept and sent later.
    assert_eq!(support::stream_messages(&nats, "POSTHORN_EVENTS").await, 1);
}

async fn published_within(bus: &Bus, deadline: Duration) {
    posthorn_testkit::eventually(deadline, async || {
        bus.publish_event(&outgoing(event(2))).await.map(|_| ())
    })
    .await;
}

#[tokio::test]
async fn a_publish_whose_answer_is_lost_fails_with_the_connection() {
    let nats = TestNats::start().await;
    let proxy = Proxy::to(&nats.address()).await;
    let mut config = config(&nats);
    config.servers = vec![format!("nats://{}", proxy.address())];
    let bus = Bus::connect(config).await.unwrap();
    bus.ensure_topology().await.unwrap();
    proxy.stall();
    let published = tokio::spawn({
        let bus = bus.clone();
        async move { fails_fast(&bus, Duration::from_secs(3)).await }
    });
    // It has been sent and waits, or is about to be: cut either way.
    tokio::task::yield_now().await;
    proxy.refuse();
    published.await.unwrap();
    proxy.resume();
    published_within(&bus, Duration::from_secs(3)).await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_five_seconds() {
    let mut nats = TestNats::start().await;
    let bus = bus(&nats).await;
    nats.freeze();
    let begun = Instant::now();
    fails_fast(&bus, Duration::from_secs(7)).await;
    assert!(begun.elapsed() > Duration::from_secs(4));
    nats.thaw();
    published_within(&bus, Duration::from_secs(20)).await;
}

#[tokio::test]
async fn without_its_stream_publishing_fails_at_once() {
    let nats = TestNats::start().await;
    let bus = Bus::connect(config(&nats)).await.unwrap();
    fails_fast(&bus, Duration::from_secs(1)).await;
}
