//! The event types that were published lately.

use std::time::Duration;

use posthorn_domain::Clock;
use posthorn_store::{RecordBatch, SEEN_EVENT_TYPES_MAX};

use crate::support::*;

const DAY: Duration = Duration::from_secs(86_400);

async fn seen(world: &World, of: &str) -> Vec<String> {
    let types = world.store.seen_event_types(&tenant(of)).await.unwrap();
    types.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn each_type_of_the_last_days_is_told_once() {
    let mut world = World::new().await;
    assert!(seen(&world, "acme").await.is_empty());
    let mut batch = RecordBatch::default();
    batch.events.push(world.event("acme", "old.type"));
    world.clock.advance(8 * DAY);
    world
        .store
        .ensure_partitions(world.clock.now())
        .await
        .unwrap();
    for (of, event_type) in [
        ("acme", "user.created"),
        ("acme", "webhook.failing"),
        ("acme", "order.paid"),
        ("acme", "user.created"),
        ("other", "theirs"),
    ] {
        batch.events.push(world.event(of, event_type));
        // On several days.
        world.clock.advance(DAY);
    }
    world.store.write(&batch).await.unwrap();
    assert_eq!(seen(&world, "acme").await, ["order.paid", "user.created"]);
    assert_eq!(seen(&world, "other").await, ["theirs"]);
    world.clock.advance(5 * DAY);
    assert_eq!(seen(&world, "acme").await, ["user.created"]);
}

#[tokio::test]
async fn however_many_types_there_are_the_answer_has_a_bound() {
    let mut world = World::new().await;
    let mut batch = RecordBatch::default();
    for n in 0..SEEN_EVENT_TYPES_MAX + 20 {
        batch.events.push(world.event("acme", &format!("t{n:04}")));
    }
    world.store.write(&batch).await.unwrap();
    let seen = seen(&world, "acme").await;
    assert_eq!(seen.len(), SEEN_EVENT_TYPES_MAX as usize);
    assert!(seen.is_sorted() && seen[0] == "t0000");
}

/// A type that a million events have costs one step, not a million.
#[tokio::test]
async fn many_events_of_a_type_are_passed_over() {
    let mut world = World::new().await;
    let mut batch = RecordBatch::default();
    for n in 0..5_000_u32 {
        batch
            .events
            .push(world.event("acme", &format!("type.{}", n % 5)));
    }
    world.store.write(&batch).await.unwrap();
    world.database.execute("VACUUM ANALYZE events").await;
    let read =
        "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname LIKE 'events%'";
    let scanned =
        "SELECT sum(seq_tup_read)::bigint FROM pg_stat_user_tables WHERE relname LIKE 'events%'";
    let before = (world.count(read).await, world.count(scanned).await);
    assert_eq!(seen(&world, "acme").await.len(), 5);
    // What a session counted is seen by others when it is flushed, which its end does.
    world.store.close().await;
    let after = (world.count(read).await, world.count(scanned).await);
    assert!(after.0 - before.0 < 100, "{before:?} {after:?}");
    assert_eq!(after.1, before.1);
}
