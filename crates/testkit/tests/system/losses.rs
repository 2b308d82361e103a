//! Where other systems lose or repeat deliveries. The lines are numbered in docs/conformance.md.

use std::{collections::HashSet, sync::Mutex};

use posthorn_testkit::{Answer, Gate, Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Stack, all_arrived};

/// Fails the first request of each event.
pub(crate) fn fail_first(receiver: &Receiver) {
    let seen = Mutex::new(HashSet::new());
    receiver.answer_with(move |request| {
        let id = request.header("webhook-id").to_owned();
        let first = seen.lock().unwrap().insert(id);
        Answer::status(if first { 500 } else { 200 })
    });
}

/// The attempt is recorded and then the queue is away: what was recorded as "retrying" is retried. With `killed`, the
/// process that knew of it is gone as well.
async fn recorded_and_not_handed_over(killed: bool) {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.next(Answer::status(500).behind(&gate));
    stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [1]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(1).await;
    stack.nats_line.refuse();
    gate.open();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 2", 1)
        .await;
    if killed {
        stack.deliverers[0].kill();
    }
    stack
        .messages("POSTHORN_DELIVERIES", "posthorn.deliveries.>", 0)
        .await;
    stack.nats_line.resume();
    if killed {
        stack.deliverers[0].restart().await;
    }
    let done = stack.delivery(&event, "success").await;
    assert_eq!(done["attempt_count"], 2, "{done}");
    assert_eq!(receiver.requests().len(), 2);
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
}

#[tokio::test]
async fn an_attempt_recorded_while_the_queue_is_away_is_followed_by_the_next() {
    recorded_and_not_handed_over(false).await;
}

#[tokio::test]
async fn an_attempt_recorded_by_a_process_that_died_is_followed_by_the_next() {
    recorded_and_not_handed_over(true).await;
}

/// As above, and before the event comes again its webhook is changed so that it would not match any more: what has begun
/// goes on all the same.
async fn recorded_and_its_webhook_changed(change: Value) -> (Stack, Receiver, String) {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.next(Answer::status(500).behind(&gate));
    let hook = stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [1]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(1).await;
    stack.nats_line.refuse();
    gate.open();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 2", 1)
        .await;
    stack.deliverers[0].kill();
    let path = format!("/webhooks/{}", hook.id);
    let reply = stack.request("PATCH", &path, &change).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    stack.nats_line.resume();
    stack.deliverers[0].restart().await;
    (stack, receiver, event)
}

#[tokio::test]
async fn a_delivery_that_has_begun_goes_on_whatever_its_webhook_wants_now() {
    for change in [
        json!({"event_types": ["x.y"]}),
        json!({"filter": "data > 1"}),
    ] {
        let (stack, receiver, event) = recorded_and_its_webhook_changed(change).await;
        let done = stack.delivery(&event, "success").await;
        assert_eq!(done["attempt_count"], 2, "{done}");
        assert_eq!(receiver.requests().len(), 2);
        stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    }
}

#[tokio::test]
async fn a_delivery_that_has_begun_ends_with_its_webhook() {
    let disabled = json!({"enabled": false});
    let (stack, receiver, event) = recorded_and_its_webhook_changed(disabled).await;
    let done = stack.delivery(&event, "failed").await;
    assert_eq!(done["attempt_count"], 1, "{done}");
    stack.dead_letters("", 1).await;
    assert_eq!(receiver.requests().len(), 1);
}

