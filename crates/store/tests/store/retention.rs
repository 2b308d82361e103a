//! What is dropped for its age, and what never is.

use std::{sync::Arc, time::Duration};

use posthorn_domain::{Clock, DeliveryId, DeliveryStatus, WebhookId};
use posthorn_store::{KeptDays, RecordBatch, RetentionTime, Seen};
use posthorn_testkit::TestClock;

use crate::support::*;

const DAY: Duration = Duration::from_secs(86_400);
const KEPT: KeptDays = KeptDays {
    log: 1,
    audit: 1,
    deleted_webhooks: 1,
};

/// An event with a delivery that was attempted once; its id.
async fn attempted(world: &mut World, webhook: WebhookId, status: DeliveryStatus) -> DeliveryId {
    world.clock.advance(Duration::from_millis(2));
    let event = world.event("acme", "a");
    let attempts = u32::from(status != DeliveryStatus::Pending);
    let record = delivery(&event.event, webhook, attempts, status);
    let id = record.id;
    let batch = RecordBatch {
        attempts: (attempts > 0)
            .then(|| attempt(&record, 1))
            .into_iter()
            .collect(),
        deliveries: vec![record],
        events: vec![event],
        ..RecordBatch::default()
    };
    world.store.write(&batch).await.unwrap();
    id
}

async fn rows(world: &World) -> (i64, i64, i64) {
    (
        world.count("SELECT count(*) FROM events").await,
        world.count("SELECT count(*) FROM deliveries").await,
        world.count("SELECT count(*) FROM attempts").await,
    )
}

#[tokio::test]
async fn a_process_whose_clock_is_days_ahead_or_behind_drops_nothing() {
    let mut world = World::new().await;
    let real = world.store.database_time().await.unwrap();
    world.clock.set(real - DAY / 2);
    world.store.ensure_partitions(real).await.unwrap();
    let webhook = world.webhook("acme", "{}").await.id;
    attempted(&mut world, webhook, DeliveryStatus::Success).await;
    for wrong in [real + DAY * 3, real - DAY * 3] {
        let own = TestClock::at(wrong);
        let applied = world.store.apply_retention(&own, KEPT).await.unwrap();
        let apart = applied.unwrap_err();
        assert_eq!(apart.own, wrong);
        assert!((apart.database - real).num_seconds() < 3_600);
        assert_eq!(rows(&world).await, (1, 1, 1));
        assert_eq!(world.count("SELECT count(*) FROM audit_log").await, 1);
    }
}

#[tokio::test]
async fn age_is_judged_by_the_database_where_the_clocks_differ_by_less() {
    let mut world = World::new().await;
    let real = world.store.database_time().await.unwrap();
    // Half an hour off: near midnight another day, which must not matter.
    for off in [DAY / 48, Duration::ZERO] {
        let own = TestClock::at(real + off);
        let time = world.store.retention_time(&own).await.unwrap().unwrap();
        assert!((time.now() - real).num_seconds() < 60);
    }
    world.clock.set(real - DAY * 3);
    let webhook = world.webhook("acme", "{}").await.id;
    world.store.ensure_partitions(real - DAY * 3).await.unwrap();
    attempted(&mut world, webhook, DeliveryStatus::Success).await;
    let own = TestClock::at(real);
    world
        .store
        .apply_retention(&own, KEPT)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(rows(&world).await, (0, 0, 0));
}

#[tokio::test]
async fn what_is_not_settled_outlives_its_day_and_is_counted_once() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let retrying = attempted(&mut world, webhook, DeliveryStatus::Retrying).await;
    let pending = attempted(&mut world, webhook, DeliveryStatus::Pending).await;
    for _ in 0..3 {
        attempted(&mut world, webhook, DeliveryStatus::Success).await;
        attempted(&mut world, webhook, DeliveryStatus::Failed).await;
    }
    world.clock.advance(DAY * 3);
    let now = RetentionTime::of_database(world.clock.now());
    world.store.drop_expired(now, 1).await.unwrap();
    assert_eq!(rows(&world).await, (2, 2, 1));
    let partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'deliveries'::regclass";
    let before = world.count(partitions).await;
    // Nothing is left of the day but these, however often retention comes by.
    world.store.drop_expired(now, 1).await.unwrap();
    assert_eq!(world.count(partitions).await, before);
    assert_eq!(rows(&world).await, (2, 2, 1));

    // The retry that comes due now finds its row.
    let states = world.store.delivery_states(&[retrying]).await.unwrap();
    assert_eq!(states.get(&retrying).unwrap().attempt_count, 1);
    succeed(&world, webhook, retrying, 2).await;
    let details = world
        .store
        .get_delivery(&tenant("acme"), retrying)
        .await
        .unwrap();
    assert_eq!(details.delivery.status, DeliveryStatus::Success);
    assert_eq!(details.attempts.len(), 2);
    assert!(details.delivery.delivered_at.is_some());
    let totals = world.store.webhook_totals(&[webhook]).await.unwrap();
    assert_eq!(totals[&webhook].total_deliveries, 8);
    assert_eq!(totals[&webhook].successful_deliveries, 4);

    // Settled, it goes like any other of its age; what is pending stays.
    world.store.drop_expired(now, 1).await.unwrap();
    assert_eq!(rows(&world).await, (1, 1, 0));
    assert!(
        world
            .store
            .get_delivery(&tenant("acme"), pending)
            .await
            .is_ok()
    );
}

