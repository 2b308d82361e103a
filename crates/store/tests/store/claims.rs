//! One request of a delivery at a time, and what the recorder finds when there were two all the same.

use std::time::Duration;

use posthorn_domain::{DeliveryId, DeliveryStatus, Event, WebhookId};
use posthorn_store::{
    AttemptClaim, AttemptOvertaken, DeliveryRecord, MessageKey, RecordBatch, Seen, Store,
};

use crate::support::{World, attempt, delivery, tenant};

const LEASE: Duration = Duration::from_secs(60);

fn claim(delivery: DeliveryId, message: MessageKey, lease: Duration) -> AttemptClaim {
    AttemptClaim {
        delivery,
        message,
        lease,
    }
}

async fn is_refused(store: &Store, wanted: AttemptClaim) -> bool {
    let claimed = store.claim_attempts(&[wanted]).await.unwrap();
    claimed.refused.contains(&wanted.delivery)
}

/// A batch about deliveries that are recorded, with the attempt that each record is of.
fn of_attempts(records: &[DeliveryRecord]) -> RecordBatch {
    RecordBatch {
        attempts: records
            .iter()
            .map(|record| attempt(record, record.attempt_count))
            .collect(),
        deliveries: records.to_vec(),
        seen: Seen {
            events: false,
            deliveries: records.iter().map(|record| record.id).collect(),
        },
        ..RecordBatch::default()
    }
}

async fn world() -> (World, std::sync::Arc<Event>, WebhookId) {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a").event;
    (world, event, webhook)
}

#[tokio::test]
async fn a_delivery_belongs_to_one_message_until_its_attempt_is_recorded() {
    let (world, event, webhook) = world().await;
    let store = &world.store;
    let id = DeliveryId::derive(event.id, webhook);
    let [first, second] = [7, 8].map(MessageKey::of_delivery);
    assert!(!is_refused(store, claim(id, first, LEASE)).await);
    assert!(is_refused(store, claim(id, second, LEASE)).await);
    let of_event = MessageKey::of_event(7);
    assert!(is_refused(store, claim(id, of_event, LEASE)).await);
    // Given out again, because its process died.
    assert!(!is_refused(store, claim(id, first, LEASE)).await);

    // Whoever is not the holder releases nothing.
    let record = delivery(&event, webhook, 1, DeliveryStatus::Retrying);
    let mut batch = of_attempts(std::slice::from_ref(&record));
    batch.released = vec![(id, second)];
    store.write(&batch).await.unwrap();
    assert!(is_refused(store, claim(id, second, LEASE)).await);
    batch.released = vec![(id, first)];
    store.write(&batch).await.unwrap();
    let claimed = store.claim_attempts(&[claim(id, second, LEASE)]).await;
    let claimed = claimed.unwrap();
    assert!(claimed.refused.is_empty());
    assert_eq!(claimed.states.get(&id).unwrap().attempt_count, 1);
}

#[tokio::test]
async fn a_claim_whose_message_is_gone_lapses() {
    let (world, event, webhook) = world().await;
    let id = DeliveryId::derive(event.id, webhook);
    let [first, second] = [7, 8].map(MessageKey::of_delivery);
    assert!(!is_refused(&world.store, claim(id, first, Duration::ZERO)).await);
    assert!(!is_refused(&world.store, claim(id, second, LEASE)).await);
    let claims = "SELECT count(*) FROM attempt_claims";
    assert_eq!(world.store.drop_lapsed_claims().await.unwrap(), 0);
    world
        .database
        .execute("UPDATE attempt_claims SET claimed_until = now() - interval '2 hours'")
        .await;
    assert_eq!(world.store.drop_lapsed_claims().await.unwrap(), 1);
    assert_eq!(world.count(claims).await, 0);
}

/// The first attempt is shown when it is slow, and from then on the delivery belongs to its event's message.
#[tokio::test]
async fn a_first_attempt_that_is_shown_is_claimed() {
    let (world, event, webhook) = world().await;
    let record = delivery(&event, webhook, 0, DeliveryStatus::Pending);
    let shown = RecordBatch {
        claimed: vec![claim(record.id, MessageKey::of_event(7), LEASE)],
        deliveries: vec![record.clone()],
        ..RecordBatch::default()
    };
    world.store.write(&shown).await.unwrap();
    let other = claim(record.id, MessageKey::of_delivery(7), LEASE);
    assert!(is_refused(&world.store, other).await);
    let standings = world.store.standings(&[record.id]).await.unwrap();
    assert!(standings[&record.id].under_way);
}

/// Asked for while the attempt was made: the run takes the place of its end, once.
#[tokio::test]
async fn a_run_that_was_asked_for_during_an_attempt_follows_it() {
    let (world, event, webhook) = world().await;
    let store = &world.store;
    let first = delivery(&event, webhook, 1, DeliveryStatus::Retrying);
    store
        .write(&of_attempts(std::slice::from_ref(&first)))
        .await
        .unwrap();
    let asked = store.standings(&[first.id]).await.unwrap()[&first.id]
        .at_new_run(event.timestamp + Duration::from_secs(20));
    let batch = RecordBatch {
        deliveries: vec![asked],
        ..RecordBatch::default()
    };
    store.write(&batch).await.unwrap();

    let last = delivery(&event, webhook, 2, DeliveryStatus::Failed);
    for _ in 0..2 {
        let written = store
            .write(&of_attempts(std::slice::from_ref(&last)))
            .await
            .unwrap();
        let overtaken = written.overtaken[&last.id];
        assert!(
            matches!(overtaken, AttemptOvertaken::ByRun { run_start: 2, .. }),
            "{overtaken:?}"
        );
        let standing = store.standings(&[last.id]).await.unwrap()[&last.id].clone();
        assert_eq!(standing.delivery.status, DeliveryStatus::Retrying);
        assert_eq!(
            (standing.delivery.attempt_count, standing.run_start),
            (2, 2)
        );
        assert!(standing.delivery.next_retry_at.is_some());
    }
}

/// Two requests under one number, as after a crash: both are kept, and what the receiver accepted stays accepted.
#[tokio::test]
async fn a_second_request_under_one_number_is_kept_and_a_success_stays() {
    for success_first in [true, false] {
        let (world, event, webhook) = world().await;
        let mut success = delivery(&event, webhook, 1, DeliveryStatus::Success);
        let mut failed = delivery(&event, webhook, 1, DeliveryStatus::Failed);
        // So that their attempts begin at different times.
        failed.created_at += Duration::from_secs(5);
        success.response_time_ms = Some(5);
        let order = if success_first {
            [&success, &failed]
        } else {
            [&failed, &success]
        };
        let mut overtaken = Vec::new();
        for record in order {
            for _ in 0..2 {
                let batch = of_attempts(std::slice::from_ref(record));
                let written = world.store.write(&batch).await.unwrap();
                overtaken.extend(written.overtaken.into_values());
            }
        }
        let details = world
            .store
            .get_delivery(&tenant("acme"), success.id)
            .await
            .unwrap();
        assert_eq!(details.delivery.status, DeliveryStatus::Success);
        assert_eq!(details.delivery.attempt_count, 2);
        let numbers: Vec<_> = details.attempts.iter().map(|a| a.number).collect();
        assert_eq!(numbers, [1, 2]);
        if success_first {
            assert_eq!(overtaken, [AttemptOvertaken::ByRecord; 2]);
        }
    }
}
