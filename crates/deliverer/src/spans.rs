//! What the deliverer tells about a trace, where somebody records it (`docs/telemetry.md`).
//!
//! A message is processed in a span that goes on until the message is settled, and each attempt is a span within it. Both
//! are part of the publisher's trace. An attempt that was scheduled by another also points to that.

use opentelemetry::{KeyValue, trace::SpanKind};
use posthorn_bus::{DueDelivery, HandOverTrace, IncomingEvent, subject};
use posthorn_domain::{DeliveryId, Event, TraceContext};
use posthorn_egress::Attempted;
use posthorn_service::traces::{Parent, Span, Traces};

use crate::{claim::Share, work::Work};

/// The processing of an event's message.
pub(crate) fn of_event(traces: &Traces, message: &IncomingEvent, sequence: u64) -> Option<Span> {
    let event = &message.event;
    let mut span = process(traces, "process POSTHORN_EVENTS", event)?;
    span.set(messaging(subject::EVENTS_STREAM, sequence));
    span.set(about(event));
    if let Some(request) = &message.request_id {
        span.set([KeyValue::new("posthorn.request.id", request.to_string())]);
    }
    Some(span)
}

/// The processing of the message of a delivery that is due.
pub(crate) fn of_due(traces: &Traces, message: &DueDelivery, sequence: u64) -> Option<Span> {
    let event = &message.event;
    let mut span = process(traces, "process POSTHORN_DELIVERIES", event)?;
    span.set(messaging(subject::DELIVERIES_STREAM, sequence));
    span.set(about(event));
    let delivery = DeliveryId::derive(event.id, message.webhook);
    span.set([
        KeyValue::new("posthorn.delivery.id", delivery.to_string()),
        KeyValue::new("posthorn.webhook.id", message.webhook.to_string()),
        KeyValue::new("posthorn.attempt", i64::from(message.attempt)),
        KeyValue::new("posthorn.hop", i64::from(message.hop)),
    ]);
    Some(span)
}

/// Part of the trace that the message came with, and linked to it, as the conventions ask for.
fn process(traces: &Traces, name: &'static str, event: &Event) -> Option<Span> {
    let sent = event.trace.as_ref();
    let mut span = traces.start(name, SpanKind::Consumer, Parent::Remote(sent))?;
    if let Some(sent) = sent {
        span.link(sent, Vec::new());
    }
    Some(span)
}

fn messaging(stream: &'static str, sequence: u64) -> [KeyValue; 6] {
    [
        KeyValue::new("messaging.system", "nats"),
        KeyValue::new("messaging.operation.name", "process"),
        KeyValue::new("messaging.operation.type", "process"),
        KeyValue::new("messaging.destination.name", stream),
        KeyValue::new("messaging.consumer.group.name", subject::DELIVERER_CONSUMER),
        KeyValue::new("messaging.message.id", sequence.to_string()),
    ]
}

fn about(event: &Event) -> [KeyValue; 4] {
    let bytes = i64::try_from(event.data.as_bytes().len()).unwrap_or(i64::MAX);
    [
        KeyValue::new("messaging.message.body.size", bytes),
        KeyValue::new("posthorn.event.id", event.id.to_string()),
        KeyValue::new("posthorn.event.type", event.event_type.to_string()),
        KeyValue::new("posthorn.tenant", event.tenant.to_string()),
    ]
}

/// An attempt, if its message is traced. Its URL is left out, though the conventions want it: those of chat services
/// are secrets.
pub(crate) fn of_attempt(traces: &Traces, work: &Work) -> Option<Span> {
    let processing = work.share.span()?.here();
    let mut span = traces.start("POST", SpanKind::Client, Parent::Local(&processing))?;
    let uri = work.webhook.settings.url.uri();
    let port = uri
        .port_u16()
        .unwrap_or(if work.webhook.settings.url.is_https() {
            443
        } else {
            80
        });
    span.set([
        KeyValue::new("http.request.method", "POST"),
        KeyValue::new("server.address", uri.host().unwrap_or_default().to_owned()),
        KeyValue::new("server.port", i64::from(port)),
        KeyValue::new("posthorn.delivery.id", work.delivery.to_string()),
        KeyValue::new("posthorn.webhook.id", work.webhook.id.to_string()),
        KeyValue::new("posthorn.attempt", i64::from(work.attempt)),
    ]);
    if work.attempt > 1 {
        span.set([KeyValue::new(
            "http.request.resend_count",
            i64::from(work.attempt - 1),
        )]);
    }
    if let Some(before) = &work.attempt_before {
        let why = KeyValue::new("posthorn.link", "attempt_before");
        span.link(before, vec![why]);
    }
    Some(span)
}

/// Tells how an attempt ended.
pub(crate) fn ended(span: &mut Span, attempted: &Attempted) {
    let words = attempted.error_message.clone().unwrap_or_default();
    if attempted.sent_again.total() > 0 {
        let times = i64::from(attempted.sent_again.total());
        span.set([KeyValue::new("posthorn.sent_again", times)]);
    }
    match attempted.outcome {
        Ok(answer) => {
            let status = i64::from(answer.status);
            span.set([KeyValue::new("http.response.status_code", status)]);
            if !(200..300).contains(&answer.status) {
                span.fail(answer.status.to_string(), words);
            }
        }
        Err(failure) => span.fail(failure.kind().as_str(), words),
    }
}

/// What the message of the next attempt takes along, if this one is traced.
pub(crate) fn to_hand_over(
    share: &Share,
    attempt_before: Option<&TraceContext>,
) -> Option<Box<HandOverTrace>> {
    share.span().map(|span| {
        Box::new(HandOverTrace {
            context: span.context(),
            attempt_before: attempt_before.cloned(),
        })
    })
}
