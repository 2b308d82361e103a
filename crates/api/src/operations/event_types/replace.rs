use axum::extract::State;
use posthorn_domain::EventType;

use super::{settings::EventTypeSettings, view::EventTypeView};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{EntryIfMatch, IfMatchParam, PathId, Replacement},
    problem::{Code, Problem},
};

/// Replace what is said of an event type. What is left out takes its default. An event type as it was answered is taken:
/// fields that only Posthorn sets may be there unchanged.
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
    Replacement {
        document: settings,
        read_only,
    }: Replacement<EventTypeSettings>,
) -> Result<EventTypeView, Problem> {
    if !read_only.is_empty() {
        let stored = app
            .database
            .call(|store| store.get_event_type(&caller.tenant, &name))
            .await
            .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
        read_only.check(&EventTypeView::try_from(stored)?)?;
    }
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
