//! A payload that is erased is nowhere: not in the tables, not in the streams' files, and nothing is sent of it.

use std::path::Path;

use posthorn_testkit::{Answer, Gate, Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, NO_BREAKER, Stack};

const CANARY: &str = "canary-payload-e7b1c5";

/// The tables whose rows hold this text, as text or as bytes.
async fn tables_with(stack: &Stack, text: &str) -> Vec<String> {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let names = stack
        .database
        .text(
            "SELECT string_agg(c.oid::regclass::text, ' ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r' AND n.nspname = 'public'",
        )
        .await
        .unwrap();
    let mut found = Vec::new();
    for table in names.split(' ') {
        let query = format!(
            "SELECT count(*) FROM {table} t WHERE t::text LIKE '%{text}%' OR t::text LIKE '%{hex}%'"
        );
        if stack.database.number(&query).await > 0 {
            found.push(table.to_owned());
        }
    }
    found
}

/// The files below a folder that hold this text.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        // A file may go while it is looked for.
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path)
                && bytes
                    .windows(text.len())
                    .any(|window| window == text.as_bytes())
            {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// Waits until nothing of a text is left in tables and streams.
async fn is_nowhere(stack: &Stack, text: &str) {
    eventually(DEADLINE, async || {
        let tables = tables_with(stack, text).await;
        let files = files_with(&stack.nats.store(), text);
        if tables.is_empty() && files.is_empty() {
            Ok(())
        } else {
            Err(format!("{tables:?} {files:?}"))
        }
    })
    .await;
}

/// Publishes the canary, and waits until the event is in the log.
async fn plant(stack: &Stack, text: &str) -> String {
    let event = stack.publish("canary.sang", &json!({"song": text})).await;
    let query = format!("SELECT count(*) FROM events WHERE id = '{event}'");
    stack.rows(&query, 1).await;
    event
}

async fn erase(stack: &Stack, event: &str) {
    let path = format!("/events/{event}");
    let reply = stack.request("DELETE", &path, &Value::Null).await;
    assert_eq!(reply.status, 204, "{reply:?}");
}

fn requests_of(receiver: &Receiver, event: &str) -> usize {
    let requests = receiver.requests();
    let of_event = requests.iter().filter(|r| r.header("webhook-id") == event);
    of_event.count()
}

#[tokio::test]
async fn nothing_is_left_of_an_erased_event_and_nothing_more_is_sent() {
    let (stack, receiver) = (Stack::with(1, &[NO_BREAKER]).await, Receiver::start().await);
    receiver.answer(Answer::status(503).body(CANARY));
    let fields = json!({"retry_schedule_seconds": vec![3; 20]});
    let hook = stack.webhook(&receiver.url(), fields).await;
    let event = plant(&stack, CANARY).await;
    let waiting = stack.delivery(&event, "retrying").await;
    let delivery = waiting["id"].as_str().unwrap();
    assert!(!tables_with(&stack, CANARY).await.is_empty());
    assert!(!files_with(&stack.nats.store(), CANARY).is_empty());

    erase(&stack, &event).await;
    assert_eq!(tables_with(&stack, CANARY).await, Vec::<String>::new());
    let sent = requests_of(&receiver, &event);
    erase(&stack, &event).await;

    let record = stack.get(&format!("/events/{event}")).await;
    assert_eq!(record["type"], "canary.sang");
    assert_eq!(record["data"], Value::Null);
    assert!(record["erased_at"].is_string(), "{record}");
    let failed = stack.get(&format!("/deliveries/{delivery}")).await;
    assert_eq!(failed["status"], "failed", "{failed}");
    assert_eq!(failed["error_message"], "the event was erased");
    for part in ["request_payload", "response_body", "next_retry_at"] {
        assert_eq!(failed[part], Value::Null, "{part}");
    }
    for path in [
        format!("/deliveries/{delivery}/retry"),
        format!("/events/{event}/replay"),
    ] {
        let reply = stack.request("POST", &path, &json!({})).await;
        assert_eq!(reply.status, 409, "{reply:?}");
        assert_eq!(reply.body["code"], "event_erased");
    }
    let range = json!({"since": "2020-01-01T00:00:00Z"});
    let replay = stack.replay(&format!("/webhooks/{}", hook.id), range).await;
    crate::replays::finished(&stack, &replay).await;

    // What began after it has had another attempt: its own would have come before.
    let later = plant(&stack, "another song").await;
    eventually(DEADLINE, async || match requests_of(&receiver, &later) {
        2.. => Ok(()),
        count => Err(count),
    })
    .await;
    assert_eq!(requests_of(&receiver, &event), sent);
    stack.rows("SELECT count(*) FROM dead_letters", 0).await;
    let audited = stack.get(&format!("/audit-log?target_id={event}")).await;
    let actions = audited["entries"].as_array().unwrap().iter();
    let erased = actions.filter(|entry| entry["action"] == "event.erased");
    assert_eq!(erased.count(), 1, "{audited}");
}

#[tokio::test]
async fn what_is_under_way_when_its_event_is_erased_leaves_no_body() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.answer(Answer::status(200).body(CANARY).behind(&gate));
    let template = json!({"payload_template": "{\"said\": {{ data.song | tojson }} }"});
    stack.webhook(&receiver.url(), template).await;
    let event = plant(&stack, CANARY).await;
    stack.delivery(&event, "pending").await;
    erase(&stack, &event).await;
    stack.delivery(&event, "failed").await;

    gate.open();
    let delivery = stack.delivery(&event, "success").await;
    assert_eq!(delivery["attempt_count"], 1);
    assert_eq!(delivery["request_payload"], Value::Null);
    assert_eq!(delivery["response_body"], Value::Null);
    is_nowhere(&stack, CANARY).await;
}

