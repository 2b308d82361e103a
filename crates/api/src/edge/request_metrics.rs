use std::time::Duration;

use axum::http::{Method, StatusCode};
use opentelemetry::{
    KeyValue,
    metrics::{Counter, Histogram, Meter},
};
use posthorn_service::metrics::DURATION_BUCKETS_SECONDS;

use crate::{access::KeyHolder, problem::Code, shares::Shares};

/// What is counted of requests.
pub(crate) struct RequestMetrics {
    duration: Histogram<f64>,
    events: Counter<u64>,
    duplicates: Counter<u64>,
    refused: Counter<u64>,
}

/// Why a request to publish can be refused. Each is shown from the start, so that its first rise is seen.
const PUBLISH_REFUSALS: [Code; 17] = [
    Code::InvalidJson,
    Code::InvalidBody,
    Code::ValidationFailed,
    Code::IdempotencyKeyReused,
    Code::Unauthorized,
    Code::Forbidden,
    Code::TenantNotFound,
    Code::TenantBeingDeleted,
    Code::RequestTimeout,
    Code::PayloadTooLarge,
    Code::UnsupportedMediaType,
    Code::RateLimited,
    Code::InternalError,
    Code::ServerBusy,
    Code::QueueUnavailable,
    Code::DatabaseUnavailable,
    Code::SchemaChecksBusy,
];

/// Shows how much of the memory for bodies is taken.
pub(crate) fn observe_bodies(meter: &Meter, bodies: Shares<KeyHolder>) {
    meter
        .u64_observable_gauge("posthorn.request_bodies.bytes")
        .with_description("Bodies of requests in memory")
        .with_callback(move |gauge| {
            gauge.observe(u64::try_from(bodies.held()).unwrap_or(u64::MAX), &[]);
        })
        .build();
}

impl RequestMetrics {
    pub(crate) fn new(meter: &Meter) -> Self {
        let this = Self {
            // The name and the attributes are those of OpenTelemetry's conventions for HTTP.
            duration: meter
                .f64_histogram("http.server.request.duration")
                .with_description("Time from the headers of a request to those of its response")
                .with_unit("s")
                .with_boundaries(DURATION_BUCKETS_SECONDS.to_vec())
                .build(),
            events: meter
                .u64_counter("posthorn.events.accepted")
                .with_description("Events that JetStream acknowledged, without duplicates")
                .build(),
            duplicates: meter
                .u64_counter("posthorn.api.events.duplicate")
                .with_description("Events dropped because their idempotency key was known")
                .build(),
            refused: meter
                .u64_counter("posthorn.events.refused")
                .with_description("Requests to publish that were refused, by the problem's code")
                .build(),
        };
        this.accepted(0, 0);
        for code in PUBLISH_REFUSALS {
            this.count_refused(code, 0);
        }
        this
    }

    /// `route` is the pattern of the path, never the path itself, which has no end of values; `None` where no
    /// operation has the path.
    pub(super) fn request(
        &self,
        method: &Method,
        route: Option<String>,
        status: StatusCode,
        took: Duration,
    ) {
        let method = KeyValue::new("http.request.method", method_name(method));
        let status = KeyValue::new("http.response.status_code", i64::from(status.as_u16()));
        let took = took.as_secs_f64();
        match route {
            Some(route) => {
                let route = KeyValue::new("http.route", route);
                self.duration.record(took, &[method, route, status]);
            }
            None => self.duration.record(took, &[method, status]),
        }
    }

    /// Counts what the queue took, and what it dropped because it had it.
    pub(crate) fn accepted(&self, accepted: u64, duplicate: u64) {
        self.events.add(accepted, &[KeyValue::new("via", "http")]);
        self.duplicates.add(duplicate, &[]);
    }

    /// Counts a request to publish that was answered with a problem.
    pub(super) fn refused(&self, code: Code) {
        self.count_refused(code, 1);
    }

    fn count_refused(&self, code: Code, count: u64) {
        self.refused
            .add(count, &[KeyValue::new("reason", code.as_str())]);
    }
}

/// The methods that RFC 9110 and RFC 5789 name; of others there is no end.
pub(super) fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "_OTHER",
    }
}
