//! Claims while NATS comes and goes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use posthorn_bus::{
    Bus, Claims, IncomingEvent,
    subject::{DELIVERER_CONSUMER, EVENTS_STREAM},
};
use posthorn_testkit::{Proxy, TestNats, eventually};
use support::{DEADLINE, bus, config, event, outgoing};
use tokio::{sync::mpsc, time::Instant};

/// How soon after the server's return a claim must come.
const RECOVERY_MAX: Duration = Duration::from_secs(2);

/// Claims and acknowledges for ever, as a deliverer does, and says which sequences came.
fn deliver(mut claims: Claims<IncomingEvent>) -> mpsc::Receiver<u64> {
    let (sender, receiver) = mpsc::channel(1_000);
    tokio::spawn(async move {
        loop {
            let mut pull = claims.pull(100, 1 << 20).await;
            while let Some(chunk) = pull.next_chunk().await {
                for claim in chunk {
                    claim.handle.ack().await;
                    sender.send(claim.handle.stream_sequence()).await.unwrap();
                }
            }
        }
    });
    receiver
}

/// Publishes as soon as the server takes it, and returns its sequence.
async fn publish(bus: &Bus) -> u64 {
    eventually(Duration::from_secs(10), async || {
        bus.publish_event(&outgoing(event(1))).await
    })
    .await
    .sequence
}

async fn comes_within(received: &mut mpsc::Receiver<u64>, sequence: u64, deadline: Duration) {
    let come = async { while received.recv().await != Some(sequence) {} };
    let came = tokio::time::timeout(deadline, come).await;
    assert!(
        came.is_ok(),
        "event {sequence} did not come within {deadline:?}"
    );
}

#[tokio::test]
async fn a_restart_of_the_server_interrupts_and_ends_nothing() {
    let mut nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let mut received = deliver(bus.event_claims().await.unwrap());
    let first = publish(&bus).await;
    comes_within(&mut received, first, RECOVERY_MAX).await;
    for down in [Duration::ZERO, Duration::from_secs(4)] {
        nats.kill();
        tokio::time::sleep(down).await;
        nats.restart().await;
        let up = Instant::now();
        let sequence = publish(&bus).await;
        comes_within(&mut received, sequence, RECOVERY_MAX).await;
        assert!(up.elapsed() < RECOVERY_MAX, "{:?}", up.elapsed());
    }
}

#[tokio::test]
async fn a_cut_link_is_made_again() {
    let nats = TestNats::start().await;
    let proxy = Proxy::to(&nats.address()).await;
    let mut config = config(&nats);
    config.servers = vec![format!("nats://{}", proxy.address())];
    let bus = Bus::connect(config).await.unwrap();
    bus.ensure_topology().await.unwrap();
    let mut received = deliver(bus.event_claims().await.unwrap());
    for _ in 0..10 {
        let sequence = publish(&bus).await;
        comes_within(&mut received, sequence, RECOVERY_MAX).await;
        proxy.cut();
    }
}

/// A client that must leave a server does not draw the same one again.
#[tokio::test]
async fn a_lost_connection_is_made_to_each_server_in_turn() {
    let nats = TestNats::start().await;
    let mut ways = Vec::new();
    for _ in 0..3 {
        ways.push(Proxy::to(&nats.address()).await);
    }
    let mut config = config(&nats);
    config.servers = ways
        .iter()
        .map(|way| format!("nats://{}", way.address()))
        .collect();
    let _bus = Bus::connect(config).await.unwrap();
    let mut before = vec![0; ways.len()];
    let mut order = Vec::new();
    for _ in 0..12 {
        let way = eventually(DEADLINE, async || {
            let taken = |way: &usize| ways[*way].accepted() > before[*way];
            (0..ways.len()).find(taken).ok_or("not connected")
        })
        .await;
        before[way] += 1;
        order.push(way);
        ways[way].cut();
    }
    for (way, one_round_later) in order.iter().zip(&order[ways.len()..]) {
        assert_eq!(way, one_round_later, "{order:?}");
    }
}

/// Neither a reset nor an answer: only the silence tells.
#[tokio::test]
async fn a_link_that_swallows_everything_is_given_up() {
    let nats = TestNats::start().await;
    let publisher = bus(&nats).await;
    let proxy = Proxy::to(&nats.address()).await;
    let mut config = config(&nats);
    config.servers = vec![format!("nats://{}", proxy.address())];
    let bus = Bus::connect(config).await.unwrap();
    let mut received = deliver(bus.event_claims().await.unwrap());
    let first = publish(&publisher).await;
    comes_within(&mut received, first, RECOVERY_MAX).await;
    proxy.stall();
    eventually(Duration::from_secs(40), async || {
        if bus.is_connected() {
            Err("still taken for connected")
        } else {
            Ok(())
        }
    })
    .await;
    proxy.cut();
    proxy.resume();
    let sequence = publish(&publisher).await;
    comes_within(&mut received, sequence, Duration::from_secs(5)).await;
}

#[tokio::test]
async fn a_consumer_or_stream_that_vanishes_is_set_up_again() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let mut received = deliver(bus.event_claims().await.unwrap());
    let first = publish(&bus).await;
    comes_within(&mut received, first, RECOVERY_MAX).await;
    let jetstream = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    jetstream
        .delete_consumer_from_stream(DELIVERER_CONSUMER, EVENTS_STREAM)
        .await
        .unwrap();
    let sequence = publish(&bus).await;
    comes_within(&mut received, sequence, RECOVERY_MAX).await;
    jetstream.delete_stream(EVENTS_STREAM).await.unwrap();
    // A new stream counts from 1.
    let sequence = publish(&bus).await;
    assert_eq!(sequence, 1);
    comes_within(&mut received, sequence, RECOVERY_MAX).await;
}

