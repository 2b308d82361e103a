//! What keeps deliveries waiting.

use serde_json::{Value, json};

use crate::{fixture::Api, history::record};

#[tokio::test]
async fn what_keeps_deliveries_waiting_is_shown() {
    let api = Api::start().await;
    let plain = api.webhook(json!({})).await;
    let path = |webhook: &Value| format!("/webhooks/{}/gate", webhook["id"].as_str().unwrap());
    let closed = json!({"state": "closed", "opened_at": null, "open_until": null, "reason": null,
                        "consecutive_openings": 0});
    let nothing = json!({"breaker": closed, "throttled_until": null, "rate_limit": null, "waiting": 0,
                         "waiting_exact": true});
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
