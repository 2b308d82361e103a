//! What the server makes of schedules, asked of a real one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use async_nats::jetstream::{self, stream};
use posthorn_bus::{Cause, DueDelivery, HandOver, HandOverTrace, subject::DELIVERIES_STREAM};
use posthorn_domain::{CloudEventAttributes, DeliveryId, Event, ReplayId, TraceContext};
use posthorn_testkit::TestNats;
use support::{bus, event, holds, now, shared, stream_messages, take, webhook};

fn hand_over(n: u64) -> HandOver {
    HandOver {
        event: shared(n),
        webhook: webhook(n),
        attempt: 2,
        hop: 0,
        run_start: None,
        rate_slot: None,
        not_before: None,
        due: None,
        cause: Cause::Request,
        trace: None,
    }
}

fn traced(traceparent: &str) -> TraceContext {
    TraceContext {
        traceparent: traceparent.to_owned(),
        tracestate: None,
    }
}

#[tokio::test]
async fn a_delivery_comes_back_when_it_is_due_as_it_was_handed_over() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let event = Event {
        data: support::json("{ \"n\" : 0.10, \"u\":\"\\u00e9\" }"),
        cloud_event: Some(CloudEventAttributes {
            id: "order 7 / é%\r\nX: y".to_owned(),
            source: "/shop".to_owned(),
            subject: Some("täg".to_owned()),
            more: None,
        }),
        trace: Some(TraceContext {
            traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned(),
            tracestate: Some("vendor=1,other=2".to_owned()),
        }),
        ..event(1)
    };
    let due = now() + Duration::from_micros(1_234_567);
    let attempt = traced("00-4bf92f3577b34da6a3ce929d0e0e4736-2222222222222222-01");
    let rate_slot = "2026-01-26T12:00:00.123456Z 50".parse().unwrap();
    let handed_over = HandOver {
        event: event.clone().into(),
        attempt: 3,
        hop: 7,
        run_start: Some(2),
        rate_slot: Some(rate_slot),
        not_before: Some(due),
        due: Some(due),
        cause: Cause::Claim(42),
        trace: Some(Box::new(HandOverTrace {
            // The publisher's own counts.
            context: traced("00-4bf92f3577b34da6a3ce929d0e0e4736-1111111111111111-01"),
            attempt_before: Some(attempt.clone()),
        })),
        ..hand_over(1)
    };
    bus.hand_over(&handed_over).await.unwrap();

    let claim = take(&mut bus.delivery_claims().await.unwrap(), 1)
        .await
        .remove(0);
    let late = now() - due;
    assert!(late >= chrono::TimeDelta::zero(), "it came {late} early");
    // Whole seconds would have shown as at least 234 ms early or 765 ms late.
    assert!(
        late < chrono::TimeDelta::milliseconds(700),
        "it came {late} late"
    );
    let expected = DueDelivery {
        event,
        webhook: webhook(1),
        attempt: 3,
        hop: 7,
        run_start: Some(2),
        rate_slot: Some(rate_slot),
        not_before: Some(due),
        attempt_before: Some(attempt),
        undecided: false,
    };
    assert_eq!(claim.message.unwrap(), expected);
    claim.handle.ack().await;
    holds(&nats, DELIVERIES_STREAM, 0).await;
}

/// A mirror, as for a second site, and a stream that collects from several: what they copy counts as taken.
#[tokio::test]
async fn a_copy_of_the_queue_takes_nothing_out_of_it() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let client = async_nats::connect(nats.url()).await.unwrap();
    let jetstream = jetstream::new(client);
    let source = stream::Source {
        name: DELIVERIES_STREAM.to_owned(),
        ..stream::Source::default()
    };
    let copies = [
        stream::Config {
            name: "MIRROR".to_owned(),
            mirror: Some(source.clone()),
            ..stream::Config::default()
        },
        stream::Config {
            name: "COLLECTED".to_owned(),
            sources: Some(vec![source]),
            ..stream::Config::default()
        },
    ];
    for copy in copies {
        jetstream.create_stream(copy).await.unwrap();
    }
    for n in 0..10 {
        let later = HandOver {
            due: Some(now() + Duration::from_secs(4)),
            ..hand_over(n)
        };
        bus.hand_over(&later).await.unwrap();
    }
    for copy in ["MIRROR", "COLLECTED"] {
        holds(&nats, copy, 10).await;
    }
    let mut claims = bus.delivery_claims().await.unwrap();
    for claim in take(&mut claims, 10).await {
        claim.handle.ack().await;
    }
    holds(&nats, DELIVERIES_STREAM, 0).await;
}

