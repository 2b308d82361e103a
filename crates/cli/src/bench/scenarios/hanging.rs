//! 100 webhooks under equal load, of which none, one and ten hang until their timeout.

use serde_json::json;
use tokio::time::Instant;

use super::{
    float, is_server,
    latency::{Live, ms},
};
use crate::{
    bench::{receiver::Behaviour, report::Figure, rig::Rig},
    exit::Failure,
};

const WEBHOOKS: u32 = 100;
const TIMEOUT_SECONDS: u32 = 10;
/// Times the steady rate, so that one that hangs has more to do than fits into its timeout.
const RATE_TIMES: u32 = 2;
const TEN: usize = 10;

/// Measures the others' latency, and what the backlog of the one costs.
pub(in crate::bench) async fn hanging(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    // The bound on requests in flight that everybody has who sets none.
    let settings = json!({"timeout_seconds": TIMEOUT_SECONDS, "max_in_flight": null});
    let hooks = rig.webhooks("hanging", WEBHOOKS, &settings).await?;
    let (first_ten, ninety) = hooks.split_at(TEN.min(hooks.len()));
    let ninety_nine = hooks.get(1..).unwrap_or_default();
    let (rate, time) = (rig.sizes.rate.get() * RATE_TIMES, rig.sizes.time);
    let mut live = Live::begin(rig, &hooks).await?;

    let none = live.measure(rig, rate, time, &hooks).await?;
    if let Some(hook) = hooks.first() {
        hook.route.behave(Behaviour::Hang);
    }
    let one = live.measure(rig, rate, time, ninety_nine).await?;
    let backlog = backlog_percent(rig).await;
    for hook in first_ten {
        hook.route.behave(Behaviour::Hang);
    }
    let ten = live.measure(rig, rate, time, ninety).await?;

    let what = format!("{WEBHOOKS} webhooks at {rate} events/s");
    let mut figures = vec![
        ms("hanging_0_p50", format!("{what}: p50"), &none, 0.5),
        ms("hanging_0_p99", format!("{what}: p99"), &none, 0.99),
    ];
    for (id, words, latencies) in [
        ("hanging_1", "one hangs", &one),
        ("hanging_10", "ten hang", &ten),
    ] {
        let p99 = ms(
            format!("{id}_p99"),
            format!("{what}, {words}: p99 of the others"),
            latencies,
            0.99,
        );
        let without = float(none.value_at_quantile(0.99).max(1)) / 1_000.0;
        let times = p99.value / without;
        figures.push(p99);
        figures.push(
            Figure::new(
                format!("{id}_times"),
                format!("{words}: p99 of the others, times that without"),
                "×",
                times,
            )
            .at_most(2.0),
        );
    }
    figures.extend(backlog.map(|percent| {
        Figure::new(
            "hanging_1_backlog",
            "CPU of all server processes for the backlog of one that hangs",
            "% of a core",
            percent,
        )
        .at_most(5.0)
    }));
    // What still hangs must not keep the receiver's connections and the deliverers' slots.
    for hook in first_ten {
        hook.route.behave(Behaviour::Accept);
    }
    Ok(figures)
}

/// Processor time of all servers while nothing but the backlog is there to be worked on.
async fn backlog_percent(rig: &Rig) -> Option<f64> {
    let before = rig.processes.cpu();
    let begun = Instant::now();
    tokio::time::sleep(rig.sizes.time).await;
    let used = rig.processes.cpu().since(&before);
    let any = used.each().any(|(name, _)| is_server(name));
    any.then(|| used.total(is_server) / 10_000.0 / begun.elapsed().as_secs_f64())
}
