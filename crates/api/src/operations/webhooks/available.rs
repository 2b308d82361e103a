use std::collections::BTreeSet;

use axum::{Json, extract::State};
use posthorn_domain::{EventType, OperationalType};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{May, Read},
    app::App,
    problem::{Code, Problem},
};

/// What a webhook can subscribe to.
#[derive(Serialize, ToSchema)]
pub(crate) struct AvailableEvents {
    /// The names of the catalogue and of what Posthorn publishes itself (operational events), sorted.
    #[schema(value_type = Vec<String>)]
    events: BTreeSet<EventType>,
}

/// List the event types that a webhook can subscribe to.
///
/// Any other type, and patterns, may be subscribed to as well: the catalogue need not be complete. The operational
/// events `delivery.exhausted`, `webhook.disabled`, `webhook.failing` and `webhook.recovered` are among them; a webhook
/// gets them only if it names them (exactly, or by `delivery.*`, `webhook.*`): `*` does not include them.
#[utoipa::path(
    get, path = "/webhooks/events/available", tag = "webhooks", operation_id = "list_available_events",
    responses((status = 200, body = AvailableEvents)),
)]
pub(crate) async fn available(
    State(app): State<App>,
    caller: May<Read>,
) -> Result<Json<AvailableEvents>, Problem> {
    let names = app
        .database
        .call(|store| store.event_type_names(&caller.tenant))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    let operational = OperationalType::ALL.map(OperationalType::event_type);
    let events = names.into_iter().chain(operational).collect();
    Ok(Json(AvailableEvents { events }))
}
