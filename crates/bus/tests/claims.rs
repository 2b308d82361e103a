//! Claiming: what comes, how much of it, and what is settled how.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use posthorn_bus::subject::{DEAD_LETTERS_STREAM, DELIVERER_CONSUMER, EVENTS_STREAM};
use posthorn_domain::Event;
use posthorn_testkit::{TestNats, eventually};
use support::{DEADLINE, bus, event, json, outgoing, take};

/// A client that knows nothing of Posthorn.
async fn plain(nats: &TestNats) -> async_nats::jetstream::Context {
    async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap())
}

/// Messages that the deliverers hold, and those that wait for one.
async fn held_and_waiting(nats: &TestNats) -> (usize, u64) {
    let stream = plain(nats)
        .await
        .get_stream_no_info(EVENTS_STREAM)
        .await
        .unwrap();
    let info = stream.consumer_info(DELIVERER_CONSUMER).await.unwrap();
    (info.num_ack_pending, info.num_pending)
}

async fn settles_at(nats: &TestNats, held: usize, waiting: u64) {
    eventually(DEADLINE, async || {
        let now = held_and_waiting(nats).await;
        if now == (held, waiting) {
            Ok(())
        } else {
            Err(now)
        }
    })
    .await;
}

#[tokio::test]
async fn an_event_comes_as_the_api_published_it() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let published = Event {
        data: json("{ \"b\":1e400,\t\"a\" : 0.10, \"a\":\"\\u00e9é\" }"),
        timestamp: "2020-02-29T23:59:59.123456Z".parse().unwrap(),
        ..event(1)
    };
    let accepted = bus
        .publish_event(&outgoing(published.clone()))
        .await
        .unwrap();
    assert!(!accepted.duplicate);
    let claim = take(&mut bus.event_claims().await.unwrap(), 1)
        .await
        .remove(0);
    assert_eq!(claim.message.unwrap().event, published);
    assert_eq!(claim.handle.stream_sequence(), accepted.sequence);
    assert_eq!(claim.handle.delivery_count(), 1);
    assert!((claim.handle.stored_at() - support::now()).abs() < chrono::TimeDelta::seconds(20));
    assert_eq!(
        bus.event_at(accepted.sequence).await.unwrap(),
        Some(published)
    );
    assert_eq!(bus.event_at(accepted.sequence + 1).await.unwrap(), None);
}

#[tokio::test]
async fn no_more_is_taken_from_the_server_than_was_asked_for() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let events: Vec<_> = (0..100).map(|n| outgoing(event(n))).collect();
    bus.publish_events(&events).await.unwrap();
    let mut claims = bus.event_claims().await.unwrap();
    let mut pull = claims.pull(30, 1 << 20).await;
    let mut taken = Vec::new();
    while let Some(chunk) = pull.next_chunk().await {
        taken.extend(chunk);
    }
    assert_eq!(taken.len(), 30);
    settles_at(&nats, 30, 70).await;

    // Bytes bound a pull as well: room for three of these messages, not for four.
    let bytes = taken[0].bytes * 7 / 2;
    let mut pull = claims.pull(30, bytes).await;
    let mut few = 0;
    while let Some(chunk) = pull.next_chunk().await {
        few += chunk.len();
    }
    assert!((1..=3).contains(&few), "{few}");
    settles_at(&nats, 30 + few, 70 - u64::try_from(few).unwrap()).await;
}

/// Servers and accounts may bound pulls and claims. All is delivered within what they allow.
#[tokio::test]
async fn bounds_of_the_server_are_kept() {
    for bounds in [
        "jetstream { limits { max_request_batch: 20, max_ack_pending: 50 } }",
        "accounts { A { users: [{user: a, password: b}], jetstream: { max_ack_pending: 30 } } }\nno_auth_user: a",
    ] {
        let nats = TestNats::start_with(bounds).await;
        let bus = bus(&nats).await;
        // What was made once is left as it is.
        bus.ensure_topology().await.unwrap();
        let events: Vec<_> = (0..100).map(|n| outgoing(event(n))).collect();
        bus.publish_events(&events).await.unwrap();
        let mut claims = bus.event_claims().await.unwrap();
        for _ in 0..10 {
            for claim in take(&mut claims, 10).await {
                claim.handle.ack().await;
            }
        }
        settles_at(&nats, 0, 0).await;
    }
}

#[tokio::test]
async fn what_arrived_together_comes_together() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let events: Vec<_> = (0..500).map(|n| outgoing(event(n))).collect();
    bus.publish_events(&events).await.unwrap();
    let mut claims = bus.event_claims().await.unwrap();
    let mut pull = claims.pull(500, 1 << 20).await;
    let (mut chunks, mut sequences) = (0, Vec::new());
    while let Some(chunk) = pull.next_chunk().await {
        chunks += 1;
        sequences.extend(chunk.iter().map(|claim| claim.handle.stream_sequence()));
    }
    assert_eq!(sequences, (1..=500).collect::<Vec<_>>());
    assert!(chunks < 100, "{chunks} chunks");
}

