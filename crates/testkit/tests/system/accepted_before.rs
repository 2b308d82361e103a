//! An event is for those that wanted it when it was accepted, whatever happens to them before somebody comes to it.

use posthorn_testkit::{Answer, Gate, Receiver};
use serde_json::{Value, json};

use crate::stack::{Hook, Stack};

/// Not those that Posthorn publishes about itself.
const EVENTS: &str = "SELECT count(*) FROM events WHERE event_type LIKE 'a.%'";

impl Stack {
    async fn change(&self, hook: &Hook, change: &Value) {
        let path = format!("/webhooks/{}", hook.id);
        let reply = self.request("PATCH", &path, change).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }

    async fn switch(&self, hook: &Hook, to: &str) {
        let path = format!("/webhooks/{}/{to}", hook.id);
        let reply = self.request("POST", &path, &Value::Null).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

#[tokio::test]
async fn a_webhook_that_is_disabled_meanwhile_has_a_dead_letter() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    stack.deliverers[0].kill();
    let before = stack.publish("a.before", &json!(1)).await;
    stack.switch(&hook, "disable").await;
    stack.publish("a.after", &json!(2)).await;
    stack.deliverers[0].restart().await;
    let failed = stack.delivery(&before, "failed").await;
    assert_eq!(failed["error_message"], "the webhook was disabled");
    assert_eq!(failed["attempt_count"], 0);
    let letter = stack.dead_letters("", 1).await.remove(0);
    assert_eq!(letter["delivery_id"], failed["id"]);
    stack.rows(EVENTS, 2).await;
    stack.rows("SELECT count(*) FROM deliveries", 1).await;
    // It is as any other: delivered when it is asked for again.
    stack.switch(&hook, "enable").await;
    let reply = stack
        .request(
            "POST",
            "/dead-letters/retry",
            &json!({"webhook_id": hook.id}),
        )
        .await;
    assert_eq!(reply.status, 202, "{reply:?}");
    stack.delivery(&before, "success").await;
    assert_eq!(receiver.count(), 1);
}

#[tokio::test]
async fn a_webhook_whose_subscription_changes_meanwhile_gets_what_it_wanted_then() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    let fields = json!({"event_types": ["a.b"]});
    let types = stack
        .webhook(&receiver.url_of("/types"), fields.clone())
        .await;
    let filter = stack
        .webhook(&receiver.url_of("/filter"), fields.clone())
        .await;
    let both = stack
        .webhook(&receiver.url_of("/both"), fields.clone())
        .await;
    let off = stack.webhook(&receiver.url_of("/off"), fields).await;
    stack.deliverers[0].kill();
    stack.publish("a.b", &json!({"n": 1})).await;
    stack.change(&types, &json!({"event_types": ["x.y"]})).await;
    stack
        .change(&filter, &json!({"filter": "data.n > 5"}))
        .await;
    stack.change(&both, &json!({"event_types": ["x.y"]})).await;
    stack.switch(&both, "disable").await;
    stack
        .change(&both, &json!({"url": receiver.url_of("/moved")}))
        .await;
    stack.switch(&both, "enable").await;
    stack.change(&off, &json!({"event_types": ["x.y"]})).await;
    stack.switch(&off, "disable").await;
    // Accepted after all that.
    stack.publish("a.b", &json!({"n": 2})).await;
    stack.deliverers[0].restart().await;

    stack.rows(EVENTS, 2).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 3)
        .await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 3", 1)
        .await;
    stack.rows("SELECT count(*) FROM deliveries", 4).await;
    let letter = stack.dead_letters("", 1).await.remove(0);
    assert_eq!(letter["webhook_id"], off.id.as_str());
    let mut targets: Vec<_> = receiver.requests().into_iter().map(|r| r.target).collect();
    targets.sort();
    assert_eq!(targets, ["/filter", "/moved", "/types"]);
}

/// The attempt is recorded, its process dies before the retry is handed over, and the webhook does not want such events
/// any more.
#[tokio::test]
async fn a_retry_that_was_not_handed_over_is_made_though_the_subscription_changed() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.next(Answer::status(500).behind(&gate));
    let hook = stack
        .webhook(
            &receiver.url(),
            json!({"event_types": ["a.b"], "retry_schedule_seconds": [1]}),
        )
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(1).await;
    stack.nats_line.refuse();
    gate.open();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 2", 1)
        .await;
    stack.deliverers[0].kill();
    stack.change(&hook, &json!({"event_types": ["x.y"]})).await;
    stack.nats_line.resume();
    stack.deliverers[0].restart().await;
    let done = stack.delivery(&event, "success").await;
    assert_eq!(done["attempt_count"], 2, "{done}");
}

/// What is under way when the webhook is disabled ends as a dead letter if it fails, and does not wait for its retry.
async fn fails_after_its_webhook_was_disabled(
    disabled_by: impl AsyncFnOnce(&Stack, &Hook, &Receiver),
) {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.next(Answer::status(500).behind(&gate));
    let hook = stack
        .webhook(
            &receiver.url(),
            json!({"event_types": ["a.*"], "retry_schedule_seconds": [3600]}),
        )
        .await;
    let event = stack.publish("a.first", &json!(1)).await;
    receiver.wait_for(1).await;
    disabled_by(&stack, &hook, &receiver).await;
    // What waits was ended before: this is not among it.
    stack
        .rows(
            "SELECT count(*) FROM replays WHERE kind = 'disabled' AND status = 'done'",
            1,
        )
        .await;
    gate.open();
    let failed = stack.delivery(&event, "failed").await;
    assert_eq!(failed["error_message"], "the webhook was disabled");
    assert_eq!(failed["attempt_count"], 1, "{failed}");
    stack.dead_letters("?event_type=a.first", 1).await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
}

#[tokio::test]
async fn what_is_under_way_when_its_endpoint_says_that_it_is_gone_becomes_a_dead_letter() {
    fails_after_its_webhook_was_disabled(async |stack: &Stack, _: &Hook, receiver: &Receiver| {
        receiver.next(Answer::status(410));
        stack.publish("a.second", &json!(2)).await;
        stack
            .rows(
                "SELECT count(*) FROM webhooks WHERE disabled_reason = 'gone'",
                1,
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn what_is_under_way_when_somebody_disables_its_webhook_becomes_a_dead_letter() {
    fails_after_its_webhook_was_disabled(async |stack: &Stack, hook: &Hook, _: &Receiver| {
        stack.switch(hook, "disable").await;
    })
    .await;
}
