//! Live traffic beside very many retries that wait, and while these drain.
//!
//! The retries are made as they come in life: a receiver refuses that many events (with 400, which tells that it is
//! up), and comes back before they are due again.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{
    float,
    latency::{Live, ms},
    losses, memory_since,
};
use crate::{
    bench::{
        generator::Load,
        receiver::Behaviour,
        report::{Figure, PER_SECOND},
        rig::{Hook, Rig, accepted},
    },
    exit::Failure,
};

/// So many retries are made in a second, at least; their delay must last until all are made and measured beside.
const MADE_PER_SECOND: u64 = 2_500;
const DELAY_SECONDS_MIN: u64 = 20;
/// Live traffic while they drain is sent in pieces of this length.
const PIECE: Duration = Duration::from_secs(5);
/// After they are due at the latest, for what has not come.
const PATIENCE: Duration = Duration::from_secs(120);

/// Measures live latency before, with, and during the drain.
pub(in crate::bench) async fn retries(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let (rate, time) = (rig.sizes.rate.get(), rig.sizes.time);
    let live_hooks = [rig.webhook(&rig.event_type("live")?, json!({})).await?];
    let mut live = Live::begin(rig, &live_hooks).await?;
    let before = live.measure(rig, rate, time, &live_hooks).await?;

    let count = rig.sizes.retries.get();
    let delay = Duration::from_secs((count / MADE_PER_SECOND).max(DELAY_SECONDS_MIN));
    let failing = [failing(rig, delay).await?];
    let made = Instant::now();
    let load = Load {
        first: 0,
        count,
        per_second: None,
    };
    rig.publish(&failing.each_ref().map(|hook| hook.subject.clone()), load)
        .await?;
    rig.acknowledged().await?;
    let making = made.elapsed();
    let waiting = rig.backlog().await?.deliveries;
    // First while the servers still flush what was just written, then beside what does nothing but wait.
    let flushing = live.measure(rig, rate, time, &live_hooks).await?;
    let with = live.measure(rig, rate, time, &live_hooks).await?;

    failing[0].route.behave(Behaviour::Accept);
    failing[0].route.begin_phase();
    let latest = delay.mul_f64(1.1) + making + PATIENCE;
    let mut during = live.measure(rig, rate, PIECE, &live_hooks).await?;
    while failing[0].route.tally().requests == 0 && made.elapsed() < latest {
        // Not due yet: what is measured so far does not belong to the drain.
        during = live.measure(rig, rate, PIECE, &live_hooks).await?;
    }
    while accepted(&failing) < count && made.elapsed() < latest {
        during = live.go_on(rig, rate, PIECE, &live_hooks).await?;
    }
    let drain_seconds = failing[0].route.tally().per_second.len().max(1);
    let drain = float(accepted(&failing)) / float(u64::try_from(drain_seconds).unwrap_or(u64::MAX));

    let what = format!("{count} retries");
    let title = |name: &str| format!("most memory of {name} with {what}");
    let memory: Vec<_> = memory_since(rig, made, "retries_memory", title).collect();
    let mut figures = vec![
        Figure::new(
            "retries_waiting",
            format!("{what}: waiting in the stream"),
            "",
            float(waiting),
        ),
        ms("retries_before_p99", "live p99 before", &before, 0.99),
        ms(
            "retries_flushing_p99",
            format!("live p99 just after {what} were made"),
            &flushing,
            0.99,
        ),
        ms(
            "retries_with_p50",
            format!("live p50 with {what}"),
            &with,
            0.5,
        ),
        ms(
            "retries_with_p99",
            format!("live p99 with {what}"),
            &with,
            0.99,
        ),
        Figure::new(
            "retries_times",
            format!("live p99 with {what}, times that without"),
            "×",
            float(with.value_at_quantile(0.99)) / float(before.value_at_quantile(0.99).max(1)),
        )
        .at_most(2.0),
        ms(
            "retries_drain_p99",
            format!("live p99 while {what} drain"),
            &during,
            0.99,
        ),
        Figure::new(
            "retries_drain",
            format!("{what}: delivered when they are due"),
            PER_SECOND,
            drain,
        ),
    ];
    figures.extend(losses("retries", &what, &failing, count));
    figures.extend(losses(
        "retries_live",
        "live traffic beside",
        &live_hooks,
        live.sent,
    ));
    figures.extend(memory);
    Ok(figures)
}

/// Refuses everything for now. Its later delays are for what comes too early.
async fn failing(rig: &Rig, delay: Duration) -> Result<Hook, Failure> {
    let seconds = delay.as_secs();
    let settings = json!({"retry_schedule_seconds": [seconds, 30, 30, 30]});
    let hook = rig.webhook(&rig.event_type("failing")?, settings).await?;
    hook.route.behave(Behaviour::Answer(400, Duration::ZERO));
    Ok(hook)
}
