//! Events that somebody asks for again.

use std::{collections::HashMap, time::Duration};

use posthorn_testkit::{Answer, Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Stack, all_arrived};

/// Requests that one process may have sent and not yet recorded.
const IN_FLIGHT_MAX: usize = 64;

/// The replay, once it is done.
pub(crate) async fn finished(stack: &Stack, id: &str) -> Value {
    eventually(DEADLINE, async || {
        let replay = stack.get(&format!("/replays/{id}")).await;
        if replay["status"] == "done" {
            Ok(replay)
        } else {
            Err(replay)
        }
    })
    .await
}

impl Stack {
    pub(crate) async fn replay(&self, path: &str, body: Value) -> String {
        let reply = self.request("POST", &format!("{path}/replay"), &body).await;
        assert_eq!(reply.status, 202, "{reply:?}");
        reply.body["replay_id"].as_str().unwrap().to_owned()
    }
}

fn counts(replay: &Value) -> [u64; 4] {
    ["total", "processed", "handed_over", "skipped"].map(|name| replay[name].as_u64().unwrap())
}

#[tokio::test]
async fn an_event_is_delivered_again_to_those_who_want_it_now_or_to_those_named() {
    let (stack, first, late, other) = (
        Stack::start().await,
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    stack
        .webhook(&first.url(), json!({"event_types": ["user.*"]}))
        .await;
    let event = stack.publish("user.created", &json!({"n": 1})).await;
    first.wait_for(1).await;
    stack
        .webhook(&late.url(), json!({"filter": "data.n == 1"}))
        .await;
    let named = stack
        .webhook(&other.url(), json!({"event_types": ["order.placed"]}))
        .await;

    let path = format!("/events/{event}");
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 1)
        .await;
    let id = stack.replay(&path, Value::Null).await;
    let replay = finished(&stack, &id).await;
    assert_eq!(counts(&replay), [2, 2, 2, 0], "{replay}");
    assert_eq!(
        (&replay["kind"], &replay["event_id"]),
        (&json!("event"), &json!(event))
    );
    first.wait_for(2).await;
    late.wait_for(1).await;
    assert!(other.requests().is_empty());

    let id = stack
        .replay(&path, json!({"webhook_ids": [named.id]}))
        .await;
    assert_eq!(counts(&finished(&stack, &id).await), [1, 1, 1, 0]);
    other.wait_for(1).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 3)
        .await;
    stack
        .rows("SELECT count(*) FROM attempts WHERE manual", 3)
        .await;
    assert_eq!((first.requests().len(), late.requests().len()), (2, 1));
    let listed = stack.get("/replays").await;
    assert_eq!(
        (&listed["total"], &listed["replays"][0]["id"]),
        (&json!(2), &json!(id))
    );
}

#[tokio::test]
async fn a_webhook_gets_the_part_of_a_range_that_is_asked_for() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer_with(|request| {
        let fails = String::from_utf8_lossy(&request.body).contains("\"fail\"");
        Answer::status(if fails { 500 } else { 200 })
    });
    let hook = stack
        .webhook(
            &receiver.url(),
            json!({"event_types": ["a.*", "b"], "filter": "data != 'held back'", "max_retries": 0}),
        )
        .await;
    let path = format!("/webhooks/{}", hook.id);
    for (event_type, data) in [
        ("a.x", "fail"),
        ("a.x", "good"),
        ("b", "good"),
        ("a.x", "held back"),
        ("c", "good"),
    ] {
        stack.publish(event_type, &json!(data)).await;
    }
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status IN (1, 3)", 3)
        .await;
    // Not counted: what Posthorn says of the delivery that failed.
    stack
        .rows(
            "SELECT count(*) FROM events WHERE event_type IN ('a.x', 'b', 'c')",
            5,
        )
        .await;
    // Wanted, and never delivered: as if the webhook had not been there at the time.
    stack
        .database
        .execute("DELETE FROM deliveries WHERE event_type = 'b'")
        .await;

    let since = "2020-01-01T00:00:00Z";
    for (asked, handed_over, deliveries) in [
        (json!({"since": since, "only": "failed"}), 1, 2),
        (json!({"since": since, "only": "undelivered"}), 2, 3),
        (json!({"since": since, "event_types": ["a.*"]}), 2, 3),
        (json!({"since": since}), 3, 3),
        (
            json!({"since": since, "until": "2020-01-02T00:00:00Z"}),
            0,
            3,
        ),
    ] {
        let id = stack.replay(&path, asked.clone()).await;
        let replay = finished(&stack, &id).await;
        let [total, processed, handed, skipped] = counts(&replay);
        assert_eq!(handed, handed_over, "{asked}");
        assert_eq!(
            (processed, skipped),
            (total, total - handed_over),
            "{asked}"
        );
        // Operational events of the failures lie in the range too, some of them by now.
        let expected = if handed_over == 0 { 0..=0 } else { 5..=10 };
        assert!(expected.contains(&total), "{asked}: {total}");
        stack
            .rows(
                "SELECT count(*) FROM deliveries WHERE status IN (1, 3)",
                deliveries,
            )
            .await;
        stack
            .rows(
                "SELECT count(*) FROM deliveries WHERE status IN (0, 2) OR event_type = 'c'",
                0,
            )
            .await;
        if asked["only"] == "undelivered" {
            // From now on it is delivered.
            assert_eq!(receiver.requests().len(), 3 + 1 + 2);
        }
    }
    assert_eq!(receiver.requests().len(), 3 + 1 + 2 + 2 + 3);
}

