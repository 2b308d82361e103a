//! How often filters failed on events.

use std::time::Duration;

use posthorn_domain::{EventId, WebhookId};
use posthorn_store::{
    ExpectedVersion, FilterFailureCount, RecentFilterFailures, RetentionTime, Store,
};

use crate::support::*;

fn count(webhook: WebhookId, failures: u64, event: EventId, ago_s: u64) -> FilterFailureCount {
    FilterFailureCount {
        webhook,
        failures,
        last_event: event,
        last_ago: Duration::from_secs(ago_s),
        last_reason: format!("reason of {ago_s} s ago"),
    }
}

async fn recent(store: &Store, webhook: WebhookId) -> RecentFilterFailures {
    let status = store.gate_status(&tenant("acme"), webhook).await.unwrap();
    status.filter_failures
}

async fn listed(store: &Store, webhook: WebhookId) -> u64 {
    store.webhook_totals(&[webhook]).await.unwrap()[&webhook].filter_failures_24h
}

#[tokio::test]
async fn what_replicas_counted_adds_up_and_the_last_failure_is_told() {
    let mut world = World::new().await;
    let [one, other, well] = [
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    ];
    let events: Vec<EventId> = (0..3).map(|_| world.event("acme", "a").event.id).collect();
    let replica = world.replica(KEY);
    // In either order: they must not wait for each other in a circle.
    let (first, second) = (
        [
            count(one, 1_000, events[0], 9),
            count(other, 1, events[1], 5),
        ],
        [count(other, 3, events[2], 7), count(one, 30, events[1], 2)],
    );
    for _ in 0..20 {
        let written = tokio::join!(
            world.store.add_filter_failures(&first),
            replica.add_filter_failures(&second)
        );
        assert!(written.0.is_ok() && written.1.is_ok());
    }
    let seen = recent(&world.store, one).await;
    assert_eq!((seen.count, listed(&replica, one).await), (20_600, 20_600));
    let last = seen.last.unwrap();
    assert_eq!(
        (last.event, &*last.reason),
        (events[1], "reason of 2 s ago")
    );
    assert_eq!(
        recent(&world.store, other).await.last.unwrap().event,
        events[1]
    );
    assert_eq!(
        recent(&world.store, well).await,
        RecentFilterFailures::default()
    );
    assert_eq!(listed(&world.store, well).await, 0);
    // One row for each, however many failed.
    let rows = world.count("SELECT count(*) FROM filter_failures").await;
    assert!(
        (2..=4).contains(&rows),
        "{rows}: two, unless the hour has changed"
    );
}

#[tokio::test]
async fn a_reason_is_kept_within_bounds() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a").event.id;
    let long = FilterFailureCount {
        last_reason: format!("\0{}", "é".repeat(5_000)),
        ..count(webhook, 1, event, 0)
    };
    world.store.add_filter_failures(&[long]).await.unwrap();
    let reason = recent(&world.store, webhook).await.last.unwrap().reason;
    assert_eq!(reason.chars().count(), 501);
    assert!(reason.starts_with("\u{fffd}é") && reason.ends_with("é…"));
}

#[tokio::test]
async fn a_days_failures_are_told_and_older_ones_forgotten() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a").event.id;
    world
        .store
        .add_filter_failures(&[count(webhook, 5, event, 0)])
        .await
        .unwrap();
    for (hours, failures) in [(22, 7), (25, 100), (30, 200)] {
        let row = format!(
            "INSERT INTO filter_failures SELECT webhook_id, date_trunc('hour', now(), 'UTC') - interval '{hours} hours',
                 {failures}, last_event_id, last_at - interval '{hours} hours', 'old' FROM filter_failures WHERE failures = 5"
        );
        world.database.execute(&row).await;
    }
    let seen = recent(&world.store, webhook).await;
    assert_eq!((seen.count, listed(&world.store, webhook).await), (12, 12));
    assert_eq!(seen.last.unwrap().reason, "reason of 0 s ago");
    let now = world.store.database_time().await.unwrap();
    let dropped = world
        .store
        .drop_old_filter_failures(RetentionTime::of_database(now))
        .await
        .unwrap();
    assert_eq!(dropped, 2);
    assert_eq!(recent(&world.store, webhook).await.count, 12);
}

#[tokio::test]
async fn nothing_is_kept_of_a_webhook_that_is_deleted() {
    let mut world = World::new().await;
    let [deleted, kept] = [
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    ];
    let event = world.event("acme", "a").event.id;
    let counts = [count(deleted, 1, event, 0), count(kept, 1, event, 0)];
    world.store.add_filter_failures(&counts).await.unwrap();
    world
        .store
        .delete_webhook(&tenant("acme"), deleted, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    // A process that counted before it heard of the deletion.
    world.store.add_filter_failures(&counts).await.unwrap();
    assert_eq!(listed(&world.store, deleted).await, 0);
    assert_eq!(listed(&world.store, kept).await, 2);
}
