//! Stored credentials stay with the place that they were given for.

use posthorn_testkit::{Answer as Received, Receiver};
use serde_json::{Value, json};

use crate::fixture::Api;

async fn start() -> Api {
    Api::start_with(|setup| {
        setup
            .env("POSTHORN_ALLOW_HTTP", "true")
            .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8")
    })
    .await
}

fn path(webhook: &Value) -> String {
    format!("/webhooks/{}", webhook["id"].as_str().unwrap())
}

/// What a client reads of a webhook, as a document to send.
fn document(webhook: &Value, changes: &Value) -> Value {
    let mut document = json!({});
    for member in ["name", "url", "event_types", "auth"] {
        document[member] = webhook[member].clone();
    }
    let changes = changes.as_object().unwrap().clone();
    document.as_object_mut().unwrap().extend(changes);
    document
}

#[tokio::test]
async fn a_credential_does_not_follow_to_another_receiver() {
    let (api, owners, others) = (
        start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    for (auth, field) in [
        (json!({"type": "bearer", "token": "s3cret"}), "auth.token"),
        (
            json!({"type": "basic", "username": "u", "password": "s3cret"}),
            "auth.password",
        ),
        (
            json!({"type": "header", "header_name": "x-a", "header_value": "s3cret"}),
            "auth.header_value",
        ),
    ] {
        let webhook = api
            .webhook(json!({"url": owners.url(), "auth": auth}))
            .await;
        let moved = json!({"url": others.url()});
        let refused = [
            api.patch(&path(&webhook), &moved).await,
            api.put(&path(&webhook), &document(&webhook, &moved)).await,
            api.patch(&format!("{}?probe=true", path(&webhook)), &moved)
                .await,
        ];
        for answer in refused {
            let problem = answer.is_problem(422, "validation_failed");
            assert_eq!(problem.fields(), [field]);
        }
        // To another path of the same receiver it goes along.
        let there = json!({"url": owners.url_of("/elsewhere")});
        let answer = api.patch(&path(&webhook), &there).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        // Given again, or left behind for good, it is no reason to refuse the change.
        let given = json!({"url": others.url(), "auth": auth});
        assert_eq!(api.patch(&path(&webhook), &given).await.status, 200);
        let without = json!({"url": owners.url(), "auth": null});
        assert_eq!(api.patch(&path(&webhook), &without).await.status, 200);
    }
    assert_eq!(others.connections(), 0);
}

#[tokio::test]
async fn a_client_secret_does_not_follow_to_another_token_endpoint() {
    let (api, tokens, others) = (
        start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    tokens.answer(Received::status(200).body(r#"{"access_token":"t","token_type":"Bearer"}"#));
    let auth = json!({
        "type": "oauth2", "token_url": tokens.url_of("/token"), "client_id": "me", "client_secret": "hunter2",
    });
    let webhook = api
        .webhook(json!({"url": tokens.url(), "auth": auth}))
        .await;
    for changes in [
        json!({"url": others.url()}),
        json!({"auth": {"token_url": others.url_of("/token")}}),
    ] {
        let answer = api.patch(&path(&webhook), &changes).await;
        let problem = answer.is_problem(422, "validation_failed");
        assert_eq!(problem.fields(), ["auth.client_secret"], "{changes}");
    }
    // Nor does the token that was fetched with the true secret go to a receiver that comes with a false one.
    let tested = api
        .post(&format!("{}/test", path(&webhook)), &json!({}))
        .await;
    assert_eq!(tested.json["success"], true, "{tested:?}");
    let false_secret = json!({"url": others.url(), "auth": {"client_secret": "guessed"}});
    assert_eq!(api.patch(&path(&webhook), &false_secret).await.status, 200);
    tokens.answer(Received::status(401).body(r#"{"error":"invalid_client"}"#));
    let tested = api
        .post(&format!("{}/test", path(&webhook)), &json!({}))
        .await;
    assert_eq!(tested.json["success"], false, "{tested:?}");
    assert_eq!(others.connections(), 0);
}

#[tokio::test]
async fn the_audit_log_says_where_a_webhook_went_and_no_more_of_its_url() {
    let api = start().await;
    let webhook = api
        .webhook(json!({"url": "https://one.example/?token=s3cret"}))
        .await;
    let moved = json!({"url": "https://two.example:8443/hook/s3cret"});
    assert_eq!(api.patch(&path(&webhook), &moved).await.status, 200);
    let audit = api.get("/audit-log?action=webhook.updated").await;
    let details = &audit.json["entries"][0]["details"];
    assert_eq!(
        details["url"],
        json!({"from": "https://one.example", "to": "https://two.example:8443"})
    );
    assert!(!audit.text.contains("s3cret"), "{}", audit.text);
}
