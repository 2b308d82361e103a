//! What GET answers goes back by PUT and PATCH: fields that only Posthorn sets are taken unchanged.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::Api;

#[tokio::test]
async fn what_was_read_can_be_written_back() {
    let api = Api::start().await;
    let webhook = api
        .webhook(json!({
            "auth": {"type": "bearer", "token": "secret-token"}, "custom_headers": {"X-A": "1"},
            "description": "d", "filter": "data.n > 1",
        }))
        .await;
    let path = format!("/webhooks/{}", webhook["id"].as_str().unwrap());
    let entry = json!({"name": "user.created", "description": "d", "schema": {"type": "object", "required": ["n"]},
        "example": {"n": 1}});
    assert_eq!(api.post("/event-types", &entry).await.status, 201);
    let types = "/event-types/user.created".to_owned();
    let changed_fields = [
        (
            &path,
            "name",
            &[
                ("id", json!("019ca8d2-8e00-7c55-b2e4-8f4d5a6b7c8d")),
                ("tenant", json!("other")),
                ("has_secret", json!(false)),
                ("disabled_reason", json!("gone")),
                ("created_by", json!("somebody")),
                ("updated_by", json!("somebody")),
                ("created_at", json!("2020-01-01T00:00:00Z")),
                ("updated_at", json!("2020-01-01T00:00:00Z")),
                ("total_deliveries", json!(1_000)),
                ("last_delivery_at", json!("2020-01-01T00:00:00Z")),
            ][..],
        ),
        (
            &types,
            "label",
            &[
                ("name", json!("user.deleted")),
                ("created_at", json!("2020-01-01T00:00:00Z")),
            ],
        ),
    ];
    for (path, field, read_only) in changed_fields {
        for method in [Method::PUT, Method::PATCH] {
            if method == Method::PATCH && *path == types {
                continue;
            }
            let mut document = api.get(path).await.json;
            document[field] = json!(format!("by {method}"));
            let written = api
                .send_json(method.clone(), path, &document.to_string())
                .await;
            assert_eq!(written.status, 200, "{method} {path}: {written:?}");
            assert_eq!(written.json[field], document[field]);
            let document = api.get(path).await.json;
            for (name, value) in read_only {
                let mut document = document.clone();
                document[*name] = value.clone();
                let refused = api
                    .send_json(method.clone(), path, &document.to_string())
                    .await;
                refused.is_problem(422, "validation_failed");
                assert_eq!(refused.fields(), [*name], "{method}");
                assert!(refused.text.contains("read-only"), "{refused:?}");
            }
            let mut two = document.clone();
            two[read_only[0].0] = read_only[0].1.clone();
            two[read_only[1].0] = read_only[1].1.clone();
            let refused = api.send_json(method.clone(), path, &two.to_string()).await;
            assert_eq!(refused.fields().len(), 2, "{refused:?}");
            assert_eq!(api.get(path).await.json, document);
        }
    }
    // The credential stayed, and what is no field at all is still refused.
    let mut document = api.get(&path).await.json;
    assert_eq!(document["auth"], json!({"type": "bearer"}));
    document["nmae"] = json!("x");
    let refused = api.put(&path, &document).await;
    assert_eq!(refused.fields(), ["nmae"]);
    let mut entry = api.get(&types).await.json;
    entry["schema"] = Value::Null;
    assert_eq!(api.put(&types, &entry).await.status, 200);
}

#[tokio::test]
async fn a_tenant_that_was_read_can_be_patched() {
    let api = Api::start().await;
    assert_eq!(
        api.post("/tenants", &json!({"id": "acme"})).await.status,
        201
    );
    let mut tenant = api.get("/tenants/acme").await.json;
    tenant["retention_days"] = json!(7);
    let patched = api.patch("/tenants/acme", &tenant).await;
    assert_eq!(patched.status, 200, "{patched:?}");
    assert_eq!(patched.json["retention_days"], 7);
    tenant["id"] = json!("other");
    let refused = api.patch("/tenants/acme", &tenant).await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["id"]
    );
}
