use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use posthorn_domain::{EventId, EventType};
use posthorn_store::EventFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::EventView;
use crate::{
    access::{May, Read},
    app::App,
    extract::Params,
    page::{is_true, page},
    problem::{Code, Problem},
};

/// Which events are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventParams {
    /// Of this type.
    #[param(value_type = Option<String>)]
    r#type: Option<EventType>,
    /// Accepted from this moment on.
    since: Option<DateTime<Utc>>,
    /// Accepted before this moment.
    until: Option<DateTime<Utc>>,
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0).
    offset: Option<i64>,
    /// `next_cursor` of the page before; stays fast however deep the page.
    #[param(value_type = Option<String>)]
    cursor: Option<EventId>,
}

/// A page of events, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventList {
    events: Vec<EventView>,
    /// How many there are on all pages; beyond 10,000 an estimate.
    total: u64,
    /// False where `total` is an estimate; otherwise absent.
    #[serde(skip_serializing_if = "is_true")]
    total_exact: bool,
    limit: u32,
    offset: u64,
    has_more: bool,
    next_cursor: Option<EventId>,
}

/// List events.
#[utoipa::path(
    get, path = "/events", tag = "events", operation_id = "list_events",
    params(EventParams),
    responses((status = 200, body = EventList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<EventParams>,
) -> Result<Json<EventList>, Problem> {
    let filter = EventFilter {
        event_type: params.r#type,
        since: params.since,
        until: params.until,
    };
    let page = page(params.limit, params.offset, params.cursor)?;
    let found = app
        .database
        .call(|store| store.list_events(&caller.tenant, &filter, page))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventNotFound))?;
    Ok(Json(EventList {
        events: found.events.into_iter().map(Into::into).collect(),
        total: found.total,
        total_exact: found.total_exact,
        limit: page.limit,
        offset: page.offset,
        has_more: found.has_more,
        next_cursor: found.next_cursor,
    }))
}
