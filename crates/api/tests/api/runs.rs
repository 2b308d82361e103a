//! Asking for deliveries again, as far as the api decides about it.

use posthorn_testkit::eventually;
use reqwest::Method;
use serde_json::json;

use crate::fixture::{Api, SOON, send};

const EVENT: &str = "01949e5c-0000-7000-8000-000000000001";
const DELIVERY: &str = "01949e5c-0000-8000-8000-000000000001";

/// Writes what a deliverer would have written: a delivery after one attempt.
async fn record(api: &Api, webhook: &str, status: i16) {
    api.database
        .execute(&format!(
            "DELETE FROM events; DELETE FROM deliveries;
             INSERT INTO events (id, tenant, event_type, timestamp, accepted_at, stream_sequence, data)
             VALUES ('{EVENT}', 'default', 'user.created', '2025-01-25T12:00:00Z', '2025-01-25T12:00:01Z', 1, '1');
             INSERT INTO deliveries (id, webhook_id, event_id, created_at, attempt_count, status, tenant, event_type)
             VALUES ('{DELIVERY}', '{webhook}', '{EVENT}', '2025-01-25T12:00:01Z', 1, {status}, 'default', 'user.created')"
        ))
        .await;
}

async fn status(api: &Api) -> i64 {
    api.database
        .number("SELECT status::bigint FROM deliveries")
        .await
}

#[tokio::test]
async fn a_retry_is_refused_with_its_reason() {
    let api = Api::start().await;
    let retry = format!("/deliveries/{DELIVERY}/retry");
    let webhook = api.webhook(json!({})).await;
    let webhook = webhook["id"].as_str().unwrap();
    let ask = async || send(api.request(Method::POST, &retry)).await;
    ask().await.is_problem(404, "delivery_not_found");

    record(&api, webhook, 0).await;
    let claimed =
        format!("INSERT INTO attempt_claims VALUES ('{DELIVERY}', 1, now() + interval '1 minute')");
    api.database.execute(&claimed).await;
    ask().await.is_problem(409, "delivery_pending");
    api.database
        .execute("DELETE FROM attempt_claims; UPDATE deliveries SET next_retry_at = now() + interval '1 minute'")
        .await;
    ask().await.is_problem(409, "delivery_pending");
    record(&api, webhook, 3).await;
    send(api.request(Method::POST, &format!("{retry}?tenant=acme")))
        .await
        .is_problem(404, "delivery_not_found");
    for role in ["viewer", "publisher"] {
        let key = api.key(role, "default").await;
        send(api.request_as(&key, Method::POST, &retry))
            .await
            .is_problem(403, "forbidden");
    }
    api.post(&format!("/webhooks/{webhook}/disable"), &json!(null))
        .await;
    ask().await.is_problem(409, "webhook_disabled");
    api.post(&format!("/webhooks/{webhook}/enable"), &json!(null))
        .await;
    api.database.execute("DELETE FROM events").await;
    ask().await.is_problem(409, "event_expired");
    assert_eq!(status(&api).await, 3);
}

/// A delivery and its event are written in transactions of their own.
#[tokio::test]
async fn an_event_that_is_still_being_recorded_has_not_expired() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    record(&api, webhook["id"].as_str().unwrap(), 3).await;
    let minute_ago = "SELECT (extract(epoch FROM now()) * 1000)::bigint - 60000";
    let milliseconds = api.database.number(minute_ago).await;
    let recent = |version| {
        let digits = format!("{milliseconds:012x}");
        let (high, low) = digits.split_at(8);
        format!("{high}-{low}-{version}000-8000-000000000001")
    };
    let (event, delivery) = (recent(7), recent(8));
    api.database
        .execute(&format!(
            "DELETE FROM events; UPDATE deliveries SET id = '{delivery}', event_id = '{event}'"
        ))
        .await;
    let retry = format!("/deliveries/{delivery}/retry");
    send(api.request(Method::POST, &retry))
        .await
        .is_problem(409, "delivery_pending");
    assert_eq!(status(&api).await, 3);
}

#[tokio::test]
async fn a_retry_is_accepted_audited_and_not_repeated() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    for before in [1, 2, 3] {
        record(&api, webhook["id"].as_str().unwrap(), before).await;
        for _ in 0..2 {
            let answer =
                send(api.request(Method::POST, &format!("/deliveries/{DELIVERY}/retry"))).await;
            assert_eq!(
                (answer.status, &answer.json["status"]),
                (202, &json!("retrying"))
            );
        }
        assert_eq!(status(&api).await, 2);
    }
    let log = api.get("/audit-log?action=delivery.retried").await.json;
    assert_eq!(log["total"], 3, "{log}");
    assert_eq!(log["entries"][0]["target_id"], DELIVERY);
}

#[tokio::test]
async fn without_nats_a_retry_changes_nothing() {
    let mut api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    record(&api, webhook["id"].as_str().unwrap(), 3).await;
    api.nats.stop().await;
    let answer = send(api.request(Method::POST, &format!("/deliveries/{DELIVERY}/retry"))).await;
    answer.is_problem(503, "queue_unavailable");
    assert_eq!(status(&api).await, 3);
    api.nats.restart().await;
    eventually(SOON, async || {
        let answer =
            send(api.request(Method::POST, &format!("/deliveries/{DELIVERY}/retry"))).await;
        (answer.status == 202).then_some(()).ok_or(answer)
    })
    .await;
    assert_eq!(status(&api).await, 2);
}
