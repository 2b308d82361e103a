//! What is erased, and what comes of it later.

use std::{collections::HashSet, time::Duration};

use posthorn_domain::{
    Clock, DeliveryStatus, ErasureId, EventId, StreamPosition, TenantId, WebhookId,
};
use posthorn_store::{
    DeadLetter, ErasureFilter, EventRecord, LetterContent, NewErasure, RecordBatch, RetentionTime,
    RunRefused, StoreError, TenantSettings,
};

use crate::support::*;

const LEASE: Duration = Duration::from_secs(30);

/// The batch of an event whose delivery was attempted once.
fn batch(event: &EventRecord, webhook: WebhookId, status: DeliveryStatus) -> RecordBatch {
    let record = delivery(&event.event, webhook, 1, status);
    RecordBatch {
        attempts: vec![attempt(&record, 1)],
        deliveries: vec![record],
        events: vec![event.clone()],
        ..RecordBatch::default()
    }
}

async fn kept_bodies(world: &World) -> i64 {
    let events = "SELECT count(*) FROM events WHERE data <> 'null'";
    let attempts = "SELECT count(*) FROM attempts
        WHERE request_body IS NOT NULL OR response_body IS NOT NULL OR response_headers IS NOT NULL";
    world.count(events).await + world.count(attempts).await
}

async fn erase(world: &World, event: EventId) {
    let acme = tenant("acme");
    let decided = world.store.erase_event(&acme, event, "ada").await.unwrap();
    assert!(!decided.unwrap().is_scrubbed);
    world.store.scrub_erased(&[event], false).await.unwrap();
    world.store.finish_erased(&[event]).await.unwrap();
}

#[tokio::test]
async fn an_erased_event_keeps_its_records_and_its_waiting_delivery_fails() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a");
    let id = event.event.id;
    let waiting = batch(&event, webhook, DeliveryStatus::Retrying);
    world.store.write(&waiting).await.unwrap();
    let delivery = waiting.deliveries[0].id;
    assert_eq!(kept_bodies(&world).await, 2);

    erase(&world, id).await;
    assert_eq!(kept_bodies(&world).await, 0);
    let acme = tenant("acme");
    let stored = world.store.get_event(&acme, id).await.unwrap();
    assert_eq!(stored.event.data.as_str(), "null");
    assert!(stored.erased_at.is_some());
    let details = world.store.get_delivery(&acme, delivery).await.unwrap();
    assert_eq!(details.delivery.status, DeliveryStatus::Failed);
    assert_eq!(
        details.delivery.error_message.as_deref(),
        Some("the event was erased")
    );
    assert_eq!(details.delivery.next_retry_at, None);
    assert_eq!(details.attempts.len(), 1);
    // Again does no harm, and another tenant's is not there.
    let again = world.store.erase_event(&acme, id, "ada").await.unwrap();
    assert_eq!(again, None);
    assert!(matches!(
        world.store.erase_event(&tenant("other"), id, "eve").await,
        Err(StoreError::NotFound)
    ));
    let kept = world.store.events_by_id(&acme, &[id]).await.unwrap();
    assert!(kept.is_empty(), "nothing is sent of it");
    let run = world
        .store
        .run_again::<Refused, _>(&acme, delivery, "ada", |_| async {
            panic!("nothing is published")
        })
        .await;
    assert!(matches!(run, Err(Refused::Run(RunRefused::EventErased))));
    let entries = "SELECT count(*) FROM audit_log WHERE action = 'event.erased'";
    assert_eq!(world.count(entries).await, 1);
}

