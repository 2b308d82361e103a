//! Erasing, and what tenants keep, as far as an api alone sees to it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Api, send};

#[tokio::test]
async fn a_tenant_that_is_being_deleted_can_be_neither_made_nor_used() {
    let api = Api::start().await;
    api.post("/tenants", &json!({"id": "acme"})).await;
    assert_eq!(api.delete("/tenants/acme").await.status, 204);
    let webhook = crate::fixture::webhook(json!({}));
    let event = json!({"type": "a", "data": 1});
    for (path, body) in [
        ("/tenants", json!({"id": "acme"})),
        ("/webhooks?tenant=acme", webhook),
        ("/events?tenant=acme", event),
        (
            "/api-keys",
            json!({"name": "k", "role": "viewer", "tenant": "acme"}),
        ),
        (
            "/event-types?tenant=acme",
            json!({"name": "a", "label": "A"}),
        ),
    ] {
        api.post(path, &body)
            .await
            .is_problem(409, "tenant_being_deleted");
    }
    assert_eq!(api.get("/tenants").await.json["total"], 0);
    api.delete("/tenants/acme")
        .await
        .is_problem(404, "tenant_not_found");
}

#[tokio::test]
async fn a_tenant_says_what_it_keeps() {
    let api = Api::start().await;
    api.post("/tenants", &json!({"id": "acme"})).await;
    let made = api.get("/tenants/acme").await.json;
    assert_eq!(
        (&made["retention_days"], &made["keep_payload"]),
        (&Value::Null, &json!("always"))
    );
    let changed = api
        .patch(
            "/tenants/acme",
            &json!({"retention_days": 7, "keep_payload": "until_settled"}),
        )
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let changed = api
        .patch("/tenants/acme", &json!({"keep_payload": null}))
        .await;
    assert_eq!(changed.json["retention_days"], 7, "{}", changed.text);
    assert_eq!(changed.json["keep_payload"], "always");
    for (patch, field) in [
        (json!({"retention_days": 0}), "retention_days"),
        (json!({"retention_days": 31}), "retention_days"),
        (json!({"retention_days": "7"}), "retention_days"),
        (json!({"keep_payload": "never"}), "keep_payload"),
        (json!({"retention": 7}), "retention"),
        (json!({"retention": null}), "retention"),
    ] {
        let answer = api.patch("/tenants/acme", &patch).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            [field],
            "{patch}"
        );
    }
    let request = api.request(Method::PATCH, "/tenants/acme");
    let request = request
        .header("content-type", "application/merge-patch+json")
        .body(r#"{"retention_days":7}"#);
    assert_eq!(send(request).await.status, 200);
    api.patch("/tenants/nobody", &json!({"retention_days": 7}))
        .await
        .is_problem(404, "tenant_not_found");
    let log = api.get("/audit-log?action=tenant.updated").await.json;
    assert_eq!(log["total"], 2, "{log}");
}

#[tokio::test]
async fn erasing_needs_a_filter_that_something_can_pass() {
    let api = Api::start().await;
    for (query, field) in [
        ("", ""),
        ("?type=", "type"),
        ("?ordering_key=1", "ordering_key"),
        (
            "?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z",
            "until",
        ),
    ] {
        let answer = api.delete(&format!("/events{query}")).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            [field],
            "{query}"
        );
    }
    let far = "since=-009999-01-01T00:00:00Z&until=%2B262000-01-01T00:00:00Z";
    let accepted = api.delete(&format!("/events?{far}")).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    let id = accepted.json["erasure_id"].as_str().unwrap();
    let erasure = api.get(&format!("/erasures/{id}")).await;
    assert_eq!(erasure.json["status"], "queued", "{}", erasure.text);
    api.get(&format!("/erasures/{id}?tenant=other"))
        .await
        .is_problem(404, "erasure_not_found");
    let nobody = "/events/01949e5c-0000-7000-8000-000000000001";
    api.delete(nobody).await.is_problem(404, "event_not_found");
    let publisher = api.key("publisher", "default").await;
    let as_publisher = api.request_as(&publisher, Method::DELETE, "/events?type=a");
    send(as_publisher).await.is_problem(403, "forbidden");
}
