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
    Bus, BusConfig, BusError, EVENTS_AGE_MIN,
    subject::{DEAD_LETTERS_STREAM, DELIVERER_CONSUMER, DELIVERIES_STREAM, EVENTS_STREAM},
};
use posthorn_domain::SystemClock;
use posthorn_testkit::{Proxy, TestNats, eventually};
use support::config;

const DAY: Duration = Duration::from_secs(86_400);

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
        event_max_age: DAY * 10,
        duplicate_window: Duration::from_secs(30),
        ..config(&nats)
    };
    let bus = Bus::connect(changed).await.unwrap();
    bus.ensure_topology().await.unwrap();
    let events = stream(&nats, EVENTS_STREAM).await;
    let info = events.cached_info();
    assert_eq!(info.config.max_age, DAY * 10);
    assert_eq!(info.config.duplicate_window, Duration::from_secs(30));
    assert_eq!(info.state.messages, 1);
}

/// A weekend without PostgreSQL must not lose what was accepted, however short the retention is.
#[tokio::test]
async fn events_that_are_not_settled_do_not_expire_within_a_week() {
    let nats = TestNats::start().await;
    let short = BusConfig {
        event_max_age: DAY,
        ..config(&nats)
    };
    let bus = Bus::connect(short).await.unwrap();
    bus.ensure_topology().await.unwrap();
    let age = async |name| stream(&nats, name).await.cached_info().config.max_age;
    assert_eq!(age(EVENTS_STREAM).await, EVENTS_AGE_MIN);
    assert_eq!(age(DEAD_LETTERS_STREAM).await, DAY);
}

async fn edit(nats: &TestNats, name: &str, change: impl FnOnce(&mut stream::Config)) {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let jetstream = jetstream::new(client);
    let mut config = jetstream
        .get_stream(name)
        .await
        .unwrap()
        .cached_info()
        .config
        .clone();
    change(&mut config);
    jetstream.update_stream(config).await.unwrap();
}

async fn told(bus: &Bus, name: &str) -> (Vec<String>, Vec<String>) {
    let examined = bus.examine(&SystemClock).await.unwrap();
    let mut streams = examined.streams.into_iter();
    let found = streams.find(|stream| stream.name == name).unwrap().found;
    let found = found.unwrap();
    (found.limits, found.differences)
}

#[tokio::test]
async fn what_an_operator_sets_stays_and_is_told() {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    for name in [EVENTS_STREAM, DELIVERIES_STREAM, DEAD_LETTERS_STREAM] {
        assert_eq!(told(&bus, name).await, (vec![], vec![]), "{name}");
        edit(&nats, name, |config| {
            config.max_bytes = 10_000_000;
            config.max_messages_per_subject = 1_000_000;
            config.compression = Some(stream::Compression::S2);
            config.deny_delete = true;
            config
                .metadata
                .insert("team".to_owned(), "payments".to_owned());
        })
        .await;
        let (limits, differences) = told(&bus, name).await;
        assert!(limits[0].contains("max_bytes is 10000000"), "{limits:?}");
        assert!(limits[1].contains("max_msgs_per_subject"), "{limits:?}");
        assert_eq!((limits.len(), differences), (2, vec![]));
        let other = BusConfig {
            duplicate_window: Duration::from_secs(30),
            ..config(&nats)
        };
        let other = Bus::connect(other).await.unwrap();
        other.ensure_topology().await.unwrap();
        let is = stream(&nats, name).await.cached_info().config.clone();
        assert_eq!(is.max_bytes, 10_000_000);
        assert_eq!(is.max_messages_per_subject, 1_000_000);
        assert_eq!(is.compression, Some(stream::Compression::S2));
        assert!(is.deny_delete);
        assert_eq!(is.metadata["team"], "payments");
        assert_eq!(is.duplicate_window, Duration::from_secs(30));
        bus.ensure_topology().await.unwrap();
    }
    let sizes = bus.stream_sizes(&SystemClock).await.unwrap();
    assert!(sizes.iter().all(|size| size.limits == 2), "{sizes:?}");
}

