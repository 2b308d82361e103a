use std::collections::BTreeSet;

use axum::{Json, extract::State};
use posthorn_domain::{EventType, OperationalType};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{May, Read},
    app::App,
    extract::Params,
    problem::{Code, Problem},
};

/// Which event types are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AvailableParams {
    /// Also those that are in no catalogue, but were published within the last seven days; at most 500 (false).
    seen: Option<bool>,
}

/// What a webhook can subscribe to.
#[derive(Serialize, ToSchema)]
pub(crate) struct AvailableEvents {
    /// The names of the catalogue and of what Posthorn publishes itself (operational events), sorted.
    #[schema(value_type = Vec<String>)]
    events: BTreeSet<EventType>,
}

/// List the event types that a webhook can subscribe to.
///
/// Any other type, and patterns, may be subscribed to as well: the catalogue need not be complete, nor be kept at all. With
/// `seen=true` the types of events that were published lately are listed, too. The operational
/// events `delivery.exhausted`, `webhook.disabled`, `webhook.failing` and `webhook.recovered` are among them; a webhook
/// gets them only if it names them (exactly, or by `delivery.*`, `webhook.*`): `*` does not include them.
#[utoipa::path(
    get, path = "/webhooks/events/available", tag = "webhooks", operation_id = "list_available_events",
    params(AvailableParams),
    responses((status = 200, body = AvailableEvents)),
)]
pub(crate) async fn available(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<AvailableParams>,
) -> Result<Json<AvailableEvents>, Problem> {
    let (names, seen) = app
        .database
        .call(async |store| {
            let names = store.event_type_names(&caller.tenant).await?;
            let seen = match params.seen {
                Some(true) => store.seen_event_types(&caller.tenant).await?,
                Some(false) | None => Vec::new(),
            };
            Ok((names, seen))
        })
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    let operational = OperationalType::ALL.map(OperationalType::event_type);
    let events = names.into_iter().chain(seen).chain(operational).collect();
    Ok(Json(AvailableEvents { events }))
}
