use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use posthorn_testkit::{Answer, ReceivedRequest, Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{Hook, MASTER_KEY, NO_BREAKER, Stack, all_arrived, verify};

const DEADLINE: Duration = Duration::from_secs(30);

/// Somebody who wants to know, and of what came for them.
struct Operator {
    receiver: Receiver,
    hook: Hook,
}

impl Operator {
    /// Subscribes to everything that Posthorn says, and to `to.operator`.
    async fn of(stack: &Stack) -> Self {
        let receiver = Receiver::start().await;
        let types = ["delivery.exhausted", "webhook.*", "to.operator"];
        let fields = json!({"name": "operator", "event_types": types});
        let hook = stack.webhook(&receiver.url(), fields).await;
        Self { receiver, hook }
    }

    /// The only event of this type, once it has come: its `data`.
    async fn told(&self, event_type: &str) -> Value {
        let request = eventually(DEADLINE, async || {
            let of_type = self.of_type(event_type);
            match of_type.as_slice() {
                [request] => Ok(request.clone()),
                requests => Err(format!("{} of {event_type}", requests.len())),
            }
        })
        .await;
        verify(&self.hook.secret, &request);
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["type"], event_type);
        body["data"].clone()
    }

    fn of_type(&self, event_type: &str) -> Vec<ReceivedRequest> {
        let requests = self.receiver.requests().into_iter();
        requests
            .filter(|request| request.header("x-webhook-event") == event_type)
            .collect()
    }

    /// What came, sorted, when everything that was said before now has come.
    async fn heard(&self, stack: &Stack) -> Vec<String> {
        let last = stack.publish("to.operator", &json!(null)).await;
        all_arrived(&self.receiver, &[last]).await;
        let types = self.receiver.requests().into_iter();
        let mut types: Vec<_> = types
            .map(|request| request.header("x-webhook-event").to_owned())
            .filter(|event_type| event_type != "to.operator")
            .collect();
        types.sort();
        types
    }
}