#[tokio::test]
async fn a_moment_in_the_past_and_no_moment_are_due_at_once() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let past = HandOver {
        due: Some(now() - Duration::from_secs(86_400)),
        ..hand_over(1)
    };
    bus.hand_over(&past).await.unwrap();
    bus.hand_over(&hand_over(2)).await.unwrap();
    let mut claims = bus.delivery_claims().await.unwrap();
    let came: Vec<_> = take(&mut claims, 2)
        .await
        .into_iter()
        .map(|claim| claim.message.unwrap().webhook)
        .collect();
    assert!(
        came.contains(&webhook(1)) && came.contains(&webhook(2)),
        "{came:?}"
    );
}

#[tokio::test]
async fn handing_over_again_replaces_the_schedule_whichever_is_due_first() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let ms = |ms| now() + Duration::from_millis(ms);
    for (n, first, second) in [(1, ms(86_400_000), ms(1_500)), (2, ms(1_500), ms(2_000))] {
        let base = hand_over(n);
        for (due, attempt, claim) in [(first, 2, 10), (second, 3, 11)] {
            let handed_over = HandOver {
                due: Some(due),
                attempt,
                cause: Cause::Claim(claim),
                ..base.clone()
            };
            bus.hand_over(&handed_over).await.unwrap();
        }
    }
    assert_eq!(stream_messages(&nats, DELIVERIES_STREAM).await, 2);
    let mut claims = bus.delivery_claims().await.unwrap();
    let came = take(&mut claims, 2).await;
    let attempts: Vec<_> = came
        .iter()
        .map(|c| c.message.as_ref().unwrap().attempt)
        .collect();
    assert_eq!(attempts, [3, 3]);
    for claim in came {
        claim.handle.ack().await;
    }
    // Nothing else waits for its time.
    holds(&nats, DELIVERIES_STREAM, 0).await;
}

#[tokio::test]
async fn a_schedule_that_is_cancelled_never_fires() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let (cancelled, kept) = (hand_over(1), hand_over(2));
    for hand_over in [&cancelled, &kept] {
        let due = Some(now() + Duration::from_millis(500));
        let hand_over = HandOver {
            due,
            ..hand_over.clone()
        };
        bus.hand_over(&hand_over).await.unwrap();
    }
    let id = DeliveryId::derive(cancelled.event.id, cancelled.webhook);
    bus.cancel_schedule(id).await.unwrap();
    bus.cancel_schedule(id)
        .await
        .expect("nothing to cancel is no error");
    let mut claims = bus.delivery_claims().await.unwrap();
    let claim = take(&mut claims, 1).await.remove(0);
    assert_eq!(claim.message.unwrap().webhook, webhook(2));
    claim.handle.ack().await;
    holds(&nats, DELIVERIES_STREAM, 0).await;
}

/// A page of a replay that is done again after a crash hands nothing over twice, however far the delivery has come.
#[tokio::test]
async fn a_replay_hands_each_delivery_over_once() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let replay = |n| ReplayId::from_uuid(webhook(n).as_uuid());
    let base = hand_over(1);
    let mut stored = Vec::new();
    for (attempt, n) in [(2, 1), (3, 1), (3, 2)] {
        let handed_over = HandOver {
            attempt,
            run_start: Some(attempt - 1),
            due: Some(now() + Duration::from_secs(3_600)),
            cause: Cause::Replay(replay(n)),
            ..base.clone()
        };
        stored.push(!bus.hand_over(&handed_over).await.unwrap().duplicate);
    }
    assert_eq!(stored, [true, false, true]);
}

