//! Streams and consumers as services set them up.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use async_nats::jetstream::{self, consumer::PullConsumer, stream};
use posthorn_bus::{
    Bus, BusConfig, BusError,
    subject::{DEAD_LETTERS_STREAM, DELIVERER_CONSUMER, DELIVERIES_STREAM, EVENTS_STREAM},
};
use posthorn_testkit::{Proxy, TestNats, eventually};
use support::config;

async fn stream(nats: &TestNats, name: &str) -> stream::Stream {
    let client = async_nats::connect(nats.url()).await.unwrap();
    jetstream::new(client).get_stream(name).await.unwrap()
}

#[tokio::test]
async fn many_services_at_once_make_one_topology() {
    let nats = TestNats::start().await;
    let starts = (0..8).map(|_| async {
        let bus = Bus::connect(config(&nats)).await.unwrap();
        bus.ensure_topology().await.unwrap();
        bus.ensure_topology().await.unwrap();
    });
    futures::future::join_all(starts).await;

    let events = stream(&nats, EVENTS_STREAM)
        .await
        .cached_info()
        .config
        .clone();
    assert_eq!(events.subjects, ["posthorn.events.>"]);
    assert_eq!(events.retention, stream::RetentionPolicy::Limits);
    assert_eq!(events.max_age, Duration::from_secs(30 * 86_400));
    assert_eq!(events.duplicate_window, Duration::from_secs(120));

    let deliveries = stream(&nats, DELIVERIES_STREAM).await;
    let deliveries_config = &deliveries.cached_info().config;
    assert_eq!(
        deliveries_config.retention,
        stream::RetentionPolicy::WorkQueue
    );
    assert_eq!(
        deliveries_config.max_age,
        Duration::ZERO,
        "it would drop what waits longest"
    );
    assert!(deliveries_config.allow_message_schedules);
    let consumer: PullConsumer = deliveries.get_consumer(DELIVERER_CONSUMER).await.unwrap();
    let consumer = &consumer.cached_info().config;
    assert_eq!(consumer.filter_subject, "posthorn.deliveries.ready.>");
    assert_eq!(consumer.ack_wait, Duration::from_secs(15));
    assert_eq!(consumer.max_deliver, -1);
    assert_eq!(consumer.max_ack_pending, 100_000);

    let dead_letters = stream(&nats, DEAD_LETTERS_STREAM)
        .await
        .cached_info()
        .config
        .clone();
    assert_eq!(dead_letters.retention, stream::RetentionPolicy::Limits);
}

#[tokio::test]
async fn what_differs_is_updated_and_nothing_is_lost() {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    bus.publish_event(&support::outgoing(support::event(1)))
        .await
        .unwrap();
    let changed = BusConfig {
        event_max_age: Duration::from_secs(3_600),
        duplicate_window: Duration::from_secs(30),
        ..config(&nats)
    };
    let bus = Bus::connect(changed).await.unwrap();
    bus.ensure_topology().await.unwrap();
    let events = stream(&nats, EVENTS_STREAM).await;
    let info = events.cached_info();
    assert_eq!(info.config.max_age, Duration::from_secs(3_600));
    assert_eq!(info.config.duplicate_window, Duration::from_secs(30));
    assert_eq!(info.state.messages, 1);
}

#[tokio::test]
async fn a_server_that_will_never_do_is_named() {
    let plain = TestNats::start_with("authorization { token: secret }").await;
    let refused = Bus::connect(config(&plain)).await;
    assert!(
        matches!(&refused, Err(BusError::Unusable(_))),
        "{refused:?}"
    );
    let nonsense = BusConfig {
        servers: vec!["not a url".to_owned()],
        ..config(&plain)
    };
    let refused = Bus::connect(nonsense).await;
    assert!(
        matches!(&refused, Err(BusError::Unusable(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_yet_is_waited_for() {
    let mut nats = TestNats::start().await;
    let line = Proxy::to(&nats.address()).await;
    nats.stop().await;
    let config = BusConfig {
        servers: vec![format!("nats://{}", line.address())],
        ..config(&nats)
    };
    let connecting = tokio::spawn(Bus::connect(config));
    // It has tried more than once, and has not given up.
    eventually(Duration::from_secs(10), async || match line.accepted() {
        tries if tries >= 3 => Ok(()),
        tries => Err(tries),
    })
    .await;
    assert!(!connecting.is_finished());
    nats.restart().await;
    let bus = tokio::time::timeout(Duration::from_secs(5), connecting).await;
    assert!(bus.unwrap().unwrap().unwrap().is_connected());
}