/// Records the attempt that a deliverer makes of a delivery that it finds in the queue.
async fn succeed(world: &World, webhook: WebhookId, id: DeliveryId, number: u32) {
    let stored = world
        .store
        .get_delivery(&tenant("acme"), id)
        .await
        .unwrap()
        .delivery;
    let mut record = posthorn_store::DeliveryRecord {
        id,
        tenant: stored.tenant,
        webhook,
        event: stored.event,
        event_type: stored.event_type,
        status: DeliveryStatus::Success,
        status_code: Some(204),
        response_time_ms: Some(3),
        failure: None,
        error_message: None,
        attempt_count: number,
        run_start: 0,
        next_retry_at: None,
        created_at: stored.created_at,
        delivered_at: None,
    };
    let made = attempt(&record, number);
    record.delivered_at = Some(world.clock.now());
    let batch = RecordBatch {
        deliveries: vec![record],
        attempts: vec![made],
        seen: Seen {
            events: true,
            deliveries: [id].into(),
        },
        ..RecordBatch::default()
    };
    world.store.write(&batch).await.unwrap();
}

#[tokio::test]
async fn an_event_stays_as_long_as_one_of_its_deliveries_is_not_settled() {
    let mut world = World::new().await;
    let (slow, quick) = (
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    );
    let event = world.event("acme", "a");
    let waits = delivery(&event.event, slow, 1, DeliveryStatus::Retrying);
    let done = delivery(&event.event, quick, 1, DeliveryStatus::Success);
    let batch = RecordBatch {
        attempts: vec![attempt(&waits, 1), attempt(&done, 1)],
        deliveries: vec![waits, done],
        events: vec![event.clone()],
        ..RecordBatch::default()
    };
    world.store.write(&batch).await.unwrap();
    let now = RetentionTime::of_database(world.clock.now() + DAY * 40);
    world.store.drop_expired(now, 30).await.unwrap();
    assert_eq!(rows(&world).await, (1, 1, 1));
    let stored = world
        .store
        .get_event(&tenant("acme"), event.event.id)
        .await
        .unwrap();
    assert_eq!(stored.event.data, event.event.data);
}

/// What came too late for its day's partition lies in the default one from the beginning.
#[tokio::test]
async fn what_is_not_settled_is_spared_in_the_default_partition_too() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let today = world.clock.now();
    world.clock.set(today - DAY * 20);
    let kept = attempted(&mut world, webhook, DeliveryStatus::Retrying).await;
    attempted(&mut world, webhook, DeliveryStatus::Success).await;
    let now = RetentionTime::of_database(today);
    world.store.drop_expired(now, 10).await.unwrap();
    assert_eq!(rows(&world).await, (1, 1, 1));
    assert!(
        world
            .store
            .get_delivery(&tenant("acme"), kept)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_day_goes_while_deliveries_of_it_are_recorded() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let mut waiting = Vec::new();
    for _ in 0..50 {
        waiting.push(attempted(&mut world, webhook, DeliveryStatus::Retrying).await);
    }
    let now = RetentionTime::of_database(world.clock.now() + DAY * 3);
    let world = Arc::new(world);
    let recording = {
        let world = world.clone();
        let waiting = waiting.clone();
        tokio::spawn(async move {
            for id in waiting {
                succeed(&world, webhook, id, 2).await;
            }
        })
    };
    for _ in 0..5 {
        world.store.drop_expired(now, 1).await.unwrap();
    }
    recording.await.unwrap();
    let totals = world.store.webhook_totals(&[webhook]).await.unwrap();
    assert_eq!(totals[&webhook].total_deliveries, 50);
    assert_eq!(totals[&webhook].successful_deliveries, 50);
}
