//! What a real server refuses, and what each refusal is taken for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{sync::Arc, time::Duration};

use async_nats::jetstream::{self, stream};
use posthorn_bus::{
    Accepted, Bus, Cause, DeadLetter, HandOver, PublishError,
    subject::{DEAD_LETTERS_STREAM, DELIVERIES_STREAM, EVENTS_STREAM},
};
use posthorn_domain::{CloudEventAttributes, Event};
use posthorn_testkit::TestNats;
use support::{bus, config, event, json, now, outgoing, take, webhook};

/// An account that may keep 1 MiB.
const SMALL_ACCOUNT: &str = "accounts { A { jetstream { max_file: 1048576 }, users [{user: a, password: a}] } }\nno_auth_user: a";

/// What an operator does.
async fn jetstream(nats: &TestNats) -> jetstream::Context {
    jetstream::new(async_nats::connect(nats.url()).await.unwrap())
}

async fn edit(nats: &TestNats, name: &str, change: impl FnOnce(&mut stream::Config)) {
    let jetstream = jetstream(nats).await;
    let stream = jetstream.get_stream(name).await.unwrap();
    let mut config = stream.cached_info().config.clone();
    change(&mut config);
    jetstream.update_stream(config).await.unwrap();
}

fn sized(n: u64, bytes: usize) -> Event {
    Event {
        data: json(&format!("\"{}\"", "x".repeat(bytes))),
        ..event(n)
    }
}

/// A header larger than the 64 KiB that a message may have of them.
fn with_large_headers(n: u64) -> Event {
    Event {
        cloud_event: Some(CloudEventAttributes {
            id: "1".to_owned(),
            source: format!("/{}", "x".repeat(70_000)),
            subject: None,
            more: None,
        }),
        ..event(n)
    }
}

fn later(event: Event) -> HandOver {
    HandOver {
        event: Arc::new(event),
        webhook: webhook(1),
        attempt: 2,
        hop: 0,
        run_start: None,
        rate_slot: None,
        not_before: None,
        due: Some(now() + Duration::from_secs(3_600)),
        cause: Cause::Request,
        trace: None,
    }
}

fn letter(event: Event) -> DeadLetter {
    DeadLetter::Delivery {
        event: Arc::new(event),
        webhook: webhook(1),
        attempts: 5,
        last_status: Some(503),
        reason: "the receiver answered 503".to_owned(),
        claim: None,
    }
}

/// Publishes until it is refused; what was said then, and how many were stored.
async fn fill(bus: &Bus, bytes: usize) -> (PublishError, u64) {
    for n in 0..10_000 {
        match bus.publish_event(&outgoing(sized(n, bytes))).await {
            Ok(Accepted { .. }) => {}
            Err(refused) => return (refused, n),
        }
    }
    panic!("it is never full");
}

#[tokio::test]
async fn a_stream_that_takes_no_such_size_says_too_large() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    for name in [EVENTS_STREAM, DELIVERIES_STREAM] {
        edit(&nats, name, |config| config.max_message_size = 4_000).await;
    }
    let published = bus.publish_event(&outgoing(sized(1, 8_000))).await;
    assert!(
        matches!(published, Err(PublishError::TooLarge)),
        "{published:?}"
    );
    let handed_over = bus.hand_over(&later(sized(1, 8_000))).await;
    assert!(
        matches!(handed_over, Err(PublishError::TooLarge)),
        "{handed_over:?}"
    );
    // In an array, too.
    let all = [later(sized(1, 10)), later(sized(2, 8_000))];
    let together = bus.hand_over_all(&all).await.unwrap_err();
    assert_eq!(together.stored, 1);
    assert!(
        matches!(together.error, PublishError::TooLarge),
        "{together:?}"
    );
}

#[tokio::test]
async fn headers_that_are_too_large_say_so() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let published = bus.publish_event(&outgoing(with_large_headers(1))).await;
    assert!(
        matches!(published, Err(PublishError::TooLarge)),
        "{published:?}"
    );
    let handed_over = bus.hand_over(&later(with_large_headers(2))).await;
    assert!(
        matches!(handed_over, Err(PublishError::TooLarge)),
        "{handed_over:?}"
    );
}

/// What is given up because it is too large must fit as a dead letter.
#[tokio::test]
async fn a_dead_letter_is_cut_until_its_stream_takes_it() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    edit(&nats, DEAD_LETTERS_STREAM, |config| {
        config.max_message_size = 4_000;
    })
    .await;
    bus.bury(&letter(sized(1, 100_000))).await.unwrap();
    bus.bury(&letter(with_large_headers(2))).await.unwrap();
    let mut claims = bus.dead_letter_claims().await.unwrap();
    for claim in take(&mut claims, 2).await {
        let buried = claim.message.unwrap();
        assert_eq!(buried.reason, "the receiver answered 503");
        assert_eq!(buried.delivery.unwrap().attempts, 5);
    }
}

