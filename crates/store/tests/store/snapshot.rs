use posthorn_domain::{SigningSecret, SubscriptionFilter, UrlPolicy, WebhookId};
use posthorn_store::ExpectedVersion;
use rand::{SeedableRng, rngs::StdRng};

use crate::support::*;

#[tokio::test]
async fn a_snapshot_follows_every_change() {
    let mut world = World::new().await;
    assert_eq!(world.store.config_version().await.unwrap(), 0);
    let (a, b) = (
        world.webhook("acme", "{}").await.id,
        world.webhook("other", "{}").await.id,
    );
    let all = world.store.changes_since(0).await.unwrap();
    let ids = |changes: &posthorn_store::Changes| {
        changes
            .upserts
            .iter()
            .map(|w| w.id)
            .collect::<Vec<WebhookId>>()
    };
    assert_eq!(ids(&all), [a, b]);
    assert_eq!(all.version, world.store.config_version().await.unwrap());

    let nothing = world.store.changes_since(all.version).await.unwrap();
    assert!(nothing.upserts.is_empty() && nothing.removed.is_empty());

    world
        .store
        .set_webhook_enabled(&tenant("acme"), a, false, &ExpectedVersion::Any, "x")
        .await
        .unwrap();
    world
        .store
        .delete_webhook(&tenant("other"), b, &ExpectedVersion::Any, "x")
        .await
        .unwrap();
    let delta = world.store.changes_since(all.version).await.unwrap();
    assert_eq!((ids(&delta), delta.removed), (vec![a], vec![b]));
    assert!(!delta.upserts[0].enabled);
    let fresh = world.store.changes_since(0).await.unwrap();
    assert_eq!((ids(&fresh), fresh.removed), (vec![a], vec![]));
}

