//! What is counted and what is kept of real deliveries.

use posthorn_testkit::{Answer, Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Stack, all_arrived};

#[tokio::test]
async fn statistics_and_health_follow_what_receivers_do() {
    let stack = Stack::with_deliverers(2).await;
    let (good, bad) = (Receiver::start().await, Receiver::start().await);
    bad.answer(Answer::status(500));
    // Not what Posthorn says of the bad one itself.
    let fields = json!({"event_types": ["load.test"], "max_retries": 1, "retry_delay_seconds": 1});
    let hooks = [
        stack.webhook(&good.url(), fields.clone()).await,
        stack.webhook(&bad.url(), fields).await,
    ];
    stack.publish_numbered(0, 20).await;
    let wanted = json!({"total_webhooks": 2, "enabled_webhooks": 2, "healthy_webhooks": 1, "unhealthy_webhooks": 1,
                        "total_deliveries_24h": 40,
                        "successful_deliveries_24h": 20, "failed_deliveries_24h": 20});
    eventually(DEADLINE, async || {
        let health = stack.get("/webhooks/health").await;
        let agrees = wanted
            .as_object()
            .unwrap()
            .iter()
            .all(|(name, value)| health[name] == *value);
        if agrees { Ok(()) } else { Err(health) }
    })
    .await;
    // The same before and after the numbers are folded.
    let statistics = async |hook: usize| {
        let path = format!("/webhooks/{}/stats?bucket=5m", hooks[hook].id);
        let seen = stack.get(&path).await;
        ["deliveries", "successes", "failures", "average_attempts"].map(|name| seen[name].clone())
    };
    let check = async || {
        assert_eq!(
            statistics(0).await,
            [json!(20), json!(20), json!(0), json!(1.0)]
        );
        assert_eq!(
            statistics(1).await,
            [json!(20), json!(0), json!(20), json!(2.0)]
        );
    };
    check().await;
    stack
        .rows("SELECT count(*) FROM statistics_deltas", 0)
        .await;
    check().await;
    let tenant = stack.get("/stats").await;
    assert_eq!(tenant["event_types"][0]["event_type"], "load.test");
    assert_eq!(tenant["event_types"][0]["deliveries"], 40);
    assert!(tenant["latency_ms"]["p99"].is_u64(), "{tenant}");
}

#[tokio::test]
async fn a_history_limit_keeps_the_newest_deliveries() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let limited = stack
        .webhook(&receiver.url(), json!({"history_limit": 3}))
        .await;
    let free = stack.webhook(&receiver.url(), json!({})).await;
    let ids = stack.publish_numbered(0, 30).await;
    all_arrived(&receiver, &ids).await;
    let count = async |hook: &str, wanted: u64| {
        let path = format!("/webhooks/{hook}/deliveries");
        eventually(DEADLINE, async || {
            let list = stack.get(&path).await;
            if list["total"] == wanted {
                Ok(list)
            } else {
                Err(list)
            }
        })
        .await
    };
    let kept = count(&limited.id, 3).await;
    let all = count(&free.id, 30).await;
    let newest = |list: &Value, n: usize| list["deliveries"][n]["created_at"].clone();
    for n in 0..3 {
        assert_eq!(newest(&kept, n), newest(&all, n));
    }
    assert_eq!(
        stack.get(&format!("/webhooks/{}", limited.id)).await["total_deliveries"],
        30
    );

    let path = format!("/webhooks/{}", free.id);
    let reply = stack
        .request("PATCH", &path, &json!({"history_limit": 5}))
        .await;
    assert_eq!(reply.status, 200);
    count(&free.id, 5).await;
    stack.rows("SELECT count(*) FROM attempts", 8).await;
}