/// The server calls it a mistake of the client (400), and takes the same message when there is room again.
#[tokio::test]
async fn a_full_account_passes() {
    let nats = TestNats::start_with(SMALL_ACCOUNT).await;
    let bus = bus(&nats).await;
    let (refused, stored) = fill(&bus, 100_000).await;
    assert!(matches!(refused, PublishError::Unavailable(_)), "{refused}");
    assert!(stored > 2, "{stored}");
    let handed_over = bus.hand_over(&later(sized(1, 100_000))).await;
    assert!(
        matches!(handed_over, Err(PublishError::Unavailable(_))),
        "{handed_over:?}"
    );
    let buried = bus.bury(&letter(sized(1, 100_000))).await;
    assert!(
        matches!(buried, Err(PublishError::Unavailable(_))),
        "{buried:?}"
    );
    let events = jetstream(&nats)
        .await
        .get_stream(EVENTS_STREAM)
        .await
        .unwrap();
    events.purge().await.unwrap();
    bus.hand_over(&later(sized(1, 100_000))).await.unwrap();
}

/// The oldest events are perhaps not delivered yet: a limit must not drop them.
#[tokio::test]
async fn a_full_stream_of_events_passes_and_drops_nothing() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    edit(&nats, EVENTS_STREAM, |config| config.max_bytes = 200_000).await;
    let (refused, stored) = fill(&bus, 20_000).await;
    assert!(matches!(refused, PublishError::Unavailable(_)), "{refused}");
    let mut claims = bus.event_claims().await.unwrap();
    let waiting = take(&mut claims, usize::try_from(stored).unwrap()).await;
    assert_eq!(waiting[0].handle.stream_sequence(), 1);
    edit(&nats, EVENTS_STREAM, |config| config.max_bytes = 400_000).await;
    bus.publish_event(&outgoing(sized(1, 20_000)))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_sealed_stream_is_a_matter_of_configuration() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    edit(&nats, EVENTS_STREAM, |config| config.sealed = true).await;
    let refused = bus.publish_event(&outgoing(event(1))).await;
    assert!(
        matches!(refused, Err(PublishError::Refused(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_stream_without_schedules_is_a_matter_of_configuration() {
    let nats = TestNats::start().await;
    let bus = Bus::connect(config(&nats)).await.unwrap();
    let plain = stream::Config {
        name: DELIVERIES_STREAM.to_owned(),
        subjects: vec!["posthorn.deliveries.>".to_owned()],
        ..stream::Config::default()
    };
    jetstream(&nats).await.create_stream(plain).await.unwrap();
    let refused = bus.hand_over(&later(event(1))).await;
    assert!(
        matches!(refused, Err(PublishError::Refused(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn without_a_stream_it_passes() {
    let nats = TestNats::start().await;
    let bus = Bus::connect(config(&nats)).await.unwrap();
    let refused = bus.hand_over(&later(event(1))).await;
    assert!(
        matches!(refused, Err(PublishError::Unavailable(_))),
        "{refused:?}"
    );
}

/// An event is published with fewer headers than it is handed over with: what does not fit then must not be accepted.
#[tokio::test]
async fn an_event_that_could_not_wait_is_not_accepted() {
    let nats = TestNats::start_with("max_payload: 100000").await;
    let bus = bus(&nats).await;
    for (bytes, fits) in [(100_000 - 32 * 1_024 - 2, true), (90_000, false)] {
        let accepted = bus.publish_event(&outgoing(sized(1, bytes))).await;
        assert_eq!(accepted.is_ok(), fits, "{bytes}: {accepted:?}");
        if fits {
            bus.hand_over(&later(sized(1, bytes))).await.unwrap();
        } else {
            assert!(matches!(accepted, Err(PublishError::TooLarge)));
        }
    }
}

/// What cannot be brought to its end now is not held, and not offered again at once.
#[tokio::test]
async fn a_claim_that_is_given_back_for_a_while_comes_again_after_it() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    for n in 0..2 {
        bus.publish_event(&outgoing(event(n))).await.unwrap();
    }
    let mut claims = bus.event_claims().await.unwrap();
    let held = take(&mut claims, 2).await;
    held[0].handle.release_after(Duration::from_secs(2)).await;
    held[1].handle.release().await;
    let again = take(&mut claims, 2).await;
    let order: Vec<_> = again
        .iter()
        .map(|claim| claim.handle.stream_sequence())
        .collect();
    assert_eq!(order, [2, 1]);
    assert!(again.iter().all(|claim| claim.handle.delivery_count() == 2));
}
