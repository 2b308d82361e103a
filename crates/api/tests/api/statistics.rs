//! Statistics and health, once a recorder has counted. What it counts is tested in the store and in the system.

use serde_json::{Value, json};

use crate::fixture::Api;

const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// Counts for a webhook what was created so long ago, as a fold leaves it.
async fn count(api: &Api, webhook: &str, ago: &str, event_type: &str, numbers: [u32; 4]) {
    let [deliveries, successes, failures, ms] = numbers;
    for (table, width) in [("5m", "5 minutes"), ("1h", "1 hour")] {
        for owner in [webhook, NIL] {
            let bucket = format!("date_bin('{width}', now() - interval '{ago}', 'epoch')");
            api.database
                .execute(&format!(
                    "INSERT INTO statistics_{table} AS s (tenant, webhook_id, bucket, event_type, deliveries, successes,
                         failures, attempts, answered, response_ms)
                     VALUES ('default', '{owner}', {bucket}, '{event_type}', {deliveries}, {successes}, {failures},
                         2 * {deliveries}, {deliveries}, {deliveries} * {ms})
                     ON CONFLICT (tenant, webhook_id, bucket, event_type)
                     DO UPDATE SET deliveries = s.deliveries + {deliveries}, successes = s.successes + {successes},
                         failures = s.failures + {failures}, attempts = s.attempts + 2 * {deliveries},
                         answered = s.answered + {deliveries}, response_ms = s.response_ms + {deliveries} * {ms};
                     INSERT INTO latency_{table} AS s (tenant, webhook_id, bucket, latency, answered)
                     VALUES ('default', '{owner}', {bucket}, ceil(4 * log(2, {ms})), {deliveries})
                     ON CONFLICT (tenant, webhook_id, bucket, latency)
                     DO UPDATE SET answered = s.answered + {deliveries}"
                ))
                .await;
        }
    }
}

#[tokio::test]
async fn statistics_sum_up_a_stretch_of_time_without_gaps() {
    let api = Api::start().await;
    let (one, two) = (api.webhook(json!({})).await, api.webhook(json!({})).await);
    let (one, two) = (one["id"].as_str().unwrap(), two["id"].as_str().unwrap());
    count(&api, one, "2 hours", "user.created", [90, 85, 3, 4]).await;
    count(&api, one, "1 hour", "user.deleted", [10, 0, 0, 100]).await;
    count(&api, two, "1 hour", "user.created", [100, 0, 100, 4]).await;
    count(&api, two, "3 days", "user.created", [7, 7, 0, 4]).await;

    let seen = api.get(&format!("/webhooks/{one}/stats")).await.json;
    assert_eq!(seen["bucket_seconds"], 3600);
    let numbers = [&seen["deliveries"], &seen["successes"], &seen["failures"]];
    assert_eq!(numbers, [100, 85, 3]);
    assert_eq!(seen["success_rate"], 0.9659);
    assert_eq!(seen["average_attempts"], 2.0);
    assert_eq!(seen["average_response_time_ms"], 13.6);
    assert_eq!(
        seen["latency_ms"],
        json!({"p50": 4, "p90": 4, "p95": 99, "p99": 99})
    );
    let types = json!([
        {"event_type": "user.created", "deliveries": 90, "successes": 85, "failures": 3, "average_attempts": 2.0},
        {"event_type": "user.deleted", "deliveries": 10, "successes": 0, "failures": 0, "average_attempts": 2.0}
    ]);
    assert_eq!(seen["event_types"], types);
    let buckets = seen["buckets"].as_array().unwrap();
    assert_eq!(buckets.len(), 25, "{buckets:?}");
    assert_eq!(buckets[0]["start"], seen["since"]);
    assert_eq!(buckets[22]["deliveries"], 90);
    assert_eq!(buckets[22]["average_response_time_ms"], 4.0);
    let last = json!({"start": buckets[24]["start"], "deliveries": 0, "successes": 0, "failures": 0,
                      "average_response_time_ms": null});
    assert_eq!(buckets[24], last);

    let tenant = api.get("/stats").await.json;
    assert_eq!(
        (&tenant["deliveries"], &tenant["failures"]),
        (&json!(200), &json!(103))
    );
    assert_eq!(tenant["event_types"][0]["deliveries"], 190);
    let week_ago = "2000-01-01T00:00:00Z";
    let refused = api.get(&format!("/stats?bucket=1d&since={week_ago}")).await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["since"]
    );
    let fine = api.get("/stats?bucket=5m").await.json;
    assert_eq!(
        (&fine["deliveries"], &fine["bucket_seconds"]),
        (&json!(200), &json!(300))
    );

    let other = api.get("/stats?tenant=acme").await.json;
    let empty = [
        &other["success_rate"],
        &other["average_attempts"],
        &other["latency_ms"]["p99"],
    ];
    assert_eq!(empty, [&Value::Null; 3]);
    assert_eq!(other["deliveries"], 0);
    api.get(&format!("/webhooks/{one}/stats?tenant=acme"))
        .await
        .is_problem(404, "webhook_not_found");
    for (wrong, field) in [
        ("bucket=2h", "bucket"),
        ("since=monday", "since"),
        ("buckets=1h", ""),
    ] {
        let answer = api.get(&format!("/stats?{wrong}")).await;
        let fields = answer.is_problem(422, "validation_failed").fields();
        assert!(field.is_empty() || fields == [field], "{wrong}: {fields:?}");
    }
    let publisher = api.key("publisher", "default").await;
    api.get_as(&publisher, "/stats")
        .await
        .is_problem(403, "forbidden");
    let viewer = api.key("viewer", "default").await;
    assert_eq!(api.get_as(&viewer, "/stats").await.status, 200);
}

