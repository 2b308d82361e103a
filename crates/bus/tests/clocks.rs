//! Moments are told by the database's clock, and obeyed by the server's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use async_nats::jetstream;
use chrono::TimeDelta;
use posthorn_bus::{Bus, Cause, HandOver, subject::DELIVERIES_STREAM};
use posthorn_domain::{Clock, Timestamp};
use posthorn_testkit::{TestClock, TestNats};
use support::{bus, now, shared, take, webhook};

const HOUR: Duration = Duration::from_secs(3_600);

fn due_at(due: Timestamp) -> HandOver {
    HandOver {
        event: shared(1),
        webhook: webhook(1),
        attempt: 2,
        hop: 0,
        run_start: None,
        rate_slot: None,
        not_before: Some(due),
        due: Some(due),
        cause: Cause::Request,
        trace: None,
    }
}

/// When the server will fire the only schedule that it holds.
async fn scheduled_at(nats: &TestNats) -> Timestamp {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let stream = jetstream::new(client)
        .get_stream(DELIVERIES_STREAM)
        .await
        .unwrap();
    let message = stream
        .direct_get_next_for_subject("posthorn.deliveries.later.>", None)
        .await
        .unwrap();
    let text = message.headers.get("Nats-Schedule").unwrap().as_str();
    text.strip_prefix("@at ").unwrap().parse().unwrap()
}

async fn is_scheduled_in(nats: &TestNats, bus: &Bus, clock: &TestClock, wait: Duration) {
    bus.hand_over(&due_at(clock.now() + wait)).await.unwrap();
    let off = (scheduled_at(nats).await - (now() + wait))
        .num_seconds()
        .abs();
    assert!(off < 30, "{off} s off");
}

/// However far the server's clock is from the one that moments are told by, and also when one of them is set.
#[tokio::test]
async fn a_schedule_is_written_in_the_servers_time() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let clock = TestClock::at(now());
    for off in [-600, 3_600, 0].map(TimeDelta::seconds) {
        clock.set(now() + off);
        bus.stream_sizes(&clock).await.unwrap();
        let ahead = bus.server_clock_ahead();
        assert!((ahead + off).num_seconds().abs() < 30, "{ahead}");
        is_scheduled_in(&nats, &bus, &clock, HOUR).await;
    }
    let examined = bus.examine(&clock).await.unwrap();
    assert!(examined.clock_ahead.unwrap().num_seconds().abs() < 30);
}

/// Whoever does not measure asks: the delivery's own moment is of another clock, an hour ahead here.
#[tokio::test]
async fn what_is_due_at_once_is_due_at_once_by_the_servers_clock() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    bus.hand_over_at_once(&due_at(now() + HOUR)).await.unwrap();
    let mut claims = bus.delivery_claims().await.unwrap();
    let came = take(&mut claims, 1).await.remove(0);
    assert_eq!(came.message.unwrap().attempt, 2);
}

#[tokio::test]
async fn the_age_of_the_oldest_message_is_told_by_the_servers_clock() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let clock = TestClock::at(now() - HOUR);
    bus.stream_sizes(&clock).await.unwrap();
    let ages = async || {
        let lags = bus.consumer_lags(&clock).await.unwrap();
        lags.iter().map(|lag| lag.oldest_age).collect::<Vec<_>>()
    };
    assert_eq!(ages().await, [None, None]);
    bus.publish_event(&support::outgoing(support::event(1)))
        .await
        .unwrap();
    let [Some(age), None] = ages().await[..] else {
        panic!("no age");
    };
    assert!(age < Duration::from_secs(30), "{age:?}");
    // The clock goes on; the message does not.
    clock.advance(HOUR);
    let age = ages().await[0].unwrap();
    assert!(age >= HOUR - Duration::from_secs(30), "{age:?}");
    let mut claims = bus.event_claims().await.unwrap();
    take(&mut claims, 1).await.remove(0).handle.ack().await;
    posthorn_testkit::eventually(support::DEADLINE, async || match ages().await[0] {
        None => Ok(()),
        age => Err(age),
    })
    .await;
}
