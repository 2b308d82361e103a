use axum::{Json, extract::State};
use posthorn_domain::{EventId, EventType};
use posthorn_store::EventFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::EventView;
use crate::{
    access::{May, Read},
    app::App,
    extract::{Moment, Params, time},
    page::{PageView, page},
    problem::{Code, Problem},
};

/// Which events are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventParams {
    /// Of this type, whoever publishes it.
    #[param(value_type = Option<String>)]
    r#type: Option<EventType>,
    /// With `true`, those that Posthorn publishes itself too: `webhook.failing`, `webhook.recovered`,
    /// `webhook.disabled` and `delivery.exhausted` (false).
    operational: Option<bool>,
    /// Accepted from this moment on.
    #[param(value_type = Option<DateTime<Utc>>)]
    since: Option<Moment>,
    /// Accepted before this moment.
    #[param(value_type = Option<DateTime<Utc>>)]
    until: Option<Moment>,
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0), at most 10,000; `cursor` reaches what lies deeper.
    offset: Option<i64>,
    /// `next_cursor` of the page before; stays fast however deep the page.
    #[param(value_type = Option<String>)]
    cursor: Option<EventId>,
}

/// A page of events, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventList {
    events: Vec<EventView>,
    #[serde(flatten)]
    page: PageView,
}

/// List events.
///
/// Those that Posthorn publishes itself (operational events) are left out, unless `operational` or `type` asks for them.
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
        since: time(params.since),
        until: time(params.until),
        operational: params.operational.unwrap_or(false),
    };
    let page = page(params.limit, params.offset, params.cursor)?;
    let found = app
        .database
        .call(|store| store.list_events(&caller.tenant, &filter, page))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventNotFound))?;
    let (events, page) = PageView::split(&page, found);
    Ok(Json(EventList { events, page }))
}