#[tokio::test]
async fn a_message_larger_than_the_room_is_taken_alone() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let large = Event {
        data: json(&format!("\"{}\"", "x".repeat(50_000))),
        ..event(1)
    };
    for event in [large, event(2)] {
        bus.publish_event(&outgoing(event)).await.unwrap();
    }
    let mut claims = bus.event_claims().await.unwrap();
    let mut sizes = Vec::new();
    tokio::time::timeout(DEADLINE, async {
        while sizes.len() < 2 {
            let mut pull = claims.pull(10, 2_000).await;
            while let Some(chunk) = pull.next_chunk().await {
                sizes.extend(chunk.iter().map(|claim| claim.bytes));
            }
        }
    })
    .await
    .expect("the large message stops the small one behind it");
    assert!(sizes[0] > 50_000 && sizes[1] < 2_000, "{sizes:?}");
}

#[tokio::test]
async fn acknowledged_is_forgotten_and_released_comes_again_at_once() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    for n in 0..2 {
        bus.publish_event(&outgoing(event(n))).await.unwrap();
    }
    let mut claims = bus.event_claims().await.unwrap();
    let first = take(&mut claims, 2).await;
    first[0].handle.ack().await;
    first[1].handle.release().await;
    let again = take(&mut claims, 1).await.remove(0);
    assert_eq!(
        again.handle.stream_sequence(),
        first[1].handle.stream_sequence()
    );
    assert_eq!(again.handle.delivery_count(), 2);
    again.handle.ack().await;
    settles_at(&nats, 0, 0).await;
}

#[tokio::test]
async fn what_was_not_taken_goes_back_when_claiming_stops() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let mut claims = bus.event_claims().await.unwrap();
    // The server goes on filling a pull that nobody reads from any more.
    let _ = claims.pull(10, 1 << 20).await;
    for n in 0..5 {
        bus.publish_event(&outgoing(event(n))).await.unwrap();
    }
    settles_at(&nats, 5, 0).await;
    claims.stop().await;
    let other = support::bus(&nats).await;
    // Long before the ack wait of 15 s runs out.
    let mut claims = other.event_claims().await.unwrap();
    let again = tokio::time::timeout(Duration::from_secs(8), take(&mut claims, 5)).await;
    assert_eq!(again.unwrap()[0].handle.delivery_count(), 2);
}

#[tokio::test]
async fn several_deliverers_share_the_events() {
    let nats = TestNats::start().await;
    let (one, other) = (bus(&nats).await, bus(&nats).await);
    let (mut one, mut other) = (
        one.event_claims().await.unwrap(),
        other.event_claims().await.unwrap(),
    );
    let publisher = bus(&nats).await;
    let events: Vec<_> = (0..40).map(|n| outgoing(event(n))).collect();
    let (mut mine, theirs, _) = tokio::join!(
        take(&mut one, 20),
        take(&mut other, 20),
        publisher.publish_events(&events)
    );
    mine.extend(theirs);
    let mut sequences: Vec<_> = mine.iter().map(|c| c.handle.stream_sequence()).collect();
    sequences.sort_unstable();
    assert_eq!(sequences, (1..=40).collect::<Vec<_>>());
}

#[tokio::test]
async fn progress_keeps_a_claim_longer_than_its_ack_wait() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    for n in 0..2 {
        bus.publish_event(&outgoing(event(n))).await.unwrap();
    }
    let mut claims = bus.event_claims().await.unwrap();
    let held = take(&mut claims, 2).await;
    // The second one is not reported on: it marks the moment when the ack wait has run out.
    let report = async {
        loop {
            held[0].handle.progress().await;
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    };
    let again = tokio::select! {
        () = report => unreachable!(),
        again = tokio::time::timeout(Duration::from_secs(40), take_slowly(&mut claims)) => again.unwrap(),
    };
    assert_eq!(again, held[1].handle.stream_sequence());
    settles_at(&nats, 2, 0).await;
}

async fn take_slowly(claims: &mut posthorn_bus::Claims<posthorn_bus::IncomingEvent>) -> u64 {
    loop {
        let mut pull = claims.pull(10, 1 << 20).await;
        if let Some(chunk) = pull.next_chunk().await {
            return chunk[0].handle.stream_sequence();
        }
    }
}

#[tokio::test]
async fn a_dead_letter_tells_what_it_was_and_why() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let letter = posthorn_bus::DeadLetter::Delivery {
        event: support::shared(1),
        webhook: support::webhook(1),
        attempts: 5,
        last_status: Some(503),
        reason: "the receiver\r\nanswered: 503".to_owned(),
        claim: Some(9),
    };
    bus.bury(&letter).await.unwrap();
    // For the same claim again: a lost answer.
    bus.bury(&letter).await.unwrap();
    let stream = plain(&nats)
        .await
        .get_stream(DEAD_LETTERS_STREAM)
        .await
        .unwrap();
    assert_eq!(stream.cached_info().state.messages, 1);
    let message = stream.direct_get(1).await.unwrap();
    assert_eq!(
        message.subject.as_str(),
        format!("posthorn.dead-letters.default.{}", support::webhook(1))
    );
    assert_eq!(message.payload.as_ref(), br#"{"n":1}"#);
    for (name, value) in [
        ("Posthorn-Reason", "the receiver  answered: 503"),
        ("Posthorn-Attempts", "5"),
        ("Posthorn-Last-Status", "503"),
        ("Posthorn-Event-Type", "user.created"),
        ("Posthorn-Tenant", "default"),
    ] {
        assert_eq!(
            message.headers.get(name).map(|v| v.as_str()),
            Some(value),
            "{name}"
        );
    }
}
