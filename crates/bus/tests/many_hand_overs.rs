//! Very many deliveries handed over at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use posthorn_bus::{Cause, HandOver, subject::DELIVERIES_STREAM};
use posthorn_domain::{Event, Timestamp};
use posthorn_testkit::TestNats;
use support::{bus, holds, now, shared, stream_messages, take, webhook};

fn first_attempts(event: &Arc<Event>, webhooks: std::ops::Range<u64>) -> Vec<HandOver> {
    let first_attempt = |n| HandOver {
        event: event.clone(),
        webhook: webhook(n),
        attempt: 1,
        hop: 0,
        run_start: None,
        undecided: false,
        rate_slot: None,
        not_before: None,
        due: None,
        cause: Cause::Claim(7),
        trace: None,
    };
    webhooks.map(first_attempt).collect()
}

fn due(hand_overs: Vec<HandOver>, due: Timestamp) -> Vec<HandOver> {
    let scheduled = |hand_over| HandOver {
        due: Some(due),
        ..hand_over
    };
    hand_overs.into_iter().map(scheduled).collect()
}

#[tokio::test]
async fn every_delivery_comes_once() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let event = shared(1);
    let count = 2_001;
    let hand_overs = first_attempts(&event, 0..u64::try_from(count).unwrap());
    bus.hand_over_all(&hand_overs).await.unwrap();

    let claims = take(&mut bus.delivery_claims().await.unwrap(), count).await;
    let mut came: BTreeMap<_, usize> = BTreeMap::new();
    for claim in claims {
        let due = claim.message.unwrap();
        assert_eq!((&due.event, due.attempt), (&*event, 1));
        *came.entry(due.webhook).or_default() += 1;
        claim.handle.ack().await;
    }
    assert_eq!(came.len(), count);
    holds(&nats, DELIVERIES_STREAM, 0).await;
}

#[tokio::test]
async fn what_was_handed_over_before_is_dropped_and_the_rest_is_stored() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let event = shared(1);
    bus.hand_over_all(&first_attempts(&event, 0..100))
        .await
        .unwrap();
    // The answer was lost, say; and meanwhile there are more webhooks, or fewer.
    bus.hand_over_all(&first_attempts(&event, 0..100))
        .await
        .unwrap();
    assert_eq!(stream_messages(&nats, DELIVERIES_STREAM).await, 100);
    bus.hand_over_all(&first_attempts(&event, 50..130))
        .await
        .unwrap();
    assert_eq!(stream_messages(&nats, DELIVERIES_STREAM).await, 130);
}

#[tokio::test]
async fn schedules_are_handed_over_together_too() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let hand_overs = first_attempts(&shared(1), 0..100);
    let tomorrow = now() + Duration::from_secs(86_400);
    bus.hand_over_all(&due(hand_overs.clone(), tomorrow))
        .await
        .unwrap();
    assert_eq!(stream_messages(&nats, DELIVERIES_STREAM).await, 100);
    let again = HandOver {
        cause: Cause::Claim(8),
        ..hand_overs[0].clone()
    };
    // One schedule for a delivery: it is replaced.
    let soon = due(vec![again], now() + Duration::from_millis(300));
    bus.hand_over_all(&soon).await.unwrap();
    let claim = take(&mut bus.delivery_claims().await.unwrap(), 1)
        .await
        .remove(0);
    claim.handle.ack().await;
    holds(&nats, DELIVERIES_STREAM, 99).await;
}

#[tokio::test]
async fn several_hand_over_at_once() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let events: Vec<_> = (0..8).map(shared).collect();
    let batches = events.iter().map(|event| first_attempts(event, 0..1_000));
    let stored = batches.map(async |batch| bus.hand_over_all(&batch).await);
    for stored in futures::future::join_all(stored).await {
        stored.unwrap();
    }
    assert_eq!(stream_messages(&nats, DELIVERIES_STREAM).await, 8_000);
}
