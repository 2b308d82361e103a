//! NATS is there and does not take what it is given: it is full, or somebody has limited a stream.

use std::time::Duration;

use posthorn_testkit::{Answer, Gate, Receiver, TestNats, eventually};
use serde_json::json;

use crate::stack::{Stack, all_arrived};

const DEADLINE: Duration = Duration::from_secs(30);
/// An account that may keep 4 MiB.
const SMALL_ACCOUNT: &str = "accounts { A { jetstream { max_file: 4194304 }, users [{user: a, password: a}] } }\nno_auth_user: a";

/// Publishes what nobody wants until nothing more is taken.
async fn fill(stack: &Stack) {
    for bytes in [200_000, 20_000, 2_000, 200, 1] {
        let event = json!({"type": "filler.filler", "data": "x".repeat(bytes)});
        while stack.request("POST", "/events", &event).await.status == 202 {}
    }
}

async fn make_room(stack: &Stack) {
    let filter = json!({"filter": "posthorn.events.default.filler.filler"});
    let purged = stack
        .nats_wire()
        .await
        .request("$JS.API.STREAM.PURGE.POSTHORN_EVENTS", &filter.to_string())
        .await;
    assert_eq!(purged["success"], true, "{purged}");
}

/// Whatever is to be said and kept waits for room: the announcement that a webhook was disabled and the one that its
/// delivery failed, and the dead letter.
#[tokio::test]
async fn what_is_to_be_said_while_the_account_is_full_is_said_when_there_is_room() {
    let nats = TestNats::start_with(SMALL_ACCOUNT).await;
    let stack = Stack::on(nats, 1, &[]).await;
    let (gone, operator) = (Receiver::start().await, Receiver::start().await);
    let types = json!({"event_types": ["webhook.disabled", "delivery.exhausted"]});
    stack.webhook(&operator.url(), types).await;
    let hook = stack
        .webhook(&gone.url(), json!({"event_types": ["a.b"]}))
        .await;
    let gate = Gate::shut();
    gone.next(Answer::status(410).behind(&gate));
    stack.publish("a.b", &json!(1)).await;
    gone.wait_for(1).await;
    fill(&stack).await;
    gate.open();
    let path = format!("/webhooks/{}", hook.id);
    eventually(
        DEADLINE,
        async || match stack.get(&path).await["disabled_reason"].as_str() {
            Some("gone") => Ok(()),
            other => Err(other.map(str::to_owned)),
        },
    )
    .await;
    // It was tried, and refused.
    eventually(DEADLINE, async || {
        let log = stack.deliverers[0].log();
        if log.contains("announce") {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
    make_room(&stack).await;
    operator.wait_for(2).await;
    let mut said: Vec<_> = operator
        .requests()
        .iter()
        .map(|request| request.header("x-webhook-event").to_owned())
        .collect();
    said.sort();
    assert_eq!(said, ["delivery.exhausted", "webhook.disabled"]);
    stack.rows("SELECT count(*) FROM announcements", 0).await;
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 1).await;
}

/// A retry that could not be scheduled goes on when there is room.
#[tokio::test]
async fn a_retry_waits_for_room_and_is_made_once() {
    let nats = TestNats::start_with(SMALL_ACCOUNT).await;
    let stack = Stack::on(nats, 1, &[]).await;
    let receiver = Receiver::start().await;
    let gate = Gate::shut();
    receiver.next(Answer::status(500).behind(&gate));
    let fields = json!({"event_types": ["a.b"], "retry_schedule_seconds": [1]});
    stack.webhook(&receiver.url(), fields).await;
    let event = stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(1).await;
    fill(&stack).await;
    gate.open();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 2", 1)
        .await;
    // It was tried, and refused.
    eventually(DEADLINE, async || {
        let log = stack.deliverers[0].log();
        if log.contains("until NATS takes retries") {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
    make_room(&stack).await;
    all_arrived(&receiver, std::slice::from_ref(&event)).await;
    let done = stack.delivery(&event, "success").await;
    assert_eq!(done["attempt_count"], 2, "{done}");
    assert_eq!(receiver.requests().len(), 2);
}

/// The largest message of the stream is somebody's limit: what does not fit is given up with words, and holds nobody up.
#[tokio::test]
async fn a_delivery_that_its_stream_does_not_take_becomes_a_dead_letter() {
    let stack = Stack::start().await;
    let receiver = Receiver::start().await;
    receiver.answer(Answer::status(500));
    let mut wire = stack.nats_wire().await;
    for stream in ["POSTHORN_DELIVERIES", "POSTHORN_DEAD_LETTERS"] {
        let info = wire
            .request(&format!("$JS.API.STREAM.INFO.{stream}"), "")
            .await;
        let mut config = info["config"].clone();
        config["max_msg_size"] = json!(4_000);
        let updated = wire
            .request(
                &format!("$JS.API.STREAM.UPDATE.{stream}"),
                &config.to_string(),
            )
            .await;
        assert_eq!(updated["config"]["max_msg_size"], 4_000, "{updated}");
    }
    stack
        .webhook(&receiver.url(), json!({"max_retries": 3}))
        .await;
    let event = stack.publish("a.b", &json!("x".repeat(8_000))).await;
    let failed = stack.delivery(&event, "failed").await;
    let reason = failed["error_message"].as_str().unwrap();
    assert!(reason.contains("larger than NATS takes"), "{reason}");
    let letters = eventually(DEADLINE, async || {
        let list = stack.get("/dead-letters").await;
        match list["dead_letters"].as_array().map(Vec::len) {
            Some(1) => Ok(list),
            _ => Err(list),
        }
    })
    .await;
    let said = letters["dead_letters"][0]["reason"].as_str().unwrap();
    assert!(said.contains("max_msg_size"), "{said}");
    assert_eq!(receiver.requests().len(), 1);
    eventually(DEADLINE, async || match wire.unsettled().await {
        0 => Ok(()),
        unsettled => Err(unsettled),
    })
    .await;
}
