use std::{sync::Arc, time::Duration};

use posthorn_domain::{Clock, DeliveryId, DeliveryStatus, Event};
use posthorn_store::{DeliveryFilter, EventFilter, Page, RecordBatch, StoreError};

use crate::support::*;

fn first<Id>(limit: u32) -> Page<Id> {
    Page {
        limit,
        offset: 0,
        before: None,
    }
}

#[tokio::test]
async fn deliveries_are_filtered_by_everything_the_contract_names() {
    let mut world = World::new().await;
    let (a, b) = (
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    );
    let start = world.clock.now();
    let mut events: Vec<Arc<Event>> = Vec::new();
    let mut batch = RecordBatch::default();
    for n in 0..6_u64 {
        world.clock.advance(Duration::from_secs(1));
        let event = world.event(
            "acme",
            if n % 2 == 0 {
                "user.created"
            } else {
                "user.deleted"
            },
        );
        let status = match n {
            0 => DeliveryStatus::Failed,
            1 | 2 => DeliveryStatus::Retrying,
            _ => DeliveryStatus::Success,
        };
        batch.deliveries.push(delivery(&event.event, a, 1, status));
        batch
            .deliveries
            .push(delivery(&event.event, b, 1, DeliveryStatus::Success));
        events.push(event.event.clone());
        batch.events.push(event);
    }
    world.store.write(&batch).await.unwrap();
    let count = async |filter: DeliveryFilter| {
        let page = world
            .store
            .list_deliveries(&tenant("acme"), &filter, first(50))
            .await
            .unwrap();
        assert_eq!(page.total, page.items.len() as u64);
        assert!(page.total_exact && !page.has_more && page.next_cursor.is_none());
        assert!(page.items.is_sorted_by(|x, y| x.id > y.id));
        page.items.len()
    };
    let all = DeliveryFilter::default();
    assert_eq!(count(all.clone()).await, 12);
    assert_eq!(
        count(DeliveryFilter {
            webhook: Some(a),
            ..all.clone()
        })
        .await,
        6
    );
    assert_eq!(
        count(DeliveryFilter {
            status: Some(DeliveryStatus::Success),
            ..all.clone()
        })
        .await,
        9
    );
    assert_eq!(
        count(DeliveryFilter {
            status: Some(DeliveryStatus::Retrying),
            webhook: Some(a),
            ..all.clone()
        })
        .await,
        2
    );
    assert_eq!(
        count(DeliveryFilter {
            status: Some(DeliveryStatus::Failed),
            webhook: Some(b),
            ..all.clone()
        })
        .await,
        0
    );
    assert_eq!(
        count(DeliveryFilter {
            event_type: Some("user.created".parse().unwrap()),
            ..all.clone()
        })
        .await,
        6
    );
    assert_eq!(
        count(DeliveryFilter {
            event: Some(events[3].id),
            ..all.clone()
        })
        .await,
        2
    );
    let third = start + Duration::from_secs(3);
    assert_eq!(
        count(DeliveryFilter {
            since: Some(third),
            ..all.clone()
        })
        .await,
        8
    );
    assert_eq!(
        count(DeliveryFilter {
            until: Some(third),
            ..all.clone()
        })
        .await,
        4
    );
    assert_eq!(
        count(DeliveryFilter {
            since: Some(third),
            until: Some(third),
            ..all
        })
        .await,
        0
    );

    let other = world
        .store
        .list_deliveries(&tenant("other"), &DeliveryFilter::default(), first(50))
        .await
        .unwrap();
    assert_eq!(other.total, 0);
    let id = DeliveryId::derive(events[0].id, a);
    assert!(matches!(
        world.store.get_delivery(&tenant("other"), id).await,
        Err(StoreError::NotFound)
    ));
}

