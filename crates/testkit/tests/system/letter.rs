//! What the log says of a request is what was: the body that was sent, and a code for why no answer came.

use posthorn_testkit::{Answer, Receiver};
use serde_json::{Value, json};

use crate::stack::{Stack, now};

/// A port at which nobody listens.
async fn nobody() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}/hook", listener.local_addr().unwrap())
}

#[tokio::test]
async fn a_failure_has_a_code_and_an_answer_has_none() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer_with(|request| match &*request.target {
        "/hang" => Answer::hang(),
        "/close" => Answer::close(),
        "/nonsense" => Answer::raw("SSH-2.0-OpenSSH\r\n"),
        _ => Answer::status(503),
    });
    let urls = [
        ("a.refused", nobody().await, json!("connection_refused")),
        ("a.hang", receiver.url_of("/hang"), json!("timeout")),
        (
            "a.close",
            receiver.url_of("/close"),
            json!("connection_closed"),
        ),
        (
            "a.nonsense",
            receiver.url_of("/nonsense"),
            json!("invalid_response"),
        ),
        (
            "a.guarded",
            "http://169.254.169.254/latest".to_owned(),
            json!("address_not_allowed"),
        ),
        ("a.answered", receiver.url_of("/busy"), Value::Null),
    ];
    for (kind, url, failure) in urls {
        let fields = json!({"event_types": [kind], "max_retries": 0, "timeout_seconds": 1});
        stack.webhook(&url, fields).await;
        let event = stack.publish(kind, &json!(1)).await;
        let delivery = stack.delivery(&event, "failed").await;
        assert_eq!(delivery["failure"], failure, "{kind}: {delivery}");
        assert_eq!(delivery["attempts"][0]["failure"], failure, "{delivery}");
        assert!(delivery["error_message"].is_string(), "{delivery}");
        let letters = stack.dead_letters(&format!("?event_type={kind}"), 1).await;
        assert_eq!(letters[0]["failure"], failure, "{letters:?}");
    }
    let exported = stack
        .request("GET", "/deliveries/export?format=ndjson", &Value::Null)
        .await;
    assert_eq!(exported.status, 200, "{exported:?}");

    // Ended by no attempt.
    let hook = stack
        .webhook(
            &receiver.url_of("/busy"),
            json!({"event_types": ["b.waits"], "retry_schedule_seconds": [3600]}),
        )
        .await;
    let event = stack.publish("b.waits", &json!(1)).await;
    let waits = stack.delivery(&event, "retrying").await;
    assert_eq!(waits["failure"], Value::Null);
    let disable = format!("/webhooks/{}/disable", hook.id);
    stack.request("POST", &disable, &Value::Null).await;
    let ended = stack.delivery(&event, "failed").await;
    assert_eq!(ended["failure"], "webhook_disabled", "{ended}");
}

/// The settings change between a delivery and the look at it, in every way that would make another body.
#[tokio::test]
async fn the_payload_that_is_shown_is_the_one_that_was_sent() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack
        .webhook(&receiver.url(), json!({"payload_format": "standard"}))
        .await;
    let path = format!("/webhooks/{}", hook.id);
    let patches = [
        json!({"payload_format": "classic"}),
        json!({"payload_format": "raw"}),
        json!({"payload_format": "cloudevents"}),
        json!({"payload_format": null, "payload_template": "{\"n\": {{ data.n }}}"}),
        json!({"payload_template": null, "payload_format": "standard"}),
    ];
    let mut events = Vec::new();
    for patch in &patches {
        let event = stack.publish("a.b", &json!({"n": 1, "at": now()})).await;
        stack.delivery(&event, "success").await;
        events.push(event);
        let reply = stack.request("PATCH", &path, patch).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    let requests = receiver.wait_for(events.len()).await;
    let mut bodies = Vec::new();
    for event in &events {
        let sent = requests
            .iter()
            .find(|request| request.header("webhook-id") == event)
            .unwrap();
        let sent: Value = serde_json::from_slice(&sent.body).unwrap();
        let shown = stack.delivery(event, "success").await;
        assert_eq!(shown["request_payload"], sent, "{shown}");
        bodies.push(sent);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), events.len(), "each in another shape");
}
