use std::time::Duration;

use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, Meter},
};
use posthorn_bus::HandOver;
use posthorn_domain::{AttemptOutcome, DeliveryStatus, Event, Timestamp};
use posthorn_egress::{Again, SentAgain};
use posthorn_service::metrics::DURATION_BUCKETS_SECONDS;

use crate::{burial::Burial, gate::Reason};

/// What the deliverer counts. Labels come from closed sets: never a webhook, a tenant or a URL.
#[derive(Debug)]
pub(crate) struct Metrics {
    events_matched: Counter<u64>,
    events_malformed: Counter<u64>,
    deliveries_matched: Counter<u64>,
    deliveries_deferred: Counter<u64>,
    queue_wait: Histogram<f64>,
    attempts: Histogram<f64>,
    sent_again: Counter<u64>,
    deliveries: Counter<u64>,
    end_to_end: Histogram<f64>,
    retries_scheduled: Counter<u64>,
    dead_letters: Counter<u64>,
    given_back: Counter<u64>,
    recorder_batches: Counter<u64>,
    recorder_entries: Counter<u64>,
    recorder_failures: Counter<u64>,
    recorder_batch: Histogram<f64>,
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
        let this = Self {
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
            queue_wait: seconds(
                "posthorn.queue.wait.duration",
                "From the acceptance of an event, or the moment a delivery is due, until it is taken",
            ),
            attempts: seconds(
                "posthorn.attempt.duration",
                "Time of one request, by outcome",
            ),
            sent_again: counter(
                "posthorn.requests.sent_again",
                "Requests that went once more within their attempt, because the receiver had not processed them, by reason",
            ),
            deliveries: counter(
                "posthorn.deliveries",
                "Deliveries whose attempt ended, by status",
            ),
            end_to_end: seconds(
                "posthorn.delivery.duration",
                "From the event's acceptance to its first success",
            ),
            retries_scheduled: counter(
                "posthorn.retries.scheduled",
                "Retries that NATS holds until they are due",
            ),
            dead_letters: counter("posthorn.dead_letters", "Dead letters stored, by reason"),
            given_back: counter(
                "posthorn.messages.given_back",
                "Messages given back for a minute, because NATS was connected and did not take what follows from them",
            ),
            recorder_batches: counter("posthorn.recorder.batches", "Transactions of the recorder"),
            recorder_entries: counter(
                "posthorn.recorder.entries",
                "Results written by the recorder",
            ),
            recorder_failures: counter(
                "posthorn.recorder.failures",
                "Transactions of the recorder that failed; what they held is written again",
            ),
            recorder_batch: seconds(
                "posthorn.recorder.batch.duration",
                "Time of one transaction of the recorder that succeeded",
            ),
        };
        this.show_from_the_start();
        this
    }

    /// Shows every counter before it counts: who watches its rise sees the first one too.
    fn show_from_the_start(&self) {
        for counter in [
            &self.events_matched,
            &self.events_malformed,
            &self.deliveries_matched,
            &self.retries_scheduled,
            &self.given_back,
            &self.recorder_batches,
            &self.recorder_entries,
            &self.recorder_failures,
        ] {
            counter.add(0, &[]);
        }
        for reason in Reason::ALL {
            self.deliveries_deferred
                .add(0, &[KeyValue::new("reason", reason.as_str())]);
        }
        for why in Again::ALL {
            self.sent_again
                .add(0, &[KeyValue::new("reason", why.as_str())]);
        }
        for why in Burial::ALL {
            self.dead_letters
                .add(0, &[KeyValue::new("reason", why.as_str())]);
        }
        for status in [
            DeliveryStatus::Success,
            DeliveryStatus::Retrying,
            DeliveryStatus::Failed,
        ] {
            self.deliveries
                .add(0, &[KeyValue::new("status", status.as_str())]);
        }
    }

    /// A message that could have been taken at `since` is taken `now`, by clocks that may differ a little.
    pub(crate) fn taken(&self, since: Timestamp, now: Timestamp) {
        let waited = (now - since).to_std().unwrap_or_default();
        self.queue_wait.record(waited.as_secs_f64(), &[]);
    }

    pub(crate) fn matched(&self, webhooks: usize) {
        self.events_matched.add(1, &[]);
        self.deliveries_matched.add(whole(webhooks), &[]);
    }

    /// Webhooks that want an event which was compared before, but for their filters.
    pub(crate) fn matched_later(&self, webhooks: usize) {
        self.deliveries_matched.add(whole(webhooks), &[]);
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
            Err(failure) => failure.kind().as_str(),
        };
        self.attempts
            .record(took.as_secs_f64(), &[KeyValue::new("outcome", outcome)]);
    }

    /// Requests of one attempt that went once more. Hardly any does.
    pub(crate) fn sent_again(&self, again: SentAgain) {
        for why in Again::ALL {
            let times = u64::from(again.times(why));
            if times > 0 {
                self.sent_again
                    .add(times, &[KeyValue::new("reason", why.as_str())]);
            }
        }
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

    /// Counts the retries among what NATS has stored now; what the gate put off is counted apart.
    pub(crate) fn handed_over(&self, stored: &[HandOver]) {
        let retries = stored
            .iter()
            .filter(|hand_over| hand_over.hop == 0 && hand_over.not_before.is_some());
        self.retries_scheduled.add(whole(retries.count()), &[]);
    }

    pub(crate) fn buried(&self, why: Burial) {
        self.dead_letters
            .add(1, &[KeyValue::new("reason", why.as_str())]);
    }

    pub(crate) fn recorded_batch(&self, entries: usize) {
        self.recorder_batches.add(1, &[]);
        self.recorder_entries.add(whole(entries), &[]);
    }

    /// A message was given back, because what follows from it could not be stored.
    pub(crate) fn given_back(&self) {
        self.given_back.add(1, &[]);
    }

    /// One transaction ended, well or not.
    pub(crate) fn wrote_batch(&self, well: bool, took: Duration) {
        if well {
            self.recorder_batch.record(took.as_secs_f64(), &[]);
        } else {
            self.recorder_failures.add(1, &[]);
        }
    }
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