/// A replay goes on where it was when the process that did it died, and repeats nothing but what a crash can.
#[tokio::test]
async fn a_replay_survives_the_death_of_the_deliverer() {
    const EVENTS: usize = 1_500;
    let (mut stack, receiver) = (
        Stack::with(2, &[("POSTHORN_REQUESTS_IN_FLIGHT_MAX", "64")]).await,
        Receiver::start().await,
    );
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    let ids = stack.publish_numbered(0, EVENTS).await;
    let count = i64::try_from(EVENTS).unwrap();
    let done = "SELECT count(*) FROM deliveries WHERE status = 1";
    stack.rows(done, count).await;
    assert_eq!(receiver.requests().len(), EVENTS);

    let asked = tokio::time::Instant::now();
    let path = format!("/webhooks/{}", hook.id);
    let id = stack
        .replay(&path, json!({"since": "2020-01-01T00:00:00Z"}))
        .await;
    for n in 0..2 {
        receiver.wait_for(EVENTS + 300 * (n + 1)).await;
        stack.deliverers[n].restart().await;
    }
    let replay = finished(&stack, &id).await;
    let took = asked.elapsed();
    assert_eq!(replay["processed"], json!(EVENTS), "{replay}");
    let requests = eventually(DEADLINE, async || {
        let requests = receiver.requests();
        let mut times: HashMap<&str, usize> = HashMap::new();
        for request in &requests {
            *times.entry(request.header("webhook-id")).or_default() += 1;
        }
        let missing = ids
            .iter()
            .filter(|id| times.get(id.as_str()).is_none_or(|n| *n < 2));
        match missing.count() {
            0 => Ok(requests.len()),
            missing => Err(format!("{missing} were not delivered again")),
        }
    })
    .await;
    let repeated = requests - 2 * EVENTS;
    println!("{EVENTS} deliveries again in {took:?}, 2 kills: {repeated} requests repeated");
    assert!(repeated <= 2 * IN_FLIGHT_MAX, "{repeated}");
    assert!(took >= Duration::from_secs(2), "paced: {took:?}");
    stack.rows(done, count).await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    all_arrived(&receiver, &ids).await;
}

#[tokio::test]
async fn a_replay_waits_for_a_slow_receiver_and_can_be_stopped() {
    const EVENTS: usize = 2_000;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    stack.publish_numbered(0, EVENTS).await;
    let count = i64::try_from(EVENTS).unwrap();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", count)
        .await;
    receiver.answer(Answer::hang());
    let path = format!("/webhooks/{}", hook.id);
    let id = stack
        .replay(&path, json!({"since": "2020-01-01T00:00:00Z"}))
        .await;
    let handed_over = async || {
        let replay = stack.get(&format!("/replays/{id}")).await;
        replay["handed_over"].as_u64().unwrap()
    };
    eventually(DEADLINE, async || match handed_over().await {
        1_000 => Ok(()),
        other => Err(other),
    })
    .await;
    // Its next turns find that nothing was attempted.
    let turns = stack.database.number("SELECT lease FROM replays").await;
    stack
        .rows(
            &format!("SELECT (lease >= {turns} + 2)::int::bigint FROM replays"),
            1,
        )
        .await;
    assert_eq!(handed_over().await, 1_000);

    let cancel = format!("/replays/{id}/cancel");
    let reply = stack.request("POST", &cancel, &Value::Null).await;
    assert_eq!(
        (reply.status, &reply.body["status"]),
        (200, &json!("cancelled"))
    );
    let reply = stack.request("POST", &cancel, &Value::Null).await;
    assert_eq!(
        (reply.status, &reply.body["code"]),
        (409, &json!("replay_ended"))
    );
}