/// The duplicate window must drop what repeats a hand-over after a lost answer, and nothing else.
#[tokio::test]
async fn only_the_same_hand_over_for_the_same_claim_is_dropped() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let mut claims = bus.delivery_claims().await.unwrap();
    let scheduled = HandOver {
        due: Some(now()),
        cause: Cause::Claim(5),
        ..hand_over(1)
    };
    bus.hand_over(&scheduled).await.unwrap();
    take(&mut claims, 1).await.remove(0).handle.ack().await;
    // The repeat after it fired: dropped.
    bus.hand_over(&scheduled).await.unwrap();
    holds(&nats, DELIVERIES_STREAM, 0).await;

    let by_hand = HandOver {
        due: None,
        cause: Cause::Request,
        ..scheduled.clone()
    };
    let further = [
        HandOver {
            hop: 1,
            ..scheduled.clone()
        },
        HandOver {
            attempt: 3,
            ..scheduled.clone()
        },
        HandOver {
            cause: Cause::Claim(6),
            ..scheduled.clone()
        },
        HandOver {
            cause: Cause::Claim(7),
            due: None,
            ..scheduled.clone()
        },
        by_hand.clone(),
        by_hand,
    ];
    for hand_over in further {
        bus.hand_over(&hand_over).await.unwrap();
        let claim = take(&mut claims, 1).await.remove(0);
        assert_eq!(claim.message.unwrap().attempt, hand_over.attempt);
        claim.handle.ack().await;
    }
}

/// The server takes the subject's schedule away when the message that fires is stored, and with it a schedule that was
/// published in between. Then what fires must be there: of the two, at least one comes.
#[tokio::test]
async fn a_schedule_that_is_replaced_while_it_fires_comes_one_way_or_the_other() {
    const DELIVERIES: u64 = 100;
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let soon = |ms: u64| Some(now() + Duration::from_millis(ms));
    let scheduled = |n: u64, hop: u32, due| HandOver {
        due,
        hop,
        cause: Cause::Claim(n),
        ..hand_over(n)
    };
    for n in 1..=DELIVERIES {
        let first = scheduled(n, 0, soon(300 + n % 250));
        bus.hand_over(&first).await.unwrap();
    }
    // Replaced again and again while they fire: each falls before, into and after the firing of some.
    let begun = now();
    let mut hop = 0;
    while now() - begun < chrono::TimeDelta::seconds(2) {
        hop += 1;
        for n in 1..=DELIVERIES {
            let next = scheduled(n, hop, soon(1 + (n + u64::from(hop)) % 20));
            bus.hand_over(&next).await.unwrap();
        }
    }
    let mut missing: std::collections::HashSet<_> = (1..=DELIVERIES).map(webhook).collect();
    let mut claims = bus.delivery_claims().await.unwrap();
    while !missing.is_empty() {
        for claim in take(&mut claims, 1).await {
            missing.remove(&claim.message.unwrap().webhook);
            claim.handle.ack().await;
        }
    }
    // And nothing stays behind that would never fire.
    let left = async || stream_messages(&nats, DELIVERIES_STREAM).await;
    while left().await > 0 {
        let mut pull = claims.pull(256, 1 << 20).await;
        while let Some(chunk) = pull.next_chunk().await {
            for claim in chunk {
                claim.handle.ack().await;
            }
        }
        bus.drain().await;
    }
}

/// Claims of both streams are numbers of the same size: the key that a hand-over has for one is that of the other only
/// for the same delivery, attempt and hop, which is the same hand-over.
#[tokio::test]
async fn the_same_claim_number_of_another_delivery_drops_nothing() {
    let nats = TestNats::start().await;
    let bus = bus(&nats).await;
    let base = hand_over(1);
    let mut duplicates = Vec::new();
    for (n, attempt, hop) in [(1, 2, 0), (2, 2, 0), (1, 3, 0), (1, 2, 1), (1, 2, 0)] {
        let handed_over = HandOver {
            webhook: webhook(n),
            attempt,
            hop,
            cause: Cause::Claim(7),
            ..base.clone()
        };
        duplicates.push(bus.hand_over(&handed_over).await.unwrap().duplicate);
    }
    assert_eq!(duplicates, [false, false, false, false, true]);
}

#[tokio::test]
async fn schedules_survive_the_death_of_the_server() {
    let mut nats = TestNats::start().await;
    let bus = bus(&nats).await;
    for n in 1..=50 {
        let due = Some(now() + Duration::from_millis(1_500));
        bus.hand_over(&HandOver {
            due,
            ..hand_over(n)
        })
        .await
        .unwrap();
    }
    nats.kill();
    nats.restart().await;
    let mut claims = bus.delivery_claims().await.unwrap();
    let mut came: Vec<_> = take(&mut claims, 50)
        .await
        .into_iter()
        .map(|claim| claim.message.unwrap().webhook)
        .collect();
    came.sort();
    came.dedup();
    assert_eq!(came.len(), 50);
}
