use std::{collections::HashMap, time::Duration};

use posthorn_domain::{
    AttemptFacts, AttemptRun, Clock, DisabledReason, Event, EventId, FailureStreak,
    OperationalEvent, StreakChange, UrlPolicy, Webhook, WebhookId,
};
use posthorn_store::{
    ExpectedVersion, KnownStreak, Store, StoreError, StreakUpdate, WebhookChange,
};

use crate::support::*;

const NEVER: Duration = Duration::MAX;

/// Brings the failures that one replica saw, and announces what the domain says.
async fn fail(store: &Store, webhook: &Webhook, count: u32, now: posthorn_domain::Timestamp) {
    let run = AttemptRun {
        failed: true,
        count,
        ordinary: true,
        first_at: now,
        last_at: now,
    };
    store
        .update_failure_streaks(&[webhook.id], |streaks| {
            let Some(known) = streaks.get(&webhook.id) else {
                return StreakUpdate::default();
            };
            let (next, changes) = known.streak.after(&run, NEVER);
            let announcements = changes.iter().filter_map(|change| match change {
                StreakChange::Failing { since } => Some(announcement(webhook, *since, now)),
                StreakChange::Recovered { .. } | StreakChange::GiveUp { .. } => None,
            });
            StreakUpdate {
                announcements: announcements.collect(),
                streaks: vec![(webhook.id, next)],
            }
        })
        .await
        .unwrap();
}

fn announcement(
    webhook: &Webhook,
    since: posthorn_domain::Timestamp,
    now: posthorn_domain::Timestamp,
) -> Event {
    let event = EventId::from_uuid(webhook.id.as_uuid());
    let failing = OperationalEvent::WebhookFailing {
        attempt: AttemptFacts {
            webhook_id: webhook.id,
            webhook_name: "a\0b".to_owned(),
            delivery_id: posthorn_domain::DeliveryId::derive(event, webhook.id),
            event_id: event,
            event_type: "a.b".parse().unwrap(),
            attempt_count: 1,
            status_code: None,
            error_message: None,
        },
        failing_since: since,
    };
    failing.into_event(event, webhook.tenant.clone(), now)
}

#[tokio::test]
async fn of_many_replicas_one_announces_what_they_saw_together() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let now = world.clock.now();
    let replicas: Vec<_> = (0..8).map(|_| world.replica(KEY)).collect();
    let seen = replicas
        .iter()
        .map(|replica| fail(replica, &webhook, 1, now));
    futures::future::join_all(seen).await;

    let streaks = world.store.failure_streaks().await.unwrap();
    assert_eq!(streaks[&webhook.id].failures, 8);
    assert_eq!(streaks[&webhook.id].announced_since, Some(now));
    let later = now + Duration::from_secs(1);
    let waiting = world.store.waiting_announcements(later, 10).await.unwrap();
    assert_eq!(waiting, [announcement(&webhook, now, now)]);
    assert!(
        world
            .store
            .waiting_announcements(now, 10)
            .await
            .unwrap()
            .is_empty()
    );
    world
        .store
        .forget_announcement(waiting[0].id)
        .await
        .unwrap();
    assert_eq!(world.count("SELECT count(*) FROM announcements").await, 0);
}

