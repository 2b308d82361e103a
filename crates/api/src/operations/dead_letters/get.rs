use axum::{Json, extract::State};
use posthorn_bus::ReadablePayload;
use posthorn_domain::{CloudEventAttributes, DeadLetterId, Event};
use posthorn_store::{DeadLetter, LetterContent, StoreError};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use super::view::DeadLetterView;
use crate::{
    access::{May, Read},
    app::App,
    extract::PathId,
    problem::{Code, Problem, ProblemDocument},
};

/// A dead letter with its payload.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeadLetterDetail {
    #[serde(flatten)]
    letter: DeadLetterView,
    /// The event's data, or the message that could not be read. Null when it is no longer kept.
    #[schema(value_type = Option<Value>)]
    payload: Option<Box<RawValue>>,
    /// How the payload is written; null with it.
    payload_encoding: Option<Encoding>,
}

/// `json`: as it came, byte for byte. `text`: a string, because it is no JSON. `base64`: a string, because it is
/// no text.
#[derive(Serialize, ToSchema)]
#[schema(as = PayloadEncoding)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Encoding {
    Json,
    Text,
    Base64,
}

/// Read a dead letter.
#[utoipa::path(
    get, path = "/dead-letters/{id}", tag = "dead letters", operation_id = "get_dead_letter",
    params(("id" = DeadLetterId, Path)),
    responses(
        (status = 200, body = DeadLetterDetail),
        (status = 404, description = "`dead_letter_not_found`", body = ProblemDocument<'static>, content_type = "application/problem+json"),
        (status = 503, description = "`queue_unavailable`: the payload lies in the queue, which does not answer. `database_unavailable`", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<DeadLetterId>,
) -> Result<Json<DeadLetterDetail>, Problem> {
    let letter = app
        .database
        .call(|store| store.get_dead_letter(&caller.tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::DeadLetterNotFound))?;
    let payload = payload(&app, &letter).await?;
    let (payload, payload_encoding) = match payload {
        None => (None, None),
        Some(payload) => {
            let (written, encoding) = written(payload).map_err(Problem::internal)?;
            (Some(written), Some(encoding))
        }
    };
    Ok(Json(DeadLetterDetail {
        letter: letter.into(),
        payload,
        payload_encoding,
    }))
}

/// An event's payload is in the log too, which needs no NATS; a message that could not be read is in its stream
/// alone.
async fn payload(app: &App, letter: &DeadLetter) -> Result<Option<ReadablePayload>, Problem> {
    if let LetterContent::Delivery { event, .. } = letter.content {
        let stored = app
            .database
            .call(|store| store.get_event(&letter.tenant, event))
            .await;
        match stored {
            Ok(stored) => return Ok(Some(readable(&stored.event))),
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(Problem::of_store(error, Code::DeadLetterNotFound)),
        }
    }
    let bus = app
        .queue
        .connected()
        .ok_or_else(|| Problem::queue_unavailable("not connected"))?;
    let body = bus
        .dead_letter(letter.id, letter.stream_sequence)
        .await
        .map_err(Problem::queue_unavailable)?;
    Ok(body.map(|body| match &body.event {
        Some(event) => readable(event),
        None => body.payload.into(),
    }))
}

/// An event's data; of what is not JSON, its base64.
fn readable(event: &Event) -> ReadablePayload {
    let attributes = event.cloud_event.as_ref();
    if attributes.is_some_and(CloudEventAttributes::data_is_bytes) {
        let text = event.data.as_str().trim_matches('"');
        return ReadablePayload::Base64(text.to_owned());
    }
    ReadablePayload::Json(event.data.clone())
}

fn written(payload: ReadablePayload) -> Result<(Box<RawValue>, Encoding), serde_json::Error> {
    Ok(match payload {
        ReadablePayload::Json(json) => (
            RawValue::from_string(json.as_str().to_owned())?,
            Encoding::Json,
        ),
        ReadablePayload::Text(text) => (to_raw_value(&text)?, Encoding::Text),
        ReadablePayload::Base64(text) => (to_raw_value(&text)?, Encoding::Base64),
    })
}
