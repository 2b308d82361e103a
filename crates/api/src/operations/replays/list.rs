use axum::{Json, extract::State};
use posthorn_domain::{ReplayId, WebhookId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::ReplayView;
use crate::{
    access::{May, Read},
    app::App,
    extract::Params,
    page::{PageView, page},
    problem::{Code, Problem},
};

/// Which replays are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReplayParams {
    /// Of this webhook, as a range of time.
    #[param(value_type = Option<String>)]
    webhook_id: Option<WebhookId>,
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0), at most 10,000; `cursor` reaches what lies deeper.
    offset: Option<i64>,
    /// `next_cursor` of the page before; stays fast however deep the page.
    #[param(value_type = Option<String>)]
    cursor: Option<ReplayId>,
}

/// A page of replays, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayList {
    replays: Vec<ReplayView>,
    #[serde(flatten)]
    page: PageView,
}

/// List replays.
#[utoipa::path(
    get, path = "/replays", tag = "replays", operation_id = "list_replays",
    params(ReplayParams),
    responses((status = 200, body = ReplayList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<ReplayParams>,
) -> Result<Json<ReplayList>, Problem> {
    let page = page(params.limit, params.offset, params.cursor)?;
    let found = app
        .database
        .call(|store| store.list_replays(&caller.tenant, params.webhook_id, page))
        .await
        .map_err(|error| Problem::of_store(error, Code::ReplayNotFound))?;
    let (replays, page) = PageView::split(&page, found);
    Ok(Json(ReplayList { replays, page }))
}
