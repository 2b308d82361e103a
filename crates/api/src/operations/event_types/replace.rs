use axum::extract::State;
use posthorn_domain::EventType;

use super::{settings::EventTypeSettings, view::EventTypeView};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{Document, EntryIfMatch, IfMatchParam, PathId},
    problem::{Code, Problem},
};

/// Replace what is said of an event type. What is left out takes its default.
#[utoipa::path(
    put, path = "/event-types/{name}", tag = "event types", operation_id = "replace_event_type",
    params(("name" = String, Path), IfMatchParam),
    request_body = EventTypeSettings,
    responses((status = 200, body = EventTypeView), (status = 409, description = "`tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it")),
)]
pub(crate) async fn replace(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(name): PathId<EventType>,
    EntryIfMatch(expected): EntryIfMatch,
    Document(settings): Document<EventTypeSettings>,
) -> Result<EventTypeView, Problem> {
    let entry = app
        .catalogue
        .run(&caller.tenant, move || settings.check(name))
        .await?
        .map_err(Problem::validation)?;
    let stored = app
        .database
        .call(|store| store.replace_event_type(&caller.tenant, &entry, &expected, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    app.refresh_catalogue().await;
    EventTypeView::try_from(stored)
}
