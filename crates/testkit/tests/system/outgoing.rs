//! What requests carry beside the standard payload: tests, chat services.

use posthorn_testkit::Receiver;
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