/// The same at the end: the record says "failed", and the dead letter is written when the queue is back, with all that
/// is known. Whoever said that it is gone is disabled then.
#[tokio::test]
async fn a_failure_recorded_by_a_process_that_died_has_its_consequences() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.answer_with({
        let gate = gate.clone();
        move |request| {
            let status = request.target[1..].parse().unwrap();
            Answer::status(status).behind(&gate)
        }
    });
    let fields = json!({"event_types": ["a.b"], "max_retries": 0});
    let failing = stack
        .webhook(&receiver.url_of("/500"), fields.clone())
        .await;
    let gone = stack.webhook(&receiver.url_of("/410"), fields).await;
    stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(2).await;
    stack.nats_line.refuse();
    gate.open();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 3", 2)
        .await;
    stack.deliverers[0].kill();
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 0).await;
    // What the process may have done before it died, once it had recorded.
    let enabled = format!(
        "UPDATE webhooks SET enabled = true, disabled_reason = NULL WHERE id = '{}'",
        gone.id
    );
    stack.database.execute(&enabled).await;
    stack.nats_line.resume();
    stack.deliverers[0].restart().await;
    for letter in stack.dead_letters("", 2).await {
        let status = if letter["webhook_id"] == failing.id.as_str() {
            500
        } else {
            410
        };
        assert_eq!(letter["status_code"], status, "{letter}");
        assert!(
            letter["reason"]
                .as_str()
                .unwrap()
                .contains(&status.to_string()),
            "{letter}"
        );
    }
    stack
        .rows(
            "SELECT count(*) FROM webhooks WHERE disabled_reason = 'gone'",
            1,
        )
        .await;
    assert_eq!(receiver.requests().len(), 2);
}

/// Records are refused by the database for a while, whole batches and single rows of one webhook. Nobody gets the
/// event again for that.
#[tokio::test]
async fn an_error_in_the_bookkeeping_sends_nothing_again() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let mut hooks = Vec::new();
    for n in 0..5 {
        hooks.push(
            stack
                .webhook(&receiver.url_of(&format!("/{n}")), json!({}))
                .await,
        );
    }
    // As a replica that is being promoted says: it passes.
    stack
        .database
        .execute(&format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 RAISE EXCEPTION 'not now' USING ERRCODE = '57P03';
             END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON deliveries FOR EACH ROW
                 WHEN (NEW.webhook_id = '{}') EXECUTE FUNCTION refuse()",
            hooks[2].id
        ))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(5).await;
    eventually(DEADLINE, async || {
        let log = stack.deliverers[0].log();
        if log.contains("until the database is back") {
            Ok(())
        } else {
            Err(log)
        }
    })
    .await;
    // Without a lock on the tables: in a circle with those of a record, that could be a deadlock.
    let allow = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                     RETURN NEW;
                 END $$";
    stack.database.execute(allow).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 5)
        .await;
    // What came later is recorded too, and nothing is left of the first.
    let last = stack.publish("a.last", &json!(2)).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 10)
        .await;
    let went_to = stack.get(&format!("/events/{last}/deliveries")).await;
    assert_eq!(went_to["deliveries"].as_array().unwrap().len(), 5);
    let requests = receiver.requests();
    let of_first = requests.iter().filter(|r| r.header("webhook-id") == event);
    assert_eq!(of_first.count(), 5, "each once");
}

/// A row that the database will never take is lost to the log, and neither its delivery nor others are.
#[tokio::test]
async fn a_record_that_is_refused_for_good_holds_up_nothing() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let refused = stack.webhook(&receiver.url_of("/refused"), json!({})).await;
    stack.webhook(&receiver.url_of("/good"), json!({})).await;
    stack
        .database
        .execute(&format!(
            "ALTER TABLE deliveries ADD CHECK (webhook_id <> '{}')",
            refused.id
        ))
        .await;
    let ids = stack.publish_numbered(0, 10).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 10)
        .await;
    eventually(DEADLINE, async || {
        match stack.nats_wire().await.unsettled().await {
            0 => Ok(()),
            claims => Err(claims),
        }
    })
    .await;
    assert_eq!(all_arrived(&receiver, &ids).await.len(), 20, "each once");
}

