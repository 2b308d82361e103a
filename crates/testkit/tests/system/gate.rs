//! The gate over several replicas that die: rate limits, breakers, and shares of the slots.

use std::time::Duration;

use posthorn_testkit::{Answer, ReceivedRequest, Receiver, eventually};
use serde_json::json;
use tokio::time::Instant;

use crate::stack::{DEADLINE, Stack, all_arrived};

const RATE_PER_SECOND: u32 = 50;

/// What the clocks of a test and of three processes may differ by, and a timer's coarseness.
const EARLY_MAX: Duration = Duration::from_millis(25);

/// However many replicas there are, no request comes before its moment: that of the k-th is k spaces after the first
/// was published. Being late is the machine's affair; how exact the rate is on a quiet one, `make bench` tells.
fn assert_never_ahead(requests: &[ReceivedRequest], published: Instant) {
    let mut moments: Vec<Instant> = requests.iter().map(|r| r.arrived_at).collect();
    moments.sort();
    for (k, moment) in (0..).zip(moments) {
        let earliest = Duration::from_secs(k) / RATE_PER_SECOND;
        let came = moment - published;
        assert!(
            came + EARLY_MAX >= earliest,
            "{k} came after {came:?}, not {earliest:?}"
        );
    }
}

/// Three replicas are given everything at once.
#[tokio::test]
async fn a_rate_limit_is_kept_by_three_replicas_together() {
    let (stack, receiver) = (Stack::with_deliverers(3).await, Receiver::start().await);
    let fields = json!({"rate_limit_per_second": RATE_PER_SECOND});
    let hook = stack.webhook(&receiver.url(), fields).await;
    let published = Instant::now();
    let ids = stack.publish_numbered(0, 600).await;
    let gate = stack.get(&format!("/webhooks/{}/gate", hook.id)).await;
    assert_eq!(gate["rate_limit"]["per_second"], RATE_PER_SECOND);
    let requests = all_arrived(&receiver, &ids).await;
    assert_eq!(requests.len(), 600, "none is sent twice");
    assert_never_ahead(&requests, published);
}

#[tokio::test]
async fn a_rate_limit_holds_when_a_replica_is_killed() {
    let (mut stack, receiver) = (Stack::with_deliverers(3).await, Receiver::start().await);
    let fields = json!({"rate_limit_per_second": RATE_PER_SECOND});
    stack.webhook(&receiver.url(), fields).await;
    let published = Instant::now();
    let ids = stack.publish_numbered(0, 400).await;
    receiver.wait_for(100).await;
    stack.deliverers[0].kill();
    let requests = all_arrived(&receiver, &ids).await;
    assert_never_ahead(&requests, published);
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 400)
        .await;
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
}

