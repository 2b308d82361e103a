use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use posthorn_domain::{
    CloudEventAttributes, DeliveryId, DeliveryStatus, Event, EventId, TraceContext, WebhookId,
    cloud_event::MoreAttributes,
};
use posthorn_store::{DeliveryRecord, ExpectedVersion, RecordBatch, Store, WebhookTotals};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};

use crate::support::*;

fn batch(deliveries: &[(DeliveryRecord, u32)]) -> RecordBatch {
    RecordBatch {
        events: Vec::new(),
        deliveries: deliveries
            .iter()
            .map(|(record, _)| record.clone())
            .collect(),
        attempts: deliveries
            .iter()
            .filter(|(_, number)| *number > 0)
            .map(|(record, number)| attempt(record, *number))
            .collect(),
        ..RecordBatch::default()
    }
}

async fn totals(store: &Store, webhook: WebhookId) -> WebhookTotals {
    let all = store.webhook_totals(&[webhook]).await.unwrap();
    all.get(&webhook).copied().unwrap_or_default()
}

/// All attributes of a CloudEvent that have no column of their own.
const MORE: &str = r#"{"datacontenttype":"image/png","dataschema":"s","extensions":{"z":true,"a":-7,"m":"\u0000"},"data_base64":true}"#;

#[tokio::test]
async fn what_is_written_is_read_back_to_the_byte() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let mut event = world.event("acme", "user.created");
    event.event = Arc::new(Event {
        cloud_event: Some(CloudEventAttributes {
            id: "a\0b".to_owned(),
            source: "//src".to_owned(),
            subject: None,
            more: MoreAttributes::from_stored(MORE).map(Box::new),
        }),
        trace: Some(TraceContext {
            traceparent: "00-1".to_owned(),
            tracestate: Some("k=v".to_owned()),
        }),
        ..(*event.event).clone()
    });
    let mut record = delivery(&event.event, webhook, 1, DeliveryStatus::Retrying);
    record.error_message = Some("nul \0 here".to_owned());
    let mut made = attempt(&record, 1);
    made.request_body = Some(Bytes::from_static(b"rendered"));
    let batch = RecordBatch {
        events: vec![event.clone()],
        deliveries: vec![record.clone()],
        attempts: vec![made.clone()],
        ..RecordBatch::default()
    };
    world.store.write(&batch).await.unwrap();

    let read = world
        .store
        .get_event(&tenant("acme"), event.event.id)
        .await
        .unwrap();
    assert_eq!(read.event.data, event.event.data);
    let attributes = read.event.cloud_event.as_ref().unwrap();
    assert_eq!(attributes.id, "a\u{fffd}b");
    // In their order and with their types; JSON has an escape for what PostgreSQL does not keep.
    assert_eq!(attributes.more.as_ref().unwrap().to_stored(), MORE);
    assert_eq!(read.event.trace, event.event.trace);
    assert_eq!(
        (read.accepted_at, read.stream_sequence),
        (event.accepted_at, 1)
    );

    let details = world
        .store
        .get_delivery(&tenant("acme"), record.id)
        .await
        .unwrap();
    assert_eq!(
        details.delivery.error_message.as_deref(),
        Some("nul \u{fffd} here")
    );
    assert_eq!(details.delivery.next_retry_at, record.next_retry_at);
    assert_eq!(details.delivery.status, DeliveryStatus::Retrying);
    assert_eq!(details.attempts.len(), 1);
    assert_eq!(details.attempts[0].phases, made.phases);
    let exchange = details.last_exchange.unwrap();
    assert_eq!(exchange.request_headers, made.request_headers);
    assert_eq!(exchange.response_headers, made.response_headers);
    assert_eq!(exchange.response_body, made.response_body);
    assert_eq!(exchange.request_body, made.request_body);
}

