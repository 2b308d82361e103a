//! Dead letters and replays, as far as the api decides about them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Answer, Api, json as with_json, send};

const EVENT: &str = "01949e5c-0000-7000-8000-000000000001";

/// Writes what the index would hold: letter `n` of a webhook.
async fn letter(api: &Api, n: u32, webhook: &str, tenant: &str) -> String {
    let id = format!("01949e5c-0000-8000-8000-{n:012}");
    api.database
        .execute(&format!(
            "INSERT INTO dead_letters (id, stream_sequence, created_at, webhook_id, event_id, attempts, last_status,
                                       tenant, event_type, reason)
             VALUES ('{id}', {n}, '2025-01-25T12:00:00Z'::timestamptz + {n} * interval '1 minute', '{webhook}', '{EVENT}',
                     5, 503, '{tenant}', 'user.created', 'it says no')"
        ))
        .await;
    id
}

async fn with_body(api: &Api, method: Method, path: &str, body: &Value) -> Answer {
    send(with_json(api.request(method, path), &body.to_string())).await
}

fn ids(list: &Value) -> Vec<&str> {
    let letters = list["dead_letters"].as_array().unwrap();
    letters.iter().map(|l| l["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn dead_letters_filter_page_and_show_what_they_know() {
    let api = Api::start().await;
    let (first, second) = (api.webhook(json!({})).await, api.webhook(json!({})).await);
    let (first, second) = (
        first["id"].as_str().unwrap(),
        second["id"].as_str().unwrap(),
    );
    let mut made = Vec::new();
    for n in 1..=5 {
        made.push(letter(&api, n, if n < 4 { first } else { second }, "default").await);
    }
    letter(&api, 9, first, "acme").await;

    let first_page = api.get("/dead-letters?limit=2").await.json;
    assert_eq!(ids(&first_page), [&made[4], &made[3]], "the last one first");
    assert_eq!(
        (&first_page["total"], &first_page["has_more"]),
        (&json!(5), &json!(true))
    );
    let cursor = first_page["next_cursor"].as_str().unwrap();
    let rest = api
        .get(&format!("/dead-letters?limit=3&cursor={cursor}"))
        .await
        .json;
    assert_eq!(ids(&rest), [&made[2], &made[1], &made[0]]);
    assert_eq!(rest["next_cursor"], Value::Null);
    for (query, count) in [
        (format!("webhook_id={second}"), 2),
        ("kind=malformed".to_owned(), 0),
        ("event_type=user.created&kind=delivery".to_owned(), 5),
        (format!("event_id={EVENT}"), 5),
        (
            "since=2025-01-25T12:02:00Z&until=2025-01-25T12:04:00Z".to_owned(),
            2,
        ),
        ("tenant=acme".to_owned(), 1),
    ] {
        let found = api.get(&format!("/dead-letters?{query}")).await.json;
        assert_eq!(found["total"], json!(count), "{query}: {found}");
    }
    let wrong = api.get("/dead-letters?kind=lost").await;
    assert_eq!(
        wrong.is_problem(422, "validation_failed").fields(),
        ["kind"]
    );

    let path = format!("/dead-letters/{}", made[0]);
    let shown = api.get(&path).await.json;
    assert_eq!(shown["reason"], "it says no");
    assert_eq!(
        (&shown["attempt_count"], &shown["status_code"]),
        (&json!(5), &json!(503))
    );
    assert_eq!(
        (&shown["payload"], &shown["payload_encoding"]),
        (&Value::Null, &Value::Null)
    );
    api.get(&format!("{path}?tenant=acme"))
        .await
        .is_problem(404, "dead_letter_not_found");
}

#[tokio::test]
async fn what_is_meant_must_be_said_once() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    let webhook = webhook["id"].as_str().unwrap();
    let id = letter(&api, 1, webhook, "default").await;
    for (method, path) in [
        (Method::POST, "/dead-letters/retry"),
        (Method::DELETE, "/dead-letters"),
    ] {
        for (query, body, field) in [
            ("", json!({}), ""),
            ("", json!({"all": false}), ""),
            ("?all=true", json!({"all": true}), ""),
            ("?ids=1", json!({}), "ids"),
            ("", json!({"ids": []}), "ids"),
            ("", json!({"ids": ["x"]}), "ids[0]"),
            ("", json!({"webhook": webhook}), "webhook"),
            ("?webhook=1", json!({}), "webhook"),
        ] {
            let answer = with_body(&api, method.clone(), &format!("{path}{query}"), &body).await;
            let fields = answer
                .is_problem(422, "validation_failed")
                .fields()
                .join(",");
            assert!(
                fields.is_empty() || fields == field,
                "{path}{query} {body}: {fields}"
            );
        }
        for role in ["viewer", "publisher"] {
            let key = api.key(role, "default").await;
            send(api.request_as(&key, method.clone(), &format!("{path}?all=true")))
                .await
                .is_problem(403, "forbidden");
        }
    }
    // Another tenant's letters are not there.
    let by_id = format!("/dead-letters?ids={id}");
    assert_eq!(
        api.delete(&format!("{by_id}&tenant=acme")).await.json["discarded"],
        0
    );
    assert_eq!(api.delete(&by_id).await.json, json!({"discarded": 1}));
    assert_eq!(api.delete(&by_id).await.json, json!({"discarded": 0}));
    let log = api
        .get("/audit-log?action=dead_letters.discarded")
        .await
        .json;
    assert_eq!(log["entries"][1]["details"], json!({"count": 1}), "{log}");
}

#[tokio::test]
async fn a_replay_is_accepted_shown_and_stopped() {
    let api = Api::start().await;
    let webhook = api.webhook(json!({})).await;
    let id = webhook["id"].as_str().unwrap();
    let path = format!("/webhooks/{id}/replay");
    for (body, field) in [
        (json!({}), "since"),
        (json!({"since": "yesterday"}), "since"),
        (
            json!({"since": "2025-01-02T00:00:00Z", "until": "2025-01-01T00:00:00Z"}),
            "until",
        ),
        (
            json!({"since": "2025-01-02T00:00:00Z", "only": "lost"}),
            "only",
        ),
        (
            json!({"since": "2025-01-02T00:00:00Z", "event_types": []}),
            "event_types",
        ),
        (
            json!({"since": "2025-01-02T00:00:00Z", "event_types": ["a..b"]}),
            "event_types[0]",
        ),
    ] {
        let answer = api.post(&path, &body).await;
        assert_eq!(
            answer.is_problem(422, "validation_failed").fields(),
            [field],
            "{body}"
        );
    }
    let asked = json!({"since": "2025-01-02T00:00:00Z"});
    api.post(&format!("{path}?tenant=acme"), &asked)
        .await
        .is_problem(404, "webhook_not_found");
    let accepted = api.post(&path, &asked).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text);
    let replay = format!("/replays/{}", accepted.json["replay_id"].as_str().unwrap());
    let shown = api.get(&replay).await.json;
    for (name, value) in [
        ("kind", json!("webhook")),
        ("status", json!("queued")),
        ("webhook_id", json!(id)),
        ("event_id", Value::Null),
        ("total", Value::Null),
        ("processed", json!(0)),
    ] {
        assert_eq!(shown[name], value, "{name}: {shown}");
    }
    for path in [replay.clone(), format!("{replay}/cancel")] {
        let method = if path.ends_with("cancel") {
            Method::POST
        } else {
            Method::GET
        };
        send(api.request(method, &format!("{path}?tenant=acme")))
            .await
            .is_problem(404, "replay_not_found");
    }
    let cancel = format!("{replay}/cancel");
    let cancelled = api.post(&cancel, &json!({})).await;
    assert_eq!(
        (cancelled.status, &cancelled.json["status"]),
        (200, &json!("cancelled"))
    );
    api.post(&cancel, &json!({}))
        .await
        .is_problem(409, "replay_ended");
    assert_eq!(api.get("/replays").await.json["total"], 1);
    assert_eq!(api.get("/replays?tenant=acme").await.json["total"], 0);
    let other = api.webhook(json!({})).await;
    for (webhook, total) in [(id, 1), (other["id"].as_str().unwrap(), 0)] {
        let list = api.get(&format!("/replays?webhook_id={webhook}")).await;
        assert_eq!(list.json["total"], total, "{}", list.text);
        let replays = list.json["replays"].as_array().unwrap();
        assert_eq!(replays.len(), total, "{}", list.text);
    }

    api.post(&format!("/webhooks/{id}/disable"), &json!({}))
        .await;
    api.post(&path, &asked)
        .await
        .is_problem(409, "webhook_disabled");
    assert_eq!(
        api.get("/replays").await.json["total"],
        1,
        "work of our own is not shown"
    );
    let event = format!("/events/{EVENT}/replay");
    api.post(&event, &json!({}))
        .await
        .is_problem(404, "event_not_found");
    api.database
        .execute(&format!(
            "INSERT INTO events (id, tenant, event_type, timestamp, accepted_at, stream_sequence, data)
             VALUES ('{EVENT}', 'default', 'a', '2025-01-25T12:00:00Z', '2025-01-25T12:00:01Z', 1, '1')"
        ))
        .await;
    let unknown = json!({"webhook_ids": [id, EVENT]});
    api.post(&event, &unknown)
        .await
        .is_problem(404, "webhook_not_found");
    let none = api.post(&event, &json!({"webhook_ids": []})).await;
    assert_eq!(
        none.is_problem(422, "validation_failed").fields(),
        ["webhook_ids"]
    );
    assert_eq!(
        api.post(&event, &json!({"webhook_ids": [id]})).await.status,
        202
    );
}
