//! Whether the servers behind a service answer: asked in the background, told by `/readyz` and as a metric.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use opentelemetry::KeyValue;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Readiness;
use crate::{lifecycle::Lifecycle, metrics::Metrics};

/// How often a server is asked. Nobody is asked because somebody reads health or metrics.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How long it may take for its answer.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(1_500);

/// Whether a server answered when it was last asked; not before it has. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Known(Arc<AtomicBool>);

impl Known {
    /// Whether it answered.
    pub fn is_up(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Notes whether it did.
    pub fn note(&self, up: bool) {
        self.0.store(up, Ordering::Relaxed);
    }
}

/// Asks a server every two seconds from now on until the soft stop, and notes whether it answers. `name` is the task's. `asks`
/// is given up when it takes too long, and must leave nothing behind then that spoils the next question.
pub fn ask<F>(
    name: &'static str,
    asks: impl Fn() -> F + Send + 'static,
    lifecycle: &Lifecycle,
) -> Known
where
    F: Future<Output = bool> + Send + 'static,
{
    let known = Known::default();
    let noted = known.clone();
    let stop = lifecycle.soft_stop().clone();
    lifecycle.spawn(name, async move {
        let mut ticks = interval(ASK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            let answer = timeout(ANSWER_TIMEOUT, asks());
            let Some(answer) = stop.run_until_cancelled(answer).await else {
                break;
            };
            noted.note(answer.unwrap_or(false));
        }
        Ok(())
    });
    known
}

/// Tells by `posthorn_dependency_up` which servers of `readiness` answer.
pub fn observe(readiness: Arc<Readiness>, metrics: &Metrics) {
    metrics
        .meter()
        .u64_observable_gauge("posthorn.dependency.up")
        .with_description("Whether a server that the service needs answers: 1 or 0")
        .with_callback(move |gauge| {
            for (name, up) in readiness.servers() {
                gauge.observe(u64::from(up), &[KeyValue::new("dependency", name)]);
            }
        })
        .build();
}
