//! Hours of work in miniature: a steady rate, receivers with faults, and a look at what grows.

use serde_json::json;
use tokio::time::Instant;

use super::{is_server, is_service, latency::Live, losses, mib};
use crate::{
    bench::{receiver::Behaviour, report::Figure, rig::Rig},
    exit::{Exit, Failure},
    show,
};

const WEBHOOKS: u32 = 20;
/// Memory over time is told by so many moments.
const MOMENTS: u32 = 10;
/// The first part of the time fills caches and pools; memory is compared from its end on.
const WARM_UP_PART: u32 = 5;
/// Memory is flat when it gains no more than this.
const GROWTH_MIB: f64 = 16.0;

/// Watches memory and losses.
pub(in crate::bench) async fn soak(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let settings = json!({
        "timeout_seconds": 5,
        "retry_schedule_seconds": [1, 2, 5, 10, 20, 40, 60, 60],
    });
    let hooks = rig.webhooks("soak", WEBHOOKS, &settings).await?;
    let (rate, time) = (rig.sizes.soak_rate.get(), rig.sizes.soak);
    let mut live = Live::begin(rig, &hooks).await?;
    for hook in &hooks {
        hook.route.behave(Behaviour::Weather);
    }
    let warm_up = time / WARM_UP_PART;
    live.measure(rig, rate, warm_up, &hooks).await?;
    let (from, cpu) = (Instant::now(), rig.processes.cpu());
    let warm = rig.processes.resident();
    let latencies = live.measure(rig, rate, time - warm_up, &hooks).await?;
    let used = rig.processes.cpu().since(&cpu);
    let seconds = from.elapsed().as_secs_f64();
    tell_memory(rig, from);
    let peak = rig.processes.peak(from, Instant::now());
    rig.acknowledged().await?;

    let what = format!("{} s at {rate} events/s with faults", time.as_secs());
    let mut figures = losses("soak", &what, &hooks, live.sent).to_vec();
    figures.push(super::latency::ms(
        "soak_p50",
        format!("{what}: p50, retries included"),
        &latencies,
        0.5,
    ));
    for (name, bytes) in peak.iter().filter(|(name, _)| is_server(name)) {
        let begun = warm.get(name).copied().unwrap_or(0);
        let growth = Figure::new(
            format!("soak_memory_{name}"),
            format!("{what}: memory that {name} gained"),
            "MiB",
            mib(bytes.saturating_sub(begun)),
        );
        figures.push(if is_service(name) {
            growth.at_most(GROWTH_MIB)
        } else {
            growth
        });
    }
    figures.extend(
        used.each()
            .filter(|(name, _)| is_server(name))
            .map(|(name, us)| {
                Figure::new(
                    format!("soak_cpu_{name}"),
                    format!("{what}: CPU of {name}"),
                    "% of a core",
                    us / 10_000.0 / seconds,
                )
            }),
    );
    let sizes = rig
        .bus
        .stream_sizes(&posthorn_domain::SystemClock)
        .await
        .map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
    for size in sizes {
        let (stream, messages) = (size.stream, size.messages);
        figures.push(Figure::new(
            format!("soak_stream_{stream}"),
            format!("{what}: {stream} with {messages} messages"),
            "MiB",
            mib(size.bytes),
        ));
    }
    Ok(figures)
}

/// Memory over time, a line for each of some moments.
fn tell_memory(rig: &Rig, from: Instant) {
    for (after, resident) in rig.processes.history(from, Instant::now(), MOMENTS) {
        let each: Vec<String> = resident
            .iter()
            .filter(|(name, _)| is_server(name))
            .map(|(name, bytes)| format!("{name} {:.1} MiB", mib(*bytes)))
            .collect();
        show::notice(&format!("after {} s: {}", after.as_secs(), each.join(", ")));
    }
}