/// Versions commit in their order: whoever reads while others write misses nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_follows_versions_misses_no_webhook() {
    let world = World::new().await;
    let mut writers = Vec::new();
    for seed in 0..4 {
        let (store, clock) = (world.replica(KEY), world.clock.clone());
        writers.push(tokio::spawn(async move {
            let mut rng = StdRng::seed_from_u64(seed);
            for _ in 0..15 {
                let input = input("{}");
                let new = posthorn_store::NewWebhook {
                    id: WebhookId::generate(&*clock, &mut rng),
                    tenant: tenant("acme"),
                    settings: input.validate(UrlPolicy::HttpsOnly).unwrap(),
                    input,
                    secret: SigningSecret::generate(&mut rng),
                    actor: "x".to_owned(),
                    made_after: None,
                    webhooks_max: 1_000,
                };
                store.create_webhook(new, &mut rng).await.unwrap();
            }
            store.close().await;
        }));
    }
    let (mut version, mut seen) = (0, std::collections::HashSet::new());
    while version < 60 {
        let changes = world.store.changes_since(version).await.unwrap();
        seen.extend(changes.upserts.iter().map(|w| w.id));
        version = changes.version;
    }
    assert_eq!(seen.len(), 60);
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn a_url_that_the_policy_no_longer_allows_is_shown_but_gets_nothing() {
    let mut world = World::new().await;
    let id = world
        .webhook("acme", r#"{"url":"http://example.com/"}"#)
        .await
        .id;
    assert!(world.store.get_webhook(&tenant("acme"), id).await.is_ok());
    let changes = world.store.changes_since(0).await.unwrap();
    assert_eq!((changes.unreadable[0].id, changes.removed), (id, vec![]));
}

/// Another master key, a value of a newer release, a damaged row: none of them is deleted, and none hinders the others.
#[tokio::test]
async fn a_webhook_that_cannot_be_read_is_told_from_one_that_is_deleted() {
    let mut world = World::new().await;
    let mut ids = Vec::new();
    for extra in [
        r#"{"event_types":["a.*"],"filter":"data.n > 0"}"#,
        r#"{"event_types":["b.*"]}"#,
        r#"{"event_types":["c.*"],"enabled":false}"#,
        "{}",
    ] {
        ids.push(world.webhook("acme", extra).await.id);
    }
    let odd = world.replica(&KEY.replace('A', "B"));
    let sealed = odd.changes_since(0).await.unwrap();
    assert_eq!((sealed.upserts.len(), sealed.removed.len()), (0, 0));
    let kept: Vec<_> = sealed
        .unreadable
        .iter()
        .map(|w| (w.id, w.enabled))
        .collect();
    assert_eq!(
        kept,
        [
            (ids[0], true),
            (ids[1], true),
            (ids[2], false),
            (ids[3], true)
        ]
    );
    let first = &sealed.unreadable[0];
    assert_eq!(first.tenant, Some(tenant("acme")));
    assert_eq!(first.subscription.event_types[0].to_string(), "a.*");
    assert!(
        matches!(&first.subscription.filter, SubscriptionFilter::Known(filter) if filter.source() == "data.n > 0")
    );

    let mut connection = world.connection().await;
    for damage in [
        "UPDATE webhooks SET settings = '{' WHERE event_types = '{a.*}'",
        "UPDATE webhooks SET event_types = '{*.b}', settings = '{' WHERE event_types = '{b.*}'",
        "UPDATE webhooks SET settings = replace(settings, '{', '{\"newer\": {\"a\": [1]}, ') WHERE event_types = '{*}'",
    ] {
        sqlx::raw_sql(damage)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    let changes = world.store.changes_since(0).await.unwrap();
    let read: Vec<_> = changes.upserts.iter().map(|w| w.id).collect();
    assert_eq!(read, [ids[2], ids[3]]);
    let open: Vec<_> = changes
        .unreadable
        .iter()
        .map(|w| {
            let open = matches!(w.subscription.filter, SubscriptionFilter::Unreadable);
            (w.id, w.subscription.event_types[0].to_string(), open)
        })
        .collect();
    assert_eq!(
        open,
        [
            (ids[0], "a.*".to_owned(), true),
            (ids[1], "*".to_owned(), true)
        ]
    );
}

/// What an event was accepted for is still known when the webhook was changed or disabled.
#[tokio::test]
async fn what_a_webhook_wanted_before_is_kept() {
    let mut world = World::new().await;
    let id = world
        .webhook("acme", r#"{"event_types":["a.b"],"filter":"data.n > 0"}"#)
        .await
        .id;
    let acme = tenant("acme");
    let former = async |world: &World| {
        let mut changes = world.store.changes_since(0).await.unwrap();
        let former = changes.former.remove(&id).unwrap_or_default();
        let texts = former.iter().map(|one| {
            let filter = match &one.subscription.filter {
                SubscriptionFilter::Known(filter) => filter.source().to_owned(),
                other => format!("{other:?}"),
            };
            (one.subscription.event_types[0].to_string(), filter)
        });
        texts.collect::<Vec<_>>()
    };
    let set = async |world: &World, enabled| {
        let done =
            world
                .store
                .set_webhook_enabled(&acme, id, enabled, &ExpectedVersion::Any, "ada");
        done.await.unwrap();
    };
    assert_eq!(former(&world).await, []);
    let first = ("a.b".to_owned(), "data.n > 0".to_owned());
    set(&world, false).await;
    assert_eq!(former(&world).await, std::slice::from_ref(&first));
    // What is disabled wants nothing, so nothing is kept of it.
    set(&world, false).await;
    set(&world, true).await;
    assert_eq!(former(&world).await, std::slice::from_ref(&first));
    world
        .database
        .execute("UPDATE webhooks SET event_types = '{x.y}'")
        .await;
    assert_eq!(former(&world).await, [first.clone(), first]);
    for n in 0..30 {
        let change = format!("UPDATE webhooks SET event_types = '{{n{n}.y}}'");
        world.database.execute(&change).await;
    }
    let kept = former(&world).await;
    assert_eq!((kept.len(), kept[19].0.as_str()), (20, "n28.y"));
    world
        .store
        .delete_webhook(&acme, id, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    assert_eq!(
        world
            .count("SELECT count(*) FROM former_subscriptions")
            .await,
        0
    );
}

#[tokio::test]
async fn very_many_changes_come_in_pages() {
    let mut world = World::new().await;
    world.webhook("acme", "{}").await;
    // Copies have secrets that were sealed to another row: they cannot be read, and are counted here.
    let copies = "INSERT INTO webhooks
        SELECT (jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid(), 'version', w.version + n))).*
        FROM webhooks w, generate_series(1, 2500) n";
    let mut connection = world.connection().await;
    sqlx::raw_sql(copies)
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::raw_sql("UPDATE configuration SET version = version + 2500")
        .execute(&mut connection)
        .await
        .unwrap();

    let (mut version, mut pages, mut unreadable) = (0, 0, Vec::new());
    loop {
        let changes = world.store.changes_since(version).await.unwrap();
        assert!(changes.version > version, "a page leads on");
        (version, pages) = (changes.version, pages + 1);
        assert_eq!(changes.removed, []);
        unreadable.extend(changes.unreadable.into_iter().map(|webhook| webhook.id));
        if !changes.more {
            break;
        }
    }
    assert_eq!((pages, unreadable.len()), (3, 2500));
    let distinct: std::collections::HashSet<_> = unreadable.into_iter().collect();
    assert_eq!(distinct.len(), 2500);
    assert_eq!(version, world.store.config_version().await.unwrap());
}
