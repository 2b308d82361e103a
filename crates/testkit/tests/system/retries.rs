use std::{collections::HashSet, time::Duration};

use chrono::{DateTime, FixedOffset};
use posthorn_testkit::{Answer, Receiver, eventually};
use serde_json::{Value, json};

use crate::{
    nats_wire::WireMessage,
    stack::{DEADLINE, Stack, verify},
};

/// A schedule fires some milliseconds after its moment, and a busy machine adds its own.
const LATENESS: f64 = 0.25;

#[tokio::test]
async fn a_receiver_that_fails_twice_gets_a_third_attempt_on_time() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    // On new connections: a kept one that ends without an answer is replaced at once, and is no attempt.
    receiver.next(Answer::status(500).then_close());
    receiver.next(Answer::reset());
    let hook = stack
        .webhook(
            &receiver.url(),
            json!({"retry_schedule_seconds": [2, 4, 60]}),
        )
        .await;
    let event = stack.publish("user.created", &json!({"a": 1})).await;

    let waiting = stack.delivery(&event, "retrying").await;
    assert!(waiting["next_retry_at"].is_string(), "{waiting}");
    let delivery = stack.delivery(&event, "success").await;
    let requests = receiver.requests();
    assert_eq!(requests.len(), 3);
    for (pair, planned) in requests.windows(2).zip([2.0, 4.0]) {
        let waited = (pair[1].arrived_at - pair[0].arrived_at).as_secs_f64();
        assert!(
            (planned * 0.9..=planned * 1.1 + LATENESS).contains(&waited),
            "{waited} s instead of {planned} s"
        );
        assert_eq!(pair[0].header("webhook-id"), pair[1].header("webhook-id"));
        assert_eq!(pair[0].body, pair[1].body);
        let seconds = |n: usize| pair[n].header("webhook-timestamp").parse::<i64>().unwrap();
        assert!(
            seconds(1) > seconds(0),
            "each attempt has its own timestamp"
        );
    }
    requests
        .iter()
        .for_each(|request| verify(&hook.secret, request));

    assert_eq!(delivery["attempt_count"], 3);
    assert!(
        delivery["next_retry_at"].is_null() && delivery["delivered_at"].is_string(),
        "{delivery}"
    );
    let attempts = delivery["attempts"].as_array().unwrap();
    assert_eq!(
        attempts
            .iter()
            .map(|a| a["number"].as_u64().unwrap())
            .collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(attempts[0]["status_code"], 500);
    assert!(
        attempts[1]["status_code"].is_null() && attempts[1]["error_message"].is_string(),
        "{attempts:?}"
    );
    assert_eq!(attempts[2]["status_code"], 200);
    assert_eq!(
        stack
            .database
            .number("SELECT count(*) FROM deliveries")
            .await,
        1
    );
}

/// Their schedules lie so close together that the server fires them in steps of 250 ms. Each is attempted at its own due
/// time all the same, not with all the others of its step.
#[tokio::test]
async fn retries_of_many_that_failed_together_are_on_time() {
    const MANY: usize = 100;
    /// What a machine that is busy with other things may put together.
    const APART: i64 = 20;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    (0..MANY).for_each(|_| receiver.next(Answer::status(500)));
    // Due within a second: a fifth of the delay is jitter.
    let fields = json!({"event_types": ["load.test"], "retry_schedule_seconds": [5, 60]});
    stack.webhook(&receiver.url(), fields).await;
    stack.publish_numbered(0, MANY).await;
    let planned = eventually(DEADLINE, async || {
        let list = stack.get("/deliveries?status=retrying&limit=500").await;
        let found = list["deliveries"].as_array().unwrap().clone();
        (found.len() == MANY).then_some(found).ok_or(list)
    })
    .await;

    receiver.wait_for(2 * MANY).await;
    let mut starts = Vec::with_capacity(MANY);
    for delivery in &planned {
        let due = moment(&delivery["next_retry_at"]);
        let event = delivery["event_id"].as_str().unwrap();
        let delivery = stack.delivery(event, "success").await;
        let started = moment(&delivery["attempts"][1]["started_at"]);
        assert!(started >= due, "early: {delivery}");
        starts.push(started.timestamp_millis());
    }
    let moments: HashSet<_> = starts.iter().map(|at| at / APART).collect();
    // In steps there would be about five of them.
    assert!(moments.len() > 25, "{} moments: {starts:?}", moments.len());
}

