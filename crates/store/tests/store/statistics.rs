use std::time::Duration;

use posthorn_domain::{Clock, DeliveryStatus, Timestamp, WebhookId};
use posthorn_store::{
    BucketWidth, DeliveryRecord, ExpectedVersion, Outcomes, RecordBatch, RetentionTime, Statistics,
    StatisticsFilter,
};
use posthorn_testkit::eventually;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use crate::support::*;

use DeliveryStatus::{Failed, Pending, Retrying, Success};

const HOUR: Duration = Duration::from_secs(3_600);

/// Writes a delivery as it stands, with its last attempt.
async fn write(world: &World, record: &DeliveryRecord) {
    let batch = RecordBatch {
        attempts: match record.attempt_count {
            0 => Vec::new(),
            number => vec![attempt(record, number)],
        },
        deliveries: vec![record.clone()],
        ..RecordBatch::default()
    };
    world.store.write(&batch).await.unwrap();
}

async fn day(world: &World, webhook: Option<WebhookId>, bucket: BucketWidth) -> Statistics {
    let now: Timestamp = world.clock.now();
    let filter = StatisticsFilter {
        webhook,
        since: bucket.start_of(now - 24 * HOUR),
        until: bucket.start_of(now) + bucket.duration(),
        bucket,
    };
    world
        .store
        .statistics(&tenant("acme"), &filter)
        .await
        .unwrap()
}

fn all(statistics: &Statistics) -> Outcomes {
    let mut sum = Outcomes::default();
    for (_, outcomes) in &statistics.buckets {
        sum.deliveries += outcomes.deliveries;
        sum.successes += outcomes.successes;
        sum.failures += outcomes.failures;
        sum.attempts += outcomes.attempts;
        sum.answered += outcomes.answered;
        sum.response_ms += outcomes.response_ms;
    }
    sum
}

#[tokio::test]
async fn a_delivery_counts_once_where_it_was_created_and_as_what_it_is_now() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let created = BucketWidth::FiveMinutes.start_of(world.clock.now());
    let event = world.event("acme", "a.b").event;
    world.clock.advance(2 * HOUR);
    let mut last = Outcomes::default();
    for (attempts, status) in [
        (0, Pending),
        (1, Retrying),
        (1, Retrying), // again, as after a crash
        (2, Failed),
        (2, Failed),
        (3, Retrying), // by hand
        (4, Success),
        (1, Retrying), // late
    ] {
        write(&world, &delivery(&event, webhook, attempts, status)).await;
        let statistics = day(&world, Some(webhook), BucketWidth::FiveMinutes).await;
        let [(start, outcomes)] = statistics.buckets.as_slice() else {
            panic!("{statistics:?}");
        };
        assert_eq!(*start, created);
        assert_eq!(
            statistics.event_types,
            [("a.b".parse().unwrap(), *outcomes)]
        );
        last = Outcomes {
            attempts: last.attempts.max(attempts.into()),
            ..last
        };
        let settled = |wanted| {
            u64::from(
                status == wanted || (attempts == 1 && last.attempts == 4 && wanted == Success),
            )
        };
        assert_eq!(
            *outcomes,
            Outcomes {
                deliveries: 1,
                successes: settled(Success),
                failures: settled(Failed),
                attempts: last.attempts,
                answered: last.attempts,
                response_ms: 12 * last.attempts,
            },
            "after {attempts} attempts, {status:?}"
        );
        world.store.fold_statistics().await.unwrap().unwrap();
        assert_eq!(
            all(&day(&world, Some(webhook), BucketWidth::Hour).await),
            *outcomes,
            "folding changes nothing"
        );
    }
    let latency = day(&world, None, BucketWidth::Hour).await.latency;
    assert_eq!(latency.percentile_ms(99), Some(12));
}