#[derive(Debug)]
enum Refused {
    Run(RunRefused),
    Store(#[expect(dead_code, reason = "shown where the test fails")] StoreError),
}

impl From<RunRefused> for Refused {
    fn from(refused: RunRefused) -> Self {
        Self::Run(refused)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

#[tokio::test]
async fn what_is_recorded_after_the_erasure_brings_nothing_back() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a");
    let id = event.event.id;
    let alone = RecordBatch {
        events: vec![event.clone()],
        ..RecordBatch::default()
    };
    world.store.write(&alone).await.unwrap();
    erase(&world, id).await;

    // A first attempt that was under way, and failed.
    let late = batch(&event, webhook, DeliveryStatus::Retrying);
    let written = world.store.write(&late).await.unwrap();
    assert_eq!(written.erased, HashSet::from([id]));
    assert_eq!(kept_bodies(&world).await, 0);
    let acme = tenant("acme");
    let delivery = late.deliveries[0].id;
    let details = world.store.get_delivery(&acme, delivery).await.unwrap();
    assert_eq!(details.delivery.status, DeliveryStatus::Failed);
    // And one that succeeded: that is what it is.
    let succeeded = batch(&event, webhook, DeliveryStatus::Success);
    world.store.write(&succeeded).await.unwrap();
    let details = world.store.get_delivery(&acme, delivery).await.unwrap();
    assert_eq!(details.delivery.status, DeliveryStatus::Success);
    // An attempt that travels alone.
    let mut alone = batch(&event, webhook, DeliveryStatus::Success);
    alone.attempts[0].number = 2;
    alone.attempts[0].started_at += Duration::from_secs(1);
    alone.deliveries.clear();
    alone.events.clear();
    world.store.write(&alone).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 2);
    assert_eq!(kept_bodies(&world).await, 0);
    // A dead letter that was on its way is settled where it is indexed.
    let letter = DeadLetter {
        id: delivery.into(),
        position: 0,
        tenant: acme.clone(),
        reason: "r".to_owned(),
        content: LetterContent::Delivery {
            webhook,
            event: id,
            event_type: "a".parse().unwrap(),
            attempts: 1,
            last_status: None,
            failure: None,
        },
        stream_sequence: 7,
        created_at: world.clock.now(),
    };
    world.store.index_dead_letters(&[letter]).await.unwrap();
    assert_eq!(world.store.settled_letters(10).await.unwrap().len(), 1);
}

/// The recorder has looked, and has not committed: the erasure waits for it, and then finds what it wrote.
#[tokio::test]
async fn an_erasure_waits_for_a_recorder_that_does_not_know_of_it() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a");
    world
        .store
        .write(&batch(&event, webhook, DeliveryStatus::Retrying))
        .await
        .unwrap();
    let mut recorder = world.connection().await;
    for statement in [
        "BEGIN",
        "SELECT pg_advisory_xact_lock_shared(750100002)",
        "UPDATE attempts SET response_body = 'late'",
    ] {
        sqlx::query(statement).execute(&mut recorder).await.unwrap();
    }
    let id = event.event.id;
    let acme = tenant("acme");
    world.store.erase_event(&acme, id, "ada").await.unwrap();
    let ids = [id];
    let (scrubbed, ()) = tokio::join!(world.store.scrub_erased(&ids, true), async {
        // Others go on recording meanwhile.
        let other = world.replica(KEY);
        other.write(&RecordBatch::default()).await.unwrap();
        sqlx::query("COMMIT").execute(&mut recorder).await.unwrap();
    });
    scrubbed.unwrap();
    assert_eq!(kept_bodies(&world).await, 0);
    let left = world.store.take_unfinished(true, LEASE, 10).await.unwrap();
    assert_eq!(left.len(), 1, "the streams are still to be done");
    assert!(
        world
            .store
            .take_unfinished(true, LEASE, 10)
            .await
            .unwrap()
            .is_empty(),
        "by one at a time"
    );
}

