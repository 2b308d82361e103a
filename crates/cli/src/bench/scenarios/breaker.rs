//! A receiver that is down, what it gets to see of that, and how it comes back.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{float, losses};
use crate::{
    bench::{
        generator::Load,
        receiver::Behaviour,
        report::Figure,
        rig::{Hook, Rig},
    },
    exit::Failure,
};

const EVENTS: u64 = 300;
/// For 15 s: a breaker opens when failures go on for a while, not at a bad moment.
const PER_SECOND: u32 = 20;
/// Each failure takes this long, so that probes at the same time are seen to be.
const FAILS_AFTER: Duration = Duration::from_millis(200);
/// A receiver that hears nothing for so long is left alone: the breaker's first opening is longer.
const QUIET: Duration = Duration::from_secs(5);
const QUIET_WITHIN: Duration = Duration::from_secs(60);
/// Long enough for the first three probes, after 10, 20 and 40 s.
const WATCHED: Duration = Duration::from_secs(80);
/// The longest opening that has come by then, and some of the retries' own delays.
const PATIENCE: Duration = Duration::from_secs(240);
/// Deliverers of the scenario: each may send one probe.
const REPLICAS: f64 = 3.0;

/// Counts what arrives while the receiver is down.
pub(in crate::bench) async fn breaker(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let event_type = rig.event_type("down")?;
    let settings = json!({"retry_schedule_seconds": [5, 10, 20, 40, 80, 160, 160]});
    let hooks = [rig.webhook(&event_type, settings).await?];
    let [Hook { route, subject, .. }] = &hooks;
    route.behave(Behaviour::Answer(500, FAILS_AFTER));
    let load = Load {
        first: 0,
        count: EVENTS,
        per_second: Some(PER_SECOND),
    };
    rig.publish(std::slice::from_ref(subject), load).await?;
    until_quiet(&hooks[0]).await;
    let until_open = route.tally().requests;

    route.begin_phase();
    tokio::time::sleep(WATCHED).await;
    let (probes, at_once) = (route.tally().requests, route.in_flight_max());

    route.behave(Behaviour::Accept);
    let back = Instant::now();
    rig.arrived_within(&hooks, EVENTS, PATIENCE).await;
    let drained = back.elapsed();
    let what = "a receiver that is down";
    let mut figures = vec![
        Figure::new(
            "breaker_requests",
            format!("{what}: requests of {EVENTS} deliveries until it is left alone"),
            "",
            float(until_open),
        ),
        Figure::new(
            "breaker_probes",
            format!("{what}: probes in the {} s after", WATCHED.as_secs()),
            "",
            float(probes),
        ),
        Figure::new(
            "breaker_at_once",
            format!("{what}: probes at once, at most"),
            "",
            f64::from(at_once),
        )
        .at_most(REPLICAS),
        Figure::new(
            "breaker_drained",
            format!("{what}: all delivered, since it is back"),
            "s",
            drained.as_secs_f64(),
        ),
    ];
    figures.extend(losses("breaker", what, &hooks, EVENTS));
    Ok(figures)
}

/// Waits until nothing has come for a while.
async fn until_quiet(hook: &Hook) {
    let begun = Instant::now();
    let (mut seen, mut since) = (0, Instant::now());
    while begun.elapsed() < QUIET_WITHIN {
        let requests = hook.route.tally().requests;
        if requests != seen {
            (seen, since) = (requests, Instant::now());
        }
        if seen > 0 && since.elapsed() >= QUIET {
            return;
        }
        tokio::time::sleep(FAILS_AFTER).await;
    }
}
