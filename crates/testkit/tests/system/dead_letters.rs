//! What could not be delivered or read: found, brought on its way again, thrown away.

use posthorn_testkit::{Answer, Receiver, eventually};
use serde_json::{Value, json};

use crate::{
    replays::finished,
    stack::{DEADLINE, Stack},
};

const STREAM: &str = "POSTHORN_DEAD_LETTERS";

impl Stack {
    /// The dead letters that fit the query, once there are so many of them.
    pub(crate) async fn dead_letters(&self, query: &str, count: usize) -> Vec<Value> {
        eventually(DEADLINE, async || {
            let list = self.get(&format!("/dead-letters{query}")).await;
            if list["total"] == json!(count) {
                Ok(list["dead_letters"].as_array().unwrap().clone())
            } else {
                Err(list)
            }
        })
        .await
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[tokio::test]
async fn what_was_given_up_is_listed_read_and_brought_on_its_way_again() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    // Not `*`: it would be told of the other webhook's exhausted delivery.
    let fields = json!({"max_retries": 0, "event_types": ["a.b", "x.y"]});
    let hook = stack.webhook(&receiver.url(), fields).await;
    stack
        .webhook(
            &receiver.url(),
            json!({"max_retries": 0, "event_types": ["x.y"]}),
        )
        .await;
    stack.publish("x.y", &json!(0)).await;
    let event = stack.publish("a.b", &json!({"n": 1})).await;
    let failed = stack.delivery(&event, "failed").await;
    stack.dead_letters("", 3).await;

    let found = stack
        .dead_letters(&format!("?webhook_id={}&event_type=a.b", hook.id), 1)
        .await;
    let letter = stack
        .get(&format!("/dead-letters/{}", text(&found[0], "id")))
        .await;
    for (name, expected) in [
        ("id", &failed["id"]),
        ("delivery_id", &failed["id"]),
        ("kind", &json!("delivery")),
        ("event_id", &json!(event)),
        ("event_type", &json!("a.b")),
        ("attempt_count", &json!(1)),
        ("status_code", &json!(500)),
        ("payload", &json!({"n": 1})),
        ("payload_encoding", &json!("json")),
    ] {
        assert_eq!(&letter[name], expected, "{name}: {letter}");
    }
    assert!(text(&letter, "reason").contains("500"), "{letter}");

    receiver.answer(Answer::status(200));
    let reply = stack
        .request(
            "POST",
            "/dead-letters/retry",
            &json!({"webhook_id": hook.id}),
        )
        .await;
    assert_eq!((reply.status, &reply.body["selected"]), (202, &json!(2)));
    let replay = finished(&stack, text(&reply.body, "replay_id")).await;
    assert_eq!(
        (&replay["kind"], &replay["handed_over"], &replay["total"]),
        (&json!("dead_letters"), &json!(2), &json!(2)),
        "{replay}"
    );
    let done = stack.delivery(&event, "success").await;
    assert_eq!(done["attempts"][1]["manual"], json!(true));
    stack.dead_letters("", 1).await;
    stack.messages(STREAM, ">", 1).await;
}

#[tokio::test]
async fn a_message_that_could_not_be_read_is_shown_as_it_came_and_published_again() {
    let stack = Stack::start().await;
    let mut wire = stack.nats_wire().await;
    let subject = "posthorn.events.default.user.created";
    // One after the other: nothing says which of two becomes a letter first.
    wire.publish(subject, &[], b"no JSON").await;
    let plain = &stack.dead_letters("?kind=malformed", 1).await[0];
    wire.publish(subject, &[], b"\xff\xfe").await;
    let binary = &stack.dead_letters("?kind=malformed", 2).await[0];
    assert_eq!(text(plain, "subject"), subject);
    assert!(plain["delivery_id"].is_null() && plain["webhook_id"].is_null());
    let read = async |letter: &Value| {
        let read = stack
            .get(&format!("/dead-letters/{}", text(letter, "id")))
            .await;
        (read["payload"].clone(), read["payload_encoding"].clone())
    };
    assert_eq!(read(plain).await, (json!("no JSON"), json!("text")));
    assert_eq!(read(binary).await, (json!("//4="), json!("base64")));

    // It cannot be read this time either, and so becomes another letter.
    let reply = stack
        .request(
            "POST",
            &format!("/dead-letters/retry?ids={}", text(plain, "id")),
            &Value::Null,
        )
        .await;
    assert_eq!((reply.status, &reply.body["selected"]), (202, &json!(1)));
    let replay = finished(&stack, text(&reply.body, "replay_id")).await;
    assert_eq!(replay["handed_over"], json!(1), "{replay}");
    let again = stack.dead_letters("", 2).await;
    assert!(again.iter().all(|letter| letter["id"] != plain["id"]));
    assert_eq!(read(&again[0]).await.0, json!("no JSON"));
    stack.messages(STREAM, ">", 2).await;
}

/// Without its headers it would be another event: its envelope.
#[tokio::test]
async fn a_message_that_could_not_be_read_is_published_again_with_its_headers() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let mut wire = stack.nats_wire().await;
    let headers = [
        ("Content-Type", "application/cloudevents+json"),
        (
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ),
        ("Nats-Msg-Id", "mine"),
    ];
    let event = br#"{"specversion":"1.0","id":"1","source":"/s","type":"another.type","data":1}"#;
    wire.publish("posthorn.events.default.user.created", &headers, event)
        .await;
    let letter = stack.dead_letters("?kind=malformed", 1).await.remove(0);
    let retry = format!("/dead-letters/retry?ids={}", text(&letter, "id"));
    let reply = stack.request("POST", &retry, &Value::Null).await;
    let replay = finished(&stack, text(&reply.body, "replay_id")).await;
    assert_eq!(replay["handed_over"], json!(1), "{replay}");
    let again = eventually(DEADLINE, async || {
        let found = stack.dead_letters("?kind=malformed", 1).await.remove(0);
        if found["id"] == letter["id"] {
            Err(found)
        } else {
            Ok(found)
        }
    })
    .await;
    assert_eq!(again["reason"], letter["reason"]);
    assert!(receiver.requests().is_empty());
}

