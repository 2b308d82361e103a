//! Deliveries whose message is gone.

use posthorn_testkit::{Answer, Gate, Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Stack};

const DELIVERIES: &str = "POSTHORN_DELIVERIES";

/// A webhook of which one request hangs until the gate is open, and a second delivery that waits for that and has lost
/// its message; its event and its id.
async fn without_its_message(stack: &Stack, receiver: &Receiver, gate: &Gate) -> (String, String) {
    receiver.next(Answer::status(200).behind(gate));
    let fields = json!({"max_in_flight": 1, "timeout_seconds": 120});
    stack.webhook(&receiver.url(), fields).await;
    stack.publish("a.first", &json!(1)).await;
    receiver.wait_for(1).await;
    let event = stack.publish("a.second", &json!(2)).await;
    let waiting = stack.delivery(&event, "pending").await;
    assert!(waiting["next_retry_at"].is_string(), "{waiting}");
    let mut wire = stack.nats_wire().await;
    // It may be in somebody's hands for a moment, who hands it over again.
    eventually(DEADLINE, async || {
        wire.purge(DELIVERIES, "posthorn.deliveries.later.>").await;
        match wire.count(DELIVERIES, ">").await {
            0 => Ok(()),
            messages => Err(messages),
        }
    })
    .await;
    gate.open();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 1)
        .await;
    (event, waiting["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_delivery_that_lost_its_message_is_found_and_delivered() {
    let settings = [("POSTHORN_STRANDED_AFTER_SECONDS", "2")];
    let (stack, receiver) = (Stack::with(1, &settings).await, Receiver::start().await);
    let (event, _) = without_its_message(&stack, &receiver, &Gate::shut()).await;
    let done = stack.delivery(&event, "success").await;
    assert_eq!(done["attempt_count"], 1, "{done}");
    assert_eq!(receiver.requests().len(), 2);
    let mut healed = 0;
    for deliverer in &stack.deliverers {
        let (_, metrics) = deliverer.get("/metrics").await.unwrap();
        let name = "posthorn_deliveries_stranded_total";
        let line = metrics.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.rsplit(' ').next());
        healed += value.unwrap().parse::<u64>().unwrap();
    }
    assert!(healed >= 1, "by the sweeper");
    stack.messages(DELIVERIES, ">", 0).await;
}

#[tokio::test]
async fn a_delivery_that_lost_its_message_can_be_retried_by_hand() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let (event, id) = without_its_message(&stack, &receiver, &Gate::shut()).await;
    let path = format!("/deliveries/{id}/retry");
    // Refused while its message may still come.
    eventually(DEADLINE, async || {
        let reply = stack.request("POST", &path, &Value::Null).await;
        match reply.status {
            202 => Ok(()),
            _ => Err(reply),
        }
    })
    .await;
    let done = stack.delivery(&event, "success").await;
    assert_eq!(done["attempts"][0]["manual"], true, "{done}");
    assert_eq!(receiver.requests().len(), 2);
}

/// A run that was asked for has lost its message, and the delivery's dead letter is retried: nothing is handed over then,
/// and the letter stays. It may be the last copy of its event.
#[tokio::test]
async fn a_dead_letter_that_is_not_handed_over_stays() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(500));
    stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    let failed = stack.delivery(&event, "failed").await;
    let letter = stack.dead_letters("", 1).await.remove(0);
    stack.deliverers[0].kill();
    let path = format!("/deliveries/{}/retry", failed["id"].as_str().unwrap());
    let reply = stack.request("POST", &path, &Value::Null).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    stack.nats_wire().await.purge(DELIVERIES, ">").await;
    stack.deliverers[0].restart().await;

    let asked = format!("/dead-letters/retry?ids={}", letter["id"].as_str().unwrap());
    let reply = stack.request("POST", &asked, &Value::Null).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    stack
        .rows("SELECT count(*) FROM replays WHERE status = 'done'", 1)
        .await;
    assert_eq!(
        stack.dead_letters("", 1).await.remove(0)["id"],
        letter["id"]
    );

    // By hand it is on its way again, and the letter goes with its success.
    eventually(DEADLINE, async || {
        stack.request("POST", &path, &Value::Null).await;
        match receiver.requests().len() {
            2 => Ok(()),
            requests => Err(requests),
        }
    })
    .await;
    stack.delivery(&event, "success").await;
    stack.dead_letters("", 0).await;
}
