use std::{collections::HashMap, time::Duration};

use posthorn_testkit::{Receiver, eventually};
use serde_json::json;

use crate::{
    http::{Reply, send},
    losses::fail_first,
    stack::{DEADLINE, NO_BREAKER, Stack, all_arrived},
};

/// How long a server stays away.
const OUTAGE: Duration = Duration::from_secs(20);
/// How often the line to NATS is broken.
const INTERRUPTIONS: usize = 20;

/// The outage is longer than JetStream waits for an acknowledgement, so that another replica could be given what waits.
#[tokio::test]
async fn events_are_accepted_while_postgresql_is_away_and_delivered_afterwards() {
    let (stack, receiver) = (Stack::with_deliverers(2).await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let mut ids = stack.publish_numbered(0, 500).await;
    stack.database_line.refuse();
    let back = tokio::time::Instant::now() + OUTAGE;
    let mut accepted_meanwhile = 0;
    let mut pace = tokio::time::interval(Duration::from_millis(500));
    while tokio::time::Instant::now() < back {
        ids.extend(stack.publish_numbered(ids.len(), 100).await);
        accepted_meanwhile += 100;
        pace.tick().await;
        let list = stack.request("GET", "/webhooks", &json!(null)).await;
        assert_eq!(list.status, 503, "{list:?}");
        assert!(list.head.contains("\r\nretry-after: "), "{}", list.head);
    }
    assert!(
        accepted_meanwhile >= 300,
        "only {accepted_meanwhile} events were accepted"
    );
    stack.database_line.resume();
    all_arrived(&receiver, &ids).await;
    let count = i64::try_from(ids.len()).unwrap();
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", count)
        .await;
    stack.rows("SELECT count(*) FROM events", count).await;
    assert_eq!(receiver.requests().len(), ids.len(), "each once");
}

#[tokio::test]
async fn a_stalled_line_to_postgresql_is_noticed_and_survived() {
    let (stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    stack.database_line.stall();
    let ids = stack.publish_numbered(0, 50).await;
    let list = stack.request("GET", "/webhooks", &json!(null)).await;
    assert_eq!(list.status, 503, "{list:?}");
    stack.database_line.cut();
    stack.database_line.resume();
    all_arrived(&receiver, &ids).await;
}

#[tokio::test]
async fn the_api_says_503_while_nats_is_away_and_everything_goes_on_afterwards() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let mut ids = stack.publish_numbered(0, 500).await;
    stack.nats.kill();
    let back = tokio::time::Instant::now() + OUTAGE;
    let mut refused = 0;
    let mut pace = tokio::time::interval(Duration::from_millis(50));
    while tokio::time::Instant::now() < back {
        let asked = tokio::time::Instant::now();
        let reply = stack
            .request("POST", "/events", &json!({"type": "a.b", "data": 1}))
            .await;
        assert_eq!(reply.status, 503, "{reply:?}");
        assert!(reply.head.contains("\r\nretry-after: "), "{}", reply.head);
        assert!(asked.elapsed() < Duration::from_secs(6), "refused slowly");
        refused += 1;
        pace.tick().await;
    }
    assert!(refused > 0);
    stack.nats.restart().await;
    stack.api.ready().await;
    stack.deliverers[0].ready().await;
    ids.extend(stack.publish_numbered(500, 500).await);
    all_arrived(&receiver, &ids).await;
    stack
        .rows(
            "SELECT count(*) FROM deliveries WHERE status = 1 AND event_type = 'load.test'",
            1_000,
        )
        .await;
}

#[tokio::test]
async fn a_service_that_starts_before_its_servers_waits_for_them() {
    let (mut stack, receiver) = (Stack::start().await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    stack.deliverers[0].kill();
    stack.database_line.refuse();
    let id = stack.publish("a.b", &json!(1)).await;
    let address = stack.deliverers[0].address().to_owned();
    let restarted = async {
        stack.deliverers[0].restart().await;
    };
    let line = &stack.database_line;
    let back = async {
        // It runs, and says why it is not ready.
        let said = eventually(Duration::from_secs(20), async || {
            let reply = send(&address, "GET", "/readyz", &[], "").await;
            let reply = reply.map_err(|error| error.to_string())?;
            let dependencies = &reply.body["dependencies"];
            let waits_for = dependencies["start"]["detail"].as_str().unwrap_or_default();
            // Before the database it waits for its streams, for a moment.
            let is_at_last =
                dependencies["nats"]["ok"] == true && waits_for.contains("its database");
            if reply.status == 503 && is_at_last {
                Ok(reply.body)
            } else {
                Err(format!("{reply:?}"))
            }
        })
        .await;
        assert_eq!(said["dependencies"]["postgresql"]["ok"], false, "{said}");
        line.resume();
    };
    futures::join!(restarted, back);
    all_arrived(&receiver, &[id]).await;
}

fn id_of(reply: &Reply) -> String {
    reply.body["events"][0]["id"].as_str().unwrap().to_owned()
}

/// Whatever was answered with 202 arrives, and the worker of retries outlives any number of errors of the broker.
#[tokio::test]
async fn twenty_interruptions_of_the_queue_end_nothing() {
    let (mut stack, receiver) = (Stack::with(2, &[NO_BREAKER]).await, Receiver::start().await);
    // So each event goes through the queue twice.
    fail_first(&receiver);
    stack
        .webhook(
            &receiver.url(),
            json!({"retry_schedule_seconds": [1, 1, 1]}),
        )
        .await;
    let mut accepted = Vec::new();
    for n in 0..INTERRUPTIONS {
        match n % 4 {
            0 => stack.nats_line.cut(),
            1 => stack.nats_line.refuse(),
            2 => stack.nats_line.stall(),
            _ => stack.nats.restart().await,
        }
        let event = json!({"type": "a.b", "data": n});
        let meanwhile = (0..3).map(|_| stack.request("POST", "/events", &event));
        for reply in futures::future::join_all(meanwhile).await {
            assert!(matches!(reply.status, 202 | 503), "{reply:?}");
            if reply.status == 202 {
                accepted.push(id_of(&reply));
            }
        }
        if n % 4 == 2 {
            stack.nats_line.cut();
        }
        stack.nats_line.resume();
        let back = eventually(DEADLINE, async || {
            let reply = stack.request("POST", "/events", &event).await;
            if reply.status == 202 {
                Ok(reply)
            } else {
                Err(reply)
            }
        });
        accepted.push(id_of(&back.await));
    }
    for service in [&mut stack.api].into_iter().chain(&mut stack.deliverers) {
        service.ready().await;
    }
    for id in &accepted {
        stack.delivery(id, "success").await;
    }
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
    // What was answered with 503 may have been stored all the same.
    let mut times: HashMap<String, usize> = HashMap::new();
    for request in receiver.requests() {
        *times
            .entry(request.header("webhook-id").to_owned())
            .or_default() += 1;
    }
    println!(
        "{INTERRUPTIONS} interruptions, {} events accepted, {} stored, {:?} requests for each",
        accepted.len(),
        times.len(),
        times.values()
    );
    let repeated: usize = times.values().map(|times| times.saturating_sub(2)).sum();
    assert!(times.values().all(|times| *times >= 2), "{times:?}");
    // A server that is killed may have forgotten that it delivered.
    assert!(repeated <= INTERRUPTIONS, "{times:?}");
    for deliverer in &stack.deliverers {
        assert!(!deliverer.log().contains("panicked"));
    }
}