/// A way out of a full disk is to keep events for less long. A service that starts must not take it back.
#[tokio::test]
async fn an_age_that_an_operator_sets_stays_except_where_it_would_drop_what_waits() {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    for name in [EVENTS_STREAM, DELIVERIES_STREAM] {
        edit(&nats, name, |config| config.max_age = DAY).await;
        let (limits, _) = told(&bus, name).await;
        assert!(limits[0].contains("max_age is 86400 s"), "{limits:?}");
    }
    bus.ensure_topology().await.unwrap();
    let age = async |name| stream(&nats, name).await.cached_info().config.max_age;
    assert_eq!(age(EVENTS_STREAM).await, DAY);
    assert_eq!(age(DELIVERIES_STREAM).await, Duration::ZERO);
}

#[tokio::test]
async fn who_takes_waiting_deliveries_out_of_their_queue_is_named() {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    let client = async_nats::connect(nats.url()).await.unwrap();
    let source = |name: &str| stream::Source {
        name: name.to_owned(),
        ..stream::Source::default()
    };
    for (name, mirror, sources) in [
        ("COPY", Some(source(DELIVERIES_STREAM)), None),
        (
            "ALL",
            None,
            Some(vec![source(EVENTS_STREAM), source(DELIVERIES_STREAM)]),
        ),
        ("HARMLESS", Some(source(EVENTS_STREAM)), None),
    ] {
        let config = stream::Config {
            name: name.to_owned(),
            mirror,
            sources,
            ..stream::Config::default()
        };
        let jetstream = jetstream::new(client.clone());
        jetstream.create_stream(config).await.unwrap();
    }
    let mut takers = bus.examine(&SystemClock).await.unwrap().takers;
    takers.sort();
    assert_eq!(takers, ["ALL", "COPY"]);
}

#[tokio::test]
async fn an_account_that_demands_a_bound_of_each_stream_gets_one() {
    let account = "accounts { A { users: [{user: a, password: b}], jetstream: { max_file: 100MB, max_bytes_required: true } } }
        no_auth_user: a";
    let nats = TestNats::start_with(account).await;
    let bus = support::bus(&nats).await;
    // And what was made so stays so.
    bus.ensure_topology().await.unwrap();
    for name in [EVENTS_STREAM, DELIVERIES_STREAM, DEAD_LETTERS_STREAM] {
        let (limits, differences) = told(&bus, name).await;
        assert!(limits[0].contains("max_bytes is "), "{limits:?}");
        assert_eq!(differences, [""; 0]);
    }
}

#[tokio::test]
async fn why_a_stream_cannot_be_made_is_told() {
    let account = "accounts { A { users: [{user: a, password: b}], jetstream: { max_streams: 2 } } }\nno_auth_user: a";
    let nats = TestNats::start_with(account).await;
    let jetstream = jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    let other = stream::Config {
        name: "OTHER".to_owned(),
        subjects: vec!["posthorn.events.default.>".to_owned()],
        ..stream::Config::default()
    };
    jetstream.create_stream(other).await.unwrap();
    let bus = Bus::connect(config(&nats)).await.unwrap();
    let refused = bus.ensure_topology().await.unwrap_err();
    assert!(matches!(refused, BusError::Refused { .. }), "{refused}");
    let hindrances = async || {
        let examined = bus.examine(&SystemClock).await.unwrap().streams;
        examined
            .into_iter()
            .map(|one| one.hindrance)
            .collect::<Vec<_>>()
    };
    let told = hindrances().await;
    assert!(
        told[0].as_ref().unwrap().contains("stream OTHER"),
        "{told:?}"
    );
    assert_eq!(told[1..], [None, None]);
    let third = stream::Config {
        name: "THIRD".to_owned(),
        ..stream::Config::default()
    };
    jetstream.create_stream(third).await.unwrap();
    let told = hindrances().await;
    assert!(
        told[2].as_ref().unwrap().contains("may have no more"),
        "{told:?}"
    );
}

#[tokio::test]
async fn events_of_a_stream_from_before_are_not_dropped_at_a_limit_any_more() {
    let nats = TestNats::start().await;
    let bus = support::bus(&nats).await;
    // As the version before made it.
    edit(&nats, EVENTS_STREAM, |config| {
        config.discard = stream::DiscardPolicy::Old;
    })
    .await;
    let (_, differences) = told(&bus, EVENTS_STREAM).await;
    assert_eq!(differences, ["discard was \"old\", and is \"new\""]);
    bus.ensure_topology().await.unwrap();
    let is = stream(&nats, EVENTS_STREAM)
        .await
        .cached_info()
        .config
        .clone();
    assert_eq!(is.discard, stream::DiscardPolicy::New);
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
