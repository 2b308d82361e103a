//! Publishing by the window, and what the server says is left to do and has room for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::num::NonZeroUsize;

use posthorn_bus::{Backlog, Bus, EventSubject, PublishError};
use posthorn_testkit::TestNats;
use support::{bus, config};

const WINDOW: NonZeroUsize = NonZeroUsize::new(16).unwrap();

fn subject() -> EventSubject {
    EventSubject::new(&"acme".parse().unwrap(), &"user.created".parse().unwrap())
}

#[tokio::test]
async fn everything_published_is_stored_in_its_order_and_waits() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let empty = Backlog {
        events: 0,
        deliveries: 0,
        due: 0,
    };
    assert_eq!(bus.backlog().await.unwrap(), empty);
    let mut pipeline = bus.pipeline(WINDOW).await.unwrap();
    for n in 1..=1_000 {
        pipeline
            .publish(&subject(), format!("{n}").into())
            .await
            .unwrap();
    }
    assert_eq!(pipeline.finish().await.unwrap(), 1_000);
    for sequence in [1, 17, 1_000] {
        let event = bus.event_at(sequence).await.unwrap().unwrap();
        assert_eq!(event.tenant.as_str(), "acme");
        assert_eq!(event.data.as_str(), sequence.to_string());
    }
    assert_eq!(bus.backlog().await.unwrap().events, 1_000);
    let sizes = bus
        .stream_sizes(&posthorn_domain::SystemClock)
        .await
        .unwrap();
    let messages: Vec<_> = sizes.iter().map(|size| size.messages).collect();
    assert_eq!(messages, [1_000, 0, 0]);
    assert!(sizes[0].bytes > 1_000);
}

#[tokio::test]
async fn without_a_stream_nothing_is_taken_for_stored() {
    let nats = TestNats::start().await;
    let bus = Bus::connect(config(&nats)).await.unwrap();
    let mut pipeline = bus.pipeline(WINDOW).await.unwrap();
    pipeline.publish(&subject(), "1".into()).await.unwrap();
    let error = pipeline.finish().await.unwrap_err();
    assert!(matches!(error, PublishError::Unavailable(_)), "{error}");
    assert!(bus.backlog().await.is_err());
}

#[tokio::test]
async fn an_account_with_a_bound_tells_it() {
    let bound = "accounts { A { jetstream { max_file: 1048576 }, users [{user: a, password: a}] } }\nno_auth_user: a";
    for (configuration, bytes_max) in [("", 0), (bound, 1_048_576)] {
        let nats = TestNats::start_with(configuration).await;
        let bus = bus(&nats).await;
        let before = bus.storage().await.unwrap();
        let mut pipeline = bus.pipeline(WINDOW).await.unwrap();
        pipeline
            .publish(&subject(), format!("{:1000}", 1).into())
            .await
            .unwrap();
        pipeline.finish().await.unwrap();
        let after = bus.storage().await.unwrap();
        assert_eq!((before.bytes_max, after.bytes_max), (bytes_max, bytes_max));
        assert!(
            after.bytes - before.bytes > 1_000,
            "{before:?} and {after:?}"
        );
    }
}
