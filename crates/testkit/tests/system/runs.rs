//! Deliveries that somebody asks for again.

use posthorn_testkit::{Answer, Gate, Receiver};
use serde_json::{Value, json};

use crate::stack::Stack;

impl Stack {
    async fn retry(&self, delivery: &Value) -> Value {
        let id = delivery["id"].as_str().unwrap();
        let reply = self
            .request("POST", &format!("/deliveries/{id}/retry"), &Value::Null)
            .await;
        assert_eq!(reply.status, 202, "{reply:?}");
        reply.body
    }
}

fn manual(delivery: &Value) -> Vec<bool> {
    let attempts = delivery["attempts"].as_array().unwrap();
    attempts
        .iter()
        .map(|attempt| attempt["manual"].as_bool().unwrap())
        .collect()
}

#[tokio::test]
async fn a_failed_delivery_is_retried_by_hand_with_its_whole_policy_again() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    let hook = stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [1]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    let failed = stack.delivery(&event, "failed").await;

    let asked = stack.retry(&failed).await;
    assert_eq!(asked["status"], "retrying");
    assert!(asked["next_retry_at"].is_string(), "{asked}");
    let failed = stack.delivery(&event, "failed").await;
    assert_eq!(
        failed["attempt_count"], 4,
        "by hand, and one retry of its own"
    );
    assert_eq!(manual(&failed), [false, false, true, false]);
    let gap = |n: usize| {
        let requests = receiver.requests();
        (requests[n + 1].arrived_at - requests[n].arrived_at).as_secs_f64()
    };
    assert!((0.9..=1.5).contains(&gap(2)), "{}", gap(2));

    receiver.answer(Answer::status(200));
    stack.retry(&failed).await;
    let done = stack.delivery(&event, "success").await;
    assert_eq!(manual(&done), [false, false, true, false, true]);
    assert!(done["delivered_at"].is_string() && done["next_retry_at"].is_null());
    let ids: std::collections::HashSet<_> = receiver
        .requests()
        .iter()
        .map(|request| request.header("webhook-id").to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "the receiver can tell that it is the same");
    let webhook = stack.get(&format!("/webhooks/{}", hook.id)).await;
    assert_eq!(
        (
            &webhook["total_deliveries"],
            &webhook["successful_deliveries"]
        ),
        (&json!(1), &json!(1))
    );
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
}

#[tokio::test]
async fn a_retry_by_hand_takes_the_place_of_the_one_that_waits() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(503));
    stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [3_600]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    let waiting = stack.delivery(&event, "retrying").await;
    stack.messages("POSTHORN_DELIVERIES", ">", 1).await;
    stack.retry(&waiting).await;
    let done = stack.delivery(&event, "success").await;
    assert_eq!(manual(&done), [false, true]);
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    assert_eq!(receiver.requests().len(), 2);
}

#[tokio::test]
async fn asking_many_times_is_asking_once() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(500));
    stack
        .webhook(
            &receiver.url(),
            json!({"max_retries": 0, "timeout_seconds": 120}),
        )
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    let failed = stack.delivery(&event, "failed").await;
    // The attempt that was asked for has not ended while the others ask.
    let gate = Gate::shut();
    receiver.answer(Answer::status(200).behind(&gate));
    futures::future::join_all((0..20).map(|_| stack.retry(&failed))).await;
    receiver.wait_for(2).await;
    stack.retry(&failed).await;
    gate.open();
    let done = stack.delivery(&event, "success").await;
    assert_eq!(manual(&done), [false, true]);
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    assert_eq!(receiver.requests().len(), 2);
}

#[tokio::test]
async fn a_success_that_is_run_again_and_fails_is_no_success_any_more() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    let totals = async || {
        let webhook = stack.get(&format!("/webhooks/{}", hook.id)).await;
        (
            webhook["total_deliveries"].clone(),
            webhook["successful_deliveries"].clone(),
            webhook["last_delivery_status"].clone(),
        )
    };
    let done = stack.delivery(&event, "success").await;
    receiver.answer(Answer::status(500));
    stack.retry(&done).await;
    let failed = stack.delivery(&event, "failed").await;
    assert!(failed["delivered_at"].is_null(), "{failed}");
    assert_eq!(totals().await, (json!(1), json!(0), json!("failed")));
    receiver.answer(Answer::status(200));
    stack.retry(&failed).await;
    stack.delivery(&event, "success").await;
    assert_eq!(totals().await, (json!(1), json!(1), json!("success")));
}

/// What is asked for is a message in the queue: no deliverer needs to be there.
#[tokio::test]
async fn a_retry_asked_for_while_every_deliverer_is_down_is_made_when_one_is_back() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(500));
    stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    let failed = stack.delivery(&event, "failed").await;
    stack.deliverers[0].kill();
    stack.retry(&failed).await;
    stack.deliverers[0].restart().await;
    let done = stack.delivery(&event, "success").await;
    assert_eq!(manual(&done), [false, true]);
}
