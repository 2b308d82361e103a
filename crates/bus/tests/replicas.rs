//! What a copy of a stream that lags behind must not make anybody believe.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use async_nats::jetstream;
use posthorn_bus::{Bus, BusConfig, subject::EVENTS_STREAM};
use posthorn_testkit::{TestNatsCluster, eventually};
use support::{DEADLINE, event, outgoing};

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