#[tokio::test]
async fn what_is_discarded_leaves_the_stream_and_the_record_stays() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    for n in 0..3 {
        stack.publish("a.b", &json!(n)).await;
    }
    let letters = stack.dead_letters("", 3).await;
    let ids = format!("{},{}", text(&letters[0], "id"), text(&letters[2], "id"));
    let reply = stack
        .request("DELETE", &format!("/dead-letters?ids={ids}"), &Value::Null)
        .await;
    assert_eq!((reply.status, &reply.body), (200, &json!({"discarded": 2})));
    let left = stack.dead_letters("", 1).await;
    assert_eq!(left[0]["id"], letters[1]["id"]);
    stack.messages(STREAM, ">", 1).await;
    stack.rows("SELECT count(*) FROM dead_letters", 1).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 3", 3)
        .await;
}

#[tokio::test]
async fn a_delivery_has_one_letter_and_none_once_it_is_delivered() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    let failed = stack.delivery(&event, "failed").await;
    let retry = format!("/deliveries/{}/retry", text(&failed, "id"));
    let letter = stack.dead_letters("", 1).await.remove(0);
    stack.request("POST", &retry, &Value::Null).await;
    eventually(DEADLINE, async || {
        let again = stack.dead_letters("", 1).await.remove(0);
        if again["attempt_count"] == json!(2) {
            Ok(())
        } else {
            Err(again)
        }
    })
    .await;
    assert_eq!(stack.dead_letters("", 1).await[0]["id"], letter["id"]);
    stack.messages(STREAM, ">", 1).await;

    receiver.answer(Answer::status(200));
    stack.request("POST", &retry, &Value::Null).await;
    stack.delivery(&event, "success").await;
    stack.dead_letters("", 0).await;
    stack.messages(STREAM, ">", 0).await;
}

#[tokio::test]
async fn letters_for_a_disabled_webhook_stay_and_those_for_a_deleted_one_vanish() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    let hook = stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    stack.publish("a.b", &json!(1)).await;
    stack.dead_letters("", 1).await;
    let path = format!("/webhooks/{}", hook.id);
    stack
        .request("POST", &format!("{path}/disable"), &Value::Null)
        .await;
    let reply = stack
        .request("POST", "/dead-letters/retry", &json!({"all": true}))
        .await;
    assert_eq!((reply.status, &reply.body["selected"]), (202, &json!(0)));
    stack.dead_letters("", 1).await;
    stack.request("DELETE", &path, &Value::Null).await;
    stack.dead_letters("", 0).await;
    stack.messages(STREAM, ">", 0).await;
}
