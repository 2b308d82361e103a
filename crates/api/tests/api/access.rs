//! Keys, roles and tenants.

use posthorn_testkit::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{ADMIN, Api, SOON, json as with_json, send};

#[tokio::test]
async fn each_role_may_do_what_it_may_and_no_more() {
    let api = Api::start().await;
    let id = api.webhook(json!({})).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let event = r#"{"type":"a.b","data":1}"#;
    let webhook = r#"{"name":"n","url":"https://e.com/","event_types":["*"]}"#;
    // What is asked, and the answer to an admin, a manager, a publisher and a viewer.
    let cases: Vec<(Method, String, &str, [u16; 4])> = vec![
        (Method::POST, "/events".into(), event, [202, 202, 202, 403]),
        (Method::GET, "/events".into(), "", [200, 200, 403, 200]),
        (Method::GET, "/deliveries".into(), "", [200, 200, 403, 200]),
        (Method::GET, "/webhooks".into(), "", [200, 200, 403, 200]),
        (
            Method::GET,
            format!("/webhooks/{id}"),
            "",
            [200, 200, 403, 200],
        ),
        (
            Method::GET,
            format!("/webhooks/{id}/secret"),
            "",
            [200, 200, 403, 403],
        ),
        (
            Method::POST,
            "/webhooks".into(),
            webhook,
            [201, 201, 403, 403],
        ),
        (
            Method::PATCH,
            format!("/webhooks/{id}"),
            "{}",
            [200, 200, 403, 403],
        ),
        (
            Method::POST,
            format!("/webhooks/{id}/disable"),
            "",
            [200, 200, 403, 403],
        ),
        (Method::GET, "/audit-log".into(), "", [200, 200, 403, 200]),
        (Method::GET, "/api-keys".into(), "", [200, 403, 403, 403]),
        (
            Method::POST,
            "/tenants".into(),
            r#"{"id":"t"}"#,
            [201, 403, 403, 403],
        ),
    ];
    let mut keys = vec![ADMIN.to_owned()];
    for role in ["manager", "publisher", "viewer"] {
        keys.push(api.key(role, "default").await);
    }
    for (method, path, body, expected) in cases {
        let mut seen = Vec::new();
        for key in &keys {
            let request = api.request_as(key, method.clone(), &path);
            let request = if body.is_empty() {
                request
            } else {
                with_json(request, body)
            };
            seen.push(send(request).await.status);
        }
        assert_eq!(seen, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn a_viewer_does_not_see_what_custom_headers_hold() {
    let api = Api::start().await;
    let headers = json!({"X-Env": "s3cret"});
    let created = api.webhook(json!({"custom_headers": headers})).await;
    let path = format!("/webhooks/{}", created["id"].as_str().unwrap());
    let (viewer, manager) = (
        api.key("viewer", "default").await,
        api.key("manager", "default").await,
    );
    for path in [path.as_str(), "/webhooks"] {
        let seen = api.get_as(&viewer, path).await;
        assert!(seen.text.contains(r#""X-Env":"[redacted]""#), "{seen:?}");
        assert!(!seen.text.contains("s3cret"), "{seen:?}");
        assert!(api.get_as(&manager, path).await.text.contains("s3cret"));
    }
}

#[tokio::test]
async fn another_tenants_webhook_does_not_exist() {
    let api = Api::start().await;
    let id = api.webhook(json!({})).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let stranger = api.key("manager", "acme").await;
    for (method, path) in [
        (Method::GET, format!("/webhooks/{id}")),
        (Method::GET, format!("/webhooks/{id}/secret")),
        (Method::GET, format!("/webhooks/{id}/deliveries")),
        (Method::POST, format!("/webhooks/{id}/enable")),
        (Method::DELETE, format!("/webhooks/{id}")),
    ] {
        let answer = send(api.request_as(&stranger, method, &path)).await;
        answer.is_problem(404, "webhook_not_found");
    }
    let patch = with_json(
        api.request_as(&stranger, Method::PATCH, &format!("/webhooks/{id}")),
        "{}",
    );
    send(patch).await.is_problem(404, "webhook_not_found");
    assert_eq!(api.get_as(&stranger, "/webhooks").await.json["total"], 0);
    let answer = api.get_as(&stranger, "/webhooks?tenant=default").await;
    answer.is_problem(403, "forbidden");
    assert_eq!(
        api.get_as(&stranger, "/webhooks?tenant=acme").await.status,
        200
    );
    assert_eq!(api.get(&format!("/webhooks/{id}")).await.status, 200);
}

#[tokio::test]
async fn an_admin_names_the_tenant_in_the_query_or_in_a_header() {
    let api = Api::start().await;
    let created = api
        .post("/webhooks?tenant=acme", &crate::fixture::webhook(json!({})))
        .await;
    assert_eq!(created.json["tenant"], "acme");
    let total = |answer: crate::fixture::Answer| answer.json["total"].as_u64();
    let by_header = api
        .request(Method::GET, "/webhooks")
        .header("posthorn-tenant", "acme");
    assert_eq!(total(send(by_header).await), Some(1));
    assert_eq!(
        total(api.get("/webhooks?tenant=acme&limit=1").await),
        Some(1)
    );
    assert_eq!(total(api.get("/webhooks").await), Some(0));
    let both = api
        .request(Method::GET, "/webhooks?tenant=a")
        .header("posthorn-tenant", "b");
    assert_eq!(
        send(both)
            .await
            .is_problem(422, "validation_failed")
            .fields(),
        ["tenant"]
    );
}

#[tokio::test]
async fn a_key_works_on_every_replica_at_once_and_ends_everywhere() {
    let api = Api::start().await;
    let replica = api.replica().await;
    let client = crate::fixture::client();
    let elsewhere = |key: &str| {
        send(
            client
                .get(replica.url("/api/v1/webhooks"))
                .bearer_auth(key.to_owned()),
        )
    };
    let answer = api
        .post("/api-keys", &json!({"name": "k", "role": "viewer"}))
        .await;
    let (id, key) = (
        answer.json["id"].as_str().unwrap(),
        answer.json["key"].as_str().unwrap(),
    );
    assert!(key.starts_with("phk_"), "{key}");
    assert_eq!(elsewhere(key).await.status, 200);
    let listed = api.get("/api-keys").await;
    assert_eq!(listed.json["total"], 1);
    assert!(!listed.text.contains(key), "a list shows a key");

    assert_eq!(api.delete(&format!("/api-keys/{id}")).await.status, 204);
    api.get_as(key, "/webhooks")
        .await
        .is_problem(401, "unauthorized");
    eventually(SOON, async || {
        let status = elsewhere(key).await.status;
        if status == 401 { Ok(()) } else { Err(status) }
    })
    .await;
    api.delete(&format!("/api-keys/{id}"))
        .await
        .is_problem(404, "api_key_not_found");
}

#[tokio::test]
async fn a_key_that_cannot_be_is_not_issued() {
    let api = Api::start().await;
    for (input, field) in [
        (json!({"name": "k"}), "role"),
        (json!({"name": "", "role": "viewer"}), "name"),
        (json!({"name": "k", "role": "owner"}), "role"),
        (
            json!({"name": "k", "role": "viewer", "tenant": "A"}),
            "tenant",
        ),
        (
            json!({"name": "k", "role": "admin", "tenant": "a"}),
            "tenant",
        ),
        (
            json!({"name": "k", "role": "viewer", "expires_at": "2020-01-01T00:00:00Z"}),
            "expires_at",
        ),
    ] {
        let answer = api.post("/api-keys", &input).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            [field],
            "{input}"
        );
    }
}

#[tokio::test]
async fn a_tenant_goes_with_its_webhooks_and_keys() {
    let api = Api::start().await;
    assert_eq!(
        api.post("/tenants", &json!({"id": "acme"})).await.status,
        201
    );
    api.post("/tenants", &json!({"id": "acme"}))
        .await
        .is_problem(409, "tenant_exists");
    let key = api.key("manager", "acme").await;
    let webhook = with_json(
        api.request_as(&key, Method::POST, "/webhooks"),
        &crate::fixture::webhook(json!({})).to_string(),
    );
    assert_eq!(send(webhook).await.status, 201);
    assert_eq!(api.delete("/tenants/acme").await.status, 204);
    api.get_as(&key, "/webhooks")
        .await
        .is_problem(401, "unauthorized");
    api.get("/tenants/acme")
        .await
        .is_problem(404, "tenant_not_found");
    assert_eq!(api.get("/webhooks?tenant=acme").await.json["total"], 0);
}

#[tokio::test]
async fn the_audit_log_says_who_did_what_and_holds_no_secret() {
    let api = Api::start().await;
    let created = api
        .webhook(json!({"auth": {"type": "bearer", "token": "hunter2"}}))
        .await;
    let id = created["id"].as_str().unwrap();
    let secret = created["signing_secret"].as_str().unwrap();
    let manager = api.key("manager", "default").await;
    assert_eq!(
        api.get_as(&manager, &format!("/webhooks/{id}/secret"))
            .await
            .status,
        200
    );
    let log = api.get(&format!("/audit-log?target_id={id}")).await;
    let entries: Vec<(&str, &str)> = log.json["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["action"].as_str().unwrap(), e["actor"].as_str().unwrap()))
        .collect();
    assert_eq!(entries.len(), 2, "{}", log.text);
    assert_eq!(entries[0].0, "webhook.secret_revealed");
    assert!(
        entries[0].1.starts_with("manager of default ("),
        "{entries:?}"
    );
    assert_eq!(entries[1], ("webhook.created", "bootstrap"));
    assert!(!log.text.contains("hunter2") && !log.text.contains(secret));
}

#[tokio::test]
async fn every_key_is_told_whose_it_is() {
    let api = Api::start().await;
    let session = api.get("/session").await.json;
    assert_eq!(
        (&session["role"], &session["tenant"], &session["key_id"]),
        (&json!("admin"), &Value::Null, &Value::Null)
    );
    for role in ["manager", "viewer", "publisher"] {
        let key = api.key(role, "acme").await;
        let session = api.get_as(&key, "/session").await.json;
        assert_eq!(
            (&session["role"], &session["tenant"]),
            (&json!(role), &json!("acme"))
        );
        assert!(
            session["key_id"].is_string() && session["version"].is_string(),
            "{session}"
        );
        // What waits for everybody concerns admins alone.
        api.get_as(&key, "/queue")
            .await
            .is_problem(403, "forbidden");
    }
    api.get_as("not-a-key", "/session")
        .await
        .is_problem(401, "unauthorized");
    let queue = api.get("/queue").await.json;
    assert_eq!(queue, json!({"events": 0, "ready": 0, "scheduled": 0}));
}
