//! Webhooks from their creation to their end.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Api, json as with_json, send, webhook};

fn path(webhook: &Value) -> String {
    format!("/webhooks/{}", webhook["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_webhook_is_created_with_every_default_and_shows_its_secret_once() {
    let api = Api::start().await;
    let created = api.webhook(json!({})).await;
    let secret = created["signing_secret"].as_str().unwrap();
    assert!(
        secret.starts_with("whsec_") && secret.len() == 6 + 44,
        "{secret}"
    );
    let read = api.get(&path(&created)).await;
    assert!(!read.text.contains(secret));
    let mut expected = created.clone();
    expected.as_object_mut().unwrap().remove("signing_secret");
    assert_eq!(read.json, expected);
    let mut rest = read.json;
    for member in ["id", "created_at", "updated_at"] {
        assert!(
            rest.as_object_mut()
                .unwrap()
                .remove(member)
                .unwrap()
                .is_string()
        );
    }
    assert_eq!(
        rest,
        json!({
            "tenant": "default", "name": "n", "description": null, "url": "https://example.com/hook",
            "event_types": ["*"], "filter": null, "integration_type": "generic", "integration": {},
            "enabled": true, "auth": {"type": "none"}, "custom_headers": {},
            "payload_format": "standard", "payload_template": null,
            "signature_header": {"name": "X-Webhook-Signature", "format": "prefixed_hex"},
            "max_retries": 4, "retry_delay_seconds": 10, "retry_schedule_seconds": null,
            "retry_client_errors": true, "timeout_seconds": 30, "rate_limit_per_second": null,
            "max_in_flight": null, "history_limit": null, "has_secret": true,
            "disabled_reason": null, "created_by": "bootstrap", "updated_by": "bootstrap",
            "total_deliveries": 0, "successful_deliveries": 0, "last_delivery_at": null,
            "last_delivery_status": null,
            "filter_failures_24h": 0,
        })
    );
}

#[tokio::test]
async fn every_setting_is_answered_as_it_was_given() {
    let api = Api::start().await;
    let given = webhook(json!({
        "name": "Émile", "description": "d", "event_types": ["user.*", "a.b"],
        "filter": "data.amount > 100", "enabled": false, "custom_headers": {"X-A": "1"},
        "payload_format": "template", "payload_template": "{\"t\": \"{{ type }}\"}",
        "signature_header": {"name": "X-Sig", "format": "base64"},
        "max_retries": 0, "retry_delay_seconds": 3600, "retry_schedule_seconds": [60, 0, 604_800],
        "retry_client_errors": false, "timeout_seconds": 120, "rate_limit_per_second": 5,
        "max_in_flight": 2, "history_limit": 50,
        "signing_secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    }));
    let created = api.webhook(given.clone()).await;
    let read = api.get(&path(&created)).await.json;
    for (member, value) in given.as_object().unwrap() {
        let seen = if member == "signing_secret" {
            &created[member]
        } else {
            &read[member]
        };
        assert_eq!(seen, value, "{member}");
    }
}

#[tokio::test]
async fn broken_expressions_templates_and_secrets_are_refused() {
    let api = Api::start().await;
    for (fields, field) in [
        (json!({"filter": "dta.amount > 100"}), "filter"),
        (json!({"filter": "data.a | lenght > 3"}), "filter"),
        (
            json!({"payload_template": "{{ data | tojsn }}"}),
            "payload_template",
        ),
        (json!({"filter": "data.amount >"}), "filter"),
        (json!({"filter": "'\u{0}' == type"}), "filter"),
        (
            json!({"payload_template": "{{ unclosed"}),
            "payload_template",
        ),
        (
            json!({"signing_secret": "whsec_c2hvcnQ="}),
            "signing_secret",
        ),
        (json!({"signing_secret": "no base64"}), "signing_secret"),
        (
            json!({"custom_headers": {"Host": "x"}}),
            "custom_headers.Host",
        ),
        (json!({"auth": {"type": "bearer"}}), "auth.token"),
    ] {
        let answer = api.post("/webhooks", &webhook(fields.clone())).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            [field],
            "{fields}"
        );
    }
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_null_is_the_default() {
    let api = Api::start().await;
    let created = api
        .webhook(json!({"description": "d", "timeout_seconds": 5, "custom_headers": {"X-A": "1", "X-B": "2"}}))
        .await;
    let patch =
        json!({"name": "m", "timeout_seconds": null, "custom_headers": {"X-A": null, "X-C": "3"}});
    let patched = api.patch(&path(&created), &patch).await.json;
    assert_eq!(patched["name"], "m");
    assert_eq!(patched["description"], "d");
    assert_eq!(patched["timeout_seconds"], 30);
    assert_eq!(patched["custom_headers"], json!({"X-B": "2", "X-C": "3"}));
    assert_eq!(api.get(&path(&created)).await.json, patched);

    let merge_patch = api
        .request(Method::PATCH, &path(&created))
        .header("content-type", "application/merge-patch+json")
        .body(r#"{"description":null}"#);
    assert_eq!(
        crate::fixture::send(merge_patch).await.json["description"],
        Value::Null
    );

    for (patch, field) in [
        (json!({"name": null}), "name"),
        (json!({"nmae": "x"}), "nmae"),
        (json!({"timeout_seconds": 0}), "timeout_seconds"),
        (
            json!({"signature_header": {"format": "octal"}}),
            "signature_header.format",
        ),
    ] {
        let answer = api.patch(&path(&created), &patch).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            [field],
            "{patch}"
        );
    }
}

#[tokio::test]
async fn secrets_of_auth_stay_until_they_are_replaced() {
    let api = Api::start().await;
    let created = api
        .webhook(json!({"auth": {"type": "basic", "username": "u", "password": "hunter2"}}))
        .await;
    assert_eq!(created["auth"], json!({"type": "basic", "username": "u"}));
    let renamed = api
        .patch(&path(&created), &json!({"auth": {"username": "v"}}))
        .await;
    assert_eq!(
        renamed.json["auth"],
        json!({"type": "basic", "username": "v"})
    );
    // A replacement of the same type may leave the password out; without one it would not be accepted.
    let put = webhook(json!({"auth": {"type": "basic", "username": "w"}}));
    assert_eq!(
        api.put(&path(&created), &put).await.json["auth"]["username"],
        "w"
    );
    // Another type replaces it as a whole, and must bring what it needs.
    let answer = api
        .patch(&path(&created), &json!({"auth": {"type": "bearer"}}))
        .await;
    assert_eq!(
        answer.is_problem(422, "validation_failed").fields(),
        ["auth.token"]
    );
    let bearer = json!({"auth": {"type": "bearer", "token": "t"}});
    assert_eq!(
        api.patch(&path(&created), &bearer).await.json["auth"],
        json!({"type": "bearer"})
    );
    let none = api.patch(&path(&created), &json!({"auth": null})).await;
    assert_eq!(none.json["auth"], json!({"type": "none"}));
    let answer = api
        .patch(
            &path(&created),
            &json!({"auth": {"type": "basic", "username": "u"}}),
        )
        .await;
    assert_eq!(
        answer.is_problem(422, "validation_failed").fields(),
        ["auth.password"]
    );
}

#[tokio::test]
async fn a_replacement_sets_defaults_but_keeps_the_signing_secret() {
    let api = Api::start().await;
    let created = api
        .webhook(json!({"description": "d", "max_retries": 1, "enabled": false}))
        .await;
    let replaced = api
        .put(&path(&created), &webhook(json!({"name": "m"})))
        .await
        .json;
    assert_eq!(replaced["name"], "m");
    assert_eq!(replaced["description"], Value::Null);
    assert_eq!(replaced["max_retries"], 4);
    assert_eq!(replaced["enabled"], true);
    assert!(replaced.get("signing_secret").is_none());
    let revealed = api.get(&format!("{}/secret", path(&created))).await.json;
    assert_eq!(revealed["signing_secret"], created["signing_secret"]);
    api.put(&path(&created), &json!({"name": "m"}))
        .await
        .is_problem(422, "validation_failed");
}

#[tokio::test]
async fn patches_at_the_same_time_all_take_effect() {
    let api = Api::start().await;
    let created = api.webhook(json!({})).await;
    let path = path(&created);
    let patches: Vec<Value> = (0..8)
        .map(|n| json!({"custom_headers": {format!("X-{n}"): "1"}}))
        .collect();
    let sent = patches.iter().map(|patch| api.patch(&path, patch));
    for answer in futures::future::join_all(sent).await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    let headers = &api.get(&path).await.json["custom_headers"];
    assert_eq!(headers.as_object().unwrap().len(), 8, "{headers}");
}

#[tokio::test]
async fn a_webhook_is_disabled_enabled_and_deleted() {
    let api = Api::start().await;
    let created = api.webhook(json!({})).await;
    let path = path(&created);
    let switch = async |to: &str| {
        let request = api.request(Method::POST, &format!("{path}/{to}"));
        crate::fixture::send(request).await.json["enabled"].clone()
    };
    assert_eq!(switch("disable").await, false);
    assert_eq!(switch("disable").await, false);
    assert_eq!(switch("enable").await, true);
    assert_eq!(api.delete(&path).await.status, 204);
    for answer in [api.delete(&path).await, api.get(&path).await] {
        answer.is_problem(404, "webhook_not_found");
    }
}

#[tokio::test]
async fn lists_filter_and_page() {
    let api = Api::start().await;
    for (name, patterns, enabled) in [
        ("Slack alerts", json!(["user.*"]), true),
        ("Billing", json!(["invoice.paid", "user.created"]), true),
        ("Old", json!(["*"]), false),
    ] {
        api.webhook(json!({"name": name, "event_types": patterns, "enabled": enabled}))
            .await;
    }
    let names = async |query: &str| -> (Vec<String>, u64) {
        let answer = api.get(&format!("/webhooks{query}")).await;
        let webhooks = answer.json["webhooks"].as_array().unwrap().clone();
        let name = |webhook: &Value| webhook["name"].as_str().unwrap().to_owned();
        (
            webhooks.iter().map(name).collect(),
            answer.json["total"].as_u64().unwrap(),
        )
    };
    assert_eq!(
        names("").await,
        (
            vec!["Old".into(), "Billing".into(), "Slack alerts".into()],
            3
        )
    );
    assert_eq!(names("?enabled=true").await.1, 2);
    assert_eq!(names("?event_type=user.created").await.1, 3);
    assert_eq!(names("?event_type=user.role.added").await.1, 2);
    assert_eq!(names("?search=ALERT").await.0, ["Slack alerts"]);
    assert_eq!(names("?search=100%25").await.1, 0);
    assert_eq!(
        names("?limit=1&offset=1").await,
        (vec!["Billing".into()], 3)
    );
}

#[tokio::test]
async fn a_secret_is_rotated() {
    let api = Api::start().await;
    let created = api.webhook(json!({})).await;
    let rotate = format!("{}/secret/rotate", path(&created));
    let secret = async || {
        api.get(&format!("{}/secret", path(&created))).await.json["signing_secret"].clone()
    };
    let rotated = crate::fixture::send(api.request(Method::POST, &rotate)).await;
    assert_eq!(rotated.status, 200, "{rotated:?}");
    assert_ne!(rotated.json["signing_secret"], created["signing_secret"]);
    assert_eq!(secret().await, rotated.json["signing_secret"]);
    let own =
        json!({"signing_secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "overlap_seconds": 0});
    assert_eq!(api.post(&rotate, &own).await.status, 200);
    assert_eq!(secret().await, own["signing_secret"]);
    for (body, field) in [
        (json!({"overlap_seconds": -1}), "overlap_seconds"),
        (json!({"overlap": 1}), "overlap"),
        (
            json!({"signing_secret": "whsec_c2hvcnQ="}),
            "signing_secret",
        ),
    ] {
        let answer = api.post(&rotate, &body).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            [field],
            "{body}"
        );
    }
}

/// Each signs until its own overlap ends, so there is an end to how many there can be.
#[tokio::test]
async fn five_secrets_sign_at_a_time() {
    let api = Api::start().await;
    let created = api.webhook(json!({})).await;
    let rotate = format!("{}/secret/rotate", path(&created));
    for _ in 1..5 {
        assert_eq!(api.post(&rotate, &json!({})).await.status, 200);
    }
    let refused = api.post(&rotate, &json!({})).await;
    let problem = refused.is_problem(409, "too_many_signing_secrets");
    let detail = problem.json["detail"].as_str().unwrap();
    assert!(detail.contains("rotate after 20"), "{detail}");
    let at_once = json!({"overlap_seconds": 0});
    assert_eq!(api.post(&rotate, &at_once).await.status, 200);
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let api = Api::start().await;
    let created = api.post("/webhooks", &webhook(json!({}))).await;
    let seen = created.header("etag").to_owned();
    let path = format!("/webhooks/{}", created.json["id"].as_str().unwrap());
    assert!(seen.len() > 2 && seen.starts_with('"'), "{seen}");
    assert_eq!(api.get(&path).await.header("etag"), seen);

    let changed = api.patch(&path, &json!({"name": "another"})).await;
    let now = changed.header("etag").to_owned();
    assert_ne!(now, seen);
    let with = |method: Method, path: &str, tag: &str| {
        let body = match method {
            Method::PUT => webhook(json!({})).to_string(),
            _ => "{}".to_owned(),
        };
        let request = api.request(method, path).header("if-match", tag.to_owned());
        send(with_json(request, &body))
    };
    let changes = [
        (Method::PUT, path.clone()),
        (Method::PATCH, path.clone()),
        (Method::POST, format!("{path}/disable")),
        (Method::POST, format!("{path}/enable")),
        (Method::POST, format!("{path}/secret/rotate")),
        (Method::DELETE, path.clone()),
    ];
    for (method, path) in &changes {
        for stale in [&*seen, "\"no version\"", &format!("W/{now}")] {
            let answer = with(method.clone(), path, stale).await;
            answer.is_problem(412, "webhook_changed");
        }
    }
    assert_eq!(api.get(&path).await.header("etag"), now, "nothing changed");
    let mut tag = now;
    for (method, path) in &changes {
        let answer = with(method.clone(), path, &format!("\"1000000\", {tag}")).await;
        assert!(answer.status < 300, "{method} {path}: {answer:?}");
        if answer.status == 200 {
            assert_ne!(answer.header("etag"), tag, "{method} {path}");
            tag = answer.header("etag").to_owned();
        }
    }
    let gone = with(Method::PATCH, &path, &tag).await;
    gone.is_problem(404, "webhook_not_found");
    let other = api.webhook(json!({})).await;
    let path = format!("/webhooks/{}", other["id"].as_str().unwrap());
    assert_eq!(with(Method::DELETE, &path, "*").await.status, 204);
}
