use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use posthorn_testkit::{Answer, Gate, Receiver};
use serde_json::json;

use crate::stack::{NO_BREAKER, Stack, now};

#[tokio::test]
async fn an_endpoint_that_is_gone_is_disabled_with_its_reason() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(410));
    let hook = stack.webhook(&receiver.url(), json!({})).await;
    let event = stack.publish("a.b", &json!(1)).await;
    let delivery = stack.delivery(&event, "failed").await;
    assert_eq!(
        (&delivery["attempt_count"], &delivery["status_code"]),
        (&json!(1), &json!(410))
    );
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 1).await;
    let webhook = stack.get(&format!("/webhooks/{}", hook.id)).await;
    assert_eq!(
        (&webhook["enabled"], &webhook["disabled_reason"]),
        (&json!(false), &json!("gone"))
    );
}

/// The owner has moved the endpoint before the old one says that it is gone.
#[tokio::test]
async fn what_an_old_url_says_does_not_disable_the_new_one() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.next(Answer::status(410).behind(&gate));
    let hook = stack.webhook(&receiver.url_of("/old"), json!({})).await;
    let event = stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(1).await;
    let path = format!("/webhooks/{}", hook.id);
    let moved = json!({"url": receiver.url_of("/new")});
    assert_eq!(stack.request("PATCH", &path, &moved).await.status, 200);
    gate.open();
    assert_eq!(stack.delivery(&event, "failed").await["status_code"], 410);
    stack.dead_letters("", 1).await;
    let webhook = stack.get(&path).await;
    assert_eq!(
        (&webhook["enabled"], &webhook["disabled_reason"]),
        (&json!(true), &json!(null))
    );
    let event = stack.publish("a.b", &json!(2)).await;
    stack.delivery(&event, "success").await;
}

#[tokio::test]
async fn a_client_error_is_final_where_the_webhook_says_so() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(404));
    stack
        .webhook(&receiver.url(), json!({"retry_client_errors": false}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    assert_eq!(stack.delivery(&event, "failed").await["attempt_count"], 1);
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(503).header("retry-after", "3"));
    stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [0, 0]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    stack.delivery(&event, "success").await;
    let requests = receiver.requests();
    assert_eq!(requests.len(), 2);
    assert!((requests[1].arrived_at - requests[0].arrived_at).as_secs_f64() >= 2.9);
}

#[tokio::test]
async fn an_address_that_is_not_allowed_fails_at_once_with_its_reason() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    // Allowed is 127.0.0.0/8; the same machine by another address is not.
    let port = receiver.address().rsplit_once(':').unwrap().1.to_owned();
    for host in ["[::1]", "[::ffff:10.0.0.1]", "169.254.169.254", "0xa000001"] {
        stack
            .webhook(
                &format!("http://{host}:{port}/"),
                json!({"event_types": ["to.hostile"]}),
            )
            .await;
    }
    stack.publish("to.hostile", &json!(1)).await;
    stack
        .rows(
            "SELECT count(*) FROM deliveries WHERE status = 3 AND attempt_count = 1",
            4,
        )
        .await;
    let list = stack.get("/deliveries").await;
    for delivery in list["deliveries"].as_array().unwrap() {
        assert!(
            delivery["error_message"]
                .as_str()
                .unwrap()
                .contains("not allowed"),
            "{delivery}"
        );
    }
    assert!(receiver.requests().is_empty());
}

#[tokio::test]
async fn redirects_are_failures_and_never_followed() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(302).header("location", &receiver.url_of("/elsewhere")));
    stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    assert_eq!(stack.delivery(&event, "failed").await["status_code"], 302);
    assert_eq!(receiver.requests().len(), 1);
}

#[tokio::test]
async fn disabling_turns_waiting_retries_into_dead_letters_and_deleting_lets_them_vanish() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.answer(Answer::status(500));
    let fields = json!({"retry_schedule_seconds": [2]});
    let (disabled, deleted) = (
        stack.webhook(&receiver.url(), fields.clone()).await,
        stack.webhook(&receiver.url(), fields).await,
    );
    stack.publish("a.b", &json!(1)).await;
    receiver.wait_for(2).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 2", 2)
        .await;
    stack
        .request(
            "POST",
            &format!("/webhooks/{}/disable", disabled.id),
            &json!(null),
        )
        .await;
    assert_eq!(
        stack
            .request("DELETE", &format!("/webhooks/{}", deleted.id), &json!(null))
            .await
            .status,
        204
    );

    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 3", 1)
        .await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 1).await;
    stack.rows("SELECT count(*) FROM deliveries", 1).await;
    assert_eq!(receiver.requests().len(), 2);
}