/// Counted from the rows themselves, folded or not, in every width, for each webhook and for the tenant.
#[tokio::test]
async fn statistics_agree_with_the_rows_at_every_moment() {
    let mut world = World::new().await;
    let webhooks = [
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    ];
    let mut rng = StdRng::seed_from_u64(3);
    let mut records: Vec<DeliveryRecord> = Vec::new();
    for round in 0..40 {
        world
            .clock
            .advance(Duration::from_secs(rng.random_range(0..1_500)));
        let mut batch = RecordBatch::default();
        for _ in 0..rng.random_range(1..20) {
            let event = world
                .event("acme", ["a", "b"][rng.random_range(0..2)])
                .event;
            let webhook = webhooks[rng.random_range(0..2)];
            records.push(delivery(&event, webhook, 0, Pending));
        }
        // Any of them moves on, some of them not for the first time.
        for _ in 0..rng.random_range(0..30) {
            let record = &records[rng.random_range(0..records.len())];
            let status = [Retrying, Success, Failed][rng.random_range(0..3)];
            let mut moved = record.clone();
            moved.attempt_count += 1;
            moved.status = status;
            (moved.status_code, moved.response_time_ms) =
                (Some(500), Some(rng.random_range(0..40_000)));
            moved.next_retry_at =
                (status == Retrying).then(|| moved.created_at + Duration::from_secs(9));
            moved.delivered_at = (status == Success).then_some(moved.created_at);
            batch.attempts.push(attempt(&moved, moved.attempt_count));
            records.retain(|record| record.id != moved.id);
            records.push(moved);
        }
        batch.deliveries = records.clone();
        world.store.write(&batch).await.unwrap();
        if round % 3 == 0 {
            world.store.fold_statistics().await.unwrap().unwrap();
        }
    }
    let since = world.clock.now() - 24 * HOUR;
    for width in [
        BucketWidth::FiveMinutes,
        BucketWidth::Hour,
        BucketWidth::Day,
    ] {
        for webhook in [None, Some(webhooks[0]), Some(webhooks[1])] {
            let statistics = day(&world, webhook, width).await;
            let from = width.start_of(since);
            let wanted = |record: &&DeliveryRecord| {
                record.created_at >= from && webhook.is_none_or(|id| record.webhook == id)
            };
            let count = |status| {
                let settled = records.iter().filter(wanted);
                settled.filter(|record| record.status == status).count() as u64
            };
            let sum = all(&statistics);
            assert_eq!(sum.deliveries, records.iter().filter(wanted).count() as u64);
            assert_eq!(
                (sum.successes, sum.failures),
                (count(Success), count(Failed))
            );
            let attempts = records
                .iter()
                .filter(wanted)
                .map(|r| u64::from(r.attempt_count));
            assert_eq!(sum.attempts, attempts.sum::<u64>());
            let by_type: u64 = statistics.event_types.iter().map(|(_, o)| o.attempts).sum();
            assert_eq!(by_type, sum.attempts);
            for (start, outcomes) in &statistics.buckets {
                let own = |record: &&DeliveryRecord| {
                    wanted(record) && width.start_of(record.created_at) == *start
                };
                assert_eq!(
                    outcomes.deliveries,
                    records.iter().filter(own).count() as u64
                );
            }
        }
    }
    assert_eq!(
        world.count("SELECT sum(answered)::bigint FROM (SELECT answered FROM latency_deltas UNION ALL
            SELECT answered FROM latency_1h WHERE webhook_id <> '00000000-0000-0000-0000-000000000000') AS a").await,
        world.count("SELECT count(*) FROM attempts").await
    );
}

#[tokio::test]
async fn one_service_folds_at_a_time_and_no_number_is_lost_or_doubled() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let stores = [world.replica(KEY), world.replica(KEY)];
    let mut batches = Vec::new();
    for _ in 0..50 {
        let event = world.event("acme", "a").event;
        let record = delivery(&event, webhook, 1, Success);
        batches.push(RecordBatch {
            attempts: vec![attempt(&record, 1)],
            deliveries: vec![record],
            ..RecordBatch::default()
        });
    }
    let folding = async |store: &posthorn_store::Store| {
        for _ in 0..50 {
            store.fold_statistics().await.unwrap();
        }
    };
    let writing = async {
        for batch in &batches {
            world.store.write(batch).await.unwrap();
        }
    };
    tokio::join!(folding(&stores[0]), folding(&stores[1]), writing);
    let sum = all(&day(&world, None, BucketWidth::Hour).await);
    assert_eq!((sum.deliveries, sum.successes, sum.answered), (50, 50, 50));
    world.store.fold_statistics().await.unwrap().unwrap();
    assert_eq!(
        world.count("SELECT count(*) FROM statistics_deltas").await,
        0
    );
    // PostgreSQL leaves the file as it is while somebody else, such as its own vacuum, has the table open.
    eventually(Duration::from_secs(20), async || {
        world.store.vacuum_statistics().await.unwrap();
        let size = "SELECT pg_relation_size('statistics_deltas')";
        let bytes = world.count(size).await;
        (bytes == 0).then_some(()).ok_or(bytes)
    })
    .await;
    assert_eq!(all(&day(&world, None, BucketWidth::Hour).await), sum);
}

