//! What a span costs where nobody records it, where the sampler does not want it, and where it is recorded.
//!
//! ```sh
//! cargo run --release -p posthorn-service --example trace_figures
//! ```
//!
//! Recorded spans go to a collector that is away, so this is what the caller pays; sending them is the work of another
//! thread.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, which prints its figures and ends when something is wrong"
)]

use std::{hint::black_box, time::Duration};

use opentelemetry::{KeyValue, trace::SpanKind};
use posthorn_domain::TraceContext;
use posthorn_service::{
    lifecycle::Lifecycle,
    otlp::{OtlpSettings, Telemetry},
    settings::{self, Program, Service, Sources},
    traces::{Parent, Traces},
};
use tokio::time::Instant;

const PROGRAM: Program = Program {
    name: "figures",
    version: "0",
    about: "",
    service: Service::Deliverer,
};
const SPANS: u32 = 200_000;

#[tokio::main]
async fn main() {
    let away = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    let never = ("OTEL_TRACES_SAMPLER", "always_off");
    for (what, variables) in [
        ("off", &[][..]),
        ("not sampled", &[away, never]),
        ("recorded", &[away]),
    ] {
        let traces = traces(variables);
        let took = measure(&traces);
        println!("{what}: {} ns a span", took.as_nanos() / u128::from(SPANS));
    }
}

fn traces(variables: &[(&str, &str)]) -> Traces {
    let environment = variables
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    let sources = Sources {
        arguments: Vec::new(),
        environment: environment.collect(),
    };
    let settings = settings::read(&PROGRAM, sources, OtlpSettings::read).unwrap();
    let lifecycle = Lifecycle::new(Duration::ZERO);
    Telemetry::start(&settings, &PROGRAM, &lifecycle)
        .unwrap()
        .traces
}

/// Starts and ends spans as the deliverer does for an event's message.
fn measure(traces: &Traces) -> Duration {
    let sent = TraceContext {
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        tracestate: None,
    };
    let start = Instant::now();
    for n in 0..SPANS {
        let parent = Parent::Remote(Some(black_box(&sent)));
        let span = traces.start("process POSTHORN_EVENTS", SpanKind::Consumer, parent);
        if let Some(mut span) = black_box(span) {
            span.set([
                KeyValue::new("messaging.system", "nats"),
                KeyValue::new("messaging.operation.name", "process"),
                KeyValue::new("messaging.operation.type", "process"),
                KeyValue::new("messaging.destination.name", "POSTHORN_EVENTS"),
                KeyValue::new("messaging.message.id", n.to_string()),
                KeyValue::new("posthorn.event.id", sent.traceparent.clone()),
            ]);
            black_box(span.context());
        }
    }
    start.elapsed()
}