#[tokio::test]
async fn a_failing_webhook_is_announced_once_and_so_is_its_recovery() {
    let (stack, receiver) = (Stack::with(2, &[NO_BREAKER]).await, Receiver::start().await);
    let operator = Operator::of(&stack).await;
    (0..7).for_each(|_| receiver.next(Answer::status(500)));
    let fields = json!({"name": "shaky", "event_types": ["a.b"], "retry_schedule_seconds": [0, 0, 0, 0, 0, 0, 0]});
    let hook = stack.webhook(&receiver.url(), fields).await;
    let event = stack.publish("a.b", &json!({"card": "4242"})).await;

    let failing = operator.told("webhook.failing").await;
    assert_eq!(failing["webhook_id"], hook.id.as_str());
    assert_eq!(failing["webhook_name"], "shaky");
    assert_eq!(failing["event_id"], event.as_str());
    assert_eq!(failing["event_type"], "a.b");
    assert_eq!(failing["status_code"], 500);
    assert!(failing["attempt_count"].as_u64().unwrap() >= 5, "{failing}");
    let delivery = stack.delivery(&event, "success").await;
    assert_eq!(failing["delivery_id"], delivery["id"]);
    let recovered = operator.told("webhook.recovered").await;
    assert_eq!(recovered["failing_since"], failing["failing_since"]);
    assert_eq!(recovered["attempt_count"], 8);
    assert_eq!(recovered["error_message"], Value::Null);

    // It wavers: for a while nothing more is said of it. (Who did not see the recovery goes on for 2 s as if nothing
    // had changed.)
    receiver.answer(Answer::status(500));
    let known =
        "SELECT count(*) FROM failure_streaks WHERE failures >= 5 AND announced_since IS NULL";
    eventually(DEADLINE, async || {
        let event = stack.publish("a.b", &json!(1)).await;
        stack.delivery(&event, "failed").await;
        match stack.database.number(known).await {
            1 => Ok(()),
            other => Err(other),
        }
    })
    .await;
    let mut heard = operator.heard(&stack).await;
    heard.dedup();
    assert_eq!(
        heard,
        ["delivery.exhausted", "webhook.failing", "webhook.recovered"]
    );
    stack.rows("SELECT count(*) FROM announcements", 0).await;
    let log = stack.get("/events?type=webhook.failing").await;
    assert_eq!(log["events"].as_array().unwrap().len(), 1, "{log}");
    for request in operator.receiver.requests() {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        assert!(
            !body.contains(&receiver.address()) && !body.contains("4242"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn four_failures_and_a_success_are_nothing_to_speak_of() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let operator = Operator::of(&stack).await;
    let asked = AtomicUsize::new(0);
    receiver.answer_with(move |_| {
        let fifth = asked.fetch_add(1, Ordering::Relaxed) % 5 == 4;
        Answer::status(if fifth { 200 } else { 500 })
    });
    let fields = json!({"event_types": ["a.b"], "retry_schedule_seconds": [0, 0, 0, 0]});
    stack.webhook(&receiver.url(), fields).await;
    for _ in 0..2 {
        let event = stack.publish("a.b", &json!(1)).await;
        stack.delivery(&event, "success").await;
    }
    stack.rows("SELECT count(*) FROM failure_streaks", 0).await;
    assert!(operator.heard(&stack).await.is_empty());
}

#[tokio::test]
async fn an_exhausted_delivery_is_announced_and_the_end_of_the_announcement_is_not() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    let fields = |types: Value| json!({"event_types": types, "retry_schedule_seconds": [0]});
    let hook = stack.webhook(&receiver.url(), fields(json!(["a.b"]))).await;
    stack
        .webhook(&receiver.url(), fields(json!(["delivery.*"])))
        .await;
    let operator = Operator::of(&stack).await;
    let event = stack.publish("a.b", &json!(1)).await;

    let exhausted = operator.told("delivery.exhausted").await;
    let delivery = stack.delivery(&event, "failed").await;
    assert_eq!(
        exhausted,
        json!({
            "webhook_id": hook.id, "webhook_name": "test", "delivery_id": delivery["id"], "event_id": event,
            "event_type": "a.b", "attempt_count": 2, "status_code": 500,
            "error_message": delivery["error_message"],
        })
    );
    // Both are dead letters; only the first was worth an event.
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 2).await;
    assert_eq!(operator.heard(&stack).await, ["delivery.exhausted"]);
    stack.messages("POSTHORN_EVENTS", ">", 3).await;
}

/// `*` is every type that applications publish: what Posthorn says of itself goes to those who name it, and is listed
/// where somebody asks for it.
#[tokio::test]
async fn a_webhook_for_everything_is_not_told_what_posthorn_says_of_itself() {
    let (stack, failing, well) = (
        Stack::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    let operator = Operator::of(&stack).await;
    failing.answer(Answer::status(500));
    let fields = json!({"event_types": ["a.b"], "max_retries": 0});
    stack.webhook(&failing.url(), fields).await;
    let all = stack.webhook(&well.url(), json!({})).await;
    let event = stack.publish("a.b", &json!(1)).await;
    operator.told("delivery.exhausted").await;
    // Whatever was said before this has been matched.
    let after = stack.publish("b.c", &json!(1)).await;
    stack.delivery(&after, "success").await;
    let types: Vec<_> = well
        .requests()
        .iter()
        .map(|request| request.header("x-webhook-event").to_owned())
        .collect();
    assert_eq!(types, ["a.b", "b.c"]);

    // Three deliveries of the application's events, and one of what Posthorn said.
    let exhausted = "SELECT count(*) FROM deliveries WHERE event_type = 'delivery.exhausted'";
    stack.rows(exhausted, 1).await;
    let counts = async |path: &str, list: &str| {
        let answer = stack.get(path).await;
        let items = answer[list].as_array().unwrap().len() as u64;
        assert_eq!(answer["total"], items, "{path}: {answer}");
        items
    };
    for (path, list, items) in [
        ("/events".to_owned(), "events", 2),
        ("/events?operational=true".to_owned(), "events", 3),
        ("/events?type=delivery.exhausted".to_owned(), "events", 1),
        ("/deliveries".to_owned(), "deliveries", 3),
        ("/deliveries?operational=true".to_owned(), "deliveries", 4),
        (
            "/deliveries?event_type=delivery.exhausted".to_owned(),
            "deliveries",
            1,
        ),
        (
            format!("/webhooks/{}/deliveries", operator.hook.id),
            "deliveries",
            0,
        ),
        (
            format!("/webhooks/{}/deliveries?operational=true", operator.hook.id),
            "deliveries",
            1,
        ),
        (format!("/events/{event}/deliveries"), "deliveries", 2),
        (format!("/webhooks/{}/deliveries", all.id), "deliveries", 2),
        (
            "/webhooks?event_type=delivery.exhausted".to_owned(),
            "webhooks",
            1,
        ),
    ] {
        assert_eq!(counts(&path, list).await, items, "{path}");
    }
    // Where one of them went is asked of that one.
    let said = stack.get("/events?type=delivery.exhausted").await;
    let said = said["events"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/events/{said}/deliveries");
    assert_eq!(counts(&path, "deliveries").await, 1);
}

/// A replay of everything brings nothing of it either.
#[tokio::test]
async fn a_replay_of_everything_leaves_out_what_posthorn_says_of_itself() {
    let (stack, failing, well) = (
        Stack::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    let operator = Operator::of(&stack).await;
    failing.answer(Answer::status(500));
    let fields = json!({"event_types": ["a.b"], "max_retries": 0});
    stack.webhook(&failing.url(), fields).await;
    stack.publish("a.b", &json!(1)).await;
    operator.told("delivery.exhausted").await;
    stack.rows("SELECT count(*) FROM events", 2).await;

    let all = stack.webhook(&well.url(), json!({})).await;
    for asked in [
        json!({"since": "2020-01-01T00:00:00Z"}),
        json!({"since": "2020-01-01T00:00:00Z", "event_types": ["*"]}),
    ] {
        let id = stack.replay(&format!("/webhooks/{}", all.id), asked).await;
        let path = format!("/replays/{id}");
        let replay = eventually(DEADLINE, async || {
            let replay = stack.get(&path).await;
            if replay["status"] == "done" {
                Ok(replay)
            } else {
                Err(replay)
            }
        })
        .await;
        assert_eq!(replay["handed_over"], 1, "{replay}");
    }
    // By name it comes again.
    let asked = json!({"since": "2020-01-01T00:00:00Z", "event_types": ["delivery.*"]});
    let path = format!("/webhooks/{}", operator.hook.id);
    stack.replay(&path, asked).await;
    operator.receiver.wait_for(2).await;
    well.wait_for(2).await;
    let types = well.requests().into_iter();
    let mut types = types.map(|request| request.header("x-webhook-event").to_owned());
    assert!(types.all(|event_type| event_type == "a.b"));
}

/// Whoever may publish on NATS may publish under these types too, with every header that Posthorn writes.
#[tokio::test]
async fn what_somebody_else_says_in_posthorns_name_is_a_dead_letter() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let operator = Operator::of(&stack).await;
    receiver.answer(Answer::status(500));
    let fields = json!({"event_types": ["a.b"], "max_retries": 0});
    stack.webhook(&receiver.url(), fields).await;
    stack.publish("a.b", &json!(1)).await;
    let exhausted = operator.told("delivery.exhausted").await;

    let mut wire = stack.nats_wire().await;
    let genuine = wire.message_at("POSTHORN_EVENTS", 2).await;
    assert_eq!(
        genuine.subject,
        "posthorn.events.default.delivery.exhausted"
    );
    let all: Vec<_> = genuine
        .headers
        .iter()
        .filter(|(name, _)| !name.starts_with("Nats-"))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let unsigned: Vec<_> = all
        .iter()
        .copied()
        .filter(|(name, _)| *name != "Posthorn-Signature")
        .collect();
    let plain: Vec<_> = all
        .iter()
        .copied()
        .filter(|(name, _)| *name != "ce-type")
        .collect();
    let invented = [
        ("ce-id", "1"),
        ("ce-source", "posthorn"),
        ("ce-subject", operator.hook.id.as_str()),
    ];
    let subject = |event_type: &str| format!("posthorn.events.default.{event_type}");
    let forged = [
        (subject("webhook.disabled"), &[][..], "{}"),
        (subject("delivery.exhausted"), &invented, "{}"),
        (
            subject("delivery.exhausted"),
            &unsigned,
            genuine.body.as_str(),
        ),
        // Its signature under another body, another type and another tenant.
        (subject("delivery.exhausted"), &all, "{}"),
        (subject("webhook.failing"), &plain, genuine.body.as_str()),
        (
            "posthorn.events.acme.delivery.exhausted".to_owned(),
            &all,
            genuine.body.as_str(),
        ),
    ];
    let count = forged.len() as u64;
    for (subject, headers, body) in forged {
        wire.publish(&subject, headers, body.as_bytes()).await;
    }
    // The very message once more: it is what was said, and it was delivered.
    wire.publish(&genuine.subject, &all, genuine.body.as_bytes())
        .await;
    let malformed = "posthorn.dead-letters.*.malformed";
    stack
        .messages("POSTHORN_DEAD_LETTERS", malformed, count)
        .await;
    assert_eq!(operator.heard(&stack).await, ["delivery.exhausted"]);
    assert_eq!(operator.told("delivery.exhausted").await, exhausted);
    let letters = stack.get("/dead-letters?kind=malformed").await;
    let letters = letters["dead_letters"].as_array().unwrap();
    assert_eq!(
        letters.len() as u64,
        count - 1,
        "one is acme's: {letters:?}"
    );
    for letter in letters {
        let reason = letter["reason"].as_str().unwrap();
        assert!(
            reason.starts_with("only Posthorn itself publishes"),
            "{letter}"
        );
    }

    // Nobody can make them more genuine by retrying them.
    let retry = stack
        .request("POST", "/dead-letters/retry", &json!({"kind": "malformed"}))
        .await;
    assert_eq!(retry.status, 202, "{retry:?}");
    let path = format!("/replays/{}", retry.body["replay_id"].as_str().unwrap());
    eventually(DEADLINE, async || {
        let replay = stack.get(&path).await;
        if replay["status"] == "done" {
            Ok(())
        } else {
            Err(replay)
        }
    })
    .await;
    assert_eq!(operator.heard(&stack).await, ["delivery.exhausted"]);
    stack
        .messages("POSTHORN_DEAD_LETTERS", malformed, count)
        .await;
}

/// A replica whose list of master keys is another one neither believes what it cannot verify nor throws it away.
#[tokio::test]
async fn what_a_replica_with_another_master_key_cannot_verify_is_taken_by_one_that_can() {
    const EVENTS: usize = 16;
    const OTHER: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let operator = Operator::of(&stack).await;
    receiver.answer(Answer::status(500));
    let fields = json!({"event_types": ["a.b"], "max_retries": 0});
    stack.webhook(&receiver.url(), fields).await;
    // It can open everything, and signs with a key that the first does not have.
    let keys = format!("{OTHER},{MASTER_KEY}");
    let _rotated = stack
        .another_deliverer(&[("POSTHORN_MASTER_KEY", keys.as_str())])
        .await;
    let events: Vec<_> = (0..EVENTS)
        .map(|n| json!({"type": "a.b", "data": n}))
        .collect();
    let reply = stack.request("POST", "/events", &json!(events)).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    let told = eventually(DEADLINE, async || {
        let told = operator.of_type("delivery.exhausted").len();
        if told >= EVENTS { Ok(told) } else { Err(told) }
    })
    .await;
    assert_eq!(told, EVENTS);
    stack
        .messages(
            "POSTHORN_DEAD_LETTERS",
            "posthorn.dead-letters.*.malformed",
            0,
        )
        .await;
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_announced_as_disabled() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let operator = Operator::of(&stack).await;
    receiver.answer(Answer::status(410));
    let fields = json!({"event_types": ["a.b"]});
    let hook = stack.webhook(&receiver.url(), fields).await;
    stack.publish("a.b", &json!(1)).await;
    let disabled = operator.told("webhook.disabled").await;
    assert_eq!(disabled["webhook_id"], hook.id.as_str());
    assert_eq!(disabled["reason"], "gone");
    assert_eq!(disabled["status_code"], 410);
    assert_eq!(disabled["failing_since"], Value::Null);
    operator.told("delivery.exhausted").await;
    stack.rows("SELECT count(*) FROM announcements", 0).await;
}

#[tokio::test]
async fn a_webhook_of_which_every_attempt_failed_for_too_long_is_disabled_whoever_saw_it_begin() {
    let settings = [("POSTHORN_DISABLE_FAILING_AFTER_SECONDS", "4")];
    let (mut stack, receiver) = (Stack::with(1, &settings).await, Receiver::start().await);
    let operator = Operator::of(&stack).await;
    receiver.answer(Answer::reset());
    let fields = json!({"event_types": ["a.b"], "max_retries": 0});
    let hook = stack.webhook(&receiver.url(), fields).await;
    stack.publish("a.b", &json!(1)).await;
    stack.rows("SELECT count(*) FROM failure_streaks", 1).await;
    stack.deliverers[0].restart().await;

    // It keeps failing, now and then, until its time is over.
    let path = format!("/webhooks/{}", hook.id);
    let webhook = eventually(DEADLINE, async || {
        let webhook = stack.get(&path).await;
        if webhook["enabled"] == json!(true) {
            let event = stack.publish("a.b", &json!(1)).await;
            stack.delivery(&event, "failed").await;
            return Err("still enabled");
        }
        Ok(webhook)
    })
    .await;
    assert_eq!(webhook["disabled_reason"], "failing");
    let disabled = operator.told("webhook.disabled").await;
    assert_eq!(disabled["reason"], "failing");
    let first = stack.get("/deliveries?event_type=a.b&limit=500").await;
    let first = first["deliveries"].as_array().unwrap().last().unwrap();
    let moment = |value: &Value| -> chrono::DateTime<chrono::Utc> {
        value.as_str().unwrap().parse().unwrap()
    };
    let after_first = moment(&disabled["failing_since"]) - moment(&first["created_at"]);
    assert!(
        after_first < chrono::TimeDelta::seconds(1),
        "the restart has forgotten the first failure: {after_first}"
    );

    // Enabled again, it starts from nothing: its next failure does not end it.
    let enabled = stack
        .request("POST", &format!("{path}/enable"), &Value::Null)
        .await;
    assert_eq!(enabled.body["disabled_reason"], Value::Null);
    let event = stack.publish("a.b", &json!(1)).await;
    stack.delivery(&event, "failed").await;
    stack.rows("SELECT count(*) FROM failure_streaks", 1).await;
    assert_eq!(stack.get(&path).await["enabled"], json!(true));
}

#[tokio::test]
async fn what_a_crash_left_unsaid_is_said_later() {
    let stack = Stack::start().await;
    let operator = Operator::of(&stack).await;
    let data = json!({"left": "behind"});
    stack
        .database
        .execute(&format!(
            "INSERT INTO announcements (id, created_at, webhook_id, tenant, event_type, data)
             SELECT gen_random_uuid(), now() - interval '1 minute', id, tenant, 'webhook.failing', '{data}' FROM webhooks"
        ))
        .await;
    assert_eq!(operator.told("webhook.failing").await, data);
    stack.rows("SELECT count(*) FROM announcements", 0).await;
}
