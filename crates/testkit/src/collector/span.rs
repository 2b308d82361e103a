use std::collections::BTreeMap;

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value::Value},
    trace::v1::{Span, span::SpanKind as Kind, status::StatusCode},
};

/// What kind of work a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of OpenTelemetry")]
pub enum SpanKind {
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// A span as a [`Collector`](crate::Collector) got it; ids are hexadecimal, values are text.
#[derive(Debug, Clone)]
pub struct CollectedSpan {
    /// `service.name` of the process that it comes from.
    pub service: String,
    /// Its name.
    pub name: String,
    /// What kind of work it is.
    pub kind: SpanKind,
    /// The trace that it is part of.
    pub trace_id: String,
    /// Its own id.
    pub span_id: String,
    /// The span that it is part of; empty if it is the first.
    pub parent_id: String,
    /// The `tracestate` that it passes on.
    pub trace_state: String,
    /// The spans that it points to.
    pub links: Vec<String>,
    /// What is said of it.
    pub attributes: BTreeMap<String, String>,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// When it began, in nanoseconds since 1970.
    pub start_ns: u64,
    /// When it ended.
    pub end_ns: u64,
}

impl CollectedSpan {
    /// An attribute; empty when it is missing.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    /// What the next process is told of it.
    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-01", self.trace_id, self.span_id)
    }
}

pub(super) fn spans(request: ExportTraceServiceRequest) -> Vec<CollectedSpan> {
    let mut collected = Vec::new();
    for resource in request.resource_spans {
        let said = resource.resource.map(|resource| texts(resource.attributes));
        let service = said
            .and_then(|mut said| said.remove("service.name"))
            .unwrap_or_default();
        let spans = resource
            .scope_spans
            .into_iter()
            .flat_map(|scope| scope.spans);
        collected.extend(spans.map(|span| of(service.clone(), span)));
    }
    collected
}

fn of(service: String, span: Span) -> CollectedSpan {
    let kind = match span.kind() {
        Kind::Server => SpanKind::Server,
        Kind::Client => SpanKind::Client,
        Kind::Producer => SpanKind::Producer,
        Kind::Consumer => SpanKind::Consumer,
        Kind::Internal | Kind::Unspecified => SpanKind::Internal,
    };
    let error = span
        .status
        .filter(|status| status.code() == StatusCode::Error)
        .map(|status| status.message);
    CollectedSpan {
        service,
        name: span.name,
        kind,
        trace_id: hex(&span.trace_id),
        span_id: hex(&span.span_id),
        parent_id: hex(&span.parent_span_id),
        trace_state: span.trace_state,
        links: span.links.iter().map(|link| hex(&link.span_id)).collect(),
        attributes: texts(span.attributes),
        error,
        start_ns: span.start_time_unix_nano,
        end_ns: span.end_time_unix_nano,
    }
}

fn texts(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let attributes = attributes.into_iter();
    attributes
        .map(|KeyValue { key, value, .. }| (key, value.map(text).unwrap_or_default()))
        .collect()
}

fn text(value: AnyValue) -> String {
    match value.value {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(truth)) => truth.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