#[tokio::test]
async fn a_batch_written_twice_counts_once() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a");
    let mut written = batch(&[
        (
            delivery(&event.event, webhook, 0, DeliveryStatus::Pending),
            0,
        ),
        (
            delivery(&event.event, webhook, 1, DeliveryStatus::Success),
            1,
        ),
    ]);
    written.events.push(event.clone());
    for _ in 0..2 {
        world.store.write(&written).await.unwrap();
        let totals = totals(&world.store, webhook).await;
        assert_eq!(
            (totals.total_deliveries, totals.successful_deliveries),
            (1, 1)
        );
        assert_eq!(
            totals.last_delivery_at,
            Some(written.attempts[0].started_at)
        );
        assert_eq!(totals.last_delivery_status, Some(DeliveryStatus::Success));
    }
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM events").await, 1);
}

/// Whatever the batch says of itself, rightly or wrongly, the same is written.
#[tokio::test]
async fn what_is_new_and_what_is_seen_come_to_the_same() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let mut expected = 0;
    for hint in 0..16 {
        let says = |bit: usize| hint & bit != 0;
        let [old, new] = [(); 2].map(|()| world.event("acme", "a"));
        let of = |event: &Arc<Event>, attempts, status| delivery(event, webhook, attempts, status);
        let first = (of(&old.event, 1, DeliveryStatus::Retrying), 1);
        let mut before = batch(std::slice::from_ref(&first));
        before.events.push(old.clone());
        before.seen.events = says(1);
        world.store.write(&before).await.unwrap();

        let retried = of(&old.event, 2, DeliveryStatus::Success);
        let fresh = of(&new.event, 1, DeliveryStatus::Success);
        let mut after = batch(&[(retried.clone(), 2), (fresh.clone(), 1)]);
        after.events = vec![old, new];
        after.seen.events = says(2);
        let seen = [(says(4), retried.id), (says(8), fresh.id)];
        after.seen.deliveries = seen
            .into_iter()
            .filter_map(|(says, id)| says.then_some(id))
            .collect();
        world.store.write(&after).await.unwrap();

        expected += 2;
        let totals = totals(&world.store, webhook).await;
        assert_eq!(
            (totals.total_deliveries, totals.successful_deliveries),
            (expected, expected),
            "{hint}"
        );
        for (record, attempts) in [(retried, 2), (fresh, 1)] {
            let read = world
                .store
                .get_delivery(&tenant("acme"), record.id)
                .await
                .unwrap();
            assert_eq!(read.delivery.status, DeliveryStatus::Success);
            assert_eq!(read.attempts.len(), attempts, "{hint}");
        }
    }
    assert_eq!(world.count("SELECT count(*) FROM events").await, 32);
}

#[tokio::test]
async fn a_success_counts_while_it_is_one() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a").event;
    for (attempts, run_start, status, successes) in [
        (1, 0, DeliveryStatus::Success, 1),
        (1, 1, DeliveryStatus::Retrying, 0),
        (2, 1, DeliveryStatus::Retrying, 0),
        (3, 1, DeliveryStatus::Failed, 0),
        (3, 3, DeliveryStatus::Retrying, 0),
        (4, 3, DeliveryStatus::Success, 1),
    ] {
        let record = DeliveryRecord {
            run_start,
            ..delivery(&event, webhook, attempts, status)
        };
        for _ in 0..2 {
            let written = batch(&[(record.clone(), attempts)]);
            world.store.write(&written).await.unwrap();
            let totals = totals(&world.store, webhook).await;
            assert_eq!(
                (totals.total_deliveries, totals.successful_deliveries),
                (1, successes),
                "after {attempts} attempts"
            );
        }
    }
    let states = world
        .store
        .delivery_states(&[DeliveryId::derive(event.id, webhook)])
        .await
        .unwrap();
    assert!(states.iter().all(|(_, state)| state.run_start == 3));
}

/// What the rows must be after some records were written in some order, by the recorder's own promise.
#[derive(Default)]
struct Model {
    rows: HashMap<DeliveryId, DeliveryRecord>,
    delivered: HashSet<DeliveryId>,
}