/// Subjects of the requests to the API that change a stream or a consumer, as the server tells of them.
async fn changes(nats: &TestNats) -> (async_nats::Client, async_nats::Subscriber) {
    let client = async_nats::connect(nats.url()).await.unwrap();
    let told = client.subscribe("$JS.EVENT.ADVISORY.API").await.unwrap();
    client.flush().await.unwrap();
    (client, told)
}

async fn changed(told: &mut async_nats::Subscriber) -> Vec<String> {
    let mut subjects = Vec::new();
    while let Some(Some(advisory)) =
        futures::FutureExt::now_or_never(futures::StreamExt::next(told))
    {
        let advisory: serde_json::Value = serde_json::from_slice(&advisory.payload).unwrap();
        let subject = advisory["subject"].as_str().unwrap();
        if !subject.contains(".INFO.") && !subject.contains(".GET.") {
            subjects.push(subject.to_owned());
        }
    }
    subjects
}

/// Of three streams and three consumers one consumer is missing: it is made, and nothing else is touched.
#[tokio::test]
async fn what_is_not_missing_is_left_alone() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let mut received = deliver(bus.event_claims().await.unwrap());
    let _due = bus.delivery_claims().await.unwrap();
    let first = publish(&bus).await;
    comes_within(&mut received, first, RECOVERY_MAX).await;
    let (client, mut told) = changes(&nats).await;
    bus.restore_topology().await.unwrap();
    client.flush().await.unwrap();
    assert!(changed(&mut told).await.is_empty());

    let jetstream = async_nats::jetstream::new(client);
    jetstream
        .delete_consumer_from_stream(DELIVERER_CONSUMER, EVENTS_STREAM)
        .await
        .unwrap();
    let sequence = publish(&bus).await;
    comes_within(&mut received, sequence, RECOVERY_MAX).await;
    assert_eq!(
        changed(&mut told).await,
        [
            "$JS.API.CONSUMER.DELETE.POSTHORN_EVENTS.deliverer",
            "$JS.API.CONSUMER.CREATE.POSTHORN_EVENTS.deliverer"
        ]
    );
}

/// The count of deliveries is the server's memory of its consumer. Whatever came before that can be trusted may have been
/// seen.
#[tokio::test]
async fn what_may_have_been_given_out_before_is_told_from_what_cannot() {
    let mut nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let mut claims = bus.event_claims().await.unwrap();
    let next = async |claims: &mut Claims<IncomingEvent>| {
        let claim = support::take(claims, 1).await.remove(0);
        claim.handle.ack().await;
        let handle = claim.handle;
        (handle.stream_sequence(), handle.may_have_been_seen())
    };
    // Nothing is pulled before the first pull, so what is there may be a backlog that somebody has seen.
    assert_eq!(publish(&bus).await, 1);
    assert_eq!(next(&mut claims).await, (1, true));
    for sequence in 2..4 {
        assert_eq!(publish(&bus).await, sequence);
        assert_eq!(next(&mut claims).await, (sequence, false));
    }
    assert_eq!(publish(&bus).await, 4);
    let jetstream = async_nats::jetstream::new(async_nats::connect(nats.url()).await.unwrap());
    jetstream
        .delete_consumer_from_stream(DELIVERER_CONSUMER, EVENTS_STREAM)
        .await
        .unwrap();
    // Another process makes it, before this one pulls again: nobody says so but the consumer's own count.
    bus.ensure_topology().await.unwrap();
    for sequence in 1..5 {
        assert_eq!(next(&mut claims).await, (sequence, true));
    }
    assert_eq!(publish(&bus).await, 5);
    assert_eq!(next(&mut claims).await, (5, false));
    nats.restart().await;
    assert_eq!(publish(&bus).await, 6);
    let (_, may_have_been_seen) = next(&mut claims).await;
    assert!(may_have_been_seen);
}

#[tokio::test]
async fn a_server_that_lost_everything_is_set_up_again() {
    let mut nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let mut received = deliver(bus.event_claims().await.unwrap());
    nats.stop().await;
    nats.wipe();
    nats.restart().await;
    let sequence = publish(&bus).await;
    comes_within(&mut received, sequence, RECOVERY_MAX).await;
}

/// Waiting must cost next to nothing. The server itself tells of every request to its API.
#[tokio::test]
async fn waiting_for_a_consumer_that_cannot_be_set_up_is_no_busy_loop() {
    let nats = TestNats::start().await;
    let client = async_nats::connect(nats.url()).await.unwrap();
    let jetstream = async_nats::jetstream::new(client.clone());
    // A stream of somebody else's on our subjects: ours cannot be created.
    let squatter = async_nats::jetstream::stream::Config {
        name: "SQUATTER".to_owned(),
        subjects: vec!["posthorn.events.>".to_owned()],
        ..Default::default()
    };
    jetstream.create_stream(squatter).await.unwrap();
    let mut requests = client.subscribe("$JS.EVENT.ADVISORY.API").await.unwrap();
    client.flush().await.unwrap();

    let bus = Bus::connect(config(&nats)).await.unwrap();
    let mut received = deliver(bus.event_claims().await.unwrap());
    let mut count = 0;
    let counting = async {
        while futures::StreamExt::next(&mut requests).await.is_some() {
            count += 1;
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(5), counting).await;
    assert!((4..40).contains(&count), "{count} requests in 5 s");

    jetstream.delete_stream("SQUATTER").await.unwrap();
    let sequence = publish(&bus).await;
    comes_within(&mut received, sequence, RECOVERY_MAX).await;
}