#[tokio::test]
async fn a_receiver_that_is_down_is_probed_by_one_of_three_replicas_and_gets_everything_after() {
    let settings = [("POSTHORN_BREAKER_FAILURES", "10")];
    let (mut stack, receiver) = (Stack::with(3, &settings).await, Receiver::start().await);
    // Slow enough that two probes at a time would be seen.
    receiver.answer(Answer::status(500).after(Duration::from_millis(300)));
    let fields = json!({"event_types": ["load.test"], "retry_schedule_seconds": vec![1; 20]});
    let hook = stack.webhook(&receiver.url(), fields).await;
    let path = format!("/webhooks/{}/gate", hook.id);
    let ids = stack.publish_numbered(0, 60).await;
    let gate = eventually(DEADLINE, async || {
        let gate = stack.get(&path).await;
        let is_open = gate["breaker"]["state"] == "open";
        if is_open { Ok(gate) } else { Err(gate) }
    })
    .await;
    assert_eq!(
        (&gate["waiting"], &gate["breaker"]["consecutive_openings"]),
        (&json!(60), &json!(1)),
        "{gate}"
    );
    // What was under way has ended and been recorded when as many attempts are known as requests were made; and all
    // replicas have heard of it, or nothing would stay as it is until the first probe.
    let at_rest = eventually(DEADLINE, async || {
        let requests = receiver.requests();
        let last = requests.last().unwrap().arrived_at;
        let attempts = stack.database.number("SELECT count(*) FROM attempts").await;
        if i64::try_from(requests.len()) == Ok(attempts) && last.elapsed() > Duration::from_secs(3)
        {
            Ok(requests.len())
        } else {
            Err((requests.len(), attempts))
        }
    })
    .await;
    // The first probe fails; the process that made it may be the one that dies.
    let requests = receiver.wait_for(at_rest + 1).await;
    stack.deliverers[0].kill();
    assert!(requests.len() <= at_rest + 3, "one of each at most");
    let failed = requests.len();
    receiver.answer(Answer::status(200).after(Duration::from_millis(300)));
    let recovery = receiver.wait_for_within(DEADLINE, failed + 2).await;
    // The probe is answered before anybody else goes.
    let (probe, next) = (&recovery[failed], &recovery[failed + 1]);
    assert!(next.arrived_at - probe.arrived_at >= Duration::from_millis(300));

    all_arrived(&receiver, &ids).await;
    stack
        .rows("SELECT count(*) FROM deliveries WHERE status = 1", 60)
        .await;
    let requests = i64::try_from(receiver.requests().len()).unwrap();
    println!(
        "{at_rest} requests until it opened, {} probes failed",
        failed - at_rest
    );
    // Waiting is no attempt: there are as many as requests. The killed process may have lost the record of a probe.
    let attempts = stack
        .database
        .number("SELECT sum(attempt_count)::bigint FROM deliveries")
        .await;
    assert!(
        (requests - 3..=requests).contains(&attempts),
        "{attempts} of {requests}"
    );
    assert_eq!(stack.get(&path).await["breaker"]["state"], "closed");
    stack.messages("POSTHORN_DELIVERIES", ">", 0).await;
}

/// Publishes to webhooks of which some hang, kills a replica, and waits until the others have everything.
async fn others_get_everything(hanging: usize, well: usize, events: usize, slots: &str) {
    let settings = [("POSTHORN_REQUESTS_IN_FLIGHT_MAX", slots)];
    let (mut stack, receiver) = (Stack::with(2, &settings).await, Receiver::start().await);
    receiver.answer_with(|request| match request.target.as_str() {
        "/hangs" => Answer::hang(),
        _ => Answer::status(200),
    });
    for n in 0..hanging + well {
        let path = if n < hanging { "/hangs" } else { "/well" };
        let fields = json!({"name": path, "event_types": ["load.test"], "timeout_seconds": 120});
        stack.webhook(&receiver.url_of(path), fields).await;
    }
    stack.publish_numbered(0, events).await;
    let arrived = || {
        let requests = receiver.requests();
        let mut pairs: Vec<_> = requests
            .iter()
            .filter(|request| request.target == "/well")
            .map(|request| request.header("x-webhook-delivery").to_owned())
            .collect();
        pairs.sort();
        pairs.dedup();
        pairs.len()
    };
    let wanted = well * events;
    for (count, then_kill) in [(wanted / 3, true), (wanted, false)] {
        eventually(2 * DEADLINE, async || match arrived() {
            enough if enough >= count => Ok(()),
            more => Err(format!("{more} of {wanted}")),
        })
        .await;
        if then_kill {
            stack.deliverers[0].restart().await;
        }
    }
    let ended = "SELECT count(*) FROM attempts JOIN deliveries d ON d.id = delivery_id
                 JOIN webhooks w ON w.id = d.webhook_id WHERE w.name = '/hangs'";
    assert_eq!(stack.database.number(ended).await, 0, "they still hang");
}

#[tokio::test]
async fn one_webhook_of_twenty_that_hangs_does_not_hold_up_the_others() {
    others_get_everything(1, 19, 100, "64").await;
}

#[tokio::test]
async fn forty_webhooks_that_hang_never_fill_a_process() {
    others_get_everything(40, 1, 100, "128").await;
}