/// What each answer makes of the next attempt: the moment that the receiver asked for, if that can be understood,
/// within a day; the schedule's otherwise.
#[tokio::test]
async fn retry_after_is_heard_on_every_answer_and_garbage_is_not() {
    const SCHEDULED: i64 = 600;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let date = |seconds: i64| {
        let at = now() + TimeDelta::seconds(seconds);
        at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    };
    let cases: [(u16, String, i64); 16] = [
        (429, "7200".into(), 7_200),
        (502, "7200".into(), 7_200),
        (503, "7200".into(), 7_200),
        (504, "7200".into(), 7_200),
        (500, "7200".into(), 7_200),
        (404, "7200".into(), 7_200),
        (302, "7200".into(), 7_200),
        (503, date(7_200), 7_200),
        (503, "2592000".into(), 86_400),
        (503, date(999_999), 86_400),
        // More than a month: a Unix time, or worse.
        (503, "99999999".into(), SCHEDULED),
        (503, date(99_999_999), SCHEDULED),
        (503, "-1".into(), SCHEDULED),
        (503, "soon".into(), SCHEDULED),
        (503, date(-60), SCHEDULED),
        // It may ask for later, never for sooner.
        (503, "1".into(), SCHEDULED),
    ];
    for (n, (status, value, _)) in cases.iter().enumerate() {
        receiver.next(Answer::status(*status).header("retry-after", value));
        let url = receiver.url_of(&format!("/{n}"));
        let fields =
            json!({"event_types": [format!("case.n{n}")], "retry_schedule_seconds": [SCHEDULED]});
        stack.webhook(&url, fields).await;
        let event = stack.publish(&format!("case.n{n}"), &json!(n)).await;
        let delivery = stack.delivery(&event, "retrying").await;
        let due: DateTime<Utc> = delivery["next_retry_at"].as_str().unwrap().parse().unwrap();
        let wait = (due - now()).num_seconds();
        let wanted = cases[n].2;
        // A tenth of jitter on the schedule, and none on what was asked for.
        let slack = if wanted == SCHEDULED { wanted / 10 } else { 0 };
        assert!(
            (wanted - slack - 30..=wanted + slack).contains(&wait),
            "{status} with {value}: {wait} s instead of {wanted} s"
        );
    }
}

/// 429, 502, 503 and 504 are about the receiver: other deliveries wait too. Other answers are about one delivery.
#[tokio::test]
async fn an_answer_that_throttles_holds_the_webhooks_other_deliveries_back() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let mut waiting = 0;
    for (status, throttles) in [
        (429, true),
        (502, true),
        (503, true),
        (504, true),
        (500, false),
        (404, false),
    ] {
        receiver.clear();
        receiver.next(Answer::status(status).header("retry-after", "3600"));
        let name = format!("answered.with_{status}");
        stack
            .webhook(&receiver.url(), json!({"event_types": [name]}))
            .await;
        let first = stack.publish(&name, &json!(1)).await;
        stack.delivery(&first, "retrying").await;
        let second = stack.publish(&name, &json!(2)).await;
        waiting += if throttles { 2 } else { 1 };
        stack
            .messages(
                "POSTHORN_DELIVERIES",
                "posthorn.deliveries.later.>",
                waiting,
            )
            .await;
        if throttles {
            assert_eq!(receiver.requests().len(), 1, "{status}");
        } else {
            stack.delivery(&second, "success").await;
        }
    }
}

