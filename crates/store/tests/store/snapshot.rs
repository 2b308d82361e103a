use posthorn_domain::{SigningSecret, UrlPolicy, WebhookId};
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
    assert_eq!(world.store.changes_since(0).await.unwrap().removed, [id]);
}

#[tokio::test]
async fn very_many_changes_come_in_pages() {
    let mut world = World::new().await;
    world.webhook("acme", "{}").await;
    // Copies have secrets that were sealed to another row: they are to be forgotten, and counted here.
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

    let (mut version, mut pages, mut removed) = (0, 0, Vec::new());
    loop {
        let changes = world.store.changes_since(version).await.unwrap();
        assert!(changes.version > version, "a page leads on");
        (version, pages) = (changes.version, pages + 1);
        removed.extend(changes.removed);
        if !changes.more {
            break;
        }
    }
    assert_eq!((pages, removed.len()), (3, 2500));
    let distinct: std::collections::HashSet<_> = removed.into_iter().collect();
    assert_eq!(distinct.len(), 2500);
    assert_eq!(version, world.store.config_version().await.unwrap());
}
