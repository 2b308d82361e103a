//! Secrets are planted everywhere, and whatever Posthorn says is searched for them.

use posthorn_testkit::{Answer, Receiver};
use serde_json::{Value, json};

use crate::{
    http::Reply,
    stack::{ADMIN_KEY, MASTER_KEY, Stack},
};

const BEARER: &str = "canary-bearer-token-7f31";
const PASSWORD: &str = "canary-password-9b22";
const HEADER_VALUE: &str = "canary-header-value-5d13";
const CUSTOM_TOKEN: &str = "canary-custom-token-c0ff";
const URL_TOKEN: &str = "canary-url-token-aa17";
const CLIENT_SECRET: &str = "canary-client-secret-e411";
const CLIENT_CERTIFICATE: &str = include_str!("../../../api/tests/api/pem/client.crt");
const CLIENT_KEY: &str = include_str!("../../../api/tests/api/pem/client.key");
const SIGNING_SECRET: &str = "whsec_Y2FuYXJ5LXNpZ25pbmctc2VjcmV0LW9mLXRoaXJ0eS10d28=";

/// What must be said nowhere. What a webhook's owner sees in its settings, and only there, is listed apart.
struct Canaries {
    secrets: Vec<(&'static str, String)>,
    /// The URL and the custom headers of a webhook are shown to whoever may read it.
    settings: Vec<(&'static str, String)>,
}

impl Canaries {
    #[track_caller]
    fn search(&self, place: &str, text: &str) {
        let of_settings = place.contains("/webhooks");
        let settings = self.settings.iter().filter(|_| !of_settings);
        for (name, secret) in self.secrets.iter().chain(settings) {
            assert!(
                !text.contains(secret.as_str()),
                "{place} tells the {name}:\n{text:.3000}"
            );
        }
    }
}

async fn plant(stack: &Stack, receiver: &Receiver) -> Vec<String> {
    let url = receiver.url_of(&format!("/hook?key={URL_TOKEN}"));
    let mut hooks = Vec::new();
    for auth in [
        json!({"type": "bearer", "token": BEARER}),
        json!({"type": "basic", "username": "ada", "password": PASSWORD}),
        json!({"type": "header", "header_name": "x-secret", "header_value": HEADER_VALUE}),
        json!({"type": "oauth2", "token_url": receiver.url(), "client_id": "id", "client_secret": CLIENT_SECRET}),
    ] {
        let fields = json!({
            "auth": auth, "signing_secret": SIGNING_SECRET, "max_retries": 0, "retry_client_errors": false,
            "custom_headers": {"x-api-token": CUSTOM_TOKEN},
        });
        hooks.push(stack.webhook(&url, fields).await.id);
    }
    // Nobody answers to TLS there: what its error says is searched, too.
    let fields = json!({
        "tls": {"client_certificate": CLIENT_CERTIFICATE, "client_key": CLIENT_KEY}, "max_retries": 0,
    });
    let url = url.replace("http://", "https://");
    hooks.push(stack.webhook(&url, fields).await.id);
    hooks
}

fn whole(reply: &Reply) -> String {
    format!("{}\n\n{}", reply.head, reply.text)
}

/// Requests that are refused because of what they hold next to a secret.
async fn mistakes(stack: &Stack, canaries: &Canaries, hook: &str) {
    for (method, path, body) in [
        (
            "PATCH",
            format!("/webhooks/{hook}"),
            json!({"auth": {"type": "bearer", "tokne": BEARER}}),
        ),
        (
            "PATCH",
            format!("/webhooks/{hook}"),
            json!({"auth": {"type": "bearer", "token": [BEARER]}}),
        ),
        (
            "PATCH",
            format!("/webhooks/{hook}"),
            json!({"auth": {"type": "bearer", "token": format!("{BEARER}\n")}}),
        ),
        (
            "PATCH",
            format!("/webhooks/{hook}"),
            json!({"signing_secret": format!("{SIGNING_SECRET}?")}),
        ),
        ("POST", format!("/webhooks/{hook}/test"), json!({})),
    ] {
        let reply = stack.request(method, &path, &body).await;
        canaries.search(&format!("{method} {path}"), &whole(&reply));
    }
}

/// Asks for everything that can be read, but the operation whose purpose it is to reveal a secret.
async fn search_answers(stack: &Stack, canaries: &Canaries, ids: &[(&str, &str)]) -> usize {
    let document = stack.get("/openapi.json").await;
    let mut searched = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        if item.get("get").is_none() || path.ends_with("/secret") {
            continue;
        }
        let mut filled = path.to_owned();
        for (collection, id) in ids {
            filled = filled.replace(
                &format!("/{collection}/{{id}}"),
                &format!("/{collection}/{id}"),
            );
        }
        // Of what this test makes none, the list is read.
        if filled.contains('{') {
            continue;
        }
        for query in ["", "?format=ndjson"] {
            let path = format!("{filled}{query}");
            let reply = stack.request("GET", &path, &Value::Null).await;
            if query.is_empty() {
                assert_eq!(reply.status, 200, "{path}: {reply:?}");
                searched += 1;
            }
            canaries.search(&format!("GET {path}"), &whole(&reply));
        }
    }
    searched
}

#[tokio::test]
async fn no_secret_is_in_any_answer_log_or_metric() {
    let stack = Stack::start().await;
    let receiver = Receiver::start().await;
    receiver.answer(Answer::status(400));
    let hooks = plant(&stack, &receiver).await;
    let key = json!({"name": "canary", "role": "viewer"});
    let key = stack.request("POST", "/api-keys", &key).await;
    let api_key = key.body["key"].as_str().unwrap().to_owned();
    let database_url = stack.database.url();
    let password = database_url
        .split_once("//")
        .and_then(|(_, rest)| rest.split_once('@'))
        .and_then(|(user, _)| user.split_once(':'))
        .map(|(_, password)| password.to_owned());
    let mut secrets = vec![
        ("bearer token", BEARER.to_owned()),
        ("password", PASSWORD.to_owned()),
        // What `ada` and the password make in a header.
        (
            "basic credentials",
            "YWRhOmNhbmFyeS1wYXNzd29yZC05YjIy".to_owned(),
        ),
        ("header value", HEADER_VALUE.to_owned()),
        ("client secret", CLIENT_SECRET.to_owned()),
        // A line from its middle: in JSON the lines are joined otherwise.
        ("client key", CLIENT_KEY.lines().nth(1).unwrap().to_owned()),
        ("signing secret", SIGNING_SECRET.to_owned()),
        ("API key", api_key.clone()),
        ("admin key", ADMIN_KEY.to_owned()),
        ("master key", MASTER_KEY.to_owned()),
    ];
    secrets.extend(password.map(|password| ("database password", password)));
    let canaries = Canaries {
        secrets,
        settings: vec![
            ("custom header", CUSTOM_TOKEN.to_owned()),
            ("query of the URL", URL_TOKEN.to_owned()),
        ],
    };

    let event = stack.publish("canary.sang", &json!({"n": 1})).await;
    let query =
        format!("SELECT count(*) FROM deliveries WHERE event_id = '{event}' AND status = 3");
    stack.rows(&query, 5).await;
    mistakes(&stack, &canaries, &hooks[0]).await;
    let list = stack.get(&format!("/deliveries?event_id={event}")).await;
    let delivery = list["deliveries"][0]["id"].as_str().unwrap();
    stack
        .rows(
            &format!("SELECT count(*) FROM dead_letters WHERE event_id = '{event}'"),
            5,
        )
        .await;
    let replay = stack
        .request("POST", &format!("/events/{event}/replay"), &json!({}))
        .await;
    let ids = [
        ("webhooks", hooks[0].as_str()),
        ("dead-letters", delivery),
        ("replays", replay.body["replay_id"].as_str().unwrap()),
        ("events", &event),
        ("deliveries", delivery),
        ("tenants", "default"),
    ];
    let searched = search_answers(&stack, &canaries, &ids).await;
    assert!(searched > 15, "only {searched} answers");

    for service in [&stack.api, &stack.deliverers[0]] {
        canaries.search("the log", &service.log());
        let (_, metrics) = service.get("/metrics").await.unwrap();
        canaries.search("/metrics", &metrics);
    }
    // The test itself can find: what is sent to the receiver holds them.
    let sent = receiver.requests();
    assert!(
        sent.iter()
            .any(|request| request.header("authorization").contains(BEARER))
    );
}
