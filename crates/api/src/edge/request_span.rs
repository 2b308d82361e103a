//! What the api tells about a trace, where somebody records it (`docs/telemetry.md`).

use axum::{
    extract::Request,
    http::{HeaderMap, header::USER_AGENT},
    response::Response,
};
use opentelemetry::{KeyValue, trace::SpanKind};
use posthorn_domain::TraceContext;
use posthorn_service::traces::{Here, Parent, Span, Traces};

use super::request_metrics::method_name;
use crate::problem::{Cause, Code};

/// Travels with a request that is traced, for the spans within it.
#[derive(Clone)]
pub(crate) struct Traced(pub(crate) Here);

/// The trace that a client's request is part of, if it says so.
pub(crate) fn sent_trace(headers: &HeaderMap) -> Option<TraceContext> {
    let mut parents = headers.get_all("traceparent").iter();
    // Of two nobody can say which one is meant.
    let (Some(parent), None) = (parents.next(), parents.next()) else {
        return None;
    };
    // The list may be cut into several headers, as any in HTTP.
    let states: Vec<&str> = headers
        .get_all("tracestate")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    TraceContext::sent(parent.to_str().ok()?, Some(&states.join(",")))
}

/// The work on a request, as OpenTelemetry's conventions for HTTP servers name it. The query is left out: who
/// filters by something may not want it to be kept.
pub(super) fn begin(traces: &Traces, request: &Request, route: Option<&str>) -> Option<Span> {
    if !traces.is_on() {
        return None;
    }
    let method = method_name(request.method());
    let name = match route {
        Some(route) => format!("{method} {route}"),
        None => method.to_owned(),
    };
    let sent = sent_trace(request.headers());
    let mut span = traces.start(name, SpanKind::Server, Parent::Remote(sent.as_ref()))?;
    span.set([
        KeyValue::new("http.request.method", method),
        KeyValue::new("url.path", request.uri().path().to_owned()),
        KeyValue::new("url.scheme", "http"),
    ]);
    if let Some(route) = route {
        span.set([KeyValue::new("http.route", route.to_owned())]);
    }
    let agent = request.headers().get(USER_AGENT);
    if let Some(agent) = agent.and_then(|agent| agent.to_str().ok()) {
        span.set([KeyValue::new("user_agent.original", agent.to_owned())]);
    }
    Some(span)
}

/// Tells how the request was answered. What a client did wrong is no failure of the server.
pub(super) fn end(mut span: Span, response: &Response) {
    let status = response.status();
    span.set([KeyValue::new(
        "http.response.status_code",
        i64::from(status.as_u16()),
    )]);
    if status.is_server_error() {
        let code = response.extensions().get::<Code>();
        let cause = response.extensions().get::<Cause>();
        span.fail(
            code.map_or("500", |code| code.as_str()),
            cause.map(|Cause(words)| words.clone()).unwrap_or_default(),
        );
    }
}
