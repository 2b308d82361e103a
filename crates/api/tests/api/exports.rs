//! The log as a file.

use std::time::Duration;

use posthorn_testkit::eventually;
use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Api, SOON, send};

/// Writes `count` deliveries, each with a message that a spreadsheet must not run.
async fn record(api: &Api, webhook: &str, count: u32) {
    api.database
        .execute(&format!(
            "INSERT INTO deliveries (id, webhook_id, event_id, created_at, attempt_count, status, status_code,
                                     response_time_ms, tenant, event_type, error_message)
             SELECT ('01949e5c-0000-8000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '{webhook}',
                    ('01949e5c-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '2025-01-25T12:00:01Z', 2,
                    CASE n % 2 WHEN 0 THEN 1 ELSE 3 END, 503, 12, 'default', 'user.created', '=HYPERLINK(\"x\"), ' || n
             FROM generate_series(1, {count}) AS n"
        ))
        .await;
}

#[tokio::test]
async fn an_export_holds_every_delivery_once_in_both_formats() {
    let api = Api::start().await;
    let (webhook, other) = (api.webhook(json!({})).await, api.webhook(json!({})).await);
    let webhook = webhook["id"].as_str().unwrap();
    record(&api, webhook, 2_500).await;

    let csv = api.get("/deliveries/export").await;
    assert_eq!(
        csv.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"deliveries.csv\""
    );
    let lines: Vec<&str> = csv.text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 1 + 2_500);
    assert!(lines[0].starts_with("id,tenant,webhook_id,event_id,event_type,status,"));
    let newest = format!(
        "01949e5c-0000-8000-8000-0000000009c4,default,{webhook},01949e5c-0000-7000-8000-0000000009c4,user.created,\
         success,503,12,\"'=HYPERLINK(\"\"x\"\"), 2500\",2,,2025-01-25T12:00:01Z,,"
    );
    assert_eq!(lines[1], newest);
    assert!(lines[2_500].starts_with("01949e5c-0000-8000-8000-000000000001,"));

    let path = format!("/webhooks/{webhook}/deliveries/export?format=ndjson&status=failed");
    let ndjson = api.get(&path).await;
    assert_eq!(ndjson.header("content-type"), "application/x-ndjson");
    let rows: Vec<Value> = ndjson
        .text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 1_250);
    let listed = api.get("/deliveries?status=failed&limit=1").await.json;
    assert_eq!(
        rows[0], listed["deliveries"][0],
        "the same shape as in the list"
    );

    let count = async |path: &str| api.get(path).await.text.lines().count();
    assert_eq!(count("/deliveries/export?event_type=other").await, 1);
    assert_eq!(
        count("/deliveries/export?format=ndjson&tenant=acme").await,
        0
    );
    let other = other["id"].as_str().unwrap();
    assert_eq!(
        count(&format!("/webhooks/{other}/deliveries/export")).await,
        1
    );
    let all = format!("/deliveries/export?webhook_id={webhook}&status=failed");
    assert_eq!(count(&all).await, 1 + 1_250);
    let none = format!("/deliveries/export?webhook_id={other}");
    assert_eq!(count(&none).await, 1);
    api.get(&format!(
        "/webhooks/{webhook}/deliveries/export?webhook_id={other}"
    ))
    .await
    .is_problem(422, "validation_failed");
    api.get(&format!(
        "/webhooks/{webhook}/deliveries/export?tenant=acme"
    ))
    .await
    .is_problem(404, "webhook_not_found");
    for wrong in ["format=xlsx", "limit=10", "status=lost"] {
        let answer = api.get(&format!("/deliveries/export?{wrong}")).await;
        answer.is_problem(422, "validation_failed");
    }
    // What Posthorn said of itself is in the file of whoever asks for it.
    let said = format!(
        "UPDATE deliveries SET event_type = 'webhook.failing' WHERE webhook_id = '{webhook}' AND status = 3"
    );
    api.database.execute(&said).await;
    for (query, rows) in [
        ("", 1_250),
        ("&operational=false", 1_250),
        ("&operational=true", 2_500),
        ("&event_type=webhook.failing", 1_250),
        ("&status=failed", 0),
    ] {
        for path in [
            "/deliveries".to_owned(),
            format!("/webhooks/{webhook}/deliveries"),
        ] {
            let file = format!("{path}/export?format=ndjson{query}");
            assert_eq!(count(&file).await, rows, "{file}");
            let listed = api.get(&format!("{path}?limit=1{query}")).await.json;
            assert_eq!(listed["total"], rows, "{path}{query}");
        }
    }
    let publisher = api.key("publisher", "default").await;
    let refused = api.get_as(&publisher, "/deliveries/export").await;
    refused.is_problem(403, "forbidden");
}

#[tokio::test]
async fn an_export_that_fails_in_the_middle_does_not_end_well() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    // Far more than the sockets on the way hold.
    record(&api, webhook["id"].as_str().unwrap(), 150_000).await;
    let mut response = api
        .request(Method::GET, "/deliveries/export")
        .timeout(Duration::from_secs(60))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.chunk().await.unwrap().is_some());
    api.link.refuse();
    let rest = async {
        while response.chunk().await?.is_some() {}
        Ok::<_, reqwest::Error>(())
    };
    assert!(rest.await.is_err(), "half a file looks like a whole one");
    let refused = send(api.request(Method::GET, "/deliveries/export")).await;
    refused.is_problem(503, "database_unavailable");
}

#[tokio::test]
async fn exports_that_nobody_takes_are_one_keys_and_few() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    // Far more than the sockets on the way hold.
    record(&api, webhook["id"].as_str().unwrap(), 150_000).await;
    let (a, b) = (
        api.key("viewer", "default").await,
        api.key("viewer", "default").await,
    );
    let begin = async |key: &str| {
        let request = api.request_as(key, Method::GET, "/deliveries/export");
        let request = request.timeout(Duration::from_secs(60));
        request.send().await.unwrap()
    };
    let mut stalled = Vec::new();
    for _ in 0..4 {
        let response = begin(&a).await;
        assert_eq!(response.status(), 200);
        stalled.push(response);
    }
    let refused = api.get_as(&a, "/deliveries/export").await;
    refused.is_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "5");
    assert_eq!(begin(&b).await.status(), 200);
    drop(stalled);
    eventually(SOON, async || {
        let status = begin(&a).await.status();
        (status == 200).then_some(()).ok_or(status)
    })
    .await;
}