/// As from a server whose clock is an hour ahead of the database's, or was set.
#[tokio::test]
async fn a_retry_that_comes_long_before_its_moment_waits_for_it_again() {
    const STREAM: &str = "POSTHORN_DELIVERIES";
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    let fields = json!({"retry_schedule_seconds": [3600, 3600]});
    stack.webhook(&receiver.url(), fields).await;
    let event = stack.publish("a.b", &json!(1)).await;
    let waiting = stack.delivery(&event, "retrying").await;
    let later = format!(
        "posthorn.deliveries.later.{}",
        waiting["id"].as_str().unwrap()
    );
    stack.messages(STREAM, &later, 1).await;
    let mut wire = stack.nats_wire().await;
    let schedule = wire.last_message(STREAM, &later).await;
    let target = schedule
        .headers
        .iter()
        .find(|(name, _)| name == "Nats-Schedule-Target");
    // What the server publishes when the schedule fires.
    let headers: Vec<_> = schedule
        .headers
        .iter()
        .filter(|(name, _)| !name.starts_with("Nats-"))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    wire.publish(&target.unwrap().1, &headers, schedule.body.as_bytes())
        .await;

    let again = eventually(DEADLINE, async || {
        let found = wire.last_message(STREAM, &later).await;
        let hop = ("Posthorn-Hop".to_owned(), "1".to_owned());
        if found.headers.contains(&hop) {
            Ok(found)
        } else {
            Err(found.headers)
        }
    })
    .await;
    let at = |message: &WireMessage| {
        let schedule = message
            .headers
            .iter()
            .find(|(name, _)| name == "Nats-Schedule");
        let at = schedule.unwrap().1.strip_prefix("@at ").unwrap();
        DateTime::parse_from_rfc3339(at).unwrap()
    };
    let moved = (at(&again) - at(&schedule)).num_seconds().abs();
    assert!(moved < 60, "{moved} s");
    stack.messages(STREAM, ">", 1).await;
    assert_eq!(receiver.requests().len(), 1);
    let still = stack.delivery(&event, "retrying").await;
    assert_eq!(still["next_retry_at"], waiting["next_retry_at"]);
}

fn moment(value: &Value) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_receiver_that_stays_down_ends_as_one_dead_letter() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500).body("no"));
    let hook = stack
        .webhook(
            &receiver.url(),
            json!({"max_retries": 2, "retry_delay_seconds": 1}),
        )
        .await;
    let event = stack.publish("user.created", &json!({"a": 1})).await;

    let delivery = stack.delivery(&event, "failed").await;
    assert_eq!(delivery["attempt_count"], 3);
    assert_eq!(delivery["response_body"], "no");
    assert_eq!(receiver.requests().len(), 3);
    stack
        .messages(
            "POSTHORN_DEAD_LETTERS",
            &format!("posthorn.dead-letters.default.{}", hook.id),
            1,
        )
        .await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    stack.api.ready().await;
    stack.deliverers[0].ready().await;
}

#[tokio::test]
async fn a_new_url_applies_to_the_next_attempt() {
    let (stack, old, new) = (
        Stack::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    old.answer(Answer::status(500));
    let hook = stack
        .webhook(&old.url(), json!({"retry_schedule_seconds": [2]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    old.wait_for(1).await;
    let patched = stack
        .request(
            "PATCH",
            &format!("/webhooks/{}", hook.id),
            &json!({"url": new.url()}),
        )
        .await;
    assert_eq!(patched.status, 200, "{patched:?}");
    stack.delivery(&event, "success").await;
    assert_eq!((old.requests().len(), new.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_slow_receiver_is_shown_as_pending_and_delays_nobody() {
    let (stack, slow, quick) = (
        Stack::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    slow.answer(Answer::hang());
    stack
        .webhook(
            &slow.url(),
            json!({"event_types": ["to.slow"], "timeout_seconds": 5, "max_retries": 0}),
        )
        .await;
    stack
        .webhook(&quick.url(), json!({"event_types": ["to.quick"]}))
        .await;
    // More than the gate lets one webhook have at once: the rest waits in schedules, not in slots.
    let slow_events: Vec<_> = (0..100)
        .map(|n| json!({"type": "to.slow", "data": n}))
        .collect();
    let reply = stack.request("POST", "/events", &json!(slow_events)).await;
    let hanging = reply.body["events"][0]["id"].as_str().unwrap().to_owned();
    slow.wait_for(20).await;
    for n in 0..50 {
        let sent = tokio::time::Instant::now();
        stack.publish("to.quick", &json!(n)).await;
        quick.wait_for(n + 1).await;
        assert!(
            sent.elapsed() < Duration::from_secs(4),
            "delayed by somebody else's timeout"
        );
    }
    stack.delivery(&hanging, "pending").await;
    let failed = stack.delivery(&hanging, "failed").await;
    assert!(
        failed["error_message"].as_str().unwrap().contains("5 s"),
        "{failed}"
    );
}
