//! Requests that somebody asks for by hand: tests of webhooks and probes of URLs.

use posthorn_testkit::{Answer as Received, ReceivedRequest, Receiver};
use serde_json::{Value, json};

use crate::fixture::{Api, webhook};

/// An api that may call this machine.
async fn start() -> Api {
    Api::start_with(|setup| {
        setup
            .env("POSTHORN_ALLOW_HTTP", "true")
            .env("POSTHORN_EGRESS_ALLOW", "127.0.0.0/8")
    })
    .await
}

/// A port at which nobody listens.
async fn nobody() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/hook", listener.local_addr().unwrap())
}

fn path(webhook: &Value) -> String {
    format!("/webhooks/{}", webhook["id"].as_str().unwrap())
}

fn body(request: &ReceivedRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

#[tokio::test]
async fn a_test_is_one_real_signed_request_and_leaves_no_record() {
    let (api, receiver) = (start().await, Receiver::start().await);
    let created = api
        .webhook(json!({
            "url": receiver.url_of("/hook"), "enabled": false, "filter": "type == 'other'",
            "event_types": ["*", "user.created"], "auth": {"type": "bearer", "token": "s3cret"},
        }))
        .await;
    receiver.next(Received::status(200).body("thanks"));
    let test = format!("{}/test", path(&created));
    let given = r#"{"event_type": "user.updated", "data": {"n": 0.10, "u": "é\/"}}"#;
    let answer = api.send_json(reqwest::Method::POST, &test, given).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let mut result = answer.json;
    assert!(result["response_time_ms"].take().is_u64());
    let timings = &mut result["timings"];
    assert!(timings["connect_ms"].take().is_f64(), "{timings}");
    assert!(timings["first_byte_ms"].take().is_f64(), "{timings}");
    assert_eq!(
        result,
        json!({"success": true, "status_code": 200, "response_time_ms": null,
               "timings": {"dns_ms": null, "connect_ms": null, "tls_ms": null, "first_byte_ms": null},
               "response_body": "thanks", "failure": null, "error_message": null})
    );
    let request = receiver.wait_for(1).await.remove(0);
    let text = String::from_utf8(request.body.to_vec()).unwrap();
    assert!(
        text.ends_with(r#""data":{"n": 0.10, "u": "é\/"}}"#),
        "{text}"
    );
    assert_eq!(request.header("authorization"), "Bearer s3cret");
    assert_eq!(request.header("x-webhook-event"), "user.updated");
    assert!(request.header("webhook-signature").starts_with("v1,"));

    let deliveries = api.get("/deliveries").await.json;
    assert_eq!(deliveries["total"], 0, "{deliveries}");
    assert_eq!(api.get(&path(&created)).await.json["total_deliveries"], 0);
}

#[tokio::test]
async fn a_test_without_a_body_has_a_type_and_data_of_its_own() {
    let (api, receiver) = (start().await, Receiver::start().await);
    for (patterns, event_type) in [
        (json!(["*", "user.*"]), "webhook.test"),
        (json!(["*", "user.created", "a.b"]), "user.created"),
    ] {
        let created = api
            .webhook(json!({"url": receiver.url(), "event_types": patterns}))
            .await;
        let request = api.request(reqwest::Method::POST, &format!("{}/test", path(&created)));
        let answer = crate::fixture::send(request).await;
        assert_eq!(answer.json["success"], true, "{answer:?}");
        let request = receiver.requests().pop().unwrap();
        assert_eq!(body(&request)["type"], event_type);
        assert_eq!(body(&request)["data"]["test"], true);
    }
}

/// Nobody can publish an operational event, and everybody can see how a receiver takes one.
#[tokio::test]
async fn a_test_of_an_operational_event_has_data_as_a_real_one() {
    let (api, receiver) = (start().await, Receiver::start().await);
    let fields = json!({"url": receiver.url(), "event_types": ["webhook.failing"], "payload_format": "cloudevents"});
    let created = api.webhook(fields).await;
    let test = format!("{}/test", path(&created));
    for (asked, event_type) in [
        (json!({}), "webhook.failing"),
        (
            json!({"event_type": "delivery.exhausted"}),
            "delivery.exhausted",
        ),
    ] {
        let answer = api.post(&test, &asked).await;
        assert_eq!(answer.json["success"], true, "{answer:?}");
        let request = body(&receiver.requests().pop().unwrap());
        assert_eq!(request["type"], event_type);
        assert_eq!(request["source"], "posthorn", "{request}");
        assert_eq!(request["subject"], created["id"]);
        assert_eq!(request["data"]["status_code"], 503, "{request}");
    }
    let answer = api
        .post(
            &test,
            &json!({"event_type": "webhook.disabled", "data": {"own": 1}}),
        )
        .await;
    assert_eq!(answer.json["success"], true, "{answer:?}");
    let request = body(&receiver.requests().pop().unwrap());
    assert_eq!(request["data"], json!({"own": 1}));
}

#[tokio::test]
async fn a_test_tells_how_the_receiver_failed() {
    let (api, receiver) = (start().await, Receiver::start().await);
    let created = api.webhook(json!({"url": receiver.url()})).await;
    let test = format!("{}/test", path(&created));
    receiver.next(Received::status(500).body("x".repeat(20_000)));
    let failed = api.post(&test, &json!({})).await.json;
    assert_eq!(failed["success"], false);
    assert_eq!(failed["status_code"], 500);
    assert_eq!(failed["response_body"].as_str().unwrap().len(), 16 * 1024);
    let words = failed["error_message"].as_str().unwrap();
    assert!(words.contains("500 Internal Server Error"), "{words}");

    let unreachable = api.webhook(json!({"url": nobody().await})).await;
    let failed = api
        .post(&format!("{}/test", path(&unreachable)), &json!({}))
        .await
        .json;
    assert_eq!(failed["success"], false);
    assert_eq!(failed["status_code"], Value::Null);
    assert_eq!(failed["response_body"], Value::Null);
    assert_eq!(failed["failure"], "connection_refused");
    assert_eq!(
        failed["error_message"],
        "the receiver refused the connection"
    );

    for (input, field) in [
        (json!({"event_type": "a..b"}), "event_type"),
        (json!({"event": "a.b"}), "event"),
        (json!({"data": "x".repeat(300_000)}), "data"),
    ] {
        let answer = api.post(&test, &input).await;
        let problem = answer.is_problem(422, "validation_failed");
        assert_eq!(problem.fields(), [field]);
    }
    api.post(
        "/webhooks/01945c00-0000-7000-8000-000000000000/test",
        &json!({}),
    )
    .await
    .is_problem(404, "webhook_not_found");
}

#[tokio::test]
async fn the_guard_refuses_private_addresses_to_tests_and_probes() {
    let api = Api::start_with(|setup| setup.env("POSTHORN_ALLOW_HTTP", "true")).await;
    let receiver = Receiver::start().await;
    let created = api.webhook(json!({"url": receiver.url()})).await;
    let test = api
        .post(&format!("{}/test", path(&created)), &json!({}))
        .await;
    let probe = api
        .post("/webhooks/probe", &json!({"url": receiver.url()}))
        .await;
    for answer in [test, probe] {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json["failure"], "address_not_allowed", "{answer:?}");
        let words = answer.json["error_message"].as_str().unwrap();
        assert!(words.contains("not allowed"), "{words}");
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn a_probe_tells_whether_anybody_answers() {
    let (api, receiver) = (start().await, Receiver::start().await);
    receiver.next(Received::status(405));
    let found = api
        .post("/webhooks/probe", &json!({"url": receiver.url_of("/hook")}))
        .await
        .json;
    assert_eq!(found["reachable"], true, "{found}");
    assert_eq!(found["status_code"], 405);
    assert_eq!(receiver.requests()[0].method, "HEAD");
    let missing = api
        .post("/webhooks/probe", &json!({"url": nobody().await}))
        .await
        .json;
    assert_eq!(missing["reachable"], false, "{missing}");
    assert_eq!(missing["status_code"], Value::Null);
    assert_eq!(missing["failure"], "connection_refused");
    assert!(missing["error_message"].is_string());
    let answer = api
        .post("/webhooks/probe", &json!({"url": "ftp://example.com"}))
        .await;
    let problem = answer.is_problem(422, "invalid_webhook_url");
    assert_eq!(problem.fields(), ["url"]);
}

#[tokio::test]
async fn a_webhook_is_probed_before_it_is_taken_where_that_is_asked_for() {
    let (api, receiver) = (start().await, Receiver::start().await);
    let gone = webhook(json!({"url": nobody().await}));
    let refused = api.post("/webhooks?probe=true", &gone).await;
    let problem = refused.is_problem(422, "webhook_url_unreachable");
    assert_eq!(problem.fields(), ["url"]);
    assert_eq!(api.get("/webhooks").await.json["total"], 0);

    let there = webhook(json!({"url": receiver.url()}));
    let created = api.post("/webhooks?probe=true", &there).await;
    assert_eq!(created.status, 201, "{created:?}");
    let probed = format!("{}?probe=true", path(&created.json));
    for answer in [
        api.put(&probed, &gone).await,
        api.patch(&probed, &json!({"url": gone["url"]})).await,
    ] {
        answer.is_problem(422, "webhook_url_unreachable");
    }
    assert_eq!(api.patch(&probed, &json!({"name": "m"})).await.status, 200);
    assert_eq!(receiver.requests().len(), 2);
    // Without the wish nobody is asked.
    assert_eq!(api.put(&path(&created.json), &gone).await.status, 200);
    api.post("/webhooks?prob=true", &there)
        .await
        .is_problem(422, "validation_failed");
}
