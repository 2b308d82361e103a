//! One thing that nobody can do for good holds up nothing else.

use posthorn_testkit::{Answer, Gate, Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Stack};

/// Another release's status, or a damaged row. More of them than there are looks at the database at a time, each due at
/// a moment of its own.
#[tokio::test]
async fn a_record_that_cannot_be_read_holds_up_no_other_retry() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [8, 1]}))
        .await;
    let mut all_damaged = Vec::new();
    for n in 0..4 {
        let damaged = stack.publish("a.damaged", &json!(n)).await;
        stack.delivery(&damaged, "retrying").await;
        all_damaged.push(damaged);
    }
    let good = stack.publish("a.good", &json!(2)).await;
    stack.delivery(&good, "retrying").await;
    let set_status = |status: u8| {
        format!("UPDATE deliveries SET status = {status} WHERE event_type = 'a.damaged'")
    };
    stack.database.execute(&set_status(9)).await;
    receiver.answer(Answer::status(200));
    stack.delivery(&good, "success").await;
    let sent = |event: &str| {
        let requests = receiver.requests();
        let of_event = requests.iter().filter(|r| r.header("webhook-id") == event);
        of_event.count()
    };
    for damaged in &all_damaged {
        assert_eq!(sent(damaged), 1, "nobody knows how it stands");
    }

    stack.database.execute(&set_status(2)).await;
    for damaged in &all_damaged {
        stack.delivery(damaged, "success").await;
        assert_eq!(sent(damaged), 2);
    }
    assert_eq!(sent(&good), 2);
}

/// The database will not take one letter. The others are listed, and that one when it takes it.
#[tokio::test]
async fn a_dead_letter_that_the_index_refuses_holds_up_no_other_and_is_not_forgotten() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    let fields = json!({"max_retries": 0, "event_types": ["a.b"]});
    let refused = stack.webhook(&receiver.url(), fields.clone()).await;
    for _ in 0..5 {
        stack.webhook(&receiver.url(), fields.clone()).await;
    }
    stack
        .database
        .execute(&format!(
            "ALTER TABLE dead_letters ADD CONSTRAINT refused CHECK (webhook_id <> '{}')",
            refused.id
        ))
        .await;
    stack.publish("a.b", &json!(1)).await;
    stack.dead_letters("", 5).await;
    stack
        .database
        .execute("ALTER TABLE dead_letters DROP CONSTRAINT refused")
        .await;
    // Offered again after the acknowledgement wait.
    stack
        .dead_letters(&format!("?webhook_id={}", refused.id), 1)
        .await;
}

/// A retry that is too large for a server whose bound was lowered stands before others, which are ended all the same.
#[tokio::test]
async fn a_waiting_retry_that_is_too_large_holds_up_no_other_when_its_webhook_is_disabled() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    let fields = json!({"retry_schedule_seconds": [3600], "event_types": ["a.*"]});
    let hook = stack.webhook(&receiver.url(), fields).await;
    let large = stack
        .publish("a.large", &json!("x".repeat(100 * 1024)))
        .await;
    stack.delivery(&large, "retrying").await;
    let small = stack.publish("a.small", &json!(1)).await;
    stack.delivery(&small, "retrying").await;
    stack.nats.configure("max_payload: 65536");
    stack.nats.restart().await;
    let path = format!("/webhooks/{}/disable", hook.id);
    let reply = stack.request("POST", &path, &Value::Null).await;
    assert_eq!(reply.status, 200, "{reply:?}");

    let small = stack.delivery(&small, "failed").await;
    assert_eq!(small["error_message"], "the webhook was disabled");
    let large = stack.delivery(&large, "failed").await;
    assert_eq!(large["attempt_count"], 1, "{large}");
    let letters = stack.dead_letters("", 2).await;
    assert!(
        letters.iter().all(|letter| letter["attempt_count"] == 1),
        "{letters:?}"
    );
}

/// Its event comes again, because another delivery of it was under way when the process died. Somebody has thrown the
/// dead letter away meanwhile. The window of duplicates is shorter than the acknowledgement wait, or the server would
/// take a second letter for a repetition of the first.
#[tokio::test]
async fn a_dead_letter_that_was_discarded_does_not_come_back_with_its_event() {
    let settings = [("POSTHORN_DUPLICATE_WINDOW_SECONDS", "1")];
    let (mut stack, receiver) = (Stack::with(1, &settings).await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.answer_with({
        let gate = gate.clone();
        move |request| match request.target.as_str() {
            "/fails" => Answer::status(500),
            _ => Answer::status(200).behind(&gate),
        }
    });
    let fields = json!({"max_retries": 0, "event_types": ["a.b"]});
    stack
        .webhook(&receiver.url_of("/fails"), fields.clone())
        .await;
    stack.webhook(&receiver.url_of("/slow"), fields).await;
    let event = stack.publish("a.b", &json!(1)).await;
    let letter = stack.dead_letters("", 1).await.remove(0);
    let path = format!("/dead-letters?ids={}", letter["id"].as_str().unwrap());
    let reply = stack.request("DELETE", &path, &Value::Null).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 0).await;
    stack.rows("SELECT count(*) FROM dead_letters", 0).await;

    stack.deliverers[0].kill();
    gate.open();
    stack.deliverers[0].restart().await;
    eventually(DEADLINE, async || {
        match stack.nats_wire().await.unsettled().await {
            0 => Ok(()),
            claims => Err(claims),
        }
    })
    .await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 1)
        .await;
    let requests = receiver.requests();
    let to_slow = requests.iter().filter(|r| r.target == "/slow").count();
    assert_eq!(to_slow, 2, "the event did come again: {event}");
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 0).await;
    stack.dead_letters("", 0).await;
}
