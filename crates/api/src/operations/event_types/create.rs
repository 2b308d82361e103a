use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};

use super::{settings::NewEventType, view::EventTypeView};
use crate::{
    access::{Manage, May},
    app::App,
    extract::Document,
    openapi::BASE,
    problem::{Code, Problem},
};

/// Enter an event type in the catalogue.
///
/// From then on events of this type must satisfy its schema, if it has one, when they are published over HTTP.
#[utoipa::path(
    post, path = "/event-types", tag = "event types", operation_id = "create_event_type",
    request_body = NewEventType,
    responses((status = 201, body = EventTypeView), (status = 409, description = "`event_type_exists`, `tenant_being_deleted`")),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: May<Manage>,
    Document(new): Document<NewEventType>,
) -> Result<Response, Problem> {
    let (name, settings) = new.into_parts();
    let entry = app
        .catalogue
        .run(&caller.tenant, move || settings.check(name))
        .await?
        .map_err(Problem::validation)?;
    let stored = app
        .database
        .call(|store| store.create_event_type(&caller.tenant, &entry, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    app.refresh_catalogue().await;
    let location = format!("{BASE}/event-types/{}", stored.entry.name);
    let view = EventTypeView::try_from(stored)?;
    Ok((StatusCode::CREATED, [(LOCATION, location)], view).into_response())
}
