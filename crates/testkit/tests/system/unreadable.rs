//! A webhook that a deliverer cannot read: another master key, a newer release's settings, a damaged row. Nothing of it is
//! settled by those who cannot read it.

use posthorn_testkit::{Answer, Receiver, Service, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Hook, Stack, all_arrived};

/// Opens nothing that `stack::MASTER_KEY` has sealed.
const ANOTHER_MASTER_KEY: (&str, &str) = (
    "POSTHORN_MASTER_KEY",
    "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=",
);

/// Waits until the deliverer says that it is not ready for this many unreadable webhooks.
async fn not_ready(deliverer: &Service, unreadable: usize) {
    eventually(DEADLINE, async || {
        let (status, body) = deliverer.get("/readyz").await.unwrap();
        let answer: Value = serde_json::from_str(&body).unwrap_or_default();
        let webhooks = &answer["dependencies"]["webhooks"];
        let detail = webhooks["detail"].as_str().unwrap_or_default();
        let named = detail.starts_with(&format!("{unreadable} webhook"));
        if status == 503 && webhooks["ok"] == false && named {
            Ok(())
        } else {
            Err((status, body))
        }
    })
    .await;
    shows(
        deliverer,
        &format!("posthorn_webhooks_unreadable {unreadable}"),
    )
    .await;
}

/// Waits until the metrics of a service hold this line.
async fn shows(service: &Service, wanted: &str) {
    eventually(DEADLINE, async || {
        let (_, text) = service.get("/metrics").await.unwrap();
        if text.lines().any(|line| line == wanted) {
            Ok(())
        } else {
            let name = wanted.split(['{', ' ']).next().unwrap();
            let lines = text.lines().filter(|line| line.starts_with(name));
            Err(lines.map(str::to_owned).collect::<Vec<_>>())
        }
    })
    .await;
}

/// Waits until the deliverer has put off deliveries that it cannot read the webhook or the record of.
async fn has_put_off(deliverer: &Service, at_least: u64) {
    let name = "posthorn_deliveries_deferred_total{reason=\"unreadable\"} ";
    eventually(DEADLINE, async || {
        let (_, text) = deliverer.get("/metrics").await.unwrap();
        let found = text.lines().find_map(|line| line.strip_prefix(name));
        let count = found.and_then(|count| count.parse::<u64>().ok());
        if count.is_some_and(|count| count >= at_least) {
            Ok(())
        } else {
            Err(count)
        }
    })
    .await;
}

/// Changes a webhook's row behind everybody's back, as a newer release or a mistake does, and tells the replicas.
async fn set(stack: &Stack, hook: &Hook, assignment: &str) {
    stack
        .database
        .execute(&format!(
            "BEGIN; UPDATE configuration SET version = version + 1;
             UPDATE webhooks SET {assignment}, version = (SELECT version FROM configuration) WHERE id = '{}'; COMMIT",
            hook.id
        ))
        .await;
}

/// One of two replicas has another master key. What it takes, it leaves to the other.
#[tokio::test]
async fn a_deliverer_with_another_master_key_settles_nothing() {
    const EVENTS: usize = 200;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let odd = stack.another_unready_deliverer(&[ANOTHER_MASTER_KEY]).await;
    stack.webhook(&receiver.url(), json!({})).await;
    not_ready(&odd, 1).await;
    let ids = stack.publish_numbered(0, EVENTS).await;
    let requests = all_arrived(&receiver, &ids).await;
    assert_eq!(requests.len(), EVENTS, "each once");
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 200)
        .await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    stack.messages("POSTHORN_DEAD_LETTERS", ">", 0).await;
    let (status, body) = stack.deliverers[0].get("/readyz").await.unwrap();
    assert_eq!(status, 200, "{body}");
}

/// Nobody has the key: the delivery is shown as pending, with the reason, until somebody has.
#[tokio::test]
async fn what_nobody_can_read_is_pending_until_somebody_can() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    stack.deliverers[0].kill();
    let mut odd = stack.another_unready_deliverer(&[ANOTHER_MASTER_KEY]).await;
    let event = stack.publish("a.b", &json!(1)).await;
    let pending = stack.delivery(&event, "pending").await;
    let reason = pending["error_message"].as_str().unwrap_or_default();
    assert!(reason.contains("cannot be read"), "{pending}");
    assert!(pending["next_retry_at"].is_string(), "{pending}");
    not_ready(&odd, 1).await;
    // Put off and put off again: still there.
    has_put_off(&odd, 3).await;
    assert_eq!(receiver.count(), 0);
    odd.kill();
    stack.deliverers[0].restart().await;
    let done = stack.delivery(&event, "success").await;
    assert_eq!(
        (&done["attempt_count"], &done["error_message"]),
        (&json!(1), &Value::Null),
        "{done}"
    );
    assert_eq!(receiver.count(), 1);
}