#[tokio::test]
async fn the_dead_letter_of_an_erased_event_goes_with_it() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(400));
    let fields = json!({"retry_client_errors": false});
    stack.webhook(&receiver.url(), fields).await;
    let event = plant(&stack, CANARY).await;
    stack.rows("SELECT count(*) FROM dead_letters", 1).await;
    erase(&stack, &event).await;
    assert_eq!(stack.get("/dead-letters").await["total"], 0);
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 0).await;
    is_nowhere(&stack, CANARY).await;
}

#[tokio::test]
async fn events_are_erased_by_filter_and_others_stay() {
    let (stack, receiver) = (Stack::with_deliverers(2).await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let canaries: Vec<Value> = (0..300)
        .map(|n| json!({"type": "canary.sang", "data": {"song": format!("{CANARY}-{n}")}}))
        .collect();
    let reply = stack.request("POST", "/events", &json!(canaries)).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    let kept = stack.publish("other.sang", &json!({"n": 1})).await;
    let refused = stack.request("DELETE", "/events", &Value::Null).await;
    assert_eq!(refused.status, 422, "{refused:?}");

    // At once: most have no record yet.
    let path = "/events?type=canary.sang";
    let reply = stack.request("DELETE", path, &Value::Null).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    let path = format!("/erasures/{}", reply.body["erasure_id"].as_str().unwrap());
    let done = eventually(DEADLINE, async || {
        let erasure = stack.get(&path).await;
        if erasure["status"] == "done" {
            Ok(erasure)
        } else {
            Err(erasure)
        }
    })
    .await;
    for count in ["events", "erased", "erased_from_streams"] {
        assert_eq!(done[count], 300, "{done}");
    }
    is_nowhere(&stack, CANARY).await;
    let query = "SELECT count(*) FROM events WHERE erased_at IS NOT NULL";
    stack.rows(query, 300).await;
    assert_eq!(
        stack.get(&format!("/events/{kept}")).await["data"],
        json!({"n": 1})
    );
    stack
        .messages("POSTHORN_EVENTS", "posthorn.events.>", 1)
        .await;
}

#[tokio::test]
async fn an_erasure_without_nats_is_finished_when_it_is_back() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let event = plant(&stack, CANARY).await;
    stack.delivery(&event, "success").await;
    stack.nats_line.refuse();
    let path = format!("/events/{event}");
    let reply = stack.request("DELETE", &path, &Value::Null).await;
    assert_eq!(reply.status, 503, "{reply:?}");
    assert_eq!(reply.body["code"], "queue_unavailable");
    assert_eq!(tables_with(&stack, CANARY).await, Vec::<String>::new());
    stack.nats_line.resume();
    is_nowhere(&stack, CANARY).await;
    stack
        .rows("SELECT count(*) FROM erased_events WHERE stage = 2", 1)
        .await;
    erase(&stack, &event).await;
}

