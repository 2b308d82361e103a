use std::{sync::Arc, time::Duration};

use posthorn_domain::{Clock, DeliveryStatus, Event, EventId};
use posthorn_store::{ExpectedVersion, RecordBatch};

use crate::support::*;

const PARTITIONS: &str = "SELECT count(*) FROM pg_inherits";
const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn services_that_start_together_migrate_once() {
    let world = World::empty().await;
    let mut starts = Vec::new();
    for _ in 0..5 {
        let store = world.replica(KEY);
        starts.push(tokio::spawn(async move {
            store.migrate().await.unwrap();
            store.close().await;
        }));
    }
    for start in starts {
        start.await.unwrap();
    }
    // Three tables: yesterday, today, seven days ahead, and the default partition.
    assert_eq!(world.count("SELECT count(*) FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE relkind = 'r'").await, 30);
    world.store.migrate().await.unwrap();
    // LZ4 where the server has it; in any case the same in the table and in each partition.
    let compressions = "SELECT count(DISTINCT attcompression) FROM pg_attribute WHERE attname = 'data'
         AND (attrelid = 'events'::regclass
              OR attrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'events'::regclass))";
    assert_eq!(world.count(compressions).await, 1);
}

#[tokio::test]
async fn days_ahead_are_made_once_and_old_days_are_dropped() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let before = world.count(PARTITIONS).await;
    world
        .store
        .ensure_partitions(world.clock.now())
        .await
        .unwrap();
    assert_eq!(world.count(PARTITIONS).await, before);

    let mut batch = RecordBatch::default();
    for _ in 0..2 {
        let event = world.event("acme", "a");
        let record = delivery(&event.event, webhook, 1, DeliveryStatus::Success);
        batch.attempts.push(attempt(&record, 1));
        batch.deliveries.push(record);
        batch.events.push(event);
        world.clock.advance(DAY);
    }
    world.store.write(&batch).await.unwrap();
    // Now it is the third day. With one day kept, the first day and the day before it go.
    let dropped = world
        .store
        .drop_expired(world.clock.now(), 1)
        .await
        .unwrap();
    assert_eq!(dropped, 3 * 2);
    for table in [
        "SELECT count(*) FROM events",
        "SELECT count(*) FROM deliveries",
        "SELECT count(*) FROM attempts",
    ] {
        assert_eq!(world.count(table).await, 1, "{table}");
    }
    assert!(
        world
            .store
            .get_event(&tenant("acme"), batch.events[1].event.id)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn rows_that_came_before_their_partition_move_into_it_and_expire() {
    let mut world = World::new().await;
    let mut batch = RecordBatch::default();
    // Far ahead of the partitions, and far behind them.
    world.clock.advance(DAY * 20);
    batch.events.push(world.event("acme", "a"));
    let mut ancient = world.event("acme", "a");
    ancient.event = Arc::new(Event {
        id: EventId::from_stream_position(1_000_000_000_000_000_000, 1),
        ..(*ancient.event).clone()
    });
    batch.events.push(ancient);
    world.store.write(&batch).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM events_default").await, 2);

    world
        .store
        .ensure_partitions(world.clock.now())
        .await
        .unwrap();
    assert_eq!(world.count("SELECT count(*) FROM events_default").await, 1);
    assert_eq!(
        world.count("SELECT count(*) FROM events_y2026m03d30").await,
        1
    );

    world
        .store
        .drop_expired(world.clock.now(), 30)
        .await
        .unwrap();
    assert_eq!(world.count("SELECT count(*) FROM events_default").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM events").await, 1);
}

#[tokio::test]
async fn a_webhook_with_very_many_deliveries_is_purged_in_rounds() {
    let mut world = World::new().await;
    let (doomed, kept) = (
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    );
    for _ in 0..3 {
        let mut batch = RecordBatch::default();
        for _ in 0..5_000 {
            let event = world.event("acme", "a").event;
            batch
                .deliveries
                .push(delivery(&event, doomed, 1, DeliveryStatus::Success));
        }
        world.clock.advance(DAY);
        let event = world.event("acme", "a").event;
        let record = delivery(&event, kept, 1, DeliveryStatus::Success);
        batch.attempts.push(attempt(&record, 1));
        batch.deliveries.push(record);
        world.store.write(&batch).await.unwrap();
    }
    world
        .store
        .delete_webhook(&tenant("acme"), doomed, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    assert_eq!(
        world.count("SELECT count(*) FROM deliveries").await,
        5_000 + 3
    );
    assert_eq!(world.store.purge_deleted().await.unwrap(), 5_000);
    assert_eq!(world.store.purge_deleted().await.unwrap(), 0);
    assert_eq!(world.count("SELECT count(*) FROM deliveries").await, 3);
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 3);
    assert_eq!(
        world
            .count("SELECT count(*) FROM webhooks WHERE purged_at IS NOT NULL")
            .await,
        1
    );
}
