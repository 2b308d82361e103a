use posthorn_testkit::Receiver;
use serde_json::json;

use crate::{
    http::send,
    stack::{ADMIN_KEY, Stack, verify},
};

/// Numbers, escapes and 64-bit integers that no parse and print survives.
const DATA: &str = r#"{"n":0.10,"u":"é\/","big":12345678901234567890}"#;

#[tokio::test]
async fn an_event_from_nats_arrives_signed_and_byte_for_byte() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack
        .webhook(&receiver.url(), json!({"event_types": ["user.*"]}))
        .await;
    let mut wire = stack.nats_wire().await;
    let subject = "posthorn.events.default.user.created";
    let trace = (
        "traceparent",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    );
    let ack = wire.publish(subject, &[trace], DATA.as_bytes()).await;
    assert_eq!(ack["stream"], "POSTHORN_EVENTS", "{ack}");

    let request = receiver.wait_for(1).await.remove(0);
    verify(&hook.secret, &request);
    let body = std::str::from_utf8(&request.body).unwrap();
    assert!(body.ends_with(&format!(",\"data\":{DATA}}}")), "{body}");
    let id = request.header("webhook-id");
    assert!(
        body.starts_with(&format!(
            "{{\"id\":\"{id}\",\"type\":\"user.created\",\"timestamp\":\""
        )),
        "{body}"
    );
    assert_eq!(request.method, "POST");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("x-webhook-event"), "user.created");
    assert_eq!(request.header("traceparent"), trace.1);
    assert!(request.header("user-agent").starts_with("Posthorn/"));
    assert_eq!(
        request.header("x-webhook-signature").len(),
        "sha256=".len() + 64
    );

    let delivery = stack.delivery(id, "success").await;
    assert_eq!(delivery["id"], request.header("x-webhook-delivery"));
    assert_eq!(delivery["attempt_count"], 1);
    assert_eq!(delivery["status_code"], 200);
    let sent: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(delivery["request_payload"], sent);
    // Nothing is left to do.
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
}

#[tokio::test]
async fn an_event_from_http_arrives_byte_for_byte_at_each_webhook_that_wants_it() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    for (path, fields) in [
        ("/exact", json!({"event_types": ["user.created"]})),
        (
            "/prefix",
            json!({"event_types": ["user.*", "user.created"]}),
        ),
        ("/all", json!({"payload_format": "raw"})),
        ("/filtered", json!({"filter": "data.big > 1"})),
        ("/filtered-out", json!({"filter": "data.big < 1"})),
        (
            "/half-a-filter",
            json!({"filter": "data.absent == 1 or true"}),
        ),
        ("/other", json!({"event_types": ["users.*", "user"]})),
        ("/disabled", json!({"enabled": false})),
    ] {
        stack.webhook(&receiver.url_of(path), fields).await;
    }
    let authorization = format!("Bearer {ADMIN_KEY}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let event = format!(r#"{{"type":"user.created", "data": {DATA} }}"#);
    let reply = send(
        stack.api.address(),
        "POST",
        "/api/v1/events",
        &headers,
        &event,
    )
    .await
    .unwrap();
    assert_eq!(reply.status, 202, "{reply:?}");
    let id = reply.body["events"][0]["id"].as_str().unwrap();

    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 4)
        .await;
    let requests = receiver.requests();
    let mut paths: Vec<_> = requests
        .iter()
        .map(|request| request.target.as_str())
        .collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/all", "/exact", "/filtered", "/prefix"]);
    for request in &requests {
        assert_eq!(request.header("webhook-id"), id);
        let body = std::str::from_utf8(&request.body).unwrap();
        match request.target.as_str() {
            "/all" => assert_eq!(body, DATA),
            _ => assert!(body.ends_with(&format!(",\"data\":{DATA}}}")), "{body}"),
        }
    }
    let went_to = stack.get(&format!("/events/{id}/deliveries")).await;
    assert_eq!(went_to["deliveries"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_key_of_the_publishers_makes_one_event_of_two() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let event = json!({"type": "a.b", "data": 1, "idempotency_key": "order-1"});
    let first = stack.request("POST", "/events", &event).await.body;
    let second = stack.request("POST", "/events", &event).await.body;
    assert_eq!(first["events"][0]["duplicate"], false);
    assert_eq!(second["events"][0]["duplicate"], true);
    assert_eq!(first["events"][0]["id"], second["events"][0]["id"]);
    // The same key of another tenant is another event.
    let other = stack
        .request("POST", "/events?tenant=acme", &event)
        .await
        .body;
    assert_eq!(other["events"][0]["duplicate"], false);

    let last = stack.publish("a.last", &json!(2)).await;
    stack.delivery(&last, "success").await;
    assert_eq!(receiver.requests().len(), 2);
}

#[tokio::test]
async fn both_secrets_sign_during_a_rotation() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    let rotate = format!("/webhooks/{}/secret/rotate", hook.id);
    let new = stack.request("POST", &rotate, &json!({})).await.body["signing_secret"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(new, hook.secret);
    stack.publish("a.b", &json!(1)).await;
    let request = receiver.wait_for(1).await.remove(0);
    verify(&hook.secret, &request);
    verify(&new, &request);

    // What ends at once is the one that is replaced; the first was promised a day.
    let newest = stack
        .request("POST", &rotate, &json!({"overlap_seconds": 0}))
        .await
        .body;
    stack.publish("a.b", &json!(2)).await;
    let request = receiver.wait_for(2).await.remove(1);
    verify(newest["signing_secret"].as_str().unwrap(), &request);
    verify(&hook.secret, &request);
    assert_eq!(request.header("webhook-signature").split(' ').count(), 2);
}

#[tokio::test]
async fn a_second_rotation_leaves_the_first_its_time() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    let rotate = format!("/webhooks/{}/secret/rotate", hook.id);
    let mut secrets = vec![hook.secret.clone()];
    for _ in 0..2 {
        let rotated = stack.request("POST", &rotate, &json!({})).await.body;
        secrets.push(rotated["signing_secret"].as_str().unwrap().to_owned());
    }
    stack.publish("a.b", &json!(1)).await;
    let request = receiver.wait_for(1).await.remove(0);
    assert_eq!(request.header("webhook-signature").split(' ').count(), 3);
    for secret in &secrets {
        verify(secret, &request);
    }
}
