//! `posthorn doctor` against an installation that is well, and against one that is broken in turn.

use std::process::Command;

use posthorn_testkit::{Receiver, TestDatabase, TestNats, TestPgBouncer};
use serde_json::{Value, json};

use crate::{
    api::Api,
    posthorn,
    stack::{ADMIN_KEY, MASTER_KEY, Said, Stack, said},
};

fn doctor(stack: &Stack, more: &[&str]) -> Command {
    let mut command = stack.command(&[&["doctor"], more].concat());
    command
        .env("POSTHORN_NATS_URL", stack.nats.url())
        .env("POSTHORN_DATABASE_URL", stack.database.url())
        .env("POSTHORN_MASTER_KEY", MASTER_KEY)
        .env("POSTHORN_DELIVERER_URLS", stack.deliverer.url(""));
    command
}

/// The findings of a level, as `part: what`.
fn found(said: &Said, level: &str) -> Vec<String> {
    let checks = said.json()["checks"].clone();
    let checks = checks.as_array().unwrap().iter();
    checks
        .filter(|check| check["level"] == level)
        .map(|check| {
            let text = |name: &str| check[name].as_str().unwrap().to_owned();
            if level != "ok" {
                assert!(!text("advice").is_empty(), "{check}");
            }
            format!("{}: {}", text("part"), text("what"))
        })
        .collect()
}

/// What is wrong beside the server of the tests, which does not write to disk for their sake; the exit code agrees.
fn problems(said: &Said) -> Vec<String> {
    let mut problems = found(said, "problem");
    assert_eq!(said.code, i32::from(!problems.is_empty()), "{said:?}");
    problems.retain(|what| !what.contains("fsync is off"));
    problems
}

fn has(found: &[String], words: &str) {
    assert!(
        found.iter().any(|what| what.contains(words)),
        "{words}: {found:#?}"
    );
}

#[tokio::test]
async fn a_sound_installation_is_found_sound() {
    let stack = Stack::start().await;
    let receiver = Receiver::start().await;
    stack.webhook(&receiver.url()).await;
    let healthy = said(doctor(&stack, &[])).await;
    assert_eq!(problems(&healthy), Vec::<String>::new());
    assert_eq!(found(&healthy, "warning"), Vec::<String>::new());
    let ok = found(&healthy, "ok");
    for words in [
        "api: http://127.0.0.1",
        "api: its clock agrees",
        "api: the key is good",
        "api: webhooks: 1, none unhealthy",
        "deliverer: http://127.0.0.1",
        "settings: every setting can be read",
        "nats: server",
        "nats: stream POSTHORN_EVENTS",
        "nats: consumer deliverer of POSTHORN_DELIVERIES",
        "nats: consumer index of POSTHORN_DEAD_LETTERS",
        "postgresql: PostgreSQL",
        "postgresql: all",
        "postgresql: partitions of events: 7 days ahead",
        "secrets: all 1 values are under the first master key",
        "egress: webhooks reach public addresses alone",
    ] {
        has(&ok, words);
    }
    let table = said(doctor(&stack, &["--output", "table"])).await;
    assert!(table.out.contains("ok        secrets"), "{table:?}");
    assert!(table.out.contains("→ name its monitoring"), "{table:?}");
}

#[tokio::test]
async fn what_is_broken_is_named() {
    let mut stack = Stack::start().await;
    let receiver = Receiver::start().await;
    stack.webhook(&receiver.url()).await;
    let (empty_nats, empty_database) = (TestNats::start().await, TestDatabase::create().await);
    let other_key = "b3RoZXIgbWFzdGVyIGtleSBvZiAzMiBieXRlcyBoZXI=";
    let pooler = TestPgBouncer::start("pool_mode = transaction").await;
    let cases: [(&str, String, &str); 11] = [
        (
            "POSTHORN_KEY",
            "wrong".to_owned(),
            "the key is not accepted",
        ),
        (
            "POSTHORN_API_URL",
            "http://127.0.0.1:1".to_owned(),
            "cannot reach Posthorn",
        ),
        (
            "POSTHORN_DELIVERER_URLS",
            "http://127.0.0.1:1".to_owned(),
            "cannot reach http://127.0.0.1:1",
        ),
        (
            "POSTHORN_NATS_URL",
            empty_nats.url(),
            "stream POSTHORN_EVENTS is not there",
        ),
        (
            "POSTHORN_NATS_URL",
            "nats://127.0.0.1:1".to_owned(),
            "no NATS server answered",
        ),
        (
            "POSTHORN_DATABASE_URL",
            empty_database.url(),
            "has no schema",
        ),
        (
            "POSTHORN_DATABASE_URL",
            empty_database.url_via(&pooler.address()),
            "needs pool_mode = session",
        ),
        (
            "POSTHORN_DATABASE_URL",
            "postgres://127.0.0.1:1/x".to_owned(),
            "postgresql: ",
        ),
        (
            "POSTHORN_MASTER_KEY",
            other_key.to_owned(),
            "which is not in POSTHORN_MASTER_KEY",
        ),
        (
            "POSTHORN_EGRESS_ALLOW",
            "0.0.0.0/0".to_owned(),
            "there is no guard at all",
        ),
        (
            "POSTHORN_RETENTION_DAYS",
            "never".to_owned(),
            "POSTHORN_RETENTION_DAYS",
        ),
    ];
    for (name, value, words) in cases {
        let mut command = doctor(&stack, &["--timeout", "2s"]);
        command.env(name, &value);
        let broken = said(command).await;
        has(&problems(&broken), words);
    }
    for (name, value, words) in [
        ("POSTHORN_ALLOW_HTTP", "true".to_owned(), "http:// URLs"),
        (
            "POSTHORN_EGRESS_ALLOW",
            "127.0.0.0/8".to_owned(),
            "this machine itself",
        ),
        (
            "POSTHORN_MASTER_KEY",
            format!("{other_key},{MASTER_KEY}"),
            "older key",
        ),
        ("POSTHORN_RETENTION_DAYS", "3".to_owned(), "max_age"),
    ] {
        let mut command = doctor(&stack, &[]);
        command.env(name, &value);
        let warned = said(command).await;
        assert_eq!(problems(&warned), Vec::<String>::new(), "{name}={value}");
        has(&found(&warned, "warning"), words);
    }

    // Nobody takes what is published.
    stack.deliverer.terminate();
    stack.deliverer.exit().await;
    stack.send("left.behind", "{}").await;
    let broken = said(doctor(&stack, &[])).await;
    has(&problems(&broken), "1 messages wait, and nobody takes them");
}

