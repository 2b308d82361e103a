use axum::{Json, extract::State};
use posthorn_domain::{CloudEventAttributes, EventId};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::view::EventView;
use crate::{
    access::{May, Read},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// An event with its payload.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventWithData {
    #[serde(flatten)]
    event: EventView,
    /// What was published, byte for byte. Null when it was erased, and when it is not JSON.
    #[schema(value_type = Value)]
    data: Box<RawValue>,
    /// What was published, where it is not JSON; only a CloudEvent can carry that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Byte)]
    data_base64: Option<Box<RawValue>>,
}

/// Read an event.
///
/// An event is in the log as soon as a deliverer has taken it up, shortly after it was accepted.
#[utoipa::path(
    get, path = "/events/{id}", tag = "events", operation_id = "get_event",
    params(("id" = EventId, Path)),
    responses((status = 200, body = EventWithData)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<EventId>,
) -> Result<Json<EventWithData>, Problem> {
    let stored = app
        .database
        .call(|store| store.get_event(&caller.tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventNotFound))?;
    let data =
        RawValue::from_string(stored.event.data.as_str().to_owned()).map_err(Problem::internal)?;
    let attributes = stored.event.cloud_event.as_ref();
    let (data, data_base64) = if attributes.is_some_and(CloudEventAttributes::data_is_bytes) {
        (RawValue::NULL.to_owned(), Some(data))
    } else {
        (data, None)
    };
    Ok(Json(EventWithData {
        event: stored.into(),
        data,
        data_base64,
    }))
}
