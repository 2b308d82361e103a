//! Three nats-servers, of which any one may fail at any time.

use posthorn_testkit::{Receiver, Service, eventually};
use serde_json::json;

use crate::{
    cluster_stack::ClusterStack,
    losses::fail_first,
    stack::{DEADLINE, NO_BREAKER},
};

const EVENTS: &str = "POSTHORN_EVENTS";
const DELIVERIES: &str = "POSTHORN_DELIVERIES";

/// What is accepted while a node goes, and then the leader, is delivered. Each event goes through the queue of retries
/// too, so schedules survive as well.
#[tokio::test]
async fn a_node_and_then_the_leader_are_killed_and_nothing_is_lost() {
    let mut stack = ClusterStack::start(&[NO_BREAKER]).await;
    let receiver = Receiver::start().await;
    fail_first(&receiver);
    stack
        .webhook(
            &receiver.url(),
            json!({"retry_schedule_seconds": [1, 1, 1, 1]}),
        )
        .await;
    let load = stack.load();
    load.goes_on(200).await;
    let follower = (stack.leader(EVENTS).await + 1) % stack.nats.size();
    stack.nats.kill(follower);
    load.goes_on(200).await;
    stack.nats.restart(follower).await;
    stack.whole(EVENTS).await;
    stack.whole(DELIVERIES).await;
    let leader = stack.leader(EVENTS).await;
    stack.nats.kill(leader);
    load.goes_on(200).await;
    stack.nats.restart(leader).await;
    let ids = load.stop().await;
    // Twice each: the first was refused by the receiver.
    let again = stack.arrived(&receiver, &ids).await;
    stack
        .rows(
            "SELECT count(*) FROM deliveries WHERE status = 1",
            ids.len(),
        )
        .await;
    println!("{} events, {again} requests beyond the first", ids.len());
    for deliverer in &stack.deliverers {
        assert!(!deliverer.log().contains("panicked"));
    }
}

/// Its clients stay connected to a node that can store nothing any more. They find another.
#[tokio::test]
async fn clients_leave_a_node_that_is_cut_off() {
    let (stack, receiver) = (ClusterStack::start(&[]).await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let load = stack.load();
    load.goes_on(100).await;
    let mut accepted = load.count();
    for node in 0..stack.nats.size() {
        stack.nats.isolate(node);
        load.goes_on(100).await;
        // The others work without it, and so does whoever was connected to it.
        eventually(DEADLINE, async || {
            let ready = [&stack.api, &stack.deliverers[0], &stack.deliverers[1]];
            for service in ready {
                let (status, body) = service.get("/readyz").await.map_err(|e| e.to_string())?;
                if status != 200 {
                    return Err(body);
                }
            }
            Ok(())
        })
        .await;
        stack.nats.rejoin(node);
        // Of a stream that has two up to date, none may be cut off next.
        stack.whole(EVENTS).await;
        stack.whole(DELIVERIES).await;
        assert!(load.count() > accepted);
        accepted = load.count();
    }
    let ids = load.stop().await;
    let repeated = stack.arrived(&receiver, &ids).await;
    println!("{} events, {repeated} repeated", ids.len());
}

/// An upgrade of everything, one after the other.
#[tokio::test]
async fn everything_is_restarted_in_turn_under_load() {
    let (mut stack, receiver) = (ClusterStack::start(&[]).await, Receiver::start().await);
    stack.webhook(&receiver.url(), json!({})).await;
    let load = stack.load();
    load.goes_on(100).await;
    for node in 0..stack.nats.size() {
        stack.nats.stop(node).await;
        stack.nats.restart(node).await;
        stack.whole(EVENTS).await;
        stack.whole(DELIVERIES).await;
    }
    for n in 0..stack.deliverers.len() {
        stack.deliverers[n].terminate();
        assert!(stack.deliverers[n].exit().await.success());
        stack.deliverers[n].restart().await;
    }
    stack.api.terminate();
    assert!(stack.api.exit().await.success());
    stack.api.restart().await;
    load.goes_on(100).await;
    let ids = load.stop().await;
    let repeated = stack.arrived(&receiver, &ids).await;
    stack
        .rows(
            "SELECT count(*) FROM deliveries WHERE status = 1",
            ids.len(),
        )
        .await;
    println!("{} events, {repeated} repeated", ids.len());
}

/// An installation that grows: what was stored once is stored three times after a restart with the other setting.
#[tokio::test]
async fn one_replica_becomes_three() {
    let one = [("POSTHORN_STREAM_REPLICAS", "1"), NO_BREAKER];
    let (mut stack, receiver) = (ClusterStack::start(&one).await, Receiver::start().await);
    fail_first(&receiver);
    // What waits for its time moves along.
    stack
        .webhook(
            &receiver.url(),
            json!({"retry_schedule_seconds": [20, 1, 1]}),
        )
        .await;
    let load = stack.load();
    load.goes_on(100).await;
    let ids = load.stop().await;
    receiver.wait_for(ids.len()).await;
    stack
        .rows(
            "SELECT count(*) FROM deliveries WHERE status = 2",
            ids.len(),
        )
        .await;
    assert_eq!(stack.stream(EVENTS).await["config"]["num_replicas"], 1);
    let three = |service: &mut Service| {
        service.change_env("POSTHORN_STREAM_REPLICAS", "3");
    };
    three(&mut stack.api);
    stack.deliverers.iter_mut().for_each(three);
    stack.api.restart().await;
    for deliverer in &mut stack.deliverers {
        deliverer.restart().await;
    }
    for stream in [EVENTS, DELIVERIES, "POSTHORN_DEAD_LETTERS"] {
        stack.whole(stream).await;
    }
    let done = "SELECT count(*) FROM deliveries WHERE status = 1";
    stack.rows(done, ids.len()).await;
    // The node that held everything goes.
    stack.nats.kill(stack.leader(EVENTS).await);
    let load = stack.load();
    load.goes_on(100).await;
    let later = load.stop().await;
    stack.rows(done, ids.len() + later.len()).await;
}
