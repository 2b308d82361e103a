//! From the sending of an event to the arrival of its request, at a steady rate.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::json;

use super::{float, losses};
use crate::{
    bench::{
        generator::Load,
        receiver::histogram,
        report::Figure,
        rig::{Hook, Rig, accepted},
    },
    exit::Failure,
};

/// Before anything is measured.
const WARM_UP: Duration = Duration::from_secs(2);

/// One webhook at a steady rate.
pub(in crate::bench) async fn latency(rig: &Rig) -> Result<Vec<Figure>, Failure> {
    let event_type = rig.event_type("latency")?;
    let hooks = [rig.webhook(&event_type, json!({})).await?];
    let mut live = Live::begin(rig, &hooks).await?;
    let rate = rig.sizes.rate.get();
    let latencies = live.measure(rig, rate, rig.sizes.time, &hooks).await?;
    let what = format!("end to end at {rate} events/s");
    let mut figures = vec![
        ms("latency_p50", format!("{what}, p50"), &latencies, 0.5).at_most(1.0),
        ms("latency_p99", format!("{what}, p99"), &latencies, 0.99).at_most(3.0),
        ms("latency_max", format!("{what}, longest"), &latencies, 1.0),
    ];
    figures.extend(losses("latency", &what, &hooks, live.sent));
    Ok(figures)
}

/// A quantile of microseconds as a figure in milliseconds.
pub(super) fn ms(
    id: impl Into<String>,
    what: impl Into<String>,
    latencies_us: &Histogram<u64>,
    quantile: f64,
) -> Figure {
    let us = latencies_us.value_at_quantile(quantile);
    Figure::new(id, what, "ms", float(us) / 1_000.0)
}

/// Steady load on the same webhooks, phase after phase.
pub(super) struct Live {
    hooks: Vec<Hook>,
    /// Events so far.
    pub(super) sent: u64,
}

impl Live {
    /// Warms up.
    pub(super) async fn begin(rig: &Rig, hooks: &[Hook]) -> Result<Self, Failure> {
        let mut live = Self {
            hooks: hooks.to_vec(),
            sent: 0,
        };
        live.measure(rig, rig.sizes.rate.get(), WARM_UP, hooks)
            .await?;
        Ok(live)
    }

    /// Sends to all in turn for so long, waits for what `healthy` ones get, and returns their latencies.
    pub(super) async fn measure(
        &mut self,
        rig: &Rig,
        per_second: u32,
        time: Duration,
        healthy: &[Hook],
    ) -> Result<Histogram<u64>, Failure> {
        for hook in &self.hooks {
            hook.route.begin_phase();
        }
        self.go_on(rig, per_second, time, healthy).await
    }

    /// The same within the same phase: latencies are those since it began.
    pub(super) async fn go_on(
        &mut self,
        rig: &Rig,
        per_second: u32,
        time: Duration,
        healthy: &[Hook],
    ) -> Result<Histogram<u64>, Failure> {
        let subjects: Vec<_> = self.hooks.iter().map(|hook| hook.subject.clone()).collect();
        let each = share(per_second, time, subjects.len());
        let count = each * u64::try_from(subjects.len()).unwrap_or(u64::MAX);
        let before = accepted(healthy);
        let load = Load {
            first: self.sent,
            count,
            per_second: Some(per_second),
        };
        rig.publish(&subjects, load).await?;
        self.sent += count;
        let expected = each * u64::try_from(healthy.len()).unwrap_or(u64::MAX);
        rig.arrived(healthy, before + expected).await;
        Ok(latencies(healthy))
    }
}

/// Events for each of so many webhooks; at least one.
fn share(per_second: u32, time: Duration, hooks: usize) -> u64 {
    let total_ms =
        u64::from(per_second).saturating_mul(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    let hooks = u64::try_from(hooks).unwrap_or(u64::MAX).max(1);
    (total_ms / 1_000).div_ceil(hooks).max(1)
}

/// Those of all these webhooks together.
fn latencies(hooks: &[Hook]) -> Histogram<u64> {
    let mut all = histogram();
    for hook in hooks {
        // Both grow as they need to, so neither can be too small for the other.
        let _ = all.add(&hook.route.tally().latencies_us);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_webhook_gets_the_same() {
        for (rate, ms, hooks, each) in [
            (500, 20_000, 1, 10_000),
            (500, 1_000, 100, 5),
            (10, 100, 100, 1),
            (1, 1, 1, 1),
        ] {
            assert_eq!(share(rate, Duration::from_millis(ms), hooks), each);
        }
    }
}