#[tokio::test]
async fn expired_sums_are_dropped_and_deleted_webhooks_forgotten() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a").event;
    write(&world, &delivery(&event, webhook, 1, Success)).await;
    world.store.fold_statistics().await.unwrap().unwrap();
    let rows = async |table: &str| world.count(&format!("SELECT count(*) FROM {table}")).await;
    let counts = async || {
        (
            rows("statistics_5m").await,
            rows("latency_5m").await,
            rows("statistics_1h").await,
            rows("latency_1h").await,
        )
    };
    assert_eq!(counts().await, (2, 2, 2, 2));
    let drop = async |days: u32| {
        let now = world.clock.now() + Duration::from_secs(u64::from(days) * 86_400);
        let now = RetentionTime::of_database(now);
        world.store.drop_expired_statistics(now, 30).await.unwrap()
    };
    assert_eq!(drop(1).await, 0);
    assert_eq!(drop(3).await, 4);
    assert_eq!(counts().await, (0, 0, 2, 2));
    world
        .store
        .delete_webhook(&tenant("acme"), webhook, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    world.store.purge_deleted().await.unwrap();
    assert_eq!(counts().await, (0, 0, 1, 1), "the tenant's stay");
    assert_eq!(drop(31).await, 2);
}

#[tokio::test]
async fn health_tells_good_webhooks_from_bad_ones() {
    let mut world = World::new().await;
    let mut outcomes = async |good: u32, bad: u32, waiting: u32| {
        let webhook = world.webhook("acme", "{}").await.id;
        let statuses = [(good, Success), (bad, Failed), (waiting, Retrying)];
        for (count, status) in statuses {
            for _ in 0..count {
                let event = world.event("acme", "a").event;
                write(&world, &delivery(&event, webhook, 1, status)).await;
            }
        }
        webhook
    };
    outcomes(19, 1, 7).await; // healthy
    outcomes(9, 1, 0).await; // exactly 90 %: neither
    outcomes(1, 1, 0).await; // exactly 50 %: neither
    outcomes(1, 2, 0).await; // unhealthy
    outcomes(0, 0, 3).await; // nothing settled: neither
    let disabled = outcomes(0, 1, 0).await; // unhealthy
    world
        .store
        .set_webhook_enabled(
            &tenant("acme"),
            disabled,
            false,
            &ExpectedVersion::Any,
            "ada",
        )
        .await
        .unwrap();
    let health = async |world: &World| world.store.webhook_health(&tenant("acme")).await.unwrap();
    let fresh = health(&world).await;
    assert_eq!((fresh.total, fresh.enabled), (6, 5));
    assert_eq!((fresh.healthy, fresh.unhealthy), (1, 2));
    assert_eq!(fresh.outcomes.deliveries, 46);
    assert_eq!((fresh.outcomes.successes, fresh.outcomes.failures), (30, 6));
    assert_eq!(fresh.outcomes.response_ms, 12 * fresh.outcomes.answered);
    world.store.fold_statistics().await.unwrap().unwrap();
    assert_eq!(health(&world).await, fresh);
    world.clock.advance(24 * HOUR - Duration::from_secs(60));
    assert_eq!(health(&world).await, fresh, "still within the day");
    world.clock.advance(Duration::from_secs(6 * 60));
    let later = health(&world).await;
    assert_eq!((later.total, later.outcomes), (6, Outcomes::default()));
    assert_eq!((later.healthy, later.unhealthy), (0, 0));
}
