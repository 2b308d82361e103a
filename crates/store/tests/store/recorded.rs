use std::collections::HashMap;

use posthorn_domain::{Clock, DeliveryId, DeliveryStatus, StreamPosition};
use posthorn_store::RecordBatch;

use crate::support::*;

#[tokio::test]
async fn what_is_recorded_of_an_event_is_found_whatever_else_is_of_its_moment() {
    let mut world = World::new().await;
    let hooks = [
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    ];
    // All of one millisecond.
    let events: Vec<_> = (0..4).map(|_| world.event("acme", "a.b")).collect();
    let mut batch = RecordBatch::default();
    for (n, event) in events.iter().enumerate().take(3) {
        for hook in &hooks[..=n.min(1)] {
            batch
                .deliveries
                .push(delivery(&event.event, *hook, 1, DeliveryStatus::Retrying));
        }
    }
    world.store.write(&batch).await.unwrap();
    let asked = [&events[1], &events[0], &events[3]].map(|event| event.event.id);
    let found = world.store.deliveries_of_events(&asked).await.unwrap();
    let counts: HashMap<_, _> = found.iter().map(|(id, rows)| (*id, rows.len())).collect();
    assert_eq!(
        counts,
        HashMap::from([(events[0].event.id, 1), (events[1].event.id, 2)])
    );
    let only = &found[&events[0].event.id][0];
    assert_eq!(only.id, DeliveryId::derive(events[0].event.id, hooks[0]));
    assert_eq!(only.webhook, hooks[0]);
    assert_eq!(
        only.state.as_ref().unwrap().status,
        DeliveryStatus::Retrying
    );
    assert!(
        world
            .store
            .deliveries_of_events(&[])
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_floor_is_kept_as_it_was_noted_last() {
    let world = World::new().await;
    let store = &world.store;
    assert_eq!(store.consumer_floor("S").await.unwrap(), None);
    for sequence in [7, 9, 3] {
        let floor = StreamPosition {
            sequence,
            at: world.clock.now(),
        };
        store.note_consumer_floor("S", floor).await.unwrap();
        store.note_consumer_floor("T", floor).await.unwrap();
        assert_eq!(store.consumer_floor("S").await.unwrap(), Some(floor));
    }
}
