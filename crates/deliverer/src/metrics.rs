use std::{sync::Arc, time::Duration};

use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, Meter},
};
use posthorn_domain::{AttemptOutcome, DeliveryStatus, Event, Timestamp};
use posthorn_service::metrics::DURATION_BUCKETS_SECONDS;

use crate::{
    claim::Held,
    gate::{Gate, Reason},
};

/// What the deliverer counts. Labels come from closed sets: never a webhook, a tenant or a URL.
#[derive(Debug)]
pub(crate) struct Metrics {
    events_matched: Counter<u64>,
    events_malformed: Counter<u64>,
    deliveries_matched: Counter<u64>,
    deliveries_deferred: Counter<u64>,
    attempts: Histogram<f64>,
    deliveries: Counter<u64>,
    end_to_end: Histogram<f64>,
    recorder_batches: Counter<u64>,
    recorder_entries: Counter<u64>,
}

impl Metrics {
    pub(crate) fn new(meter: &Meter) -> Self {
        let counter = |name: &'static str, what: &'static str| {
            meter.u64_counter(name).with_description(what).build()
        };
        let seconds = |name: &'static str, what: &'static str| {
            let histogram = meter
                .f64_histogram(name)
                .with_unit("s")
                .with_description(what);
            histogram
                .with_boundaries(DURATION_BUCKETS_SECONDS.to_vec())
                .build()
        };
        Self {
            events_matched: counter(
                "posthorn.events.matched",
                "Events compared with the webhooks",
            ),
            events_malformed: counter("posthorn.events.malformed", "Messages that cannot be read"),
            deliveries_matched: counter(
                "posthorn.deliveries.matched",
                "Deliveries that events gave rise to",
            ),
            deliveries_deferred: counter(
                "posthorn.deliveries.deferred",
                "Deliveries that the gate put off, by reason",
            ),
            attempts: seconds(
                "posthorn.attempt.duration",
                "Time of one request, by outcome",
            ),
            deliveries: counter(
                "posthorn.deliveries",
                "Deliveries whose attempt ended, by status",
            ),
            end_to_end: seconds(
                "posthorn.delivery.duration",
                "From the event's acceptance to its first success",
            ),
            recorder_batches: counter("posthorn.recorder.batches", "Transactions of the recorder"),
            recorder_entries: counter(
                "posthorn.recorder.entries",
                "Results written by the recorder",
            ),
        }
    }

    /// Figures that are read when somebody asks.
    pub(crate) fn observe(meter: &Meter, gate: Arc<Gate>, events: Arc<Held>, due: Arc<Held>) {
        let breakers = gate.clone();
        meter
            .u64_observable_gauge("posthorn.breakers.open")
            .with_description("Webhooks that are left alone because their receiver is down")
            .with_callback(move |gauge| gauge.observe(breakers.open_breakers(), &[]))
            .build();
        meter
            .u64_observable_gauge("posthorn.requests.in_flight")
            .with_description("Requests to receivers under way")
            .with_callback(move |gauge| gauge.observe(gate.in_flight(), &[]))
            .build();
        meter
            .u64_observable_gauge("posthorn.messages.held")
            .with_description("Messages in memory that are not settled")
            .with_callback(move |gauge| {
                let count = |held: &Held| u64::try_from(held.len()).unwrap_or(u64::MAX);
                gauge.observe(count(&events), &[KeyValue::new("stream", "events")]);
                gauge.observe(count(&due), &[KeyValue::new("stream", "deliveries")]);
            })
            .build();
    }

    pub(crate) fn matched(&self, webhooks: usize) {
        self.events_matched.add(1, &[]);
        self.deliveries_matched
            .add(u64::try_from(webhooks).unwrap_or(u64::MAX), &[]);
    }

    pub(crate) fn malformed(&self) {
        self.events_malformed.add(1, &[]);
    }

    pub(crate) fn deferred(&self, reason: Reason) {
        self.deliveries_deferred
            .add(1, &[KeyValue::new("reason", reason.as_str())]);
    }

    pub(crate) fn attempted(&self, outcome: AttemptOutcome, took: Duration) {
        let outcome = match outcome {
            Ok(answer) => match answer.status {
                200..=299 => "2xx",
                300..=399 => "3xx",
                400..=499 => "4xx",
                _ => "5xx",
            },
            Err(failure) => failure.as_str(),
        };
        self.attempts
            .record(took.as_secs_f64(), &[KeyValue::new("outcome", outcome)]);
    }

    pub(crate) fn concluded(&self, status: DeliveryStatus, event: &Event, now: Timestamp) {
        self.deliveries
            .add(1, &[KeyValue::new("status", status.as_str())]);
        if status == DeliveryStatus::Success
            && let Ok(age) = (now - event.id.time()).to_std()
        {
            self.end_to_end.record(age.as_secs_f64(), &[]);
        }
    }

    pub(crate) fn recorded_batch(&self, entries: usize) {
        self.recorder_batches.add(1, &[]);
        self.recorder_entries
            .add(u64::try_from(entries).unwrap_or(u64::MAX), &[]);
    }
}