/// Only 200–299 is a success; everything else that is no success is not followed, whatever it names.
#[tokio::test]
async fn only_2xx_is_a_success() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let elsewhere = Receiver::start().await;
    stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    for (status, outcome) in [
        (200, "success"),
        (204, "success"),
        (299, "success"),
        (300, "failed"),
        (301, "failed"),
        (307, "failed"),
        (308, "failed"),
        (400, "failed"),
        (500, "failed"),
    ] {
        receiver.next(Answer::status(status).header("location", &elsewhere.url()));
        let event = stack.publish("a.b", &json!(status)).await;
        let delivery = stack.delivery(&event, outcome).await;
        assert_eq!(delivery["status_code"], status, "{delivery}");
    }
    assert!(elsewhere.requests().is_empty());
    assert_eq!(receiver.requests().len(), 9);
}

/// The old URL failed for too long, and so did an attempt at it that ends after the owner has moved the endpoint.
#[tokio::test]
async fn a_new_url_is_not_disabled_for_the_failures_of_the_old_one() {
    let settings = [("POSTHORN_DISABLE_FAILING_AFTER_SECONDS", "1"), NO_BREAKER];
    let (stack, receiver) = (Stack::with(1, &settings).await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.answer_with({
        let (gate, asked) = (gate.clone(), AtomicUsize::new(0));
        move |_| {
            let answer = Answer::status(500);
            match asked.fetch_add(1, Ordering::Relaxed) {
                1 => answer.behind(&gate),
                _ => answer,
            }
        }
    });
    let fields = json!({"event_types": ["a.b"], "max_retries": 0});
    let hook = stack.webhook(&receiver.url_of("/old"), fields).await;
    let first = stack.publish("a.b", &json!(1)).await;
    stack.delivery(&first, "failed").await;
    stack.rows("SELECT count(*) FROM failure_streaks", 1).await;
    let second = stack.publish("a.b", &json!(2)).await;
    receiver.wait_for(2).await;
    let path = format!("/webhooks/{}", hook.id);
    let moved = json!({"url": receiver.url_of("/new")});
    assert_eq!(stack.request("PATCH", &path, &moved).await.status, 200);
    stack.rows("SELECT count(*) FROM failure_streaks", 0).await;
    stack
        .rows(
            "SELECT count(*) FROM webhooks WHERE now() > created_at + interval '2 s'",
            1,
        )
        .await;
    gate.open();
    stack.delivery(&second, "failed").await;
    // Its failures begin again with the first of its own.
    let third = stack.publish("a.b", &json!(3)).await;
    stack.delivery(&third, "failed").await;
    stack
        .rows("SELECT count(*) FROM failure_streaks WHERE failures = 1", 1)
        .await;
    assert_eq!(stack.get(&path).await["enabled"], json!(true));
}

/// A receiver that writes when it will be back, where seconds belong.
#[tokio::test]
async fn a_retry_after_that_cannot_be_meant_is_ignored_and_said() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(503).header("retry-after", "1769428860"));
    stack
        .webhook(&receiver.url(), json!({"retry_schedule_seconds": [0, 0]}))
        .await;
    let event = stack.publish("a.b", &json!(1)).await;
    let delivery = stack.delivery(&event, "success").await;
    let said = delivery["attempts"][0]["error_message"].as_str().unwrap();
    assert!(
        said.contains("Retry-After") && said.contains("ignored"),
        "{said}"
    );
}

#[tokio::test]
async fn what_a_receiver_says_is_recorded_as_text() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack
        .webhook(&receiver.url(), json!({"max_retries": 0}))
        .await;
    // gzip of the same sentence in UTF-8.
    let packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\x2b\xcd\x4b\x3f\xbc\x27\xa7\x24\x33\x1d\x00\xfb\x77\xe7\xd0\x09\x00\x00\x00";
    for answer in [
        Answer::status(500)
            .header("content-type", "text/html; charset=iso-8859-1")
            .body(&b"ung\xfcltig"[..]),
        Answer::status(500)
            .header("content-encoding", "gzip")
            .body(&packed[..]),
    ] {
        receiver.next(answer);
        let event = stack.publish("a.b", &json!(1)).await;
        let delivery = stack.delivery(&event, "failed").await;
        assert_eq!(delivery["response_body"], "ung\u{fc}ltig", "{delivery}");
    }
    for request in receiver.requests() {
        assert_eq!(request.header("accept-encoding"), "identity");
    }
}
