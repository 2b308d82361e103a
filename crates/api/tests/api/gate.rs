//! What keeps deliveries waiting.

use serde_json::{Value, json};

use crate::{
    fixture::Api,
    history::{EVENT, record},
};

#[tokio::test]
async fn what_keeps_deliveries_waiting_is_shown() {
    let api = Api::start().await;
    let plain = api.webhook(json!({})).await;
    let path = |webhook: &Value| format!("/webhooks/{}/gate", webhook["id"].as_str().unwrap());
    let closed = json!({"state": "closed", "opened_at": null, "open_until": null, "reason": null,
                        "consecutive_openings": 0});
    let nothing = json!({"breaker": closed, "throttled_until": null, "rate_limit": null, "waiting": 0,
                         "waiting_exact": true, "filter_failures_24h": 0, "last_filter_failure": null});
    assert_eq!(api.get(&path(&plain)).await.json, nothing);

    let limited = api.webhook(json!({"rate_limit_per_second": 7})).await;
    let id = limited["id"].as_str().unwrap();
    // One of three waits for its retry.
    record(&api, "default", id).await;
    api.database
        .execute(&format!(
            "INSERT INTO breakers (webhook_id, is_open, opened_at, open_until, openings, reason, silent_until, changed_at)
             VALUES ('{id}', true, now() - interval '1 min', now() + interval '1 h', 2, 'consecutive_failures',
                     now() + interval '2 h', now());
             INSERT INTO rate_limits VALUES ('{id}', 7, now() + interval '1 h')"
        ))
        .await;
    let gate = api.get(&path(&limited)).await.json;
    assert_eq!(
        [&gate["breaker"]["state"], &gate["breaker"]["reason"]],
        ["open", "consecutive_failures"]
    );
    assert_eq!(
        (&gate["breaker"]["consecutive_openings"], &gate["waiting"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(gate["rate_limit"]["per_second"], 7);
    for moment in [
        &gate["breaker"]["opened_at"],
        &gate["breaker"]["open_until"],
        &gate["throttled_until"],
        &gate["rate_limit"]["next_slot_at"],
    ] {
        assert!(moment.is_string(), "{gate}");
    }
    api.database
        .execute("UPDATE breakers SET open_until = now(), silent_until = now()")
        .await;
    let gate = api.get(&path(&limited)).await.json;
    assert_eq!(gate["breaker"]["state"], "half_open");
    assert_eq!(gate["throttled_until"], Value::Null);

    let viewer = api.key("viewer", "default").await;
    assert_eq!(api.get_as(&viewer, &path(&plain)).await.status, 200);
    let publisher = api.key("publisher", "default").await;
    let refused = api.get_as(&publisher, &path(&plain)).await;
    refused.is_problem(403, "forbidden");
    let other = api.get(&format!("{}?tenant=acme", path(&plain))).await;
    other.is_problem(404, "webhook_not_found");
}

/// Writes what deliverers would have counted within two hours.
async fn count_filter_failures(api: &Api, webhook: &str) {
    api.database
        .execute(&format!(
            "INSERT INTO filter_failures VALUES
                 ('{webhook}', date_trunc('hour', now()) - interval '1 hour', 900, '{EVENT}', now() - interval '1 hour', 'old'),
                 ('{webhook}', date_trunc('hour', now()), 100, '{EVENT}', now(), 'line 1: undefined value')"
        ))
        .await;
}

#[tokio::test]
async fn a_filter_that_fails_is_seen() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({"filter": "data.absent > 1"})).await;
    assert_eq!(webhook["filter_failures_24h"], 0);
    let id = webhook["id"].as_str().unwrap();
    let shown = api.get(&format!("/webhooks/{id}")).await;
    let tag = shown.headers["etag"].clone();
    count_filter_failures(&api, id).await;

    let again = api.get(&format!("/webhooks/{id}")).await;
    assert_eq!(again.json["filter_failures_24h"], 1_000);
    assert_ne!(again.headers["etag"], tag, "the answer has changed");
    let list = api.get("/webhooks").await.json;
    assert_eq!(list["webhooks"][0]["filter_failures_24h"], 1_000);
    let gate = api.get(&format!("/webhooks/{id}/gate")).await.json;
    assert_eq!(gate["filter_failures_24h"], 1_000);
    let last = &gate["last_filter_failure"];
    assert_eq!(
        (&last["event_id"], &last["reason"]),
        (&json!(EVENT), &json!("line 1: undefined value"))
    );
    assert!(last["at"].is_string());
}
