//! What all tenants share: one of them may use up its own part, and the others do not notice.

use std::time::Duration;

use futures::future::join_all;
use posthorn_testkit::{Answer as Received, Receiver, eventually};
use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::fixture::{ADMIN, Answer, Api, SOON, json as with_json, send, webhook};

/// How long somebody waits at most who has nothing to do with what is going on.
const UNDISTURBED: Duration = Duration::from_secs(2);

/// An answer that another tenant's doings must not hold up.
async fn undisturbed(request: impl Future<Output = Answer>) -> Answer {
    timeout(UNDISTURBED, request)
        .await
        .expect("an answer in time")
}

/// A figure of the api's memory, such as `VmRSS`, in bytes.
fn memory(api: &Api, figure: &str) -> u64 {
    let path = format!("/proc/{}/status", api.service.id());
    let status = std::fs::read_to_string(path).unwrap();
    let line = status.lines().find(|line| line.starts_with(figure));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1));
    kibibytes.unwrap().parse::<u64>().unwrap() * 1024
}

#[tokio::test]
async fn an_array_of_millions_is_refused_without_its_memory() {
    let api = Api::start().await;
    let key = api.key("publisher", "acme").await;
    let before = memory(&api, "VmRSS");
    let array = format!("[{}1]", "1,".repeat(8_000_000 - 1));
    let request = api.request_as(&key, Method::POST, "/events");
    let refused = send(with_json(request, &array)).await;
    let problem = refused.is_problem(422, "validation_failed");
    assert!(problem.text.contains("1 to 1000 events"), "{refused:?}");
    let more = memory(&api, "VmHWM").saturating_sub(before);
    assert!(more < 64 * 1024 * 1024, "{more} bytes more");

    // Nor does an object with as many members that cannot be there.
    let before = memory(&api, "VmRSS");
    let object = format!("{{{}\"type\":\"a\"}}", "\"a\":1,".repeat(4_000_000));
    let request = api.request_as(&key, Method::POST, "/events");
    let refused = send(with_json(request, &object)).await;
    refused.is_problem(422, "validation_failed");
    let more = memory(&api, "VmHWM").saturating_sub(before);
    assert!(more < 96 * 1024 * 1024, "{more} bytes more");
}

#[tokio::test]
async fn health_and_metrics_ask_nobody() {
    let api = Api::start().await;
    let before = api.link.accepted();
    let asks = (0..600).map(|n| {
        let path = ["/readyz", "/metrics", "/healthz"][n % 3];
        send(api.anonymous(Method::GET, path))
    });
    for answer in join_all(asks).await {
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    // The connection that asks whether PostgreSQL answers is made again once a minute.
    let made = api.link.accepted() - before;
    assert!(made <= 2, "{made} connections to the database");
    api.link.stall();
    let ready = undisturbed(send(api.anonymous(Method::GET, "/readyz"))).await;
    assert_eq!(ready.status, 200, "{ready:?}");
}

#[tokio::test]
async fn tests_of_one_tenant_leave_others_theirs() {
    let api = Api::start_with(|setup| {
        setup
            .env("POSTHORN_ALLOW_HTTP", "true")
            .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8")
    })
    .await;
    let (silent, good) = (Receiver::start().await, Receiver::start().await);
    silent.answer(Received::hang());
    let (a, b) = (api.key("manager", "a").await, api.key("manager", "b").await);
    let create = async |key: &str, url: String| {
        let input = webhook(json!({"url": url, "timeout_seconds": 30}));
        let request = api.request_as(key, Method::POST, "/webhooks");
        let created = send(with_json(request, &input.to_string())).await;
        created.json["id"].as_str().unwrap().to_owned()
    };
    let of_a = create(&a, silent.url()).await;
    let of_b = create(&b, good.url()).await;
    let test = |key: &str, id: &str| {
        let path = format!("/webhooks/{id}/test");
        api.request_as(key, Method::POST, &path)
            .timeout(Duration::from_secs(60))
    };
    let under_way: Vec<_> = (0..64)
        .map(|_| tokio::spawn(send(test(&a, &of_a))))
        .collect();
    eventually(SOON, async || {
        let count = silent.count();
        (count >= 8).then_some(()).ok_or(count)
    })
    .await;
    let refused = undisturbed(send(test(&a, &of_a))).await;
    refused.is_problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "1");
    let probe = r#"{"url":"http://127.0.0.1:9/"}"#;
    let request = api.request_as(&a, Method::POST, "/webhooks/probe");
    send(with_json(request, probe))
        .await
        .is_problem(429, "rate_limited");

    let tested = undisturbed(send(test(&b, &of_b))).await;
    assert_eq!(tested.json["success"], true, "{tested:?}");
    assert_eq!(silent.count(), 8);
    for task in under_way {
        task.abort();
    }
}

