//! What a real server leaves of a message that is erased.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{path::Path, sync::Arc, time::Duration};

use posthorn_bus::{Bus, Cause, EventAt, HandOver, Overwrite, subject::EVENTS_STREAM};
use posthorn_domain::{DeliveryId, Event, EventId};
use posthorn_testkit::TestNats;
use support::{bus, event, json, now, outgoing, webhook};

/// How often the files below a folder hold this text.
fn times_in_files(folder: &Path, text: &str) -> usize {
    let mut times = 0;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            times += times_in_files(&path, text);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let windows = bytes.windows(text.len());
            times += windows.filter(|window| *window == text.as_bytes()).count();
        }
    }
    times
}

fn canary(n: u64) -> String {
    format!("canary-{n}-e7b1c5")
}

fn with_canary(n: u64) -> Event {
    Event {
        data: json(&format!("\"{}\"", canary(n))),
        ..event(n)
    }
}

/// Publishes events with a canary each.
async fn plant(bus: &Bus, count: u64) -> Vec<EventAt> {
    let mut planted = Vec::new();
    for n in 1..=count {
        let event = outgoing(with_canary(n));
        let accepted = bus.publish_event(&event).await.unwrap();
        planted.push(EventAt {
            id: event.event.id,
            sequence: accepted.sequence,
        });
    }
    planted
}

#[tokio::test]
async fn an_erased_event_is_overwritten_and_its_neighbours_are_kept() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let planted = plant(&bus, 3).await;
    assert_eq!(times_in_files(&nats.store(), &canary(2)), 1);
    let other = EventAt {
        id: EventId::from_stream_position(1, 1),
        ..planted[0]
    };
    bus.erase_events(&[planted[1], other], Overwrite::Yes)
        .await
        .unwrap();
    for (n, left) in [(1, 1), (2, 0), (3, 1)] {
        assert_eq!(times_in_files(&nats.store(), &canary(n)), left, "event {n}");
    }
    // What is let go only is not overwritten: this is why there are two ways.
    bus.erase_events(&planted[..1], Overwrite::No)
        .await
        .unwrap();
    assert!(
        bus.event_at(planted[0].sequence).await.unwrap().is_none(),
        "it is gone"
    );
    assert_eq!(times_in_files(&nats.store(), &canary(1)), 1);
    // Again does no harm.
    bus.erase_events(&planted, Overwrite::Yes).await.unwrap();
    assert_eq!(times_in_files(&nats.store(), &canary(3)), 0);
    bus.erase_message(EVENTS_STREAM, 1_000, Overwrite::Yes)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_tenants_events_and_what_waits_are_erased() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    plant(&bus, 3).await;
    let waits = with_canary(4);
    let hand_over = HandOver {
        event: Arc::new(waits.clone()),
        webhook: webhook(1),
        attempt: 2,
        hop: 0,
        run_start: None,
        rate_slot: None,
        not_before: None,
        due: Some(now() + Duration::from_secs(3_600)),
        cause: Cause::Request,
        trace: None,
    };
    bus.hand_over(&hand_over).await.unwrap();
    assert_eq!(times_in_files(&nats.store(), &canary(4)), 1);
    let delivery = DeliveryId::derive(waits.id, webhook(1));
    bus.erase_schedules(&[delivery]).await.unwrap();
    assert_eq!(times_in_files(&nats.store(), &canary(4)), 0);
    bus.erase_tenant(&waits.tenant).await.unwrap();
    for n in 1..=3 {
        assert_eq!(times_in_files(&nats.store(), &canary(n)), 0, "event {n}");
    }
    assert_eq!(bus.backlog().await.unwrap().deliveries, 0);
}
