//! One request of a delivery at a time, whoever asks for another meanwhile, and every one of them recorded.

use std::{
    collections::HashMap,
    mem::swap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use posthorn_testkit::{Answer, Gate, Receiver, eventually};
use serde_json::{Value, json};

use crate::{
    replays::finished,
    stack::{DEADLINE, Stack},
};

const EVENTS: usize = 10;
const SINCE: &str = "2020-01-01T00:00:00Z";

/// The deliveries of these events, each with as many recorded attempts as requests have come.
async fn all_recorded(stack: &Stack, receiver: &Receiver, ids: &[String]) -> Vec<Value> {
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    let mut deliveries = Vec::new();
    for id in ids {
        let delivery = stack.delivery(id, "success").await;
        let requests = receiver.requests();
        let requests = requests.iter().filter(|r| r.header("webhook-id") == id);
        let requests = requests.count();
        assert_eq!(delivery["attempt_count"], requests, "{delivery}");
        let attempts = delivery["attempts"].as_array().unwrap();
        assert_eq!(attempts.len(), requests, "{delivery}");
        deliveries.push(delivery);
    }
    deliveries
}

/// First attempts are under way, and their events are replayed before there is any record of them, one by one and by
/// the webhook; then, when they are shown as pending, retried by hand. A replay comes back for what has no record, and
/// leaves alone what has its whole policy before it.
#[tokio::test]
async fn a_first_attempt_that_is_under_way_is_the_only_request_of_its_delivery() {
    let (mut stack, receiver) = (Stack::with_deliverers(2).await, Receiver::start().await);
    let mut other_api = stack.another_api().await;
    let gate = Gate::shut();
    receiver.answer(Answer::status(200).behind(&gate));
    let fields = json!({"timeout_seconds": 120});
    let hook = stack.webhook(&receiver.url(), fields).await;
    let ids = stack.publish_numbered(0, EVENTS).await;
    receiver.wait_for(EVENTS).await;
    stack.rows("SELECT count(*) FROM events", 10).await;
    let mut replays = Vec::new();
    for id in &ids {
        replays.push(stack.replay(&format!("/events/{id}"), Value::Null).await);
        swap(&mut stack.api, &mut other_api);
    }
    let path = format!("/webhooks/{}", hook.id);
    replays.push(stack.replay(&path, json!({"since": SINCE})).await);

    for id in &ids {
        let pending = stack.delivery(id, "pending").await;
        let path = format!("/deliveries/{}/retry", pending["id"].as_str().unwrap());
        swap(&mut stack.api, &mut other_api);
        let reply = stack.request("POST", &path, &Value::Null).await;
        let refused = (reply.status, &reply.body["code"]);
        assert_eq!(refused, (409, &json!("delivery_pending")), "{reply:?}");
    }
    for replay in &replays {
        let replay = finished(&stack, replay).await;
        assert_eq!(replay["handed_over"], 0, "{replay}");
    }
    assert_eq!(receiver.requests().len(), EVENTS);
    gate.open();
    all_recorded(&stack, &receiver, &ids).await;
    assert_eq!(receiver.requests().len(), EVENTS);
}

/// The last attempts of the policy are under way in two replicas, each is retried by hand through one api and its event
/// replayed through another. Who gets such a message waits for what comes of the attempt; it fails, and the run that was
/// asked for follows.
#[tokio::test]
async fn a_retry_that_is_under_way_is_the_only_request_of_its_delivery() {
    let (mut stack, receiver) = (Stack::with_deliverers(2).await, Receiver::start().await);
    let mut other_api = stack.another_api().await;
    let (gate, is_open) = (Gate::shut(), Arc::new(AtomicBool::new(false)));
    let second_at_once = Arc::new(Mutex::new(Vec::new()));
    receiver.answer_with({
        let (gate, is_open, second_at_once) =
            (gate.clone(), is_open.clone(), second_at_once.clone());
        let requests: Mutex<HashMap<String, usize>> = Mutex::default();
        move |request| {
            let id = request.header("webhook-id").to_owned();
            let mut requests = requests.lock().unwrap();
            let number = requests.entry(id.clone()).or_default();
            *number += 1;
            match number {
                1 => Answer::status(500),
                2 => Answer::status(500).behind(&gate),
                _ => {
                    if !is_open.load(Ordering::SeqCst) {
                        second_at_once.lock().unwrap().push(id);
                    }
                    Answer::status(200)
                }
            }
        }
    });
    let fields = json!({"timeout_seconds": 120, "retry_schedule_seconds": [1]});
    stack.webhook(&receiver.url(), fields).await;
    let ids = stack.publish_numbered(0, EVENTS).await;
    receiver.wait_for(2 * EVENTS).await;
    let mut wire = stack.nats_wire().await;
    let before = wire.given_out().await;
    for id in &ids {
        let delivery = stack.delivery(id, "retrying").await;
        let path = format!("/deliveries/{}/retry", delivery["id"].as_str().unwrap());
        let reply = stack.request("POST", &path, &Value::Null).await;
        assert_eq!(reply.status, 202, "{reply:?}");
        swap(&mut stack.api, &mut other_api);
        let replay = stack.replay(&format!("/events/{id}"), Value::Null).await;
        finished(&stack, &replay).await;
    }
    // All that was asked for has come to one of the replicas.
    let asked = u64::try_from(EVENTS).unwrap();
    eventually(DEADLINE, async || match wire.given_out().await - before {
        given_out if given_out >= asked => Ok(()),
        given_out => Err(given_out),
    })
    .await;
    is_open.store(true, Ordering::SeqCst);
    gate.open();

    for delivery in all_recorded(&stack, &receiver, &ids).await {
        let attempts = delivery["attempts"].as_array().unwrap().iter();
        let attempts: Vec<_> = attempts
            .map(|attempt| (attempt["status_code"].clone(), attempt["manual"] == true))
            .collect();
        let expected = [(500, false), (500, false), (200, true)];
        assert_eq!(
            attempts,
            expected.map(|(status, manual)| (json!(status), manual)),
            "{delivery}"
        );
    }
    let second_at_once = std::mem::take(&mut *second_at_once.lock().unwrap());
    assert!(second_at_once.is_empty(), "{second_at_once:?}");
    stack.dead_letters("", 0).await;
}
