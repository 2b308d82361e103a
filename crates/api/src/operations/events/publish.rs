use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use posthorn_bus::{Accepted, Bus, OutgoingEvent, PublishError};
use posthorn_domain::{Event, EventId, EventType, TraceContext};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    draft::Draft,
    misfits::refuse_misfits,
    reading::{Mode, read_events},
};
use crate::{
    access::{May, Publish},
    app::App,
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
    /// What happened: a dotted name of at most 128 characters.
    #[schema(example = "user.created")]
    r#type: String,
    /// Any JSON value, at most 256 KiB; passed on byte for byte.
    #[schema(value_type = Value)]
    data: (),
    /// When it happened (now).
    timestamp: Option<DateTime<Utc>>,
    /// Publishing again with the same key within two minutes gives no second event.
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
    id: EventId,
    #[schema(value_type = String)]
    r#type: EventType,
    /// Whether an event with this key was there before, so that this one was dropped.
    duplicate: bool,
}

/// Publish one event, or an array of at most 1,000.
///
/// Also takes CloudEvents 1.0: structured (`application/cloudevents+json`), batched
/// (`application/cloudevents-batch+json`), or binary, with its attributes in `ce-` headers. Answers when the
/// stream has every event. When it answers 503, some events of an array may have been stored: only an
/// idempotency key makes the repetition safe. In the header, a key names the whole request.
#[utoipa::path(
    post, path = "/events", tag = "events", operation_id = "publish_events",
    params(("Idempotency-Key" = Option<String>, Header, description = "Names the request: repeating it gives no second event. 1 to 128 visible ASCII characters")),
    request_body(content(
        (EventInput = "application/json"),
        (Vec<EventInput> = "application/json"),
        (Object = "application/cloudevents+json"),
        (Vec<Object> = "application/cloudevents-batch+json"),
    )),
    responses((status = 202, description = "The stream has every event", body = Published)),
)]
pub(crate) async fn publish(
    State(app): State<App>,
    caller: May<Publish>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let mode = Mode::of(&parts.headers)?;
    let body = read_body(body, app.request_bytes_max).await?;
    let (drafts, is_array) = read_events(mode, &parts.headers, &body, app.event_data_bytes_max)?;
    refuse_misfits(&app.catalogue, &caller.tenant, &drafts, is_array).await?;
    let Some(bus) = app.queue.connected() else {
        return Err(Problem::queue_unavailable("not connected"));
    };
    let outgoing = outgoing(&app, &caller, drafts, trace(&parts.headers).as_ref());
    let accepted = match outgoing.as_slice() {
        [event] => bus
            .publish_event(event)
            .await
            .map(|accepted| vec![accepted]),
        events => bus.publish_events(events).await,
    };
    let accepted = accepted.map_err(|failure| {
        app.queue.failed(&failure);
        refused(&failure)
    })?;
    let events = answers(bus, outgoing, accepted).await?;
    let duplicates = events.iter().filter(|event| event.duplicate).count();
    app.metrics.events(
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
        };
        drafts.into_iter().map(event).collect()
    })
}

fn trace(headers: &HeaderMap) -> Option<TraceContext> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    Some(TraceContext {
        traceparent: text("traceparent")?.to_owned(),
        tracestate: text("tracestate").map(str::to_owned),
    })
}

fn refused(failure: &PublishError) -> Problem {
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

/// A duplicate is answered with what was accepted before it.
async fn answers(
    bus: &Bus,
    outgoing: Vec<OutgoingEvent>,
    accepted: Vec<Accepted>,
) -> Result<Vec<PublishedEvent>, Problem> {
    let mut events = Vec::with_capacity(outgoing.len());
    for (
        OutgoingEvent { event, .. },
        Accepted {
            sequence,
            duplicate,
        },
    ) in outgoing.into_iter().zip(accepted)
    {
        let first = if duplicate {
            bus.event_at(sequence)
                .await
                .map_err(Problem::queue_unavailable)?
        } else {
            None
        };
        let (id, event_type) = match first {
            Some(first) => (first.id, first.event_type),
            None => (event.id, event.event_type),
        };
        events.push(PublishedEvent {
            id,
            r#type: event_type,
            duplicate,
        });
    }
    Ok(events)
}