/// Uses the tenant `acme` as an admin.
fn of_acme(path: &str) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}tenant=acme")
}

#[tokio::test]
async fn a_tenant_that_is_deleted_and_made_anew_finds_nothing() {
    let (stack, receiver) = (Stack::with(1, &[NO_BREAKER]).await, Receiver::start().await);
    receiver.answer_with(|request| match request.target.as_str() {
        "/ok" => Answer::status(200),
        _ => Answer::status(503),
    });
    let made = stack
        .request("POST", "/tenants", &json!({"id": "acme"}))
        .await;
    assert_eq!(made.status, 201, "{made:?}");
    for (target, schedule) in [
        ("/ok", Value::Null),
        ("/waits", json!([3600])),
        ("/dead", Value::Null),
    ] {
        let webhook = json!({"name": "w", "url": receiver.url_of(target), "event_types": ["*"],
            "retry_schedule_seconds": schedule, "max_retries": 0});
        let reply = stack.request("POST", &of_acme("/webhooks"), &webhook).await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }
    let events: Vec<Value> = (0..20)
        .map(|n| json!({"type": "canary.sang", "data": {"song": CANARY, "n": n}}))
        .collect();
    let reply = stack
        .request("POST", &of_acme("/events"), &json!(events))
        .await;
    assert_eq!(reply.status, 202, "{reply:?}");
    stack
        .rows(
            "SELECT count(*) FROM deliveries WHERE attempt_count = 1",
            60,
        )
        .await;
    stack.rows("SELECT count(*) FROM dead_letters", 20).await;

    let deleted = stack.request("DELETE", "/tenants/acme", &Value::Null).await;
    assert_eq!(deleted.status, 204, "{deleted:?}");
    let event = json!({"type": "canary.sang", "data": 1});
    let reply = stack.request("POST", &of_acme("/events"), &event).await;
    let is_over = reply.status == 202;
    assert!(
        is_over || reply.body["code"] == "tenant_being_deleted",
        "{reply:?}"
    );
    eventually(DEADLINE, async || {
        let reply = stack
            .request("POST", "/tenants", &json!({"id": "acme"}))
            .await;
        match reply.status {
            201 => Ok(()),
            409 if reply.body["code"] == "tenant_being_deleted" => Err(reply),
            _ => panic!("{reply:?}"),
        }
    })
    .await;

    for (path, list) in [
        ("/events", "total"),
        ("/deliveries", "total"),
        ("/dead-letters", "total"),
        ("/webhooks", "total"),
    ] {
        let found = stack.get(&of_acme(path)).await;
        assert!(found[list] == 0 || is_over, "{path}: {found}");
    }
    let audited = stack.get(&of_acme("/audit-log")).await;
    let entries = audited["entries"].as_array().unwrap();
    assert!(
        entries
            .iter()
            .all(|entry| entry["action"] == "tenant.created"),
        "{audited}"
    );
    is_nowhere(&stack, CANARY).await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 0).await;
}

#[tokio::test]
async fn a_tenant_may_keep_payloads_only_until_they_are_settled() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let kept = stack
        .request(
            "PATCH",
            "/tenants/default",
            &json!({"keep_payload": "until_settled"}),
        )
        .await;
    assert_eq!(kept.status, 200, "{kept:?}");
    assert_eq!(kept.body["keep_payload"], "until_settled");
    let settled = plant(&stack, CANARY).await;
    stack.delivery(&settled, "success").await;
    let erased = eventually(DEADLINE * 2, async || {
        let event = stack.get(&format!("/events/{settled}")).await;
        if event["erased_at"].is_string() {
            Ok(event)
        } else {
            Err(event)
        }
    })
    .await;
    assert_eq!(erased["data"], Value::Null);
    assert_eq!(tables_with(&stack, CANARY).await, Vec::<String>::new());
    stack
        .messages("POSTHORN_EVENTS", "posthorn.events.>", 0)
        .await;
}
