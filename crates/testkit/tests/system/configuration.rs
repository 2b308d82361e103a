use posthorn_testkit::Receiver;
use serde_json::json;

use crate::stack::{Stack, all_arrived};

/// No replica may match against a snapshot from before the webhook.
#[tokio::test]
async fn a_webhook_gets_the_event_published_right_after_it_a_thousand_times_out_of_a_thousand() {
    let (stack, receiver) = (Stack::with_deliverers(3).await, Receiver::start().await);
    let mut ids = Vec::new();
    for n in 0..1_000 {
        let event_type = format!("just.created_{n}");
        stack
            .webhook(&receiver.url(), json!({"event_types": [event_type]}))
            .await;
        ids.push(stack.publish(&event_type, &json!(n)).await);
    }
    all_arrived(&receiver, &ids).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 1_000)
        .await;
    assert_eq!(receiver.requests().len(), 1_000, "each once");
}
