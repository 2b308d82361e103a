use axum::{Json, extract::State};
use posthorn_domain::EventType;

use super::view::EventTypeView;
use crate::{
    access::{May, Read},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Read an event type.
#[utoipa::path(
    get, path = "/event-types/{name}", tag = "event types", operation_id = "get_event_type",
    params(("name" = String, Path)),
    responses((status = 200, body = EventTypeView)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(name): PathId<EventType>,
) -> Result<Json<EventTypeView>, Problem> {
    let stored = app
        .database
        .call(|store| store.get_event_type(&caller.tenant, &name))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    EventTypeView::try_from(stored).map(Json)
}