#[tokio::test]
async fn an_erasure_by_filter_goes_page_by_page_and_ends_when_nothing_is_left() {
    let mut world = World::new().await;
    let acme = tenant("acme");
    let mut events = Vec::new();
    for n in 0..25 {
        world.clock.advance(Duration::from_millis(2));
        let event = world.event("acme", if n % 5 == 0 { "b" } else { "a" });
        events.push(event);
    }
    events.push(world.event("other", "a"));
    let all = RecordBatch {
        events,
        ..RecordBatch::default()
    };
    world.store.write(&all).await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    let new = NewErasure {
        id: ErasureId::generate(&*world.clock, &mut world.rng),
        tenant: acme.clone(),
        filter: ErasureFilter {
            event_type: Some("a".parse().unwrap()),
            since: None,
            until: world.clock.now(),
        },
        actor: "ada".to_owned(),
    };
    world.store.create_erasure(&new).await.unwrap();
    let mut held = world.store.take_erasure(LEASE).await.unwrap().unwrap();
    assert!(world.store.take_erasure(LEASE).await.unwrap().is_none());
    let (mut found, mut pages) = (0, 0);
    loop {
        let page = world.store.erase_page(&mut held, LEASE, 8).await.unwrap();
        let page = page.unwrap();
        let ids: Vec<EventId> = page.events.iter().map(|event| event.id).collect();
        world.store.scrub_erased(&ids, true).await.unwrap();
        (found, pages) = (found + ids.len(), pages + 1);
        if !page.more {
            break;
        }
    }
    assert_eq!((found, pages), (20, 3));
    assert!(!world.store.end_erasure(&held).await.unwrap());
    let erasure = world.store.get_erasure(&acme, new.id).await.unwrap();
    assert_eq!(
        (erasure.events, erasure.scrubbed, erasure.finished),
        (20, 20, 0)
    );
    let left = world.store.take_unfinished(true, LEASE, 100).await.unwrap();
    let ids: Vec<EventId> = left.iter().map(|event| event.id).collect();
    world.store.finish_erased(&ids).await.unwrap();
    assert!(world.store.end_erasure(&held).await.unwrap());
    let kept = "SELECT count(*) FROM events WHERE erased_at IS NULL";
    assert_eq!(world.count(kept).await, 6);
    let heard = world.store.erased_after(Some(0), 100).await.unwrap().0;
    assert_eq!(heard.len(), 20);
    let time = RetentionTime::of_database(world.clock.now() + Duration::from_secs(40 * 86_400));
    assert_eq!(world.store.drop_old_tombstones(time, 1).await.unwrap(), 20);
    assert_eq!(world.store.drop_old_erasures(time, 1).await.unwrap(), 1);
}

#[tokio::test]
async fn a_deleted_tenants_name_is_taken_until_nothing_is_left_and_old_events_are_nobodys() {
    let mut world = World::new().await;
    let acme = tenant("acme");
    let webhook = world.webhook("acme", "{}").await.id;
    let event = world.event("acme", "a");
    let late = world.event("acme", "a");
    let recorded = batch(&event, webhook, DeliveryStatus::Retrying);
    world.store.write(&recorded).await.unwrap();
    world.store.delete_tenant(&acme, "root").await.unwrap();
    for refused in [
        world.store.create_tenant(&acme, "root").await.map(|_| ()),
        {
            let new = world.new_webhook("acme", "{}");
            let made = world.store.create_webhook(new, &mut world.rng).await;
            made.map(|_| ())
        },
    ] {
        assert!(
            matches!(refused, Err(StoreError::TenantBeingDeleted(_))),
            "{refused:?}"
        );
    }
    // What a deliverer holds of it is not recorded any more.
    let after = batch(&late, webhook, DeliveryStatus::Retrying);
    world.store.write(&after).await.unwrap();
    let events = "SELECT count(*) FROM events";
    assert_eq!(world.count(events).await, 1);

    let held = world.store.take_deleting_tenant(LEASE).await.unwrap();
    let held = held.unwrap();
    assert_eq!(held.id, acme);
    assert!(
        world
            .store
            .take_deleting_tenant(LEASE)
            .await
            .unwrap()
            .is_none()
    );
    let round = world.store.deletion_round(&held, 10).await.unwrap();
    assert_eq!(round.events.len(), 1);
    world.store.delete_round(&round).await.unwrap();
    let round = world.store.deletion_round(&held, 10).await.unwrap();
    assert!(round.is_empty());
    let end = StreamPosition {
        sequence: 2,
        at: world.clock.now(),
    };
    world.store.finish_tenant(&held, end).await.unwrap();
    for table in ["events", "deliveries", "attempts", "tenants"] {
        let query = format!("SELECT count(*) FROM {table}");
        assert_eq!(world.count(&query).await, 0, "{table}");
    }
    let of_tenant = "SELECT count(*) FROM audit_log WHERE tenant = 'acme'";
    assert_eq!(world.count(of_tenant).await, 0);

    world.store.create_tenant(&acme, "root").await.unwrap();
    let old = RecordBatch {
        events: vec![late],
        ..RecordBatch::default()
    };
    world.store.write(&old).await.unwrap();
    assert_eq!(world.count(events).await, 0, "of before");
    let mut new = world.event("acme", "a");
    new.stream_sequence = 3;
    let new = RecordBatch {
        events: vec![new],
        ..RecordBatch::default()
    };
    world.store.write(&new).await.unwrap();
    assert_eq!(world.count(events).await, 1, "its own");
}