#[tokio::test]
async fn pages_by_offset_and_by_cursor_cover_everything_once() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let mut batch = RecordBatch::default();
    for _ in 0..25 {
        let event = world.event("acme", "a");
        batch
            .deliveries
            .push(delivery(&event.event, webhook, 1, DeliveryStatus::Success));
        batch.events.push(event);
    }
    world.store.write(&batch).await.unwrap();
    let mut expected: Vec<DeliveryId> = batch.deliveries.iter().map(|d| d.id).collect();
    expected.sort_by(|a, b| b.cmp(a));

    let filter = DeliveryFilter {
        webhook: Some(webhook),
        ..DeliveryFilter::default()
    };
    let (mut by_offset, mut by_cursor) = (Vec::new(), Vec::new());
    for offset in [0, 10, 20] {
        let page = Page {
            limit: 10,
            offset,
            before: None,
        };
        let page = world
            .store
            .list_deliveries(&tenant("acme"), &filter, page)
            .await
            .unwrap();
        assert_eq!(
            (page.total, page.total_exact, page.has_more),
            (25, true, offset < 20)
        );
        by_offset.extend(page.items.iter().map(|d| d.id));
    }
    let mut before = None;
    loop {
        let page = Page {
            limit: 10,
            offset: 0,
            before,
        };
        let page = world
            .store
            .list_deliveries(&tenant("acme"), &filter, page)
            .await
            .unwrap();
        assert_eq!(page.total, 25);
        by_cursor.extend(page.items.iter().map(|d| d.id));
        assert_eq!(page.next_cursor.is_some(), page.has_more);
        before = page.next_cursor;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(by_offset, expected);
    assert_eq!(by_cursor, expected);

    let beyond = Page {
        limit: 10,
        offset: 100,
        before: None,
    };
    let page = world
        .store
        .list_deliveries(&tenant("acme"), &filter, beyond)
        .await
        .unwrap();
    assert_eq!(
        (page.items.len(), page.total, page.has_more),
        (0, 25, false)
    );

    let (mut events, mut before) = (0, None);
    loop {
        let page = Page {
            limit: 10,
            offset: 0,
            before,
        };
        let page = world
            .store
            .list_events(&tenant("acme"), &EventFilter::default(), page)
            .await
            .unwrap();
        assert_eq!(page.total, 25);
        events += page.items.len();
        before = page.next_cursor;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(events, 25);
}

#[tokio::test]
async fn events_are_listed_without_payload_and_filtered() {
    let mut world = World::new().await;
    let start = world.clock.now();
    let mut batch = RecordBatch::default();
    for n in 0..4 {
        world.clock.advance(Duration::from_secs(1));
        batch
            .events
            .push(world.event("acme", if n == 0 { "a" } else { "b" }));
    }
    world.store.write(&batch).await.unwrap();
    let list = async |filter: EventFilter| {
        world
            .store
            .list_events(&tenant("acme"), &filter, first(10))
            .await
            .unwrap()
    };
    let all = list(EventFilter::default()).await;
    assert_eq!((all.items.len(), all.total), (4, 4));
    assert_eq!(all.items[0].data_bytes, 11);
    assert_eq!(
        list(EventFilter {
            event_type: Some("b".parse().unwrap()),
            ..EventFilter::default()
        })
        .await
        .total,
        3
    );
    let second = Some(start + Duration::from_secs(2));
    assert_eq!(
        list(EventFilter {
            since: second,
            ..EventFilter::default()
        })
        .await
        .total,
        3
    );
    assert_eq!(
        list(EventFilter {
            until: second,
            ..EventFilter::default()
        })
        .await
        .total,
        1
    );
    let id = all.items[0].id;
    assert!(matches!(
        world.store.get_event(&tenant("other"), id).await,
        Err(StoreError::NotFound)
    ));
}

#[tokio::test]
async fn what_posthorn_says_of_itself_is_listed_where_it_is_asked_for() {
    let (mut world, acme) = (World::new().await, tenant("acme"));
    let webhook = world.webhook("acme", "{}").await.id;
    let mut batch = RecordBatch::default();
    for n in 0..25 {
        let is_own = n % 5 == 0;
        let event = world.event("acme", if is_own { "delivery.exhausted" } else { "a" });
        let status = DeliveryStatus::Failed;
        let delivery = delivery(&event.event, webhook, 1, status);
        batch.deliveries.push(delivery);
        batch.events.push(event);
    }
    world.store.write(&batch).await.unwrap();
    let own = Some("delivery.exhausted".parse().unwrap());
    let first_own = batch.events[0].event.id;

    let events = async |filter: EventFilter| {
        let listed = world.store.list_events(&acme, &filter, first(3));
        listed.await.unwrap().total
    };
    let all = EventFilter::default();
    let operational = EventFilter {
        operational: true,
        ..all.clone()
    };
    let named = EventFilter {
        event_type: own.clone(),
        ..all.clone()
    };
    assert_eq!(events(all).await, 20);
    assert_eq!(events(operational).await, 25);
    assert_eq!(events(named).await, 5);

    let all = DeliveryFilter::default();
    for (scope, filter) in [
        ("the tenant's", all.clone()),
        (
            "the webhook's",
            DeliveryFilter {
                webhook: Some(webhook),
                ..all.clone()
            },
        ),
        (
            "the failed",
            DeliveryFilter {
                status: Some(DeliveryStatus::Failed),
                ..all.clone()
            },
        ),
    ] {
        let deliveries = async |filter: &DeliveryFilter| {
            let listed = world.store.list_deliveries(&acme, filter, first(3));
            let next = world.store.next_deliveries(&acme, filter, None, 100);
            let (total, next) = (listed.await.unwrap().total, next.await.unwrap().len());
            assert_eq!(total, next as u64, "{scope}");
            total
        };
        let operational = DeliveryFilter {
            operational: true,
            ..filter.clone()
        };
        let named = DeliveryFilter {
            event_type: own.clone(),
            ..filter.clone()
        };
        let of_event = DeliveryFilter {
            event: Some(first_own),
            ..filter.clone()
        };
        assert_eq!(deliveries(&filter).await, 20, "{scope}");
        assert_eq!(deliveries(&operational).await, 25, "{scope}");
        assert_eq!(deliveries(&named).await, 5, "{scope}");
        assert_eq!(deliveries(&of_event).await, 1, "{scope}");
    }
}

/// 10,000 is counted; beyond, the planner is asked.
#[tokio::test]
async fn a_total_is_exact_up_to_ten_thousand() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await.id;
    let mut batch = RecordBatch::default();
    for _ in 0..10_000 {
        let event = world.event("acme", "a").event;
        batch
            .deliveries
            .push(delivery(&event, webhook, 1, DeliveryStatus::Success));
    }
    world.store.write(&batch).await.unwrap();
    let list = async || {
        world
            .store
            .list_deliveries(&tenant("acme"), &DeliveryFilter::default(), first(1))
            .await
            .unwrap()
    };
    let page = list().await;
    assert_eq!((page.total, page.total_exact), (10_000, true));

    let event = world.event("acme", "a").event;
    let one_more = delivery(&event, webhook, 1, DeliveryStatus::Success);
    let one_more = RecordBatch {
        deliveries: vec![one_more],
        ..RecordBatch::default()
    };
    world.store.write(&one_more).await.unwrap();
    let mut connection = world.connection().await;
    sqlx::query("ANALYZE deliveries")
        .execute(&mut connection)
        .await
        .unwrap();
    let page = world
        .store
        .list_deliveries(&tenant("acme"), &DeliveryFilter::default(), first(1))
        .await
        .unwrap();
    assert!(!page.total_exact);
    assert!((10_001..11_000).contains(&page.total), "{}", page.total);
}
