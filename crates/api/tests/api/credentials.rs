//! Credentials that webhooks send: OAuth 2.0 and mutual TLS.

use posthorn_testkit::{Answer as Received, Receiver};
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::Api;

const CERTIFICATE: &str = include_str!("pem/client.crt");
const KEY: &str = include_str!("pem/client.key");
const OTHER_KEY: &str = include_str!("pem/other.key");

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

fn oauth2(tokens: &Receiver) -> Value {
    json!({
        "type": "oauth2", "token_url": tokens.url_of("/token"), "client_id": "me:and you",
        "client_secret": "hunter2", "scope": "hooks:write",
    })
}

/// Gives token 1, token 2, … that live for an hour.
fn number_tokens(tokens: &Receiver) {
    let given = std::sync::atomic::AtomicUsize::new(1);
    tokens.answer_with(move |_| {
        let number = given.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let token = json!({"access_token": format!("t{number}"), "token_type": "Bearer", "expires_in": 3600});
        Received::status(200).body(token.to_string())
    });
}

async fn test(api: &Api, webhook: &Value) -> Value {
    let path = format!("{}/test", path(webhook));
    let answer = api.post(&path, &json!({})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json
}

#[tokio::test]
async fn an_access_token_is_fetched_once_and_again_when_it_is_refused() {
    let (api, tokens, receiver) = (
        start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    number_tokens(&tokens);
    let webhook = api
        .webhook(json!({"url": receiver.url(), "auth": oauth2(&tokens)}))
        .await;
    // Several at once share one token.
    let results = futures::future::join_all((0..4).map(|_| test(&api, &webhook))).await;
    assert!(results.iter().all(|result| result["success"] == true));
    assert_eq!(tokens.requests().len(), 1);
    let asked = &tokens.requests()[0];
    assert_eq!(
        std::str::from_utf8(&asked.body).unwrap(),
        "grant_type=client_credentials&scope=hooks%3Awrite"
    );
    // RFC 6749, section 2.3.1: base64 of `me%3Aand+you:hunter2`.
    assert_eq!(
        asked.header("authorization"),
        "Basic bWUlM0FhbmQreW91Omh1bnRlcjI="
    );
    for request in receiver.requests() {
        assert_eq!(request.header("authorization"), "Bearer t1");
    }

    receiver.next(Received::status(401));
    assert_eq!(test(&api, &webhook).await["success"], true);
    assert_eq!(tokens.requests().len(), 2);
    let last = receiver.requests().pop().unwrap();
    assert_eq!(last.header("authorization"), "Bearer t2");

    // Once only: who refuses every token is not asked without end.
    receiver.clear();
    receiver.answer(Received::status(401));
    assert_eq!(test(&api, &webhook).await["status_code"], 401);
    assert_eq!(receiver.requests().len(), 2);
}

#[tokio::test]
async fn a_token_endpoint_that_fails_is_told_of_in_words() {
    let (api, tokens, receiver) = (
        start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    let mut auth = oauth2(&tokens);
    auth["client_authentication"] = json!("body");
    let webhook = api
        .webhook(json!({"url": receiver.url(), "auth": auth}))
        .await;
    tokens.answer(Received::status(400).body(r#"{"error":"invalid_scope"}"#));
    let result = test(&api, &webhook).await;
    assert_eq!(result["success"], false);
    assert_eq!(result["status_code"], Value::Null);
    assert_eq!(
        result["error_message"],
        "no access token: the token endpoint answered 400 Bad Request: invalid_scope"
    );
    assert_eq!(receiver.connections(), 0);
    let asked = String::from_utf8(tokens.requests()[0].body.to_vec()).unwrap();
    assert!(
        asked.ends_with("&client_id=me%3Aand+you&client_secret=hunter2"),
        "{asked}"
    );
    // It is asked again the next time: nothing of a failure is kept.
    number_tokens(&tokens);
    assert_eq!(test(&api, &webhook).await["success"], true);
}

#[tokio::test]
async fn a_client_secret_stays_and_is_never_shown() {
    let (api, tokens) = (start().await, Receiver::start().await);
    let webhook = api
        .webhook(json!({"url": tokens.url(), "auth": oauth2(&tokens)}))
        .await;
    let shown = json!({
        "type": "oauth2", "token_url": tokens.url_of("/token"), "client_id": "me:and you",
        "scope": "hooks:write", "client_authentication": "basic",
    });
    assert_eq!(webhook["auth"], shown);
    let patched = api
        .patch(
            &path(&webhook),
            &json!({"auth": {"scope": null}, "url": tokens.url_of("/elsewhere")}),
        )
        .await;
    assert_eq!(patched.status, 200, "{patched:?}");
    assert_eq!(patched.json["auth"].get("scope"), None);
    number_tokens(&tokens);
    assert_eq!(test(&api, &webhook).await["success"], true);
    assert_eq!(
        tokens.requests()[0].header("authorization"),
        "Basic bWUlM0FhbmQreW91Omh1bnRlcjI="
    );
    for (auth, field) in [
        (json!({"token_url": "ftp://x"}), "auth.token_url"),
        (
            json!({"client_authentication": "digest"}),
            "auth.client_authentication",
        ),
    ] {
        let answer = api.patch(&path(&webhook), &json!({"auth": auth})).await;
        assert_eq!(answer.status, 422, "{answer:?}");
        assert!(
            answer.fields()[0].starts_with("auth"),
            "{field}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn certificates_are_shown_and_the_key_is_not() {
    let api = start().await;
    let tls = json!({"client_certificate": CERTIFICATE, "client_key": KEY});
    let webhook = api.webhook(json!({"tls": tls})).await;
    let shown = json!({"client_certificate": CERTIFICATE});
    assert_eq!(webhook["tls"], shown);
    // A change may leave the key out, and a replacement that repeats the certificate too.
    let with_ca = api
        .patch(
            &path(&webhook),
            &json!({"tls": {"ca_certificate": CERTIFICATE}}),
        )
        .await;
    assert_eq!(with_ca.json["tls"]["client_certificate"], CERTIFICATE);
    assert_eq!(with_ca.json["tls"]["ca_certificate"], CERTIFICATE);
    let put = crate::fixture::webhook(json!({"tls": shown}));
    assert_eq!(api.put(&path(&webhook), &put).await.json["tls"], shown);
    let read = api.get(&path(&webhook)).await;
    assert!(!read.text.contains("PRIVATE"), "{}", read.text);
    let stored = "SELECT count(*) FROM webhooks WHERE sealed_tls IS NOT NULL AND settings NOT LIKE '%BEGIN%'";
    assert_eq!(api.database.number(stored).await, 1);

    for (patch, field) in [
        (json!({"tls": {"client_key": OTHER_KEY}}), "tls.client_key"),
        (
            json!({"tls": {"client_certificate": "x"}}),
            "tls.client_certificate",
        ),
        (
            json!({"tls": {"ca_certificate": KEY}}),
            "tls.ca_certificate",
        ),
        (json!({"url": "http://example.com", "tls": tls}), "tls"),
        (json!({"url": "http://example.com"}), "tls.client_key"),
        (json!({"tls": {"certificate": "x"}}), "tls.certificate"),
    ] {
        let answer = api.patch(&path(&webhook), &patch).await;
        let problem = answer.is_problem(422, "validation_failed");
        assert_eq!(problem.fields(), [field], "{patch}");
    }
    let removed = api.patch(&path(&webhook), &json!({"tls": null})).await;
    assert_eq!(removed.json.get("tls"), None);
    let audit = crate::fixture::send(api.request(Method::GET, "/audit-log")).await;
    assert!(audit.text.contains("\"tls\"") && !audit.text.contains("BEGIN"));
}