impl Model {
    fn write(&mut self, record: &DeliveryRecord) {
        let place = |r: &DeliveryRecord| {
            let stage = match r.status {
                DeliveryStatus::Pending => 0,
                DeliveryStatus::Retrying => 1,
                DeliveryStatus::Failed => 2,
                DeliveryStatus::Success => 3,
            };
            (r.attempt_count, stage, r.next_retry_at)
        };
        let later = self
            .rows
            .get(&record.id)
            .is_none_or(|row| place(record) > place(row));
        if later {
            self.rows.insert(record.id, record.clone());
            match record.status {
                DeliveryStatus::Success => drop(self.delivered.insert(record.id)),
                DeliveryStatus::Failed => drop(self.delivered.remove(&record.id)),
                DeliveryStatus::Pending | DeliveryStatus::Retrying => {}
            }
        }
    }
}

/// Any order, any repetition, any cut into batches (of distinct deliveries) leads where the model leads.
#[tokio::test]
async fn records_in_any_order_never_move_a_delivery_backwards() {
    let mut world = World::new().await;
    let webhooks = [
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    ];
    for seed in 0..40 {
        let mut rng = StdRng::seed_from_u64(seed);
        let events: Vec<_> = (0..3).map(|_| world.event("acme", "a").event).collect();
        let mut model = Model::default();
        for _ in 0..12 {
            let mut records: Vec<DeliveryRecord> = Vec::new();
            for event in &events {
                for webhook in webhooks {
                    if rng.random_bool(0.5) {
                        continue;
                    }
                    let attempts = rng.random_range(0..4);
                    let status = match rng.random_range(0..4) {
                        _ if attempts == 0 => DeliveryStatus::Pending,
                        0 => DeliveryStatus::Failed,
                        1 => DeliveryStatus::Success,
                        _ => DeliveryStatus::Retrying,
                    };
                    let mut record = delivery(event, webhook, attempts, status);
                    if !status.is_settled() {
                        record.next_retry_at = rng
                            .random_bool(0.7)
                            .then(|| event.timestamp + Duration::from_secs(rng.random_range(0..3)));
                    }
                    records.push(record);
                }
            }
            records.shuffle(&mut rng);
            for record in &records {
                model.write(record);
            }
            let written: Vec<_> = records
                .into_iter()
                .map(|r| {
                    let n = r.attempt_count;
                    (r, n)
                })
                .collect();
            world.store.write(&batch(&written)).await.unwrap();
        }
        for (id, expected) in &model.rows {
            let read = world
                .store
                .get_delivery(&tenant("acme"), *id)
                .await
                .unwrap()
                .delivery;
            assert_eq!(
                (
                    read.status,
                    read.attempt_count,
                    read.next_retry_at,
                    read.status_code
                ),
                (
                    expected.status,
                    expected.attempt_count,
                    expected.next_retry_at,
                    expected.status_code
                ),
                "seed {seed}"
            );
            assert_eq!(
                read.delivered_at.is_some(),
                model.delivered.contains(id),
                "seed {seed}"
            );
        }
        let ids: Vec<DeliveryId> = model.rows.keys().copied().collect();
        let states = world.store.delivery_states(&ids).await.unwrap();
        assert_eq!(states.len(), model.rows.len());
        assert!(
            states
                .iter()
                .all(|(id, state)| state.attempt_count == model.rows[id].attempt_count)
        );
    }
    let mut deliveries = 0;
    let mut successes = 0;
    for webhook in webhooks {
        let totals = totals(&world.store, webhook).await;
        deliveries += totals.total_deliveries;
        successes += totals.successful_deliveries;
    }
    assert_eq!(
        i64::try_from(deliveries).unwrap(),
        world.count("SELECT count(*) FROM deliveries").await
    );
    assert_eq!(
        i64::try_from(successes).unwrap(),
        world
            .count("SELECT count(*) FROM deliveries WHERE status = 1")
            .await
    );
}

#[tokio::test]
async fn of_several_records_in_one_batch_the_furthest_counts() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a").event;
    let done = delivery(&event, webhook, 2, DeliveryStatus::Success);
    let records = [
        (delivery(&event, webhook, 1, DeliveryStatus::Retrying), 1),
        (done.clone(), 2),
        (delivery(&event, webhook, 0, DeliveryStatus::Pending), 0),
    ];
    world.store.write(&batch(&records)).await.unwrap();
    let read = world
        .store
        .get_delivery(&tenant("acme"), done.id)
        .await
        .unwrap();
    assert_eq!(
        (read.delivery.status, read.delivery.attempt_count),
        (DeliveryStatus::Success, 2)
    );
    let numbers: Vec<u32> = read.attempts.iter().map(|attempt| attempt.number).collect();
    assert_eq!(numbers, [1, 2]);
}

