//! Filters that take much of a processor.

use posthorn_testkit::{Receiver, eventually};
use serde_json::{Value, json};

use crate::stack::{DEADLINE, Hook, Stack};

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

/// Nothing is sent and nothing recorded, so it must be seen elsewhere; and the log is no list of events.
#[tokio::test]
async fn a_thousand_events_that_a_filter_fails_on_are_counted_and_hardly_logged() {
    const EVENTS: usize = 1_000;
    let (mut stack, receiver) = (Stack::with_deliverers(2).await, Receiver::start().await);
    let failing = stack
        .webhook(&receiver.url(), json!({"filter": "data.absent > 1"}))
        .await;
    let well = Receiver::start().await;
    let other = stack.webhook(&well.url(), json!({})).await;
    let mut ids = stack.publish_numbered(0, EVENTS).await;
    well.wait_for_within(DEADLINE, EVENTS).await;
    let count = async |stack: &Stack, hook: &Hook| {
        let webhook = stack.get(&format!("/webhooks/{}", hook.id)).await;
        webhook["filter_failures_24h"].as_u64().unwrap()
    };
    eventually(DEADLINE, async || {
        let counted = count(&stack, &failing).await;
        (counted == 1_000).then_some(()).ok_or(counted)
    })
    .await;
    assert_eq!(count(&stack, &other).await, 0);
    let gate = stack.get(&format!("/webhooks/{}/gate", failing.id)).await;
    assert_eq!(gate["filter_failures_24h"], 1_000);
    let last = &gate["last_filter_failure"];
    assert!(
        ids.iter().any(|id| last["event_id"] == id.as_str()),
        "{gate}"
    );
    assert!(
        last["reason"]
            .as_str()
            .unwrap()
            .contains("no attribute 'absent'"),
        "{gate}"
    );
    // One of each replica, or of the one that took all.
    let lines: usize = stack
        .deliverers
        .iter()
        .map(|deliverer| deliverer.log().matches("the filter failed").count())
        .sum();
    assert!((1..=2).contains(&lines), "{lines}");
    assert_eq!(receiver.count(), 0);

    // What was not written yet is written when a process is told to stop.
    ids.extend(stack.publish_numbered(EVENTS, 10).await);
    well.wait_for_within(DEADLINE, ids.len()).await;
    for deliverer in &mut stack.deliverers {
        deliverer.terminate();
        assert!(deliverer.exit().await.success());
    }
    assert_eq!(count(&stack, &failing).await, 1_010);
}

/// What a filter says of an event that was accepted before a change is asked of both filters; it is one failure.
#[tokio::test]
async fn a_failure_of_the_old_filter_and_of_the_new_one_is_counted_once() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    let hook = stack
        .webhook(&receiver.url(), json!({"filter": "data.absent > 1"}))
        .await;
    let path = format!("/webhooks/{}", hook.id);
    stack.deliverers[0].terminate();
    stack.deliverers[0].exit().await;
    stack.publish_numbered(0, 20).await;
    let change = json!({"filter": "data.absent > 2"});
    let reply = stack.request("PATCH", &path, &change).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    stack.deliverers[0].restart().await;
    let counted = eventually(DEADLINE, async || {
        let webhook = stack.get(&path).await;
        let counted = webhook["filter_failures_24h"].as_u64().unwrap();
        (counted >= 20).then_some(counted).ok_or(counted)
    })
    .await;
    assert_eq!(counted, 20);
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
