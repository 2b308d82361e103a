use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use opentelemetry::{KeyValue, trace::SpanKind};
use posthorn_bus::{OutgoingEvent, PublishError, subject::EVENTS_STREAM};
use posthorn_domain::{Event, EventId, EventType, TraceContext};
use posthorn_service::traces::{Parent, Span};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answers::{Signed, answers},
    draft::Draft,
    misfits::refuse_misfits,
    reading::{Mode, read_events},
    reused_keys::refuse_keys_for_two,
};
use crate::{
    access::{May, Publish},
    app::App,
    edge::{RequestId, Traced, sent_trace},
    extract::read_body,
    problem::{Code, Problem},
};

/// An event to publish.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "read field by field, so that the data keeps its bytes; this is its schema"
)]
pub(crate) struct EventInput {
    /// What happened: a dotted name of at most 128 characters. The four types of operational events are Posthorn's own.
    #[schema(example = "user.created")]
    r#type: String,
    /// Any JSON value, at most 256 KiB; passed on byte for byte.
    #[schema(value_type = Value)]
    data: (),
    /// When it happened (now).
    timestamp: Option<DateTime<Utc>>,
    /// Publishing again with the same key within two minutes gives no second event. With another type or other data it is
    /// 422 `idempotency_key_reused`.
    idempotency_key: Option<String>,
}

/// What became of each event, in the order of the request.
#[derive(Serialize, ToSchema)]
pub(crate) struct Published {
    events: Vec<PublishedEvent>,
}

/// What became of one event.
#[derive(Serialize, ToSchema)]
pub(crate) struct PublishedEvent {
    /// Its id; of a duplicate, the id of the first event with its key.
    pub(super) id: EventId,
    #[schema(value_type = String)]
    pub(super) r#type: EventType,
    /// Whether an event with this key was there before, so that this one was dropped.
    pub(super) duplicate: bool,
}

/// Publish one event, or an array of at most 1,000.
///
/// Also takes CloudEvents 1.0: structured (`application/cloudevents+json`), batched
/// (`application/cloudevents-batch+json`), or binary, with its attributes in `ce-` headers and data of any media type. All
/// attributes are kept. Answers when the
/// stream has every event. When it answers 503, or 422 `idempotency_key_reused`, some events of an array may have been
/// stored: only an idempotency key makes the repetition safe. In the header, a key names the whole request.
///
/// An idempotency key is the tenant's own. Used again within the window with the same type and data, it is answered with
/// the first event's id; with another type or other data it is 422 `idempotency_key_reused`.
#[utoipa::path(
    post, path = "/events", tag = "events", operation_id = "publish_events",
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request: repeating it gives no second event. 1 to 128 visible ASCII characters, quoted or not")),
    request_body(content(
        (EventInput = "application/json"),
        (Vec<EventInput> = "application/json"),
        (Object = "application/cloudevents+json"),
        (Vec<Object> = "application/cloudevents-batch+json"),
    )),
    responses(
        (status = 202, description = "The stream has every event", body = Published),
        (status = 409, description = "`tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it"),
        (status = 422, description = "`validation_failed`: wrong fields, nothing was stored; `idempotency_key_reused`: \
            the key belongs to an event of another type or with other data"),
    ),
)]
pub(crate) async fn publish(
    State(app): State<App>,
    caller: May<Publish>,
    request: Request,
) -> Result<Response, Problem> {
    if app.deleted_tenants.contains(&caller.tenant) {
        return Err(Problem::tenant_being_deleted(caller.tenant.as_str()));
    }
    let (parts, body) = request.into_parts();
    let mode = Mode::of(&parts.headers)?;
    let body = read_body(body, app.request_bytes_max).await?;
    let (drafts, is_array) = read_events(mode, &parts.headers, &body, app.event_data_bytes_max)?;
    if drafts.is_empty() {
        let events = Vec::new();
        return Ok((StatusCode::ACCEPTED, Json(Published { events })).into_response());
    }
    refuse_misfits(&app.catalogue, &caller.tenant, &drafts, is_array).await?;
    refuse_keys_for_two(&drafts)?;
    let Some(bus) = app.queue.connected() else {
        return Err(Problem::queue_unavailable("not connected"));
    };
    let signed = Signed::by(bus);
    let has_key = |draft: &Draft| draft.idempotency_key.is_some();
    if matches!(signed, Signed::Perhaps) && drafts.iter().any(has_key) {
        return Err(Problem::database_unavailable(
            "what names idempotency keys on the stream was not read yet",
        ));
    }
    let mut span = send_span(&app, &parts, drafts.len());
    // What nobody records here goes on as it came.
    let trace = span
        .as_ref()
        .map_or_else(|| sent_trace(&parts.headers), |span| Some(span.context()));
    let outgoing = outgoing(
        &app,
        &caller,
        drafts,
        trace.as_ref(),
        request_id(&parts).as_ref(),
    );
    let accepted = match outgoing.as_slice() {
        [event] => bus
            .publish_event(event)
            .await
            .map(|accepted| vec![accepted]),
        events => bus.publish_events(events).await,
    };
    let accepted = accepted.map_err(|failure| {
        app.queue.failed(&failure);
        if let Some(span) = &mut span {
            span.fail(failure_name(&failure), failure.to_string());
        }
        refused(&failure)
    })?;
    drop(span);
    let events = answers(bus, outgoing, accepted, signed, is_array).await?;
    let duplicates = events.iter().filter(|event| event.duplicate).count();
    app.metrics.accepted(
        u64::try_from(events.len() - duplicates).unwrap_or(u64::MAX),
        u64::try_from(duplicates).unwrap_or(u64::MAX),
    );
    Ok((StatusCode::ACCEPTED, Json(Published { events })).into_response())
}

