//! Webhooks, events, deliveries and dead letters against a real Posthorn.

use std::time::Duration;

use posthorn_testkit::{Answer, Receiver, eventually};
use serde_json::json;

use crate::stack::{Said, Stack};

const DEADLINE: Duration = Duration::from_secs(60);

/// Runs a command until what it prints has so many lines.
async fn until(stack: &Stack, arguments: &[&str], lines: usize) -> Said {
    eventually(DEADLINE, async || {
        let said = stack.run(arguments).await;
        if said.lines().len() == lines {
            Ok(said)
        } else {
            Err(said)
        }
    })
    .await
}

#[tokio::test]
async fn a_webhook_lives_and_dies_by_commands() {
    let stack = Stack::start().await;
    let receiver = Receiver::start().await;
    let created = stack
        .run(&[
            "webhooks",
            "create",
            "--name",
            "Orders",
            "--url",
            &receiver.url(),
            "--event-type",
            "order.*,user.created",
            "-H",
            "X-Team: payments",
            "--data",
            r#"{"retry_client_errors": false, "name": "counts less"}"#,
        ])
        .await
        .json();
    let id = created["id"].as_str().unwrap();
    assert_eq!(created["name"], "Orders");
    assert_eq!(created["event_types"], json!(["order.*", "user.created"]));
    assert_eq!(created["custom_headers"]["X-Team"], "payments");
    assert_eq!(created["retry_client_errors"], false);
    let secret = created["signing_secret"].as_str().unwrap();

    let updated = stack
        .run(&[
            "webhooks",
            "update",
            id,
            "--filter",
            "data.n > 1",
            "--unset",
            "retry_client_errors",
        ])
        .await
        .json();
    assert_eq!(updated["filter"], "data.n > 1");
    assert_eq!(updated["retry_client_errors"], true);
    let nothing = stack.try_run(&["webhooks", "update", id]).await;
    assert_eq!(nothing.code, 64, "{nothing:?}");

    let disabled = stack.run(&["webhooks", "disable", id]).await.json();
    assert_eq!(disabled["enabled"], false);
    stack.run(&["webhooks", "enable", id]).await;
    let listed = stack
        .run(&[
            "webhooks",
            "list",
            "--enabled",
            "true",
            "--search",
            "orders",
        ])
        .await;
    assert_eq!(listed.lines()[0]["id"], id);
    let table = stack.run(&["webhooks", "list", "-o", "table"]).await;
    assert!(table.out.starts_with("ID "), "{table:?}");
    assert!(table.out.contains("order.*, user.created"), "{table:?}");

    let revealed = stack
        .run(&["webhooks", "secret", "reveal", id, "-o", "table"])
        .await;
    assert_eq!(revealed.out, format!("{secret}\n"));
    let rotated = stack
        .run(&["webhooks", "secret", "rotate", id, "--overlap", "1m", "-y"])
        .await
        .json();
    assert_eq!(rotated["overlap_seconds"], 60);
    assert_ne!(rotated["signing_secret"], secret);

    let tested = stack
        .run(&["webhooks", "test", id, "--data", r#"{"n":0.10}"#])
        .await;
    assert_eq!(tested.json()["success"], true);
    let request = receiver.requests().pop().unwrap();
    assert!(
        String::from_utf8(request.body.to_vec())
            .unwrap()
            .contains("0.10"),
        "as it was given"
    );
    receiver.answer(Answer::status(500));
    let tested = stack.try_run(&["webhooks", "test", id]).await;
    assert_eq!((tested.code, &*tested.err), (1, ""));

    let asked = stack.try_run(&["webhooks", "delete", id]).await;
    assert_eq!(asked.code, 64, "nobody to ask: {asked:?}");
    assert!(asked.err.contains("--yes"), "{asked:?}");
    stack.run(&["webhooks", "get", id]).await;
    stack.run(&["webhooks", "delete", id, "--yes"]).await;
    let gone = stack.try_run(&["webhooks", "get", id]).await;
    assert_eq!(gone.code, 65);
    assert!(gone.err.contains("webhook_not_found"), "{gone:?}");
    assert!(gone.err.contains("request 0"), "{gone:?}");
}

#[tokio::test]
async fn what_failed_is_found_replayed_and_exported() {
    let stack = Stack::start().await;
    let receiver = Receiver::start().await;
    receiver.answer(Answer::status(500));
    let webhook = stack.webhook(&receiver.url()).await;
    let event = stack.send("order.paid", r#"{"amount":0.10}"#).await;
    let failed = ["deliveries", "list", "--status", "failed"];
    let delivery = until(&stack, &failed, 1).await.lines().remove(0);
    let delivery = delivery["id"].as_str().unwrap();

    let shown = stack
        .run(&["deliveries", "get", delivery, "-o", "table"])
        .await;
    for part in ["Attempts", "Request headers", "\"amount\": 0.10", "failed"] {
        assert!(shown.out.contains(part), "{part}: {shown:?}");
    }
    let got = stack.run(&["events", "get", &event]).await;
    assert!(got.out.contains("0.10"), "{got:?}");
    let events = stack.run(&["events", "list", "--since", "1h"]).await;
    let types: Vec<_> = events.lines().iter().map(|e| e["type"].clone()).collect();
    assert!(types.contains(&json!("order.paid")), "{types:?}");

    let letters = ["dead-letters", "list", "--webhook", &webhook];
    let letter = until(&stack, &letters, 1).await.lines().remove(0);
    let letter = letter["id"].as_str().unwrap();
    stack.run(&["dead-letters", "get", letter]).await;
    let nothing = stack.try_run(&["dead-letters", "retry"]).await;
    assert_eq!(nothing.code, 64, "{nothing:?}");

    receiver.answer(Answer::status(200));
    let replayed = stack.run(&["dead-letters", "retry", letter]).await.json();
    assert_eq!(replayed["status"], "done");
    assert_eq!(replayed["handed_over"], 1);
    let done = [
        "deliveries",
        "list",
        "--status",
        "success",
        "--event",
        &event,
    ];
    until(&stack, &done, 1).await;
    until(&stack, &letters, 0).await;

    let replayed = stack
        .run(&[
            "replay",
            "start",
            &webhook,
            "--since",
            "1h",
            "--event-type",
            "order.paid",
        ])
        .await
        .json();
    assert_eq!(
        (&replayed["status"], &replayed["handed_over"]),
        (&json!("done"), &json!(1))
    );
    let id = replayed["id"].as_str().unwrap();
    assert_eq!(stack.run(&["replay", "show", id]).await.json(), replayed);
    let detached = stack
        .run(&[
            "events",
            "replay",
            &event,
            "--webhook",
            &webhook,
            "--detach",
        ])
        .await;
    assert_eq!(detached.json()["kind"], "event");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deliveries.csv");
    let file = file.to_str().unwrap();
    stack
        .run(&["deliveries", "export", "--format", "csv", "--file", file])
        .await;
    let csv = std::fs::read_to_string(file).unwrap();
    assert!(csv.contains(delivery), "{csv}");
    let lines = stack
        .run(&["deliveries", "export", "--webhook", &webhook])
        .await;
    assert_eq!(lines.lines()[0]["id"], delivery);

    let health = stack.run(&["health"]).await.json();
    assert_eq!(health["total_webhooks"], 1);
}

#[tokio::test]
async fn lists_are_read_to_their_end() {
    let stack = Stack::start().await;
    stack.send("a.b", "{}").await;
    stack
        .run(&["send", "load.test", "{}", "--count", "1200"])
        .await;
    let all = ["events", "list", "--type", "load.test", "--all"];
    let events = until(&stack, &all, 1_200).await.lines();
    let ids: std::collections::HashSet<_> =
        events.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 1_200, "each once");
    let first = stack.run(&["events", "list", "--limit", "3"]).await;
    assert_eq!(first.lines().len(), 3);

    // A list that is counted through, not one with a cursor.
    for n in 0..3 {
        stack
            .run(&["tenants", "create", &format!("tenant-{n}")])
            .await;
    }
    let tenants = stack.run(&["tenants", "list", "--all"]).await;
    assert!(tenants.lines().len() >= 3, "{tenants:?}");
}

#[tokio::test]
async fn keys_say_who_may_do_what() {
    let stack = Stack::start().await;
    let key = stack
        .run(&[
            "keys",
            "create",
            "dashboard",
            "--role",
            "viewer",
            "--tenant",
            "acme",
        ])
        .await
        .json();
    assert_eq!(key["tenant"], "acme");
    let run = async |arguments: &[&str]| {
        let mut command = stack.command(arguments);
        command.env("POSTHORN_KEY", key["key"].as_str().unwrap());
        crate::stack::said(command).await
    };
    assert_eq!(run(&["webhooks", "list"]).await.code, 0);
    let refused = run(&["keys", "list"]).await;
    assert_eq!(refused.code, 77, "{refused:?}");
    let refused = run(&["send", "a.b", "{}"]).await;
    assert_eq!(refused.code, 77, "{refused:?}");
    let id = key["id"].as_str().unwrap();
    stack.run(&["keys", "revoke", id, "--yes"]).await;
    let listed = stack.run(&["keys", "list", "--tenant", "acme"]).await;
    assert!(!listed.out.contains(id), "{listed:?}");
}

#[tokio::test]
async fn event_types_are_imported() {
    let stack = Stack::start().await;
    let document = r#"{"event_types": [{"name": "order.paid", "category": "payment"}]}"#;
    let imported = stack.run(&["event-types", "import", document]).await;
    assert_eq!(imported.json()["created"], 1);
    let listed = stack
        .run(&["event-types", "list", "--category", "payment"])
        .await;
    assert_eq!(listed.lines()[0]["name"], "order.paid");
    let wrong = stack
        .try_run(&[
            "event-types",
            "import",
            r#"{"event_types": [{"nam": "x"}]}"#,
        ])
        .await;
    assert_eq!(wrong.code, 65, "{wrong:?}");
    assert!(wrong.err.contains("nam"), "{wrong:?}");
}