/// A newer release has saved the webhook, with settings that this one does not know.
#[tokio::test]
async fn settings_of_a_newer_release_are_passed_over() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack
        .webhook(
            &receiver.url(),
            json!({"signature_header": {"name": "x-signed", "format": "hex"}}),
        )
        .await;
    set(
        &stack,
        &hook,
        "settings = jsonb_set(settings::jsonb || '{\"ordering\": \"key\", \"signing\": null}',
             '{signature_header,algorithm}', '\"v2\"')::text",
    )
    .await;
    let event = stack.publish("a.b", &json!(1)).await;
    stack.delivery(&event, "success").await;
    let request = receiver.wait_for(1).await.remove(0);
    assert_eq!(request.header("x-signed").len(), 64);
    let shown = stack.get(&format!("/webhooks/{}", hook.id)).await;
    assert_eq!(shown["signature_header"]["format"], "hex");
    let (status, body) = stack.deliverers[0].get("/readyz").await.unwrap();
    assert_eq!(status, 200, "{body}");
    // A change by way of this release keeps what only the newer one knows.
    let path = format!("/webhooks/{}", hook.id);
    let renamed = stack
        .request("PATCH", &path, &json!({"name": "renamed"}))
        .await;
    assert_eq!(renamed.status, 200, "{renamed:?}");
    stack
        .rows(
            "SELECT count(*) FROM webhooks WHERE settings::jsonb ->> 'ordering' = 'key' AND name = 'renamed'",
            1,
        )
        .await;
    // What this release takes from people is as strict as ever.
    let refused = stack
        .request(
            "PATCH",
            &format!("/webhooks/{}", hook.id),
            &json!({"orderin": "key"}),
        )
        .await;
    assert_eq!(refused.status, 422, "{refused:?}");
}

/// The settings are damaged, so nobody knows the filter either: what may be wanted waits, and a retry that is due waits.
#[tokio::test]
async fn what_waits_for_a_damaged_row_is_decided_when_it_is_mended() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    receiver.next(Answer::status(500));
    let hook = stack
        .webhook(
            &receiver.url(),
            json!({"filter": "data.n > 0", "event_types": ["a.*"], "retry_schedule_seconds": [1]}),
        )
        .await;
    let other = Receiver::start().await;
    stack.webhook(&other.url(), json!({})).await;
    let retried = stack.publish("a.retried", &json!({"n": 1})).await;
    receiver.wait_for(1).await;
    set(&stack, &hook, "settings = '{' || settings").await;
    not_ready(&stack.deliverers[0], 1).await;
    let wanted = stack.publish("a.wanted", &json!({"n": 2})).await;
    stack.publish("a.filtered", &json!({"n": 0})).await;
    stack.publish("b.other", &json!({"n": 3})).await;
    // Others are not concerned.
    other.wait_for(4).await;
    // The retry too: it is due within a second, and three wait by then.
    has_put_off(&stack.deliverers[0], 8).await;
    let waits = stack
        .get(&format!(
            "/deliveries?event_id={retried}&webhook_id={}",
            hook.id
        ))
        .await;
    assert_eq!(waits["deliveries"][0]["status"], "retrying", "{waits}");

    set(&stack, &hook, "settings = substr(settings, 2)").await;
    let requests = receiver.wait_for(3).await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    let ids: Vec<_> = requests.iter().map(|r| r.header("webhook-id")).collect();
    assert_eq!(ids.iter().filter(|id| **id == retried).count(), 2);
    assert_eq!(ids.iter().filter(|id| **id == wanted).count(), 1);
    assert_eq!(receiver.count(), 3, "what the filter refuses is not sent");
    stack
        .rows(
            &format!(
                "SELECT count(*) FROM deliveries WHERE webhook_id = '{}'",
                hook.id
            ),
            2,
        )
        .await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status <> 1", 0)
        .await;
}
