use axum::{Json, extract::State, response::Response};
use posthorn_domain::EventType;

use super::view::EventTypeView;
use crate::{
    access::{May, Read},
    app::App,
    extract::{IfNoneMatch, IfNoneMatchParam, PathId},
    problem::{Code, Problem},
};

/// Read an event type.
#[utoipa::path(
    get, path = "/event-types/{name}", tag = "event types", operation_id = "get_event_type",
    params(("name" = String, Path), IfNoneMatchParam),
    responses(
        (status = 200, body = EventTypeView),
        (status = 304, description = "The client has it as it is"),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(name): PathId<EventType>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let stored = app
        .database
        .call(|store| store.get_event_type(&caller.tenant, &name))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    let view = EventTypeView::try_from(stored)?;
    let tag = view.tag.clone();
    Ok(held.answer(&tag, Json(view)))
}