#[tokio::test]
async fn a_tenants_slow_operations_leave_others_their_connections() {
    let api = Api::start().await;
    let (a, b) = (api.key("manager", "a").await, api.key("viewer", "b").await);
    let request = api.request_as(&a, Method::POST, "/webhooks");
    let created = send(with_json(request, &webhook(json!({})).to_string())).await;
    let path = format!("/webhooks/{}", created.json["id"].as_str().unwrap());

    // Every change waits for this row.
    let held = "BEGIN; SELECT version FROM configuration FOR UPDATE; SELECT pg_sleep(4); COMMIT";
    let waiting_for = |event: &str| {
        format!(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event{event}"
        )
    };
    let (sleeping, locked) = (waiting_for(" = 'PgSleep'"), waiting_for("_type = 'Lock'"));
    let changes = async {
        eventually(SOON, async || {
            let count = api.database.number(&sleeping).await;
            (count == 1).then_some(()).ok_or(count)
        })
        .await;
        let patch = || {
            let request = api.request_as(&a, Method::PATCH, &path);
            send(with_json(request, r#"{"name":"m"}"#))
        };
        join_all((0..20).map(|_| patch())).await
    };
    let others = async {
        eventually(SOON, async || {
            let count = api.database.number(&locked).await;
            (count >= 4).then_some(()).ok_or(count)
        })
        .await;
        for _ in 0..5 {
            let listed = undisturbed(api.get_as(&b, "/webhooks")).await;
            assert_eq!(listed.status, 200, "{listed:?}");
            let listed = undisturbed(api.get("/webhooks?tenant=b")).await;
            assert_eq!(listed.status, 200, "{listed:?}");
        }
        assert_eq!(api.database.number(&locked).await, 4);
    };
    let ((), _, ()) = tokio::join!(api.database.execute(held), changes, others);
    assert!(!api.service.log().contains("PostgreSQL is away"));
}

#[tokio::test]
async fn what_lies_deep_in_a_list_is_reached_by_the_cursor_alone() {
    let api = Api::start().await;
    for list in [
        "deliveries",
        "events",
        "dead-letters",
        "replays",
        "audit-log",
        "webhooks",
        "event-types",
        "api-keys",
        "tenants",
    ] {
        let at = async |offset: u32| api.get(&format!("/{list}?offset={offset}")).await;
        assert_eq!(at(10_000).await.status, 200, "{list}");
        let refused = at(10_001).await;
        let problem = refused.is_problem(422, "validation_failed");
        assert_eq!(problem.fields(), ["offset"], "{list}");
        assert!(problem.text.contains("use the cursor"), "{refused:?}");
    }
    for tenant in ["a", "b", "c"] {
        api.key("viewer", tenant).await;
    }
    // Lists that nobody could page deep before.
    for (list, items) in [
        ("audit-log", "entries"),
        ("api-keys", "api_keys"),
        ("tenants", "tenants"),
    ] {
        let whole = api.get(&format!("/{list}")).await.json;
        let first = api.get(&format!("/{list}?limit=1")).await.json;
        assert_eq!(first["has_more"], true, "{first}");
        let cursor = first["next_cursor"].to_string();
        let cursor = cursor.trim_matches('"');
        let rest = api.get(&format!("/{list}?cursor={cursor}")).await.json;
        let mut both = first[items].as_array().unwrap().clone();
        both.extend(rest[items].as_array().unwrap().iter().cloned());
        assert_eq!(json!(both), whole[items]);
        assert_eq!(
            (&rest["has_more"], &rest["next_cursor"]),
            (&json!(false), &json!(null))
        );
    }
}

#[tokio::test]
async fn a_tenant_has_no_more_webhooks_than_it_may() {
    let api = Api::start_with(|setup| setup.env("POSTHORN_WEBHOOKS_PER_TENANT", "3")).await;
    let create = |tenant: &str| {
        let path = format!("/webhooks?tenant={tenant}");
        let body = webhook(json!({})).to_string();
        send(with_json(api.request(Method::POST, &path), &body))
    };
    let answers = join_all((0..6).map(|_| create("a"))).await;
    let (created, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == 201);
    assert_eq!((created.len(), refused.len()), (3, 3));
    for answer in refused {
        answer.is_problem(422, "too_many_webhooks");
    }
    assert_eq!(create("b").await.status, 201);
    let id = created[0].json["id"].as_str().unwrap();
    // What is there can be changed, and makes room when it goes.
    let patched = api
        .patch(&format!("/webhooks/{id}?tenant=a"), &json!({"name": "m"}))
        .await;
    assert_eq!(patched.status, 200, "{patched:?}");
    api.delete(&format!("/webhooks/{id}?tenant=a")).await;
    assert_eq!(create("a").await.status, 201);
}

/// A request of which `body` has come and the rest does not come.
async fn unfinished(api: &Api, key: &str, announced: usize, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(api.service.address()).await.unwrap();
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {announced}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    stream
}

#[tokio::test]
async fn bodies_that_never_end_take_one_keys_part_of_the_memory() {
    const MEBIBYTE: usize = 1024 * 1024;
    let api = Api::start_with(|setup| {
        setup
            .env("POSTHORN_REQUEST_BYTES_MAX", MEBIBYTE.to_string())
            .env(
                "POSTHORN_REQUEST_BODIES_BYTES_MAX",
                (2 * MEBIBYTE).to_string(),
            )
    })
    .await;
    let (a, b) = (
        api.key("publisher", "a").await,
        api.key("publisher", "b").await,
    );
    let publish = async |key: &str| {
        let event = json!({"type": "a", "data": "x".repeat(200 * 1024)}).to_string();
        send(with_json(
            api.request_as(key, Method::POST, "/events"),
            &event,
        ))
        .await
    };
    // What is only announced takes nothing.
    let announced = unfinished(&api, &a, MEBIBYTE, b"[").await;
    assert_eq!(publish(&a).await.status, 202);
    let held = unfinished(&api, &a, MEBIBYTE, &vec![b' '; 900 * 1024]).await;
    // Not before all of it has come: the smaller one might find room, and this one none.
    let all_came = format!("posthorn_request_bodies_bytes {}", 900 * 1024 + 1);
    eventually(SOON, async || {
        let (_, metrics) = api.service.get("/metrics").await.unwrap();
        metrics.contains(&all_came).then_some(()).ok_or(metrics)
    })
    .await;
    let refused = publish(&a).await;
    refused.is_problem(503, "server_busy");
    assert_eq!(refused.header("retry-after"), "1");
    let accepted = undisturbed(publish(&b)).await;
    assert_eq!(accepted.status, 202, "{accepted:?}");
    drop((announced, held));
    eventually(SOON, async || {
        let answer = publish(&a).await;
        (answer.status == 202).then_some(()).ok_or(answer)
    })
    .await;
}

#[tokio::test]
async fn silent_connections_keep_nobody_from_health() {
    let api = Api::start().await;
    let address = api.service.address();
    let mut silent = Vec::new();
    for _ in 0..2_000 {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    for path in ["/healthz", "/readyz"] {
        let answer = undisturbed(send(api.anonymous(Method::GET, path))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert_eq!(undisturbed(api.get("/webhooks")).await.status, 200);
    // The first of them had to go.
    let mut nothing = [0; 1];
    let read = timeout(SOON, silent[0].read(&mut nothing)).await.unwrap();
    assert!(!matches!(read, Ok(1..)), "{read:?}");
}

/// Writes what a deliverer would have written: a delivery that failed.
async fn failed_delivery(api: &Api) -> String {
    let created = api.webhook(json!({})).await;
    let webhook = created["id"].as_str().unwrap();
    let (event, delivery) = (
        "01949e5c-0000-7000-8000-000000000001",
        "01949e5c-0000-8000-8000-000000000001",
    );
    api.database
        .execute(&format!(
            "INSERT INTO events (id, tenant, event_type, timestamp, accepted_at, stream_sequence, data)
             VALUES ('{event}', 'default', 'a', '2025-01-25T12:00:00Z', '2025-01-25T12:00:01Z', 1, '1');
             INSERT INTO deliveries (id, webhook_id, event_id, created_at, attempt_count, status, tenant, event_type)
             VALUES ('{delivery}', '{webhook}', '{event}', '2025-01-25T12:00:01Z', 1, 3, 'default', 'a')"
        ))
        .await;
    delivery.to_owned()
}

/// Waits until no transaction is open in the database, and no lock held that recorders would wait for.
async fn holds_nothing(api: &Api, deadline: Duration) {
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                AND state LIKE 'idle in transaction%'";
    let locks = "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database \
                 WHERE d.datname = current_database() AND locktype = 'advisory'";
    eventually(deadline, async || {
        let held = (
            api.database.number(open).await,
            api.database.number(locks).await,
        );
        (held == (0, 0)).then_some(()).ok_or(held)
    })
    .await;
}

#[tokio::test]
async fn a_retry_that_waits_for_nats_holds_nothing_of_the_database() {
    let mut api = Api::start().await;
    let delivery = failed_delivery(&api).await;
    // What the api does at its start is done.
    holds_nothing(&api, SOON).await;
    api.nats.freeze();
    let api = &api;
    let retries = join_all((0..10).map(|_| {
        let path = format!("/deliveries/{delivery}/retry");
        send(api.request(Method::POST, &path))
    }));
    let others = async {
        let read = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND query LIKE '%FROM events%' AND state LIKE 'idle%'";
        eventually(SOON, async || {
            let count = api.database.number(read).await;
            (count > 0).then_some(()).ok_or(count)
        })
        .await;
        let listed = undisturbed(api.get("/webhooks?tenant=b")).await;
        assert_eq!(listed.status, 200, "{listed:?}");
        holds_nothing(api, UNDISTURBED).await;
    };
    let (answers, ()) = tokio::join!(retries, others);
    // Those that waited for the others of their own tenant are told so.
    for answer in answers {
        assert_eq!(answer.status, 503, "{answer:?}");
    }
    let status = "SELECT status::bigint FROM deliveries";
    assert_eq!(api.database.number(status).await, 3, "nothing was changed");
}

#[tokio::test]
async fn a_new_key_is_known_to_others_without_being_asked_for_and_a_deleted_one_forgotten() {
    let api = Api::start().await;
    let replica = api.replica().await;
    let key = api.key("viewer", "a").await;
    let ask = async |key: &str| {
        let client = crate::fixture::client();
        let request = client.get(replica.url("/api/v1/webhooks")).bearer_auth(key);
        send(request).await.status
    };
    assert_eq!(ask(&key).await, 200);
    let keys = api.get("/api-keys").await.json;
    let id = keys["api_keys"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(api.delete(&format!("/api-keys/{id}")).await.status, 204);
    eventually(SOON, async || {
        let status = ask(&key).await;
        (status == 401).then_some(()).ok_or(status)
    })
    .await;
    assert_eq!(ask(ADMIN).await, 200);
}
