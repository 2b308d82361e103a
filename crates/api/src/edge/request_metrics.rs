use std::time::Duration;

use axum::http::{Method, StatusCode};
use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, Meter},
};
use posthorn_service::metrics::DURATION_BUCKETS_SECONDS;

/// What is counted of requests.
pub(crate) struct RequestMetrics {
    duration: Histogram<f64>,
    events: Counter<u64>,
    duplicates: Counter<u64>,
}

impl RequestMetrics {
    pub(crate) fn new(meter: &Meter) -> Self {
        Self {
            duration: meter
                .f64_histogram("posthorn.api.request.duration")
                .with_description("Time from the headers of a request to those of its response")
                .with_unit("s")
                .with_boundaries(DURATION_BUCKETS_SECONDS.to_vec())
                .build(),
            events: meter
                .u64_counter("posthorn.api.events.accepted")
                .with_description("Events that JetStream acknowledged, without duplicates")
                .build(),
            duplicates: meter
                .u64_counter("posthorn.api.events.duplicate")
                .with_description("Events dropped because their idempotency key was known")
                .build(),
        }
    }

    /// `route` is the pattern of the path, never the path itself, which has no end of values.
    pub(super) fn request(
        &self,
        method: &Method,
        route: String,
        status: StatusCode,
        took: Duration,
    ) {
        let method = match *method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "other",
        };
        self.duration.record(
            took.as_secs_f64(),
            &[
                KeyValue::new("method", method),
                KeyValue::new("route", route),
                KeyValue::new("status", i64::from(status.as_u16())),
            ],
        );
    }

    pub(crate) fn events(&self, accepted: u64, duplicate: u64) {
        self.events.add(accepted, &[]);
        if duplicate > 0 {
            self.duplicates.add(duplicate, &[]);
        }
    }
}
