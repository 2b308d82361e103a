//! Connections that receivers close under a request: no attempt is wasted on them.

use std::{collections::HashSet, sync::Mutex};

use posthorn_testkit::{Answer, Receiver};
use serde_json::json;

use crate::stack::Stack;

/// A receiver that takes one request of each connection, keeps it, and closes it without a word when the next one comes.
#[tokio::test]
async fn a_receiver_that_closes_what_it_keeps_costs_no_attempt() {
    const EVENTS: usize = 20;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let used = Mutex::new(HashSet::new());
    receiver.answer_with(move |request| {
        if used.lock().unwrap().insert(request.connection) {
            Answer::status(200)
        } else {
            Answer::close()
        }
    });
    stack.webhook(&receiver.url(), json!({})).await;
    for n in 0..EVENTS {
        let event = stack.publish("user.created", &json!({ "n": n })).await;
        let delivery = stack.delivery(&event, "success").await;
        assert_eq!(delivery["attempt_count"], 1, "{delivery}");
        assert_eq!(delivery["attempts"].as_array().unwrap().len(), 1);
    }
    // One request of each connection was answered, and the second one went again.
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2 * EVENTS - 1);
    assert_eq!(receiver.connections(), EVENTS);
    for pair in requests[1..].chunks(2) {
        assert_eq!(pair[0].headers, pair[1].headers);
        assert_eq!(pair[0].body, pair[1].body);
    }
    let (_, metrics) = stack.deliverers[0].get("/metrics").await.unwrap();
    let counted = format!(
        "posthorn_requests_sent_again_total{{reason=\"closed\"}} {}",
        EVENTS - 1
    );
    assert!(metrics.lines().any(|line| line == counted), "{metrics}");
}
