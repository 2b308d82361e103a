//! What replicas must agree on before they send: reserved moments, and receivers that are left alone.

use std::{collections::HashSet, num::NonZeroU32, time::Duration};

use posthorn_domain::{BreakerReason, TenantId, Webhook};
use posthorn_store::{ExpectedVersion, OpenBreaker, SlotsWanted, Store, StoreError};

use crate::support::*;

const PROBE: Duration = Duration::from_secs(30);

fn wanted(webhook: &Webhook, per_second: u32, count: u32) -> Vec<SlotsWanted> {
    vec![SlotsWanted {
        webhook: webhook.id,
        per_second: NonZeroU32::new(per_second).unwrap(),
        count,
    }]
}

fn opening(left: Duration, openings: u32) -> Option<OpenBreaker> {
    Some(OpenBreaker {
        left,
        openings,
        reason: BreakerReason::SuccessRate,
        probe_left: None,
    })
}

fn acme() -> TenantId {
    "acme".parse().unwrap()
}

#[tokio::test]
async fn no_moment_is_reserved_twice_however_many_replicas_ask() {
    let mut world = World::new().await;
    let (one, other) = (
        world.webhook("acme", "{}").await,
        world.webhook("acme", "{}").await,
    );
    let replicas: Vec<Store> = (0..4).map(|_| world.replica(KEY)).collect();
    let asked = replicas.iter().flat_map(|store| {
        let (one, other) = (&one, &other);
        (0..10).map(move |n| async move {
            // In either order: they must not wait for each other in a circle.
            let mut both = [wanted(one, 300, 5), wanted(other, 1, 1)].concat();
            if n % 2 == 0 {
                both.reverse();
            }
            store.reserve_slots(both).await.unwrap().unwrap()
        })
    });
    let reserved = futures::future::join_all(asked).await;
    let mut moments = HashSet::new();
    for slots in reserved.iter().map(|reserved| reserved.slots[&one.id]) {
        assert_eq!(slots.interval, Duration::from_micros(3_334));
        for n in 0..5 {
            moments.insert(slots.first + slots.interval * n);
        }
    }
    let (first, last) = (moments.iter().min().unwrap(), moments.iter().max().unwrap());
    assert_eq!(moments.len(), 200);
    assert!((*last - *first).to_std().unwrap() >= Duration::from_micros(3_334) * 199);
    assert!(
        world
            .store
            .reserve_slots(Vec::new())
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn another_limit_begins_anew_and_a_deleted_webhook_leaves_nothing() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let ask = async |per_second| {
        let asked = wanted(&webhook, per_second, 100);
        let reserved = world.store.reserve_slots(asked).await.unwrap().unwrap();
        (reserved.slots[&webhook.id].first - reserved.now).num_seconds()
    };
    assert_eq!(ask(1).await, 0);
    assert!(ask(1).await >= 99);
    assert_eq!(ask(50).await, 0);
    let status = world.store.gate_status(&acme(), webhook.id).await.unwrap();
    assert!(status.next_slot.is_some());

    let unconditional = ExpectedVersion::Any;
    world
        .store
        .delete_webhook(&acme(), webhook.id, &unconditional, "test")
        .await
        .unwrap();
    assert_eq!(
        world
            .database
            .number("SELECT count(*) FROM rate_limits")
            .await,
        0
    );
    let gone = world.store.gate_status(&acme(), webhook.id).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn one_replica_probes_and_all_learn_how_it_went() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let id = webhook.id;
    let store = &world.store;
    assert!(store.gate_changes(None).await.unwrap().changed.is_empty());
    let open = store
        .shut_gate(id, opening(Duration::from_secs(60), 1), None)
        .await;
    let open = open.unwrap().unwrap().open.unwrap();
    assert!(open.left > Duration::from_secs(50) && open.openings == 1);
    // It lasts for a while, whoever else has seen less of it.
    let again = store
        .shut_gate(id, opening(Duration::ZERO, 1), Some(PROBE))
        .await;
    let again = again.unwrap().unwrap();
    assert!(again.open.unwrap().left > Duration::from_secs(50) && again.silent.is_some());
    assert!(
        store.claim_probe(id, PROBE).await.unwrap().is_err(),
        "too early"
    );
    let status = store.gate_status(&acme(), id).await.unwrap();
    assert!(status.is_open && !status.is_half_open && status.silent_until.is_some());

    let over = "UPDATE breakers SET open_until = clock_timestamp()";
    world.database.execute(over).await;
    let replicas: Vec<Store> = (0..6).map(|_| world.replica(KEY)).collect();
    let claims = replicas.iter().map(|store| store.claim_probe(id, PROBE));
    let claims = futures::future::join_all(claims).await;
    let won = claims.iter().filter(|claim| matches!(claim, Ok(Ok(_))));
    assert_eq!(won.count(), 1);
    // One that died without a word, and one that found nothing out, make room for the next.
    let lost = "UPDATE breakers SET probe_until = clock_timestamp()";
    world.database.execute(lost).await;
    assert!(store.claim_probe(id, PROBE).await.unwrap().is_ok());
    assert!(store.claim_probe(id, PROBE).await.unwrap().is_err());
    store.give_up_probe(id).await.unwrap();
    assert!(store.claim_probe(id, PROBE).await.unwrap().is_ok());

    store.close_breaker(id).await.unwrap();
    let seen = store.gate_changes(Some(Duration::ZERO)).await.unwrap();
    assert!(seen.changed.len() == 1 && seen.changed[0].open.is_none());
    let closed = store.claim_probe(id, PROBE).await.unwrap();
    assert!(closed.unwrap_err().unwrap().open.is_none());
    let status = store.gate_status(&acme(), id).await.unwrap();
    assert_eq!(
        (status.is_open, status.openings, status.opened_at),
        (false, 0, None)
    );
}

#[tokio::test]
async fn a_webhook_that_is_enabled_begins_anew() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let minute = Duration::from_secs(60);
    let open = opening(minute, 3);
    world
        .store
        .shut_gate(webhook.id, open, Some(minute))
        .await
        .unwrap();
    for enabled in [false, true] {
        world
            .store
            .set_webhook_enabled(&acme(), webhook.id, enabled, &ExpectedVersion::Any, "test")
            .await
            .unwrap();
        let shut = world.store.shut_gate(webhook.id, open, None).await.unwrap();
        assert_eq!(
            shut.is_some(),
            enabled,
            "nothing is noted of one that is disabled"
        );
        world
            .database
            .execute("UPDATE breakers SET is_open = false")
            .await;
    }
    let changes = world.store.gate_changes(Some(minute)).await.unwrap();
    assert!(changes.changed[0].silent.is_none());
    let old = "UPDATE breakers SET changed_at = now() - interval '2 h', open_until = NULL";
    world.database.execute(old).await;
    world.store.drop_stale_gates().await.unwrap();
    assert_eq!(
        world.database.number("SELECT count(*) FROM breakers").await,
        0
    );
}