fn outgoing(
    app: &App,
    caller: &May<Publish>,
    drafts: Vec<Draft>,
    trace: Option<&TraceContext>,
    request_id: Option<&Arc<str>>,
) -> Vec<OutgoingEvent> {
    let now = app.clock.now();
    app.rng.with(|rng| {
        let event = |draft: Draft| OutgoingEvent {
            event: Event {
                id: EventId::generate(&*app.clock, rng),
                tenant: caller.tenant.clone(),
                event_type: draft.event_type,
                timestamp: draft.timestamp.unwrap_or(now),
                data: draft.data,
                cloud_event: draft.cloud_event,
                trace: trace.cloned(),
            },
            idempotency_key: draft.idempotency_key,
            request_id: request_id.cloned(),
        };
        drafts.into_iter().map(event).collect()
    })
}

/// The publishing of a request that is traced, as OpenTelemetry's conventions for messaging name it.
fn send_span(app: &App, parts: &Parts, count: usize) -> Option<Span> {
    let Traced(request) = parts.extensions.get::<Traced>()?;
    let parent = Parent::Local(request);
    let mut span = app
        .traces
        .start("send POSTHORN_EVENTS", SpanKind::Producer, parent)?;
    span.set([
        KeyValue::new("messaging.system", "nats"),
        KeyValue::new("messaging.operation.name", "send"),
        KeyValue::new("messaging.operation.type", "send"),
        KeyValue::new("messaging.destination.name", EVENTS_STREAM),
    ]);
    if count > 1 {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        span.set([KeyValue::new("messaging.batch.message_count", count)]);
    }
    Some(span)
}

fn request_id(parts: &Parts) -> Option<Arc<str>> {
    let id = parts.extensions.get::<RequestId>()?;
    Some(Arc::from(id.as_str()))
}

/// For `error.type`.
fn failure_name(failure: &PublishError) -> &'static str {
    match failure {
        PublishError::Unavailable(_) => "unavailable",
        PublishError::TooLarge => "too_large",
        PublishError::Refused(_) => "refused",
    }
}

pub(super) fn refused(failure: &PublishError) -> Problem {
    match failure {
        PublishError::Unavailable(_) => Problem::queue_unavailable(failure),
        PublishError::TooLarge => Problem::new(
            Code::PayloadTooLarge,
            "an event is larger than the NATS server takes",
        ),
        // Such as a stream that is full: nothing that the client did wrong.
        PublishError::Refused(_) => Problem::queue_unavailable(failure),
    }
}
