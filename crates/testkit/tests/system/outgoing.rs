//! What requests carry beside the standard payload: tests, chat services.

use posthorn_testkit::{Answer, Receiver};
use serde_json::{Value, json};

use crate::stack::{Stack, verify};

fn body(request: &posthorn_testkit::ReceivedRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

#[tokio::test]
async fn a_test_sends_what_a_delivery_sends() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    let data = json!({"name": "Ada"});
    let test = json!({"event_type": "user.created", "data": data});
    let path = format!("/webhooks/{}/test", hook.id);
    let reply = stack.request("POST", &path, &test).await;
    assert_eq!(reply.body["success"], true, "{reply:?}");
    stack.publish("user.created", &data).await;
    let requests = receiver.wait_for(2).await;
    let mut bodies = Vec::new();
    for request in &requests {
        verify(&hook.secret, request);
        let mut body = body(request);
        for member in ["id", "timestamp"] {
            body[member].take();
        }
        bodies.push(body);
    }
    assert_eq!(bodies[0], bodies[1]);
    let names = |index: usize| -> Vec<String> {
        let mut names: Vec<_> = requests[index]
            .headers
            .keys()
            .map(ToString::to_string)
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(0), names(1));
}

#[tokio::test]
async fn chat_services_get_their_own_messages() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let chats = [
        ("slack", json!({}), "/blocks/0/text/text"),
        ("discord", json!({}), "/embeds/0/title"),
        ("telegram", json!({"chat_id": "@alerts"}), "/text"),
        ("teams", json!({}), "/attachments/0/content/body/0/text"),
    ];
    for (kind, settings, _) in &chats {
        let fields = json!({"integration_type": kind, "integration": settings});
        stack
            .webhook(&receiver.url_of(&format!("/{kind}")), fields)
            .await;
    }
    let template =
        json!({"integration_type": "slack", "payload_template": "{\"text\": \"{{ type }}\"}"});
    stack.webhook(&receiver.url_of("/own"), template).await;

    let event = stack.publish("order.paid", &json!({"amount": 12})).await;
    let requests = receiver.wait_for(5).await;
    let to = |path: &str| body(requests.iter().find(|r| r.target == path).unwrap());
    for (kind, _, title) in chats {
        let message = to(&format!("/{kind}"));
        let title = message.pointer(title).unwrap().as_str().unwrap();
        assert!(title.contains("Order paid"), "{message}");
        assert!(message.to_string().contains("amount"), "{message}");
    }
    assert_eq!(to("/own"), json!({"text": "order.paid"}));

    // What was sent stays readable, also after the webhook has changed.
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 5)
        .await;
    let deliveries = stack.get(&format!("/deliveries?event_id={event}")).await;
    let mut kept = 0;
    for delivery in deliveries["deliveries"].as_array().unwrap() {
        let path = format!("/deliveries/{}", delivery["id"].as_str().unwrap());
        let sent = &stack.get(&path).await["request_payload"];
        kept += usize::from(requests.iter().any(|request| body(request) == *sent));
    }
    assert_eq!(kept, 5);
}

#[tokio::test]
async fn a_delivery_without_an_access_token_is_tried_again() {
    let (stack, receiver, tokens) = (
        Stack::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    tokens.answer(Answer::status(200).body(r#"{"access_token":"t0ken","expires_in":3600}"#));
    tokens.next(Answer::status(503));
    let auth = json!({
        "type": "oauth2", "token_url": tokens.url(), "client_id": "me", "client_secret": "hunter2",
    });
    let fields = json!({
        "auth": auth, "retry_delay_seconds": 1, "custom_headers": {"X-Api-Key": "k3y", "X-Plain": "shown"},
    });
    stack.webhook(&receiver.url(), fields).await;
    let event = stack.publish("user.created", &json!({"n": 1})).await;
    let delivery = stack.delivery(&event, "success").await;

    let attempts = delivery["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2, "{delivery}");
    assert_eq!(attempts[0]["failure"], "token_failed", "{delivery}");
    assert_eq!(
        attempts[0]["error_message"],
        "no access token: the token endpoint answered 503 Service Unavailable"
    );
    let requests = receiver.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].header("authorization"), "Bearer t0ken");
    assert_eq!(requests[0].header("x-api-key"), "k3y");
    // What was sent is in the record, but for what opens doors.
    // What it is for, only its owner knows.
    assert_eq!(delivery["request_headers"]["x-plain"], "[redacted]");
    assert_eq!(delivery["request_headers"]["x-api-key"], "[redacted]");
    let text = delivery.to_string();
    for secret in ["t0ken", "hunter2", "k3y"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn a_delay_that_a_chat_service_asks_for_in_its_answer_is_kept() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let limited = r#"{"ok":false,"error_code":429,"parameters":{"retry_after":3}}"#;
    receiver.next(Answer::status(429).body(limited));
    let fields = json!({
        "integration_type": "telegram", "integration": {"chat_id": 1}, "retry_delay_seconds": 1,
    });
    stack.webhook(&receiver.url(), fields).await;
    stack.publish("user.created", &json!({})).await;
    let requests = receiver.wait_for(2).await;
    let waited = requests[1].arrived_at - requests[0].arrived_at;
    assert!(waited.as_secs_f64() >= 2.9, "{waited:?}");
}
