use std::time::Duration;

use posthorn_domain::{ApiKeyId, Clock};
use posthorn_store::{ApiKeyHash, AuditFilter, NewApiKey, NewAuditEntry, Page, Role, StoreError};
use secrecy::ExposeSecret;

use crate::support::*;

fn viewer(world: &World, lifetime: Option<Duration>) -> NewApiKey {
    NewApiKey {
        name: "ci".to_owned(),
        role: Role::Viewer,
        tenant: Some(tenant("acme")),
        expires_at: lifetime.map(|lifetime| world.clock.now() + lifetime),
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_found_by_its_hash() {
    let mut world = World::new().await;
    let new = viewer(&world, None);
    let issued = world
        .store
        .create_api_key(new, "root", &mut world.rng)
        .await
        .unwrap();
    let key = issued.key.expose_secret();
    assert!(
        key.starts_with("phk_") && key.len() == 4 + 43,
        "{}",
        key.len()
    );
    assert!(key.starts_with(&issued.api_key.hint) && issued.api_key.hint.len() == 8);

    let found = world
        .store
        .find_api_key(&ApiKeyHash::of(key))
        .await
        .unwrap();
    assert_eq!(found.as_ref(), Some(&issued.api_key));
    assert_eq!(
        world
            .store
            .find_api_key(&ApiKeyHash::of("phk_other"))
            .await
            .unwrap(),
        None
    );
    let loaded = world.store.load_api_keys().await.unwrap();
    assert_eq!(loaded.keys, [(ApiKeyHash::of(key), issued.api_key.clone())]);
    assert_eq!(
        world.store.get_tenant(&tenant("acme")).await.unwrap().id,
        tenant("acme")
    );

    world
        .store
        .delete_api_key(issued.api_key.id, "root")
        .await
        .unwrap();
    assert_eq!(
        world
            .store
            .find_api_key(&ApiKeyHash::of(key))
            .await
            .unwrap(),
        None
    );
    let again = world.store.delete_api_key(issued.api_key.id, "root").await;
    assert!(matches!(again, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn an_expired_key_opens_nothing_but_is_listed() {
    let mut world = World::new().await;
    let new = viewer(&world, Some(Duration::from_secs(60)));
    let issued = world
        .store
        .create_api_key(new, "root", &mut world.rng)
        .await
        .unwrap();
    let hash = ApiKeyHash::of(issued.key.expose_secret());
    assert!(world.store.find_api_key(&hash).await.unwrap().is_some());
    world.clock.advance(Duration::from_secs(60));
    assert!(world.store.find_api_key(&hash).await.unwrap().is_none());
    assert!(world.store.load_api_keys().await.unwrap().keys.is_empty());
    let listed = async |name: &str| {
        let name = tenant(name);
        world
            .store
            .list_api_keys(Some(&name), &first(10))
            .await
            .unwrap()
            .total
    };
    assert_eq!((listed("acme").await, listed("other").await), (1, 0));
    assert_eq!(
        world
            .store
            .list_api_keys(None, &first(10))
            .await
            .unwrap()
            .total,
        1
    );
}

#[tokio::test]
async fn tenants_come_and_go_with_what_is_theirs() {
    let mut world = World::new().await;
    let acme = tenant("acme");
    world.store.create_tenant(&acme, "root").await.unwrap();
    assert!(matches!(
        world.store.create_tenant(&acme, "root").await,
        Err(StoreError::Conflict(_))
    ));
    let (a, b) = (
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    );
    let kept = world.webhook("other", "{}").await.id;
    let new = viewer(&world, None);
    world
        .store
        .create_api_key(new, "root", &mut world.rng)
        .await
        .unwrap();
    let tenants = world.store.list_tenants(&first(1)).await.unwrap();
    assert_eq!((tenants.items[0].id.as_str(), tenants.total), ("acme", 2));
    let behind = Page {
        before: tenants.next_cursor,
        ..first(1)
    };
    let rest = world.store.list_tenants(&behind).await.unwrap();
    assert_eq!(rest.items[0].id.as_str(), "other");
    assert_eq!((rest.has_more, rest.next_cursor), (false, None));

    let version = world.store.config_version().await.unwrap();
    world.store.delete_tenant(&acme, "root").await.unwrap();
    assert!(matches!(
        world.store.get_tenant(&acme).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        world.store.delete_tenant(&acme, "root").await,
        Err(StoreError::NotFound)
    ));
    assert!(world.store.load_api_keys().await.unwrap().keys.is_empty());
    let changes = world.store.changes_since(version).await.unwrap();
    assert_eq!(
        (changes.version, changes.removed),
        (version + 2, vec![a, b])
    );
    assert!(
        world
            .store
            .get_webhook(&tenant("other"), kept)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_audit_log_is_filtered_newest_first() {
    let world = World::new().await;
    let acme = tenant("acme");
    for action in ["webhook.secret_revealed", "x", "webhook.secret_revealed"] {
        world.clock.advance(Duration::from_secs(1));
        let entry = NewAuditEntry {
            actor: "a\0da",
            tenant: Some(&acme),
            action,
            target_kind: "webhook",
            target_id: "1",
            details: serde_json::json!({"n": 1}),
        };
        world.store.audit(entry).await.unwrap();
    }
    let list =
        async |filter: AuditFilter| world.store.list_audit(&filter, &first(2)).await.unwrap();
    let all = list(AuditFilter::default()).await;
    assert_eq!((all.items.len(), all.total, all.has_more), (2, 3, true));
    assert!(all.items[0].id > all.items[1].id);
    assert_eq!(all.items[0].actor, "a\u{fffd}da");
    let revealed = AuditFilter {
        tenant: Some(acme),
        action: Some("webhook.secret_revealed".to_owned()),
        ..AuditFilter::default()
    };
    assert_eq!(list(revealed.clone()).await.total, 2);
    assert_eq!(
        list(AuditFilter {
            since: Some(world.clock.now()),
            ..revealed.clone()
        })
        .await
        .total,
        1
    );
    assert_eq!(
        list(AuditFilter {
            until: Some(world.clock.now()),
            ..revealed.clone()
        })
        .await
        .total,
        1
    );
    assert_eq!(
        list(AuditFilter {
            tenant: Some(tenant("other")),
            ..revealed
        })
        .await
        .total,
        0
    );
}

#[tokio::test]
async fn a_key_that_cannot_be_read_hides_no_other_and_can_be_deleted() {
    let mut world = World::new().await;
    let mut issue = async || {
        let new = viewer(&world, None);
        let issued = world.store.create_api_key(new, "root", &mut world.rng);
        issued.await.unwrap()
    };
    let (spoilt, sound) = (issue().await, issue().await);
    let id = spoilt.api_key.id;
    world
        .database
        .execute(&format!(
            "ALTER TABLE api_keys DROP CONSTRAINT api_keys_role_check;
             UPDATE api_keys SET role = 'operator' WHERE id = '{id}'"
        ))
        .await;
    let loaded = world.store.load_api_keys().await.unwrap();
    assert_eq!(loaded.unreadable, [id]);
    let keys: Vec<_> = loaded.keys.iter().map(|(_, key)| key.id).collect();
    assert_eq!(keys, [sound.api_key.id]);
    let listed = world.store.list_api_keys(None, &first(10)).await.unwrap();
    assert_eq!(listed.items, [sound.api_key]);
    let hash = ApiKeyHash::of(spoilt.key.expose_secret());
    let found = world.store.find_api_key(&hash).await;
    assert!(matches!(found, Err(StoreError::Corrupt(_))), "{found:?}");
    world.store.delete_api_key(id, "root").await.unwrap();
    assert_eq!(world.store.find_api_key(&hash).await.unwrap(), None);
}

#[tokio::test]
async fn a_use_is_noted_and_never_goes_back() {
    let mut world = World::new().await;
    let new = viewer(&world, None);
    let issued = world
        .store
        .create_api_key(new, "root", &mut world.rng)
        .await
        .unwrap();
    let id = issued.api_key.id;
    assert_eq!(issued.api_key.last_used_at, None);
    let start = world.clock.now();
    // Another replica's note of nearly the same moment is not worth a write, and an older one is wrong.
    for (used, noted) in [(0, 0), (29, 0), (90, 90), (60, 90)] {
        let at = start + Duration::from_secs(used);
        let gone = ApiKeyId::generate(&*world.clock, &mut world.rng);
        world
            .store
            .note_uses_of_api_keys(&[(id, at), (gone, at)])
            .await
            .unwrap();
        let listed = world.store.list_api_keys(None, &first(10)).await.unwrap();
        assert_eq!(
            listed.items[0].last_used_at,
            Some(start + Duration::from_secs(noted)),
            "{used}"
        );
    }
}