async fn settings(world: &World, tenant: &TenantId, settings: TenantSettings) {
    world
        .store
        .change_tenant(tenant, "root", |_| settings)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_tenant_that_keeps_less_loses_what_is_settled_and_older() {
    let mut world = World::new().await;
    let acme = tenant("acme");
    let webhook = world.webhook("acme", "{}").await.id;
    for status in [DeliveryStatus::Success, DeliveryStatus::Retrying] {
        world.clock.advance(Duration::from_millis(2));
        let event = world.event("acme", "a");
        world
            .store
            .write(&batch(&event, webhook, status))
            .await
            .unwrap();
    }
    let days = TenantSettings {
        retention_days: Some(3),
        ..TenantSettings::default()
    };
    settings(&world, &acme, days).await;
    assert_eq!(
        world.store.tenants_keeping_less(30).await.unwrap(),
        [(acme.clone(), 3)]
    );
    assert!(
        world
            .store
            .tenants_keeping_less(3)
            .await
            .unwrap()
            .is_empty()
    );
    let after = |days: u64| {
        RetentionTime::of_database(world.clock.now() + Duration::from_secs(days * 86_400))
    };
    let (early, late) = (after(2), after(4));
    let dropped = world.store.drop_old_deliveries(&acme, early, 3).await;
    assert_eq!(dropped.unwrap(), 0);
    let dropped = world.store.drop_old_deliveries(&acme, late, 3).await;
    assert_eq!(dropped.unwrap(), 1, "the other waits");
    let old = world.store.old_events(&acme, late, 3, None, 10).await;
    let old: Vec<EventId> = old.unwrap().events.iter().map(|(id, _)| *id).collect();
    assert_eq!(old.len(), 1);
    world.store.drop_old_events(&old).await.unwrap();
    assert_eq!(world.count("SELECT count(*) FROM events").await, 1);
}

#[tokio::test]
async fn settled_payloads_are_found_and_unsettled_ones_are_looked_at_again() {
    let mut world = World::new().await;
    let acme = tenant("acme");
    let webhook = world.webhook("acme", "{}").await.id;
    let mut batches = Vec::new();
    for status in [DeliveryStatus::Success, DeliveryStatus::Retrying] {
        world.clock.advance(Duration::from_millis(2));
        let event = world.event("acme", "a");
        let batch = batch(&event, webhook, status);
        world.store.write(&batch).await.unwrap();
        batches.push(batch);
    }
    world.clock.advance(Duration::from_secs(1));
    let before = world.clock.now();
    let erased = "SELECT count(*) FROM erased_events WHERE NOT overwritten";
    world.store.erase_settled(&acme, before).await.unwrap();
    assert_eq!(world.count(erased).await, 1);
    let mut settled = batches.remove(1);
    settled.deliveries[0].attempt_count = 2;
    settled.deliveries[0].status = DeliveryStatus::Success;
    settled.attempts[0].number = 2;
    settled.seen.events = true;
    world.store.write(&settled).await.unwrap();
    world.store.erase_settled(&acme, before).await.unwrap();
    assert_eq!(world.count(erased).await, 2);
    let again = "SELECT count(*) FROM unsettled_payloads";
    assert_eq!(world.count(again).await, 0);
}