/// Nobody is there any more: what waits for it vanishes when it is due, and the process goes on.
#[tokio::test]
async fn what_waits_for_a_deleted_webhook_vanishes() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(500));
    let hook = stack
        .webhook(
            &receiver.url_of("/deleted"),
            json!({"retry_schedule_seconds": [5]}),
        )
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    stack.delivery(&event, "retrying").await;
    stack.deliverers[0].kill();
    let deleted = stack
        .request("DELETE", &format!("/webhooks/{}", hook.id), &Value::Null)
        .await;
    assert_eq!(deleted.status, 204);
    // Due while nobody is there to take it.
    stack
        .messages("POSTHORN_DELIVERIES", "posthorn.deliveries.ready.>", 1)
        .await;
    stack.webhook(&receiver.url_of("/live"), json!({})).await;
    stack.deliverers[0].restart().await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    stack.publish("a.b", &json!(2)).await;
    receiver.wait_for(2).await;
    let targets: Vec<_> = receiver.requests().into_iter().map(|r| r.target).collect();
    assert_eq!(targets, ["/deleted", "/live"]);
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 0).await;
}

/// Keys that are absent decide nothing by half, whatever the filter does with them.
#[tokio::test]
async fn a_filter_over_absent_keys_matches_only_where_it_says_so() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    for (n, (filter, _)) in FILTERS.iter().enumerate() {
        let fields = json!({"filter": filter});
        stack
            .webhook(&receiver.url_of(&format!("/{n}")), fields)
            .await;
    }
    let event = stack.publish("a.b", &json!({"amount": 5})).await;
    let wanted: Vec<_> = (0..FILTERS.len())
        .filter(|n| FILTERS[*n].1)
        .map(|n| format!("/{n}"))
        .collect();
    let count = i64::try_from(wanted.len()).unwrap();
    stack.rows("SELECT count(*) FROM events", 1).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", count)
        .await;
    let mut targets: Vec<_> = receiver.requests().into_iter().map(|r| r.target).collect();
    targets.sort();
    assert_eq!(targets, wanted, "{event}");
}

const FILTERS: [(&str, bool); 8] = [
    ("data.amount > 1", true),
    ("data.amount > 1 and data.currency == 'EUR'", false),
    ("data.amount > 1 or data.currency == 'EUR'", true),
    ("data.currency == 'EUR' or data.amount > 1", false),
    ("data.currency != 'EUR'", false),
    ("not data.currency == 'EUR'", false),
    ("data.customer.country == 'DE' and data.amount > 1", false),
    ("data.currency is undefined and data.amount > 1", true),
];

/// Two tenants that use the same key publish two events, side by side and at the same moment.
#[tokio::test]
async fn the_same_key_of_two_tenants_is_two_events() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    for tenant in ["default", "acme"] {
        let webhook = json!({"name": tenant, "url": receiver.url_of(&format!("/{tenant}")), "event_types": ["*"]});
        let reply = stack
            .request("POST", &format!("/webhooks?tenant={tenant}"), &webhook)
            .await;
        assert_eq!(reply.status, 201, "{reply:?}");
    }
    let event = json!({"type": "a.b", "data": 1, "idempotency_key": "order-1"});
    let replies = futures::future::join_all((0..10).map(|n| {
        let tenant = ["default", "acme"][n % 2];
        let (stack, event) = (&stack, &event);
        async move {
            stack
                .request("POST", &format!("/events?tenant={tenant}"), event)
                .await
        }
    }))
    .await;
    let fresh = replies
        .iter()
        .filter(|reply| reply.body["events"][0]["duplicate"] == false);
    assert_eq!(fresh.count(), 2);
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 2)
        .await;
    let mut targets: Vec<_> = receiver.requests().into_iter().map(|r| r.target).collect();
    targets.sort();
    assert_eq!(targets, ["/acme", "/default"]);
}