/// Replicas that took over each other's claims write the same rows at the same time, in any order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_write_the_same_rows_never_deadlock_nor_count_twice() {
    let mut world = World::new().await;
    let webhooks = [
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    ];
    let events: Vec<_> = (0..40).map(|_| world.event("acme", "a").event).collect();
    let mut writers = Vec::new();
    for seed in 0..4 {
        let (store, events) = (world.replica(KEY), events.clone());
        writers.push(tokio::spawn(async move {
            let mut rng = StdRng::seed_from_u64(seed);
            for round in 0..15_u32 {
                let mut records = Vec::new();
                for event in &events {
                    for webhook in webhooks {
                        let attempts = rng.random_range(0..=round.min(4));
                        let status = match attempts {
                            0 => DeliveryStatus::Pending,
                            4 => DeliveryStatus::Success,
                            _ => DeliveryStatus::Retrying,
                        };
                        records.push((delivery(event, webhook, attempts, status), attempts));
                    }
                }
                records.shuffle(&mut rng);
                records.truncate(80);
                store.write(&batch(&records)).await.unwrap();
            }
            let all: Vec<_> = events
                .iter()
                .flat_map(|event| {
                    webhooks
                        .map(|webhook| (delivery(event, webhook, 4, DeliveryStatus::Success), 4))
                })
                .collect();
            store.write(&batch(&all)).await.unwrap();
            store.close().await;
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for webhook in webhooks {
        let totals = totals(&world.store, webhook).await;
        assert_eq!(
            (totals.total_deliveries, totals.successful_deliveries),
            (40, 40)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_webhook_gets_no_rows_however_late_they_come() {
    let mut world = World::new().await;
    let (doomed, kept) = (
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    );
    let events: Vec<_> = (0..300).map(|_| world.event("acme", "a").event).collect();
    let mut writers = Vec::new();
    for part in events.chunks(100) {
        let (store, part) = (world.replica(KEY), part.to_vec());
        writers.push(tokio::spawn(async move {
            for event in part {
                let records =
                    [doomed, kept].map(|id| (delivery(&event, id, 1, DeliveryStatus::Success), 1));
                store.write(&batch(&records)).await.unwrap();
            }
            store.close().await;
        }));
    }
    while totals(&world.store, doomed).await.total_deliveries < 20 {
        tokio::task::yield_now().await;
    }
    world
        .store
        .delete_webhook(&tenant("acme"), doomed, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(world.count("SELECT count(*) FROM deliveries").await, 300);
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 300);
    assert_eq!(totals(&world.store, doomed).await, WebhookTotals::default());
    assert_eq!(totals(&world.store, kept).await.total_deliveries, 300);
}

#[tokio::test]
async fn a_webhook_that_was_never_there_gets_no_rows() {
    let mut world = World::new().await;
    let event = world.event("acme", "a").event;
    let nobody = WebhookId::generate(&*world.clock, &mut world.rng);
    let record = delivery(&event, nobody, 1, DeliveryStatus::Success);
    world.store.write(&batch(&[(record, 1)])).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM deliveries").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 0);
}

#[tokio::test]
async fn an_event_older_than_every_partition_is_kept() {
    let mut world = World::new().await;
    let mut event = world.event("acme", "a");
    event.event = Arc::new(Event {
        id: EventId::from_stream_position(1_000_000_000_000_000_000, 1),
        ..(*event.event).clone()
    });
    let written = RecordBatch {
        events: vec![event.clone()],
        ..RecordBatch::default()
    };
    world.store.write(&written).await.unwrap();
    assert!(
        world
            .store
            .get_event(&tenant("acme"), event.event.id)
            .await
            .is_ok()
    );
}