#[tokio::test]
async fn a_clean_streak_leaves_no_row() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    fail(&world.store, &webhook, 2, world.clock.now()).await;
    let clean = |_: &_| StreakUpdate {
        streaks: vec![(webhook.id, FailureStreak::default())],
        announcements: Vec::new(),
    };
    world
        .store
        .update_failure_streaks(&[webhook.id], clean)
        .await
        .unwrap();
    assert!(world.store.failure_streaks().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_recovery_is_remembered_until_it_is_of_no_matter() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let recovered = FailureStreak {
        recovered_at: Some(world.clock.now()),
        ..FailureStreak::default()
    };
    let written = |streak| {
        move |_: &_| StreakUpdate {
            streaks: vec![(webhook.id, streak)],
            announcements: Vec::new(),
        }
    };
    let ids = [webhook.id];
    let update = world.store.update_failure_streaks(&ids, written(recovered));
    update.await.unwrap();
    let seen = |streaks: &HashMap<_, _>| {
        let known: &KnownStreak = &streaks[&webhook.id];
        assert_eq!(known.streak, recovered);
        assert_eq!(known.url, webhook.settings.url.as_str());
        written(FailureStreak::default())(streaks)
    };
    let update = world.store.update_failure_streaks(&ids, seen);
    update.await.unwrap();
    assert!(world.store.failure_streaks().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_webhook_begins_anew_however_it_was_disabled_and_a_deleted_one_leaves_nothing() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let (id, acme) = (webhook.id, tenant("acme"));
    let now = world.clock.now();
    let streak_of = async |id: WebhookId| world.store.failure_streaks().await.unwrap().remove(&id);

    for by_posthorn in [true, false] {
        fail(&world.store, &webhook, 3, now).await;
        assert!(streak_of(id).await.is_some());
        if by_posthorn {
            let disabled = world.store.disable_webhook_for(
                id,
                &webhook.settings.url,
                DisabledReason::Failing,
                None,
            );
            assert!(disabled.await.unwrap());
        } else {
            let disabled =
                world
                    .store
                    .set_webhook_enabled(&acme, id, false, &ExpectedVersion::Any, "ada");
            disabled.await.unwrap();
        }
        // What was still under way for it counts no more.
        fail(&world.store, &webhook, 3, now).await;
        assert_eq!(streak_of(id).await, None);
        let enabled =
            world
                .store
                .set_webhook_enabled(&acme, id, true, &ExpectedVersion::Any, "ada");
        enabled.await.unwrap();
        assert_eq!(streak_of(id).await, None);
    }

    fail(&world.store, &webhook, 3, now).await;
    world
        .store
        .delete_webhook(&acme, id, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    fail(&world.store, &webhook, 3, now).await;
    assert_eq!(streak_of(id).await, None);
}

#[tokio::test]
async fn a_new_url_ends_the_streak_of_the_old_one_and_another_change_does_not() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let now = world.clock.now();
    fail(&world.store, &webhook, 3, now).await;
    for (fields, streaks) in [
        (r#"{"name":"renamed"}"#, 1),
        (r#"{"name":"renamed","url":"https://new.example/"}"#, 0),
    ] {
        let input = input(fields);
        let change = WebhookChange {
            settings: input.validate(UrlPolicy::HttpAllowed).unwrap(),
            input,
            secret: None,
        };
        let acme = tenant("acme");
        let changed = world
            .store
            .change_webhook(&acme, webhook.id, "ada", &mut world.rng, |_| {
                Ok::<_, StoreError>(change)
            });
        changed.await.unwrap();
        assert_eq!(
            world.store.failure_streaks().await.unwrap().len(),
            streaks,
            "{fields}"
        );
    }
}

#[tokio::test]
async fn what_is_said_of_a_disabling_is_kept_with_it_or_not_at_all() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let now = world.clock.now();
    let event = announcement(&webhook, now, now);
    let waiting = "SELECT count(*) FROM announcements";
    for (disabled, kept) in [(true, 1), (false, 1)] {
        let done = world.store.disable_webhook_for(
            webhook.id,
            &webhook.settings.url,
            DisabledReason::Gone,
            Some(&event),
        );
        assert_eq!(done.await.unwrap(), disabled);
        assert_eq!(world.count(waiting).await, kept);
    }
}

/// So that replicas read all streaks only when one of them has changed.
#[tokio::test]
async fn a_number_moves_with_each_change_of_a_streak_and_with_nothing_else() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let changes = async || world.store.failure_streak_changes().await.unwrap();
    let before = changes().await;
    world.store.failure_streaks().await.unwrap();
    assert_eq!(changes().await, before);
    fail(&world.store, &webhook, 2, world.clock.now()).await;
    let begun = changes().await;
    assert_ne!(begun, before);
    let clean = |_: &_| StreakUpdate {
        streaks: vec![(webhook.id, FailureStreak::default())],
        announcements: Vec::new(),
    };
    let ids = [webhook.id];
    let ended = world.store.update_failure_streaks(&ids, clean);
    ended.await.unwrap();
    assert_ne!(changes().await, begun);
}
