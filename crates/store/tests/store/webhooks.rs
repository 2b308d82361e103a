use std::time::Duration;

use posthorn_domain::{Auth, Clock, DisabledReason, EndpointUrl, SigningSecret, UrlPolicy};
use posthorn_store::{
    AuditFilter, ExpectedVersion, ListedWebhook, NewSecret, StoreError, WebhookChange,
    WebhookFilter,
};
use rand::{SeedableRng, rngs::StdRng};

use crate::support::*;

fn change(extra: &str) -> WebhookChange {
    let input = input(extra);
    WebhookChange {
        settings: input.validate(UrlPolicy::HttpAllowed).unwrap(),
        input,
        secret: None,
    }
}

fn filter() -> WebhookFilter {
    WebhookFilter {
        limit: 50,
        ..WebhookFilter::default()
    }
}

#[tokio::test]
async fn a_webhook_is_read_back_as_it_was_created() {
    let mut world = World::new().await;
    let new = world.new_webhook(
        "acme",
        r#"{"name":"Slack","auth":{"type":"bearer","token":"t0ken"},"filter":"data.x == \"\u0000\"","max_retries":0}"#,
    );
    let (id, secret) = (new.id, new.secret.expose().to_owned());
    let created = world
        .store
        .create_webhook(new, &mut world.rng)
        .await
        .unwrap();
    let read = world.store.get_webhook(&tenant("acme"), id).await.unwrap();
    assert_eq!(read.input, created.input);
    assert_eq!(read.input.enabled, Some(true));
    assert!(matches!(&read.settings.auth, Auth::Bearer { .. }));
    assert_eq!(read.settings.auth.to_input(), bearer("t0ken"));
    assert_eq!(read.secrets.current.expose(), secret);
    assert_eq!(
        (read.created_by.as_str(), read.created_at),
        ("ada", world.clock.now())
    );
    assert!(
        !serde_json::to_string(&*read.input)
            .unwrap()
            .contains("t0ken")
    );
}

#[tokio::test]
async fn secrets_are_not_in_the_database() {
    let mut world = World::new().await;
    let new = world.new_webhook(
        "acme",
        r#"{"auth":{"type":"header","header_name":"x-key","header_value":"s3cret"}}"#,
    );
    let secret = new.secret.expose().to_owned();
    world
        .store
        .create_webhook(new, &mut world.rng)
        .await
        .unwrap();
    let mut connection = world.connection().await;
    // Bytes are shown as hexadecimal digits, text as it is.
    let row: String = sqlx::query_scalar("SELECT w::text FROM webhooks w")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert!(row.contains("example.com"));
    for secret in [secret.as_str(), "s3cret"] {
        let digits: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!row.contains(secret) && !row.contains(&digits));
    }
}

#[tokio::test]
async fn another_tenants_webhook_is_not_there() {
    let mut world = World::new().await;
    let id = world.webhook("acme", "{}").await.id;
    let other = tenant("other");
    let store = world.store.clone();
    let rng = &mut world.rng;
    let secret = SigningSecret::generate(rng);
    assert!(matches!(
        store.get_webhook(&other, id).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        store
            .set_webhook_enabled(&other, id, false, &ExpectedVersion::Any, "x")
            .await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        store
            .delete_webhook(&other, id, &ExpectedVersion::Any, "x")
            .await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        store
            .change_webhook(&other, id, "x", rng, |_| Ok::<_, StoreError>(change("{}")))
            .await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        store
            .rotate_webhook_secret(
                &other,
                id,
                NewSecret {
                    secret: &secret,
                    overlap: Duration::ZERO
                },
                &ExpectedVersion::Any,
                "x",
                rng
            )
            .await,
        Err(StoreError::NotFound)
    ));
    assert_eq!(store.list_webhooks(&other, &filter()).await.unwrap().1, 0);
    assert!(
        store
            .get_webhook(&tenant("acme"), id)
            .await
            .unwrap()
            .enabled
    );
}

