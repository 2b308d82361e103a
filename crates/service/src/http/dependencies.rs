//! Whether the servers behind a service answer, as a metric.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use opentelemetry::KeyValue;
use tokio::time::{MissedTickBehavior, interval};

use super::Readiness;
use crate::{lifecycle::Lifecycle, metrics::Metrics};

/// How often each dependency is asked. Nobody is asked when metrics are read.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// Before the first answer there is nothing to tell.
const UNKNOWN: u64 = u64::MAX;

/// Asks every dependency of `readiness` from now on until the soft stop, and tells by `posthorn_dependency_up`.
pub fn watch(readiness: Arc<Readiness>, metrics: &Metrics, lifecycle: &Lifecycle) {
    let answers: Arc<Vec<(&'static str, AtomicU64)>> = Arc::new(
        readiness
            .names()
            .map(|name| (name, AtomicU64::new(UNKNOWN)))
            .collect(),
    );
    let seen = answers.clone();
    metrics
        .meter()
        .u64_observable_gauge("posthorn.dependency.up")
        .with_description("Whether a server that the service needs answers: 1 or 0")
        .with_callback(move |gauge| {
            for (name, answer) in seen.iter() {
                let up = answer.load(Ordering::Relaxed);
                if up != UNKNOWN {
                    gauge.observe(up, &[KeyValue::new("dependency", *name)]);
                }
            }
        })
        .build();
    let stop = lifecycle.soft_stop().clone();
    lifecycle.spawn("dependencies", async move {
        let mut asks = interval(ASK_EVERY);
        asks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(asks.tick()).await.is_some() {
            let Some(probed) = stop.run_until_cancelled(readiness.probe()).await else {
                break;
            };
            for (name, answer) in answers.iter() {
                if let Some(dependency) = probed.get(name) {
                    answer.store(u64::from(dependency.ok), Ordering::Relaxed);
                }
            }
        }
        Ok(())
    });
}
