//! As many deliveries as there can be: from the first event's sending to the last one's acknowledgement.

use std::num::NonZeroU32;

use serde_json::json;
use tokio::time::Instant;

use super::{float, in_words, is_server, losses};
use crate::{
    bench::{
        generator::{Http, Load},
        processes::Cpu,
        report::{Figure, PER_SECOND},
        rig::{Hook, Rig, accepted},
    },
    exit::Failure,
};

/// The share of events that is sent before anything is measured: connections are made, caches filled.
const WARM_UP_PART: u64 = 20;

const FAN_OUT: u32 = 10;

#[derive(Clone, Copy)]
enum Via {
    Nats,
    Http(Http),
}

/// What a run at full speed took.
struct Run {
    hooks: Vec<Hook>,
    /// Those that were measured.
    deliveries: u64,
    /// Those of the warm-up too, had none been lost.
    wanted: u64,
    seconds: f64,
    cpu: Cpu,
}

impl Run {
    fn figures(&self, id: &str, what: &str, bound: f64) -> Vec<Figure> {
        let rate = float(self.deliveries) / self.seconds;
        let mut figures =
            vec![Figure::new(id, format!("deliveries, {what}"), PER_SECOND, rate).at_least(bound)];
        figures.extend(losses(id, what, &self.hooks, self.wanted));
        figures
    }
}

/// Fan-out 1 over NATS, and what one delivery costs each process.
pub(in crate::bench) async fn nats(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let run = full_speed(rig, "nats", 1, Via::Nats, rig.sizes.events.get()).await?;
    let mut figures = run.figures("nats", "fan-out 1, over NATS", 18_000.0);
    let each = |us: f64| us / float(run.deliveries);
    if run.cpu.total(is_server) > 0.0 {
        let total = each(run.cpu.total(is_server));
        figures.push(
            Figure::new(
                "cpu",
                "CPU of one delivery, all server processes",
                "µs",
                total,
            )
            .at_most(90.0),
        );
    }
    figures.extend(run.cpu.each().map(|(name, us)| {
        Figure::new(
            format!("cpu_{name}"),
            format!("CPU of one delivery, {}", in_words(name)),
            "µs",
            each(us),
        )
    }));
    Ok(figures)
}

/// Fan-out 1 through POST /events, many events a request.
pub(in crate::bench) async fn http_arrays(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    const HOW: Http = Http {
        events_per_request: NonZeroU32::new(100).unwrap(),
        connections: 8,
    };
    let run = full_speed(rig, "arrays", 1, Via::Http(HOW), rig.sizes.events.get()).await?;
    Ok(run.figures("http_arrays", "POST /events, arrays of 100", 15_000.0))
}

/// Fan-out 1 through POST /events, one event a request.
pub(in crate::bench) async fn http_single(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    const HOW: Http = Http {
        events_per_request: NonZeroU32::MIN,
        connections: 32,
    };
    let events = (rig.sizes.events.get() / 2).max(1);
    let run = full_speed(rig, "single", 1, Via::Http(HOW), events).await?;
    Ok(run.figures("http_single", "POST /events, one a request", 8_000.0))
}

/// Ten webhooks for each event.
pub(in crate::bench) async fn fan_out(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let events = (rig.sizes.events.get() / 3).max(1);
    let run = full_speed(rig, "wide", FAN_OUT, Via::Nats, events).await?;
    Ok(run.figures("fan_out_10", "fan-out 10, over NATS", 28_000.0))
}

async fn full_speed(
    rig: &Rig,
    name: &str,
    fan_out: u32,
    via: Via,
    events: u64,
) -> Result<Run, Failure> {
    let event_type = rig.event_type(name)?;
    let mut hooks = Vec::new();
    for _ in 0..fan_out {
        hooks.push(rig.webhook(&event_type, json!({})).await?);
    }
    let warm_up = events / WARM_UP_PART;
    send(rig, &hooks, via, 0, warm_up).await?;
    let before = accepted(&hooks);
    let cpu = rig.processes.cpu();
    let begun = Instant::now();
    send(rig, &hooks, via, warm_up, events).await?;
    Ok(Run {
        deliveries: accepted(&hooks) - before,
        wanted: (warm_up + events) * u64::from(fan_out),
        seconds: begun.elapsed().as_secs_f64(),
        cpu: rig.processes.cpu().since(&cpu),
        hooks,
    })
}

/// Returns when all of it is delivered and acknowledged.
async fn send(rig: &Rig, hooks: &[Hook], via: Via, first: u64, count: u64) -> Result<(), Failure> {
    let Some(hook) = hooks.first() else {
        return Ok(());
    };
    let load = Load {
        first,
        count,
        per_second: None,
    };
    match via {
        Via::Nats => {
            rig.publish(std::slice::from_ref(&hook.subject), load)
                .await?;
        }
        Via::Http(how) => rig.post(how, &hook.event_type, load).await?,
    }
    let fan_out = u64::try_from(hooks.len()).unwrap_or(u64::MAX);
    rig.arrived(hooks, (first + count) * fan_out).await;
    rig.acknowledged().await
}