#[tokio::test]
async fn a_list_is_filtered_and_newest_first() {
    let mut world = World::new().await;
    for (name, extra) in [
        ("exact", r#""event_types":["user.created"]"#),
        ("prefix", r#""event_types":["user.*"]"#),
        (
            "all",
            r#""event_types":["*"],"url":"https://hooks.example.com/100%_x""#,
        ),
        ("deep", r#""event_types":["user.created.*"]"#),
        ("off", r#""event_types":["user.created"],"enabled":false"#),
    ] {
        world
            .webhook("acme", &format!(r#"{{"name":"{name}",{extra}}}"#))
            .await;
    }
    world.webhook("other", r#"{"name":"other"}"#).await;
    let names = async |filter: WebhookFilter| {
        let (webhooks, total) = world
            .store
            .list_webhooks(&tenant("acme"), &filter)
            .await
            .unwrap();
        let names: Vec<String> = webhooks
            .into_iter()
            .map(|listed| match listed {
                ListedWebhook::Readable(webhook) => webhook.input.name.clone(),
                ListedWebhook::Unreadable(webhook) => panic!("{webhook:?}"),
            })
            .collect();
        (names.join(" "), total)
    };
    assert_eq!(
        names(filter()).await,
        ("off deep all prefix exact".to_owned(), 5)
    );
    let event_type = Some("user.created".parse().unwrap());
    assert_eq!(
        names(WebhookFilter {
            event_type: event_type.clone(),
            ..filter()
        })
        .await,
        ("off all prefix exact".to_owned(), 4)
    );
    assert_eq!(
        names(WebhookFilter {
            event_type,
            enabled: Some(true),
            limit: 2,
            offset: 1,
            ..filter()
        })
        .await,
        ("prefix exact".to_owned(), 3)
    );
    for (search, expected) in [
        ("EXA", "off deep all prefix exact"),
        ("EXAc", "exact"),
        ("0%_", "all"),
        ("%", "all"),
        ("a\0", ""),
    ] {
        let found = names(WebhookFilter {
            search: Some(search.to_owned()),
            ..filter()
        })
        .await
        .0;
        assert_eq!(found, expected, "{search}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_at_once_all_take_effect() {
    let mut world = World::new().await;
    let id = world.webhook("acme", r#"{"max_retries":0}"#).await.id;
    let mut changes = Vec::new();
    for seed in 0..8 {
        let store = world.store.clone();
        changes.push(tokio::spawn(async move {
            let mut rng = StdRng::seed_from_u64(seed);
            store
                .change_webhook(&tenant("acme"), id, "bob", &mut rng, |current| {
                    let retries = current.input.max_retries.unwrap() + 1;
                    Ok::<_, StoreError>(change(&format!(r#"{{"max_retries":{retries}}}"#)))
                })
                .await
                .unwrap();
        }));
    }
    for change in changes {
        change.await.unwrap();
    }
    let read = world.store.get_webhook(&tenant("acme"), id).await.unwrap();
    assert_eq!(
        (read.input.max_retries, read.updated_by.as_str()),
        (Some(8), "bob")
    );
}

#[derive(Debug)]
enum Refused {
    ByMe,
    ByStore,
}

impl From<StoreError> for Refused {
    fn from(_: StoreError) -> Self {
        Self::ByStore
    }
}

#[tokio::test]
async fn a_refused_change_leaves_everything_as_it_was() {
    let mut world = World::new().await;
    let id = world.webhook("acme", "{}").await.id;
    let version = world.store.config_version().await.unwrap();
    let refused = world
        .store
        .change_webhook(&tenant("acme"), id, "bob", &mut world.rng, |_| {
            Err(Refused::ByMe)
        })
        .await;
    assert!(matches!(refused, Err(Refused::ByMe)));
    assert_eq!(world.store.config_version().await.unwrap(), version);
}

#[tokio::test]
async fn disabling_enabling_and_the_reason() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let (id, url) = (webhook.id, &webhook.settings.url);
    let other = EndpointUrl::parse("https://other.example/", UrlPolicy::HttpAllowed).unwrap();
    let store = &world.store;
    // What was found out at another URL is nothing to this one.
    for (url, reason, disabled) in [
        (&other, DisabledReason::Gone, false),
        (url, DisabledReason::Gone, true),
        (url, DisabledReason::Failing, false),
    ] {
        let done = store.disable_webhook_for(id, url, reason, None);
        assert_eq!(done.await.unwrap(), disabled, "{url} {reason}");
    }
    let read = store.get_webhook(&tenant("acme"), id).await.unwrap();
    assert_eq!(
        (read.enabled, read.disabled_reason),
        (false, Some(DisabledReason::Gone))
    );
    let read = store
        .set_webhook_enabled(&tenant("acme"), id, true, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    assert_eq!((read.enabled, read.disabled_reason), (true, None));
    let read = store
        .set_webhook_enabled(&tenant("acme"), id, false, &ExpectedVersion::Any, "ada")
        .await
        .unwrap();
    assert_eq!((read.enabled, read.disabled_reason), (false, None));
}

#[tokio::test]
async fn a_rotated_secret_signs_beside_the_new_one_until_its_overlap_ends() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let (id, first) = (webhook.id, webhook.secrets.current.expose().to_owned());
    let acme = tenant("acme");
    let second = SigningSecret::generate(&mut world.rng);
    let overlap = Duration::from_secs(60);
    world
        .store
        .rotate_webhook_secret(
            &acme,
            id,
            NewSecret {
                secret: &second,
                overlap,
            },
            &ExpectedVersion::Any,
            "ada",
            &mut world.rng,
        )
        .await
        .unwrap();
    let secrets = world.store.get_webhook(&acme, id).await.unwrap().secrets;
    let active = |at| {
        secrets
            .active(at)
            .map(|s| s.expose().to_owned())
            .collect::<Vec<_>>()
    };
    let now = world.clock.now();
    assert_eq!(active(now), [second.expose(), first.as_str()]);
    assert_eq!(active(now + overlap), [second.expose()]);

    let third = SigningSecret::generate(&mut world.rng);
    world
        .store
        .rotate_webhook_secret(
            &acme,
            id,
            NewSecret {
                secret: &third,
                overlap: Duration::ZERO,
            },
            &ExpectedVersion::Any,
            "ada",
            &mut world.rng,
        )
        .await
        .unwrap();
    let secrets = world.store.get_webhook(&acme, id).await.unwrap().secrets;
    // The second ends at once, the first when it was said to.
    let active = |at| {
        secrets
            .active(at)
            .map(|s| s.expose().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(active(now), [third.expose(), first.as_str()]);
    assert_eq!(active(now + overlap), [third.expose()]);
}

#[tokio::test]
async fn a_secret_moved_to_another_webhook_does_not_open() {
    let mut world = World::new().await;
    let (a, b) = (
        world.webhook("acme", "{}").await.id,
        world.webhook("acme", "{}").await.id,
    );
    let mut connection = world.connection().await;
    sqlx::query("UPDATE webhooks SET sealed_secret = (SELECT sealed_secret FROM webhooks WHERE id = $1) WHERE id = $2")
        .bind(a.as_uuid())
        .bind(b.as_uuid())
        .execute(&mut connection)
        .await
        .unwrap();
    assert!(world.store.get_webhook(&tenant("acme"), a).await.is_ok());
    let error = world
        .store
        .get_webhook(&tenant("acme"), b)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, StoreError::Corrupt(words) if words.contains("moved")),
        "{error}"
    );
    // One that cannot be read hides no other, and is there itself.
    let (listed, total) = world
        .store
        .list_webhooks(&tenant("acme"), &filter())
        .await
        .unwrap();
    assert_eq!((listed.len(), total), (2, 2));
    for webhook in listed {
        match webhook {
            ListedWebhook::Readable(webhook) => assert_eq!(webhook.id, a),
            ListedWebhook::Unreadable(webhook) => {
                assert_eq!((webhook.id, &*webhook.name), (b, "n"));
            }
        }
    }
    let changes = world.store.changes_since(0).await.unwrap();
    assert_eq!((changes.upserts.len(), changes.removed), (1, vec![]));
    assert_eq!(changes.unreadable[0].id, b);
}

#[tokio::test]
async fn a_rotated_master_key_opens_what_the_old_one_sealed() {
    const NEW: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
    let mut world = World::new().await;
    let id = world.webhook("acme", "{}").await.id;
    let both = world.replica(&format!("{NEW} {KEY}"));
    assert!(both.get_webhook(&tenant("acme"), id).await.is_ok());
    let error = world
        .replica(NEW)
        .get_webhook(&tenant("acme"), id)
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("master key that is not in the list"),
        "{error}"
    );
    both.close().await;
}

#[tokio::test]
async fn every_change_is_in_the_audit_log_without_secrets() {
    let mut world = World::new().await;
    let webhook = world.webhook("acme", "{}").await;
    let id = webhook.id;
    let acme = tenant("acme");
    let secret = SigningSecret::generate(&mut world.rng);
    let with_auth = change(r#"{"auth":{"type":"bearer","token":"t0ken"},"timeout_seconds":5}"#);
    world
        .store
        .change_webhook(&acme, id, "bob", &mut world.rng, |_| {
            Ok::<_, StoreError>(with_auth)
        })
        .await
        .unwrap();
    world
        .store
        .rotate_webhook_secret(
            &acme,
            id,
            NewSecret {
                secret: &secret,
                overlap: Duration::ZERO,
            },
            &ExpectedVersion::Any,
            "bob",
            &mut world.rng,
        )
        .await
        .unwrap();
    world
        .store
        .disable_webhook_for(id, &webhook.settings.url, DisabledReason::Gone, None)
        .await
        .unwrap();
    world
        .store
        .delete_webhook(&acme, id, &ExpectedVersion::Any, "eve")
        .await
        .unwrap();
    let about = AuditFilter {
        target_id: Some(id.to_string()),
        ..AuditFilter::default()
    };
    let page = world.store.list_audit(&about, &first(10)).await.unwrap();
    let told: Vec<(&str, &str)> = page
        .items
        .iter()
        .map(|e| (e.actor.as_str(), e.action.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("eve", "webhook.deleted"),
            ("posthorn", "webhook.disabled"),
            ("bob", "webhook.secret_rotated"),
            ("bob", "webhook.updated"),
            ("ada", "webhook.created"),
        ]
    );
    assert_eq!(
        page.items[3].details["changed"],
        serde_json::json!(["timeout_seconds", "auth"])
    );
    assert!(
        page.items
            .iter()
            .all(|e| !e.details.to_string().contains("t0ken"))
    );
}
