//! Filters that take much of a processor.

use posthorn_testkit::{Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Stack};

/// Takes a few hundred times what an ordinary filter takes, and lets everything pass that has a number above 10.
const DEAR: &str = "range(12000) | map('string') | join | length > 1 and data.n > 10";

impl Stack {
    async fn in_tenant(&self, tenant: &str, method: &str, path: &str, body: &Value) -> Value {
        let path = format!("{path}?tenant={tenant}");
        let reply = self.request(method, &path, body).await;
        assert!(reply.status < 300, "{reply:?}");
        reply.body
    }
}

fn dear(url: &str) -> Value {
    json!({"name": "dear", "url": url, "event_types": ["*"], "filter": DEAR})
}

/// More filters want to be asked than an event pays for: the rest is asked when it comes back. Nothing is lost and
/// nothing sent that a filter holds back.
#[tokio::test]
async fn an_event_reaches_all_whose_dear_filters_let_it_pass_and_nobody_else() {
    const WEBHOOKS: usize = 40;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    for n in 0..WEBHOOKS {
        let webhook = dear(&receiver.url_of(&format!("/{n}")));
        stack
            .in_tenant("default", "POST", "/webhooks", &webhook)
            .await;
    }
    stack.publish("a.b", &json!({"n": 1})).await;
    let passed = stack.publish("a.b", &json!({"n": 11})).await;
    stack.publish("a.b", &json!({})).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 40)
        .await;
    eventually(DEADLINE, async || {
        let unsettled = stack.nats_wire().await.unsettled().await;
        if unsettled == 0 {
            Ok(())
        } else {
            Err(unsettled)
        }
    })
    .await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    let mut reached = receiver.requests();
    assert!(reached.iter().all(|r| r.header("webhook-id") == passed));
    reached.sort_by(|a, b| a.target.cmp(&b.target));
    reached.dedup_by(|a, b| a.target == b.target);
    assert_eq!((reached.len(), receiver.count()), (WEBHOOKS, WEBHOOKS));
    // The one without a number failed each of them: counted, and told of each webhook once.
    let (_, metrics) = stack.deliverers[0].get("/metrics").await.unwrap();
    let counted = format!("posthorn_filter_failures_total {WEBHOOKS}");
    assert!(metrics.lines().any(|line| line == counted), "{metrics}");
}

/// The log is no list of events.
#[tokio::test]
async fn a_filter_that_fails_on_each_event_is_logged_once() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack
        .webhook(&receiver.url(), json!({"filter": "data.absent > 1"}))
        .await;
    let well = Receiver::start().await;
    stack.webhook(&well.url(), json!({})).await;
    stack.publish_numbered(0, 50).await;
    well.wait_for(50).await;
    assert_eq!(
        stack.deliverers[0]
            .log()
            .matches("the filter failed")
            .count(),
        1
    );
    assert_eq!(receiver.count(), 0);
}

/// All of one tenant's events have a hundred filters that take much; another tenant's event behind them does not wait
/// for these.
#[tokio::test]
async fn one_tenants_filters_do_not_hold_up_another_tenants_event() {
    const WEBHOOKS: usize = 100;
    const EVENTS: usize = 300;
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    let nowhere = Receiver::start().await;
    for _ in 0..WEBHOOKS {
        let webhook = dear(&nowhere.url());
        stack
            .in_tenant("greedy", "POST", "/webhooks", &webhook)
            .await;
    }
    let webhook = json!({"name": "other", "url": receiver.url(), "event_types": ["*"]});
    stack
        .in_tenant("other", "POST", "/webhooks", &webhook)
        .await;
    let events: Vec<_> = (0..EVENTS)
        .map(|_| json!({"type": "load.test", "data": {"n": 1}}))
        .collect();
    stack
        .in_tenant("greedy", "POST", "/events", &json!(events))
        .await;
    stack
        .in_tenant(
            "other",
            "POST",
            "/events",
            &json!({"type": "a.b", "data": 1}),
        )
        .await;
    receiver.wait_for_within(DEADLINE, 1).await;
    let unsettled = stack.nats_wire().await.unsettled().await;
    println!("{unsettled} events with dear filters are unsettled");
    assert!(unsettled > 1, "it waited for all of them");
    assert_eq!(nowhere.count(), 0);
}
