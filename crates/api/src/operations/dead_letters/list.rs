use axum::{Json, extract::State};
use posthorn_domain::{EventId, EventType, WebhookId};
use posthorn_store::DeadLetterFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::{DeadLetterView, KindView};
use crate::{
    access::{May, Read},
    app::App,
    extract::{Moment, Params, time},
    page::{PageView, page},
    problem::{Code, Problem},
};

/// Which dead letters are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeadLetterParams {
    /// Of this kind.
    #[param(inline)]
    kind: Option<KindView>,
    /// For this webhook.
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// Of this event.
    #[param(value_type = Option<String>)]
    event_id: Option<EventId>,
    /// Of events of this type.
    #[param(value_type = Option<String>)]
    event_type: Option<EventType>,
    /// Given up from this moment on.
    #[param(value_type = Option<DateTime<Utc>>)]
    since: Option<Moment>,
    /// Given up before this moment.
    #[param(value_type = Option<DateTime<Utc>>)]
    until: Option<Moment>,
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0), at most 10,000; `cursor` reaches what lies deeper.
    offset: Option<i64>,
    /// `next_cursor` of the page before; stays fast however deep the page.
    cursor: Option<i64>,
}

/// A page of dead letters, the one given up last first.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeadLetterList {
    dead_letters: Vec<DeadLetterView>,
    #[serde(flatten)]
    page: PageView,
}

/// List dead letters.
///
/// A delivery that used up its attempts is here until it is retried, discarded or delivered after all; a message
/// that could not be read until it is published again or discarded.
#[utoipa::path(
    get, path = "/dead-letters", tag = "dead letters", operation_id = "list_dead_letters",
    params(DeadLetterParams),
    responses((status = 200, body = DeadLetterList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<DeadLetterParams>,
) -> Result<Json<DeadLetterList>, Problem> {
    let page = page(params.limit, params.offset, params.cursor)?;
    let filter = DeadLetterFilter {
        ids: None,
        kind: params.kind.map(Into::into),
        webhook: params.webhook_id,
        event: params.event_id,
        event_type: params.event_type,
        since: time(params.since),
        until: time(params.until),
    };
    let found = app
        .database
        .call(|store| store.list_dead_letters(&caller.tenant, &filter, page))
        .await
        .map_err(|error| Problem::of_store(error, Code::DeadLetterNotFound))?;
    let (dead_letters, page) = PageView::split(&page, found);
    Ok(Json(DeadLetterList { dead_letters, page }))
}
