use axum::{Json, extract::State};
use posthorn_domain::ReplayId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::ReplayView;
use crate::{
    access::{May, Read},
    app::App,
    extract::Params,
    page::{is_true, page},
    problem::{Code, Problem},
};

/// Which part of the list is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReplayParams {
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0).
    offset: Option<i64>,
    /// `next_cursor` of the page before; stays fast however deep the page.
    #[param(value_type = Option<String>)]
    cursor: Option<ReplayId>,
}

/// A page of replays, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayList {
    replays: Vec<ReplayView>,
    /// How many there are on all pages; beyond 10,000 an estimate.
    total: u64,
    /// False where `total` is an estimate; otherwise absent.
    #[serde(skip_serializing_if = "is_true")]
    total_exact: bool,
    limit: u32,
    offset: u64,
    has_more: bool,
    next_cursor: Option<ReplayId>,
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
        .call(|store| store.list_replays(&caller.tenant, page))
        .await
        .map_err(|error| Problem::of_store(error, Code::ReplayNotFound))?;
    Ok(Json(ReplayList {
        replays: found.replays.into_iter().map(Into::into).collect(),
        total: found.total,
        total_exact: found.total_exact,
        limit: page.limit,
        offset: page.offset,
        has_more: found.has_more,
        next_cursor: found.next_cursor,
    }))
}
