use axum::{extract::State, http::StatusCode};
use posthorn_domain::EventType;

use crate::{
    access::{Manage, May},
    app::App,
    extract::{EntryIfMatch, IfMatchParam, PathId},
    problem::{Code, Problem},
};

/// Take an event type out of the catalogue.
///
/// Its events, deliveries and webhooks stay; events of this type are not checked any more.
#[utoipa::path(
    delete, path = "/event-types/{name}", tag = "event types", operation_id = "delete_event_type",
    params(("name" = String, Path), IfMatchParam),
    responses((status = 204), (status = 409, description = "`tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it")),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(name): PathId<EventType>,
    EntryIfMatch(expected): EntryIfMatch,
) -> Result<StatusCode, Problem> {
    app.database
        .call(|store| store.delete_event_type(&caller.tenant, &name, &expected, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    app.refresh_catalogue().await;
    Ok(StatusCode::NO_CONTENT)
}
