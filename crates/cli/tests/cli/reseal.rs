//! The rotation of a master key under running services.

use posthorn_testkit::{Receiver, Service};
use serde_json::json;

use crate::{
    posthorn,
    stack::{MASTER_KEY, Said, Stack, configured, said},
};

const NEW_KEY: &str = "bmV3IG1hc3RlciBrZXkgb2YgMzIgYnl0ZXMsIGhlcmU=";

async fn reseal(stack: &Stack, keys: &str, more: &[&str]) -> Said {
    let mut command = posthorn(&[&["admin", "reseal"], more].concat());
    command
        .env("POSTHORN_DATABASE_URL", stack.database.url())
        .env("POSTHORN_MASTER_KEY", keys);
    said(command).await
}

#[tokio::test]
async fn a_master_key_is_replaced_while_events_are_delivered() {
    let mut stack = Stack::start().await;
    let receiver = Receiver::start().await;
    let ids = [
        stack.webhook(&receiver.url()).await,
        stack.webhook(&receiver.url()).await,
    ];
    let auth = r#"{"auth": {"type": "bearer", "token": "sesame"}}"#;
    stack
        .run(&["webhooks", "update", &ids[0], "--data", auth])
        .await;
    let secret = ["webhooks", "secret", "reveal", &ids[0], "-o", "table"];
    let before = stack.run(&secret).await.out;

    // Not without the old key: nothing is changed.
    let refused = reseal(&stack, NEW_KEY, &[]).await;
    assert_eq!(refused.code, 65, "{refused:?}");
    assert!(refused.err.contains("3 under key"), "{refused:?}");

    // The services know both keys before the new one seals.
    for keys in [
        format!("{MASTER_KEY},{NEW_KEY}"),
        format!("{NEW_KEY},{MASTER_KEY}"),
    ] {
        let (nats, database) = (&stack.nats, &stack.database);
        stack.api = configured(Service::api(), nats, database, &keys)
            .start()
            .await;
        stack.deliverer = configured(Service::deliverer(), nats, database, &keys)
            .start()
            .await;
    }
    let both = format!("{NEW_KEY},{MASTER_KEY}");
    let dry = reseal(&stack, &both, &["--dry-run"]).await;
    assert_eq!(dry.code, 0, "{dry:?}");
    assert_eq!(dry.json()["position"], 2);
    assert_eq!(dry.json()["values"], 3);

    let done = reseal(&stack, &both, &[]).await;
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(
        (&done.json()["position"], &done.json()["values"]),
        (&json!(1), &json!(3))
    );
    let again = reseal(&stack, &both, &[]).await;
    assert!(again.err.contains("Sealed 0 values"), "{again:?}");

    // The services that ran meanwhile, and then those that know the new key alone.
    stack.send("while.both", "{}").await;
    receiver.wait_for(2).await;
    let (nats, database) = (&stack.nats, &stack.database);
    stack.api = configured(Service::api(), nats, database, NEW_KEY)
        .start()
        .await;
    stack.deliverer = configured(Service::deliverer(), nats, database, NEW_KEY)
        .start()
        .await;
    assert_eq!(stack.run(&secret).await.out, before);
    stack.send("with.the_new_key", "{}").await;
    let requests = receiver.wait_for(4).await;
    let verified = requests.iter().filter(|request| {
        let webhook = standardwebhooks::Webhook::new(before.trim()).unwrap();
        let is_first = webhook.verify(&request.body, &request.headers).is_ok();
        assert_eq!(
            is_first,
            request.headers.get("authorization").is_some(),
            "secret and token belong together"
        );
        is_first
    });
    assert_eq!(verified.count(), 2, "one of each event");
    let audited = stack
        .database
        .number("SELECT count(*) FROM audit_log WHERE action = 'secrets.resealed'");
    assert_eq!(audited.await, 1);
}
