use posthorn_testkit::{Answer, Receiver};
use serde_json::json;

use crate::stack::Stack;

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
