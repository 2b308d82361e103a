use axum::{Json, extract::State};
use posthorn_domain::EventId;

use crate::{
    access::{May, Read},
    app::App,
    extract::{Params, PathId},
    operations::deliveries::{DeliveryList, DeliveryParams, find},
    problem::{Code, Problem},
};

/// List where an event went.
#[utoipa::path(
    get, path = "/events/{id}/deliveries", tag = "events", operation_id = "list_event_deliveries",
    params(("id" = EventId, Path), DeliveryParams),
    responses((status = 200, body = DeliveryList)),
)]
pub(crate) async fn deliveries(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<EventId>,
    Params(params): Params<DeliveryParams>,
) -> Result<Json<DeliveryList>, Problem> {
    app.database
        .call(|store| store.get_event(&caller.tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventNotFound))?;
    find(&app, &caller.tenant, params.of_event(id)?)
        .await
        .map(Json)
}
