//! Events that very many webhooks want.

use std::{collections::HashSet, time::Duration};

use futures::{StreamExt, stream};
use posthorn_testkit::{Answer, Gate, ReceivedRequest, Receiver, eventually};
use serde_json::json;

use crate::stack::{DEADLINE, Stack};

/// Requests that one process may have sent and not yet recorded.
const IN_FLIGHT_MAX: usize = 64;

impl Stack {
    /// Creates webhooks for `wide.*`, each with a path of its own.
    async fn wide_webhooks(&self, receiver: &Receiver, count: usize) {
        let created = stream::iter(0..count).map(async |n| {
            let url = receiver.url_of(&format!("/{n}"));
            self.webhook(&url, json!({"event_types": ["wide.*"]})).await
        });
        created.buffer_unordered(8).for_each(async |_| {}).await;
    }
}

async fn all_reached(receiver: &Receiver, webhooks: usize) -> Vec<ReceivedRequest> {
    let (mut known, mut reached) = (0, HashSet::new());
    eventually(DEADLINE, async || {
        let come = receiver.requests_after(known);
        known += come.len();
        reached.extend(come.into_iter().map(|request| request.target));
        if reached.len() == webhooks {
            Ok(receiver.requests())
        } else {
            Err(format!("{} of {webhooks} were reached", reached.len()))
        }
    })
    .await
}

/// The deliveries of a wide event are messages of their own, shared by the replicas; an event behind it goes first.
#[tokio::test]
async fn an_event_that_thousands_want_reaches_each_although_a_replica_is_killed() {
    const WEBHOOKS: usize = 2_000;
    let settings = [
        ("POSTHORN_REQUESTS_IN_FLIGHT_MAX", "64"),
        ("POSTHORN_WEBHOOKS_PER_TENANT", "10000"),
    ];
    let mut stack = Stack::with(2, &settings).await;
    let (wide, narrow) = (Receiver::start().await, Receiver::start().await);
    wide.answer(Answer::status(200).after(Duration::from_millis(20)));
    stack.wide_webhooks(&wide, WEBHOOKS).await;
    stack
        .webhook(&narrow.url(), json!({"event_types": ["narrow.event"]}))
        .await;

    stack.publish("wide.event", &json!({"n": 1})).await;
    wide.wait_for(1).await;
    stack.publish("narrow.event", &json!({"n": 2})).await;
    narrow.wait_for(1).await;
    let before = wide.requests().len();
    println!("The narrow event came after {before} of {WEBHOOKS} requests of the wide one");
    assert!(before < WEBHOOKS, "it waited behind all of the wide event");

    wide.wait_for(WEBHOOKS / 2).await;
    stack.deliverers[0].restart().await;
    let requests = all_reached(&wide, WEBHOOKS).await;
    let repeated = requests.len() - WEBHOOKS;
    println!("{WEBHOOKS} webhooks, one kill: {repeated} requests repeated");
    assert!(repeated <= IN_FLIGHT_MAX, "{repeated} were repeated");
    stack
        .rows(
            "SELECT count(*) FROM deliveries WHERE status = 1 AND event_type = 'wide.event'",
            i64::try_from(WEBHOOKS).unwrap(),
        )
        .await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
}

/// A large payload is not copied into a message for each webhook; nothing else waits for it meanwhile.
#[tokio::test]
async fn a_large_event_that_many_want_goes_straight_to_each() {
    const WEBHOOKS: usize = 200;
    let (stack, gate) = (Stack::start().await, Gate::shut());
    let (wide, narrow) = (Receiver::start().await, Receiver::start().await);
    wide.answer(Answer::status(200).behind(&gate));
    stack.wide_webhooks(&wide, WEBHOOKS).await;
    stack
        .webhook(&narrow.url(), json!({"event_types": ["narrow.event"]}))
        .await;
    let data = json!("x".repeat(200 * 1024));
    stack.publish("wide.event", &data).await;
    wide.wait_for(1).await;
    let mut wire = stack.nats_wire().await;
    assert_eq!(
        wire.count("POSTHORN_DELIVERIES", "posthorn.deliveries.ready.>")
            .await,
        0
    );
    gate.open();
    stack.publish("narrow.event", &json!({"n": 2})).await;
    narrow.wait_for(1).await;
    let requests = all_reached(&wide, WEBHOOKS).await;
    assert_eq!(requests.len(), WEBHOOKS);
}

/// A delivery that has to wait, and that NATS does not take any more, fails with a reason instead of being tried for ever.
#[tokio::test]
async fn a_delivery_that_nats_finds_too_large_becomes_a_dead_letter() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    let gate = Gate::shut();
    receiver.answer(Answer::status(500).behind(&gate));
    stack
        .webhook(&receiver.url(), json!({"event_types": ["large.event"]}))
        .await;
    let event = stack
        .publish("large.event", &json!("x".repeat(100 * 1024)))
        .await;
    receiver.wait_for(1).await;
    stack.nats.configure("max_payload: 65536");
    stack.nats.restart().await;
    gate.open();

    let failed = stack.delivery(&event, "failed").await;
    let reason = failed["error_message"].as_str().unwrap();
    assert!(reason.contains("larger than NATS takes"), "{reason}");
    assert_eq!(failed["attempt_count"], 1);
    let letter = stack.dead_letters("", 1).await.remove(0);
    assert_eq!(letter["delivery_id"], failed["id"]);
    assert_eq!(receiver.requests().len(), 1);
}