#[tokio::test]
async fn it_works_with_what_it_is_given() {
    let stack = Stack::start().await;
    let alone = said(stack.command(&["doctor"])).await;
    assert_eq!(alone.code, 0, "{alone:?}");
    has(&found(&alone, "skipped"), "installation: NATS, PostgreSQL");
    let mut command = posthorn(&["doctor", "--api", &stack.api.url("")]);
    command.env_remove("POSTHORN_KEY");
    let keyless = said(command).await;
    assert_eq!(keyless.code, 0, "{keyless:?}");
    has(&found(&keyless, "skipped"), "no key was given");

    // A reader sees no more than it may, and that is no problem.
    let key = stack
        .run(&["keys", "create", "viewer", "--role", "viewer"])
        .await
        .json();
    let mut command = stack.command(&["doctor"]);
    command.env("POSTHORN_KEY", key["key"].as_str().unwrap());
    assert_eq!(said(command).await.code, 0);
    assert_ne!(key["key"], Value::from(ADMIN_KEY));
}

/// What stand-ins say: a deliverer of another version, one that is not ready, a key that ends, servers of NATS.
#[tokio::test]
async fn versions_keys_and_disks_are_looked_at() {
    let api = Api::start(4, |asked| {
        let path = asked.head.split(' ').nth(1).unwrap();
        let body = match path {
            "/readyz" => json!({"dependencies": {"nats": {"ok": true, "required": true},
                "postgresql": {"ok": false, "required": false}}}),
            "/api/v1/session" => json!({"name": "old", "role": "admin", "tenant": null,
                "expires_at": "2020-01-01T00:00:00Z", "version": "9.9.9"}),
            "/api/v1/webhooks/health" => json!({"total_webhooks": 3, "unhealthy_webhooks": 2}),
            "/api/v1/queue" => json!({"events": 1, "ready": 2, "scheduled": 3}),
            other => panic!("{other}"),
        };
        (200, body.to_string())
    });
    let other_version = Api::start(2, |asked| {
        if asked.head.starts_with("GET /readyz ") {
            return (200, "{}".to_owned());
        }
        let metrics = "posthorn_build_info{version=\"9.9.8\"} 1\n";
        (200, metrics.to_owned())
    });
    let not_ready = Api::start(2, |asked| {
        let readiness = json!({"dependencies": {"nats": {"ok": false, "required": true}}});
        match asked.head.starts_with("GET /readyz ") {
            true => (503, readiness.to_string()),
            false => (200, String::new()),
        }
    });
    let varz = |config: Value| {
        Api::start(1, move |_| {
            let jetstream = json!({"config": config, "stats": {"storage": 95}});
            (200, json!({ "jetstream": jetstream }).to_string())
        })
    };
    let monitor = varz(json!({"sync_interval": 120_000_000_000_u64, "max_storage": 100}));
    let command = posthorn(&[
        "doctor",
        "--api",
        &api.url,
        "--key",
        "phk_x",
        "--deliverer",
        &other_version.url,
        "--deliverer",
        &not_ready.url,
        "--nats-monitor",
        &monitor.url,
    ]);
    let told = said(command).await;
    assert_eq!(told.code, 1, "{told:?}");
    let problems = found(&told, "problem");
    has(&problems, "is not ready: it does not reach nats");
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let warnings = found(&told, "warning");
    for words in [
        "does not reach postgresql; publishing works",
        "it ends 2020-01-01T00:00:00Z",
        "2 of 3 webhooks fail more often",
        "has version 9.9.8, the api 9.9.9",
        "reach the disk within 120 s",
        "JetStream takes 95 of 100 bytes",
    ] {
        has(&warnings, words);
    }

    for (config, level, words) in [
        (json!({"sync_always": true}), "ok", "on disk before"),
        (Value::Null, "problem", "runs without JetStream"),
    ] {
        let monitor = varz(config);
        let command = posthorn(&[
            "doctor",
            "--api",
            "http://127.0.0.1:1",
            "--nats-monitor",
            &monitor.url,
        ]);
        has(&found(&said(command).await, level), words);
    }
}
