use std::{sync::Arc, time::Duration};

use posthorn_domain::{Clock, DeliveryId, DeliveryStatus, Event, EventId};
use posthorn_store::{ExpectedVersion, RecordBatch, RetentionTime};

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
        .drop_expired(RetentionTime::of_database(world.clock.now()), 1)
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
        .drop_expired(RetentionTime::of_database(world.clock.now()), 30)
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

#[tokio::test]
async fn history_beyond_its_limit_is_pruned_but_nothing_that_waits() {
    let mut world = World::new().await;
    let (limited, other) = (
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    );
    let (mut kept, mut batch) = (Vec::new(), RecordBatch::default());
    for n in 0..5_000 {
        world.clock.advance(Duration::from_secs(30));
        let event = world.event("acme", "a").event;
        // Of the oldest, three wait.
        let status = match n {
            0 => DeliveryStatus::Pending,
            1 | 2 => DeliveryStatus::Retrying,
            n if n % 3 == 0 => DeliveryStatus::Failed,
            _ => DeliveryStatus::Success,
        };
        for webhook in [limited, other] {
            let record = delivery(&event, webhook, 1, status);
            batch.attempts.push(attempt(&record, 1));
            batch.deliveries.push(record);
        }
        if !(3..4_990).contains(&n) {
            kept.push(DeliveryId::derive(event.id, limited));
        }
        if n % 500 == 499 {
            world
                .store
                .write(&std::mem::take(&mut batch))
                .await
                .unwrap();
        }
    }
    let keep = 10.try_into().unwrap();
    let mut pruned = 0;
    loop {
        let round = world.store.prune_history(limited, keep).await.unwrap();
        pruned += round.deliveries;
        if !round.more {
            break;
        }
    }
    assert_eq!(pruned, 5_000 - 13);
    let of_limited = world
        .count(&format!(
            "SELECT count(*) FROM deliveries JOIN attempts ON id = delivery_id WHERE webhook_id = '{limited}'"
        ))
        .await;
    assert_eq!(of_limited, 13);
    for id in kept {
        assert!(world.store.get_delivery(&tenant("acme"), id).await.is_ok());
    }
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 5_013);
    let again = world.store.prune_history(limited, keep).await.unwrap();
    assert_eq!((again.deliveries, again.more), (0, false));
    let totals = world.store.webhook_totals(&[limited]).await.unwrap();
    assert_eq!(
        totals[&limited].total_deliveries, 5_000,
        "what was counted stays"
    );
}

#[tokio::test]
async fn the_audit_log_and_deleted_webhooks_are_forgotten_in_time() {
    let mut world = World::new().await;
    let (doomed, live) = (
        world.webhook("acme", "{}").await,
        world.webhook("acme", "{}").await,
    );
    let before = world.store.config_version().await.unwrap();
    world
        .store
        .delete_webhook(&tenant("acme"), doomed.id, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    world.store.purge_deleted().await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM audit_log").await, 3);
    world.clock.advance(DAY);
    let disabled = world
        .store
        .set_webhook_enabled(
            &tenant("acme"),
            live.id,
            false,
            &ExpectedVersion::Any,
            "ada",
        )
        .await;
    disabled.unwrap();

    // Nothing is as old as that.
    let store = &world.store;
    let now = RetentionTime::of_database(world.clock.now());
    assert_eq!(store.drop_expired_audit(now, 2).await.unwrap(), 0);
    assert_eq!(store.forget_deleted(now, 2).await.unwrap(), 0);
    let changes = store.changes_since(before).await.unwrap();
    assert_eq!(changes.removed, [doomed.id]);
    // What happened today stays.
    let midday = RetentionTime::of_database(world.clock.now() + DAY / 2);
    assert_eq!(store.drop_expired_audit(midday, 1).await.unwrap(), 3);
    assert_eq!(store.forget_deleted(midday, 1).await.unwrap(), 1);
    assert_eq!(world.count("SELECT count(*) FROM audit_log").await, 1);
    let changes = store.changes_since(0).await.unwrap();
    assert_eq!((changes.upserts.len(), changes.removed.len()), (1, 0));
    assert_eq!(world.count("SELECT count(*) FROM webhooks").await, 1);
    // What was still under way for the one that is forgotten is not recorded.
    let event = world.event("acme", "a");
    let record = delivery(&event.event, doomed.id, 1, DeliveryStatus::Success);
    let batch = RecordBatch {
        attempts: vec![attempt(&record, 1)],
        deliveries: vec![record],
        events: vec![event],
        ..RecordBatch::default()
    };
    world.store.write(&batch).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM deliveries").await, 0);
}