/// Asked for by hand at the very moment at which the automatic retry is made: whichever comes first is attempt 2, and
/// there is no request that is not recorded. Only what had succeeded before it was asked for is sent once more.
async fn retried_by_hand_and_automatically(mut fields: Value) {
    const EVENTS: usize = 20;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    fail_first(&receiver);
    fields["retry_schedule_seconds"] = json!([2]);
    stack.webhook(&receiver.url(), fields).await;
    let ids = stack.publish_numbered(0, EVENTS).await;
    let mut waiting = Vec::new();
    for id in &ids {
        waiting.push(stack.delivery_id(id).await);
    }
    receiver.wait_for(EVENTS + 1).await;
    let asked = futures::future::join_all(waiting.iter().map(async |id| {
        let path = format!("/deliveries/{id}/retry");
        stack.request("POST", &path, &Value::Null).await.status
    }))
    .await;
    assert!(asked.iter().all(|status| *status == 202), "{asked:?}");
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 20)
        .await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    for id in &ids {
        let delivery = stack.delivery(id, "success").await;
        let requests = receiver.requests();
        let requests = requests.iter().filter(|r| r.header("webhook-id") == id);
        assert_eq!(delivery["attempt_count"], requests.count(), "{delivery}");
        let attempts = delivery["attempts"].as_array().unwrap();
        if let [_, second, third] = attempts.as_slice() {
            assert_eq!(
                (&second["status_code"], &third["manual"]),
                (&json!(200), &json!(true)),
                "{delivery}"
            );
        } else {
            assert_eq!(attempts.len(), 2, "{delivery}");
        }
    }
}

#[tokio::test]
async fn a_retry_by_hand_beside_an_automatic_one_is_one_request() {
    retried_by_hand_and_automatically(json!({})).await;
}

/// Asked for by hand while the automatic one is under way: it waits for what comes of that.
#[tokio::test]
async fn a_retry_by_hand_during_an_automatic_one_is_one_request() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.next(Answer::status(500));
    receiver.next(Answer::status(200).behind(&gate));
    stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [1]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(2).await;
    let id = stack.delivery(&event, "retrying").await["id"].clone();
    let path = format!("/deliveries/{}/retry", id.as_str().unwrap());
    assert_eq!(stack.request("POST", &path, &Value::Null).await.status, 202);
    let ready = "posthorn.deliveries.ready.>";
    stack.messages("POSTHORN_DELIVERIES", ready, 2).await;
    gate.open();

    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    let delivery = stack.delivery(&event, "success").await;
    assert_eq!(delivery["attempt_count"], 2, "{delivery}");
    assert_eq!(receiver.requests().len(), 2);
}

/// Asked for by hand while the last attempt of the policy is under way, and that fails: the run that was asked for follows
/// with its whole policy, and there is one dead letter, of its end.
#[tokio::test]
async fn a_retry_by_hand_during_the_last_attempt_has_its_whole_policy() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.next(Answer::status(500));
    receiver.next(Answer::status(500).behind(&gate));
    receiver.answer(Answer::status(500));
    stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [1]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(2).await;
    let id = stack.delivery(&event, "retrying").await["id"].clone();
    let path = format!("/deliveries/{}/retry", id.as_str().unwrap());
    assert_eq!(stack.request("POST", &path, &Value::Null).await.status, 202);
    let ready = "posthorn.deliveries.ready.>";
    stack.messages("POSTHORN_DELIVERIES", ready, 2).await;
    gate.open();

    receiver.wait_for(4).await;
    let failed = stack.delivery(&event, "failed").await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    let manual = failed["attempts"].as_array().unwrap().iter();
    let manual: Vec<_> = manual.map(|attempt| attempt["manual"] == true).collect();
    assert_eq!(manual, [false, false, true, false], "{failed}");
    assert_eq!(receiver.requests().len(), 4);
    stack.dead_letters("", 1).await;
    stack
        .rows(
            "SELECT count(*) FROM events WHERE event_type = 'delivery.exhausted'",
            1,
        )
        .await;
}

/// The automatic ones wait for their reserved moments, most of them in memory.
#[tokio::test]
async fn a_retry_by_hand_beside_one_that_waits_for_its_rate_is_one_request() {
    retried_by_hand_and_automatically(json!({"rate_limit_per_second": 20})).await;
}
