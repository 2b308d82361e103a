//! What the log shows, once a deliverer has written it.

use serde_json::{Value, json};

use crate::fixture::Api;

pub(crate) const EVENT: &str = "01949e5c-0000-7000-8000-000000000001";

/// The last of the three.
pub(crate) const FAILED_DELIVERY: &str = "01949e5c-0000-8000-8000-000000000003";

/// Writes what a deliverer would have written: an event, and for each status a delivery of it.
pub(crate) async fn record(api: &Api, tenant: &str, webhook: &str) {
    api.database
        .execute(&format!(
            "INSERT INTO events (id, tenant, event_type, timestamp, accepted_at, stream_sequence, data)
             VALUES ('{EVENT}', '{tenant}', 'user.created', '2025-01-25T12:00:00Z', '2025-01-25T12:00:01Z', 1,
                     convert_to('{{\"n\": 0.10}}', 'UTF8'))"
        ))
        .await;
    for (n, status) in [(1, 1), (2, 2), (3, 3)] {
        let id = format!("01949e5c-0000-8000-8000-00000000000{n}");
        api.database
            .execute(&format!(
                "INSERT INTO deliveries (id, webhook_id, event_id, created_at, attempt_count, status, status_code,
                                         response_time_ms, tenant, event_type, error_message)
                 VALUES ('{id}', '{webhook}', '{EVENT}', '2025-01-25T12:00:01Z', 1, {status}, 503, 12, '{tenant}',
                         'user.created', 'it says no');
                 INSERT INTO attempts (delivery_id, started_at, number, response_time_ms, status_code, manual,
                                       connect_us, first_byte_us, error_message, request_headers, response_headers,
                                       response_body, request_format)
                 VALUES ('{id}', '2025-01-25T12:00:01Z', 1, 12, 503, false, 1204, 10500, 'it says no',
                         convert_to(E'content-type: application/json\\n', 'UTF8'),
                         convert_to(E'set-cookie: a\\nset-cookie: b\\n', 'UTF8'), '\\xff21'::bytea, 1)"
            ))
            .await;
    }
}

#[tokio::test]
async fn an_event_shows_its_payload_and_where_it_went() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    let webhook = webhook["id"].as_str().unwrap();
    record(&api, "default", webhook).await;

    let listed = api
        .get("/events?type=user.created&since=2025-01-20T00:00:00Z")
        .await;
    assert_eq!(listed.json["total"], 1, "{}", listed.text);
    assert_eq!(listed.json["events"][0]["id"], EVENT);
    assert_eq!(
        api.get("/events?until=2025-01-20T00:00:00Z").await.json["total"],
        0
    );
    let event = api.get(&format!("/events/{EVENT}")).await;
    assert!(
        event.text.contains(r#""data":{"n": 0.10}"#),
        "{}",
        event.text
    );
    assert_eq!(event.json["type"], "user.created");
    assert_eq!(
        api.get(&format!("/events/{EVENT}/deliveries")).await.json["total"],
        3
    );
    let other = "01949e5c-0000-7000-8000-000000000009";
    api.get(&format!("/events/{other}"))
        .await
        .is_problem(404, "event_not_found");
    api.get(&format!("/events/{other}/deliveries"))
        .await
        .is_problem(404, "event_not_found");
    api.get(&format!("/events/{EVENT}?tenant=acme"))
        .await
        .is_problem(404, "event_not_found");
}

#[tokio::test]
async fn deliveries_filter_page_and_show_what_was_said() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    let webhook = webhook["id"].as_str().unwrap();
    record(&api, "default", webhook).await;

    let total = async |path: &str| api.get(path).await.json["total"].as_u64();
    assert_eq!(total("/deliveries").await, Some(3));
    assert_eq!(total("/deliveries?status=failed").await, Some(1));
    assert_eq!(total("/deliveries?event_type=other").await, Some(0));
    assert_eq!(
        total(&format!("/deliveries?event_id={EVENT}&status=success")).await,
        Some(1)
    );
    assert_eq!(
        total(&format!("/webhooks/{webhook}/deliveries")).await,
        Some(3)
    );
    assert_eq!(total("/deliveries?tenant=acme").await, Some(0));
    let wrong = api.get("/deliveries?status=lost").await;
    assert_eq!(
        wrong.is_problem(422, "validation_failed").fields(),
        ["status"]
    );
    let other = api.webhook(json!({})).await;
    let none = format!("/webhooks/{}/deliveries", other["id"].as_str().unwrap());
    assert_eq!(total(&none).await, Some(0));
    let of = |id: &str| format!("/deliveries?webhook_id={id}");
    assert_eq!(total(&of(webhook)).await, Some(3));
    assert_eq!(total(&of(other["id"].as_str().unwrap())).await, Some(0));
    let both = api.get(&format!("{none}?webhook_id={webhook}")).await;
    let problem = both.is_problem(422, "validation_failed");
    assert_eq!(problem.fields(), ["webhook_id"]);

    let first = api.get("/deliveries?limit=2").await.json;
    assert_eq!(
        (first["has_more"].clone(), first["limit"].clone()),
        (json!(true), json!(2))
    );
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = api
        .get(&format!("/deliveries?limit=2&cursor={cursor}"))
        .await
        .json;
    assert_eq!(
        (rest["has_more"].clone(), rest["next_cursor"].clone()),
        (json!(false), Value::Null)
    );
    assert_eq!(rest["deliveries"].as_array().unwrap().len(), 1);
    assert_eq!(
        rest["deliveries"],
        api.get("/deliveries?limit=2&offset=2").await.json["deliveries"]
    );

    let id = first["deliveries"][0]["id"].as_str().unwrap();
    let delivery = api.get(&format!("/deliveries/{id}")).await;
    let seen = &delivery.json;
    assert_eq!(seen["status"], "failed");
    assert_eq!(seen["webhook_id"], webhook);
    assert_eq!(
        seen["request_headers"],
        json!({"content-type": "application/json"})
    );
    assert_eq!(seen["response_headers"], json!({"set-cookie": "a, b"}));
    assert_eq!(seen["response_body"], "\u{fffd}!");
    assert!(
        delivery.text.contains(r#""data":{"n": 0.10}}"#),
        "{}",
        delivery.text
    );
    let attempt = json!({"number": 1, "started_at": "2025-01-25T12:00:01Z", "status_code": 503,
                         "response_time_ms": 12, "failure": null, "error_message": "it says no", "manual": false,
                         "timings": {"dns_ms": null, "connect_ms": 1.204, "tls_ms": null, "first_byte_ms": 10.5}});
    assert_eq!(seen["attempts"], json!([attempt]));
    api.get(&format!("/deliveries/{id}?tenant=acme"))
        .await
        .is_problem(404, "delivery_not_found");
}