#[tokio::test]
async fn health_counts_the_webhooks_that_fare_well_and_badly() {
    let api = Api::start().await;
    let empty = json!({"total_webhooks": 0, "enabled_webhooks": 0, "healthy_webhooks": 0, "unhealthy_webhooks": 0,
                       "total_deliveries_24h": 0,
                       "successful_deliveries_24h": 0, "failed_deliveries_24h": 0, "average_response_time_ms": null});
    assert_eq!(api.get("/webhooks/health").await.json, empty);
    for (enabled, numbers) in [
        (true, [100, 99, 1, 10]),
        (true, [100, 10, 90, 30]),
        (false, [100, 70, 30, 20]),
    ] {
        let webhook = api.webhook(json!({"enabled": enabled})).await;
        let id = webhook["id"].as_str().unwrap();
        count(&api, id, "2 hours", "a", numbers).await;
        count(&api, id, "2 days", "a", [1_000, 1_000, 0, 10]).await;
    }
    let wanted = json!({"total_webhooks": 3, "enabled_webhooks": 2, "healthy_webhooks": 1, "unhealthy_webhooks": 1,
                        "total_deliveries_24h": 300,
                        "successful_deliveries_24h": 179, "failed_deliveries_24h": 121, "average_response_time_ms": 20.0});
    assert_eq!(api.get("/webhooks/health").await.json, wanted);
    assert_eq!(api.get("/webhooks/health?tenant=acme").await.json, empty);
    let refused = api.get("/webhooks/health?days=1").await;
    refused.is_problem(422, "validation_failed");
}

#[tokio::test]
async fn activity_tells_what_is_wrong_and_how_each_hour_went() {
    let api = Api::start().await;
    let mut ids = Vec::new();
    for name in ["well", "failing", "asked to wait", "down", "off"] {
        let webhook = api
            .webhook(json!({"name": name, "enabled": name != "off"}))
            .await;
        ids.push(webhook["id"].as_str().unwrap().to_owned());
    }
    count(&api, &ids[0], "2 hours", "user.created", [90, 85, 3, 4]).await;
    count(&api, &ids[0], "2 hours", "user.deleted", [10, 10, 0, 4]).await;
    count(&api, &ids[0], "2 days", "user.created", [7, 7, 0, 4]).await;
    let [_, failing, silent, down, _] = ids.as_slice() else {
        panic!()
    };
    api.database
        .execute(&format!(
            "INSERT INTO failure_streaks VALUES ('{failing}', 5, now() - interval '2 h', now(), now() - interval '1 h');
             INSERT INTO breakers (webhook_id, is_open, opened_at, open_until, openings, silent_until, changed_at)
             VALUES ('{silent}', false, NULL, NULL, 0, now() + interval '1 h', now()),
                    ('{down}', true, now(), now() + interval '1 h', 1, now() + interval '1 h', now())"
        ))
        .await;

    let seen = api.get("/webhooks/activity").await.json;
    assert_eq!(seen["total"], 5);
    let webhooks = seen["webhooks"].as_array().unwrap();
    let conditions: Vec<_> = webhooks
        .iter()
        .map(|w| (&w["name"], &w["condition"]))
        .collect();
    let wanted = [
        ("off", "disabled"),
        ("down", "down"),
        ("asked to wait", "throttled"),
        ("failing", "failing"),
        ("well", "ok"),
    ]
    .map(|(name, condition)| (json!(name), json!(condition)));
    assert_eq!(
        conditions,
        wanted.each_ref().map(|(name, condition)| (name, condition))
    );
    let well = &webhooks[4];
    assert_eq!(well["condition_since"], Value::Null);
    assert!(
        webhooks[..4]
            .iter()
            .all(|w| w["condition_since"].is_string()),
        "{seen}"
    );
    let numbers = [&well["deliveries"], &well["successes"], &well["failures"]];
    assert_eq!(numbers, [100, 95, 3]);
    assert_eq!(well["success_rate"], 0.9694);
    let hours = well["hours"].as_array().unwrap();
    assert_eq!((hours.len(), &hours[21]["deliveries"]), (24, &json!(100)));
    assert_eq!(hours[0]["start"], seen["since"]);

    let troubled = api
        .get("/webhooks/activity?troubled=true&limit=1&offset=1")
        .await
        .json;
    assert_eq!(
        (&troubled["total"], &troubled["webhooks"][0]["name"]),
        (&json!(4), &json!("down"))
    );
    let named = api
        .get(&format!("/webhooks/activity?ids={},{failing}", ids[0]))
        .await
        .json;
    assert_eq!(named["total"], 2);
    // Somebody else's are not there.
    let other = api
        .get(&format!("/webhooks/activity?ids={failing}&tenant=acme"))
        .await
        .json;
    assert_eq!(
        (&other["total"], &other["webhooks"]),
        (&json!(0), &json!([]))
    );
    let refused = api.get("/webhooks/activity?ids=one").await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["ids"]
    );
    let many = vec![failing.as_str(); 101].join(",");
    let refused = api.get(&format!("/webhooks/activity?ids={many}")).await;
    assert_eq!(
        refused.is_problem(422, "validation_failed").fields(),
        ["ids"]
    );
}
