//! What a copy of a stream that lags behind must not make anybody believe.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use async_nats::jetstream;
use futures::{FutureExt, StreamExt};
use posthorn_bus::{Bus, BusConfig, subject::EVENTS_STREAM};
use posthorn_testkit::{TestNatsCluster, eventually};
use support::{DEADLINE, event, outgoing, take};

const TO_CATCH_UP: Duration = Duration::from_secs(4);

async fn connected_to(nats: &TestNatsCluster, node: usize) -> Bus {
    let config = BusConfig {
        servers: vec![nats.node(node).url()],
        stream_replicas: 3,
        ..BusConfig::default()
    };
    Bus::connect(config).await.unwrap()
}

async fn leader(nats: &TestNatsCluster) -> String {
    let client = async_nats::connect(nats.node(0).url()).await.unwrap();
    let info = jetstream::new(client).get_stream(EVENTS_STREAM).await;
    let cluster = info.unwrap().cached_info().cluster.clone();
    cluster.unwrap().leader.unwrap()
}

/// While a leader is elected nobody can say what is there. Every process finds that out, and none changes anything.
#[tokio::test]
async fn an_election_makes_nobody_rebuild_the_topology() {
    let mut nats = TestNatsCluster::start().await;
    let setting_up = connected_to(&nats, 0).await;
    eventually(3 * DEADLINE, async || setting_up.ensure_topology().await).await;
    let leader = leader(&nats).await;
    let is_leader = |node: &usize| TestNatsCluster::name(*node) == leader;
    let led = (0..nats.size()).find(is_leader).unwrap();
    let others: Vec<_> = (0..nats.size()).filter(|node| *node != led).collect();
    let bus = connected_to(&nats, others[0]).await;
    let mut claims = bus.event_claims().await.unwrap();
    let sent = eventually(3 * DEADLINE, async || {
        bus.publish_event(&outgoing(event(1))).await
    });
    sent.await;
    take(&mut claims, 1).await[0].handle.ack().await;
    let client = async_nats::connect(nats.node(others[1]).url())
        .await
        .unwrap();
    let mut told = client.subscribe("$JS.EVENT.ADVISORY.API").await.unwrap();
    client.flush().await.unwrap();

    nats.kill(led);
    let claiming = async {
        loop {
            let claim = take(&mut claims, 1).await.remove(0);
            claim.handle.ack().await;
            if claim.handle.stream_sequence() > 1 {
                break;
            }
        }
    };
    let publishing = eventually(3 * DEADLINE, async || {
        bus.publish_event(&outgoing(event(2))).await
    });
    tokio::join!(claiming, publishing);
    let mut changes = Vec::new();
    while let Some(Some(advisory)) = told.next().now_or_never() {
        let advisory: serde_json::Value = serde_json::from_slice(&advisory.payload).unwrap();
        let subject = advisory["subject"].as_str().unwrap().to_owned();
        if subject.contains("CREATE") || subject.contains("UPDATE") {
            changes.push(subject);
        }
    }
    assert!(changes.is_empty(), "{changes:?}");
}

/// Its own server answers for a client that asks for one message, and does not know of those that came after it was cut
/// off. An idempotency key would be answered with the id of an event that does not exist.
#[tokio::test]
async fn an_event_that_a_replica_does_not_have_yet_is_not_taken_for_gone() {
    let nats = TestNatsCluster::start().await;
    let setting_up = connected_to(&nats, 0).await;
    eventually(3 * DEADLINE, async || setting_up.ensure_topology().await).await;
    let leader = leader(&nats).await;
    let mut followers = (0..nats.size()).filter(|node| TestNatsCluster::name(*node) != leader);
    let follower = followers.next().unwrap();
    let behind = connected_to(&nats, follower).await;
    let ahead = connected_to(&nats, followers.next().unwrap()).await;
    let publish = async || {
        eventually(3 * DEADLINE, async || {
            ahead.publish_event(&outgoing(event(1))).await
        })
        .await
        .sequence
    };
    let read =
        async |sequence| eventually(3 * DEADLINE, async || behind.event_at(sequence).await).await;
    let known = publish().await;
    assert!(read(known).await.is_some());
    // A server begins to answer from its copy some time after it has caught up, and does not tell.
    let unknown = eventually(6 * DEADLINE, async || {
        nats.isolate(follower);
        let unknown = publish().await;
        match behind.event_at(known).await {
            Ok(Some(_)) => Ok(unknown),
            other => {
                nats.rejoin(follower);
                tokio::time::sleep(TO_CATCH_UP).await;
                Err(other)
            }
        }
    })
    .await;
    let told = behind.event_at(unknown).await;
    assert!(told.is_err(), "{told:?}");
    nats.rejoin(follower);
    assert!(read(unknown).await.is_some());
    assert_eq!(read(unknown + 100).await, None);
}
