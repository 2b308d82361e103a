use axum::{Json, extract::State};
use posthorn_domain::ApiKeyId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::ApiKeyView;
use crate::{
    access::{Administer, May},
    app::App,
    extract::Params,
    page::page,
    problem::{Code, Problem},
};

/// Which keys are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApiKeyParams {
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0), at most 10,000; `cursor` reaches what lies deeper.
    offset: Option<i64>,
    /// Only what comes behind this: the `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<ApiKeyId>,
}

/// A page of keys, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyList {
    api_keys: Vec<ApiKeyView>,
    /// How many there are on all pages.
    total: u64,
    has_more: bool,
    /// The `cursor` of the next page.
    next_cursor: Option<ApiKeyId>,
}

/// List API keys: those of the tenant that is named, or all.
#[utoipa::path(
    get, path = "/api-keys", tag = "access", operation_id = "list_api_keys",
    params(ApiKeyParams),
    responses((status = 200, body = ApiKeyList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Administer>,
    Params(params): Params<ApiKeyParams>,
) -> Result<Json<ApiKeyList>, Problem> {
    let page = page(params.limit, params.offset, params.cursor)?;
    let found = app
        .database
        .call(|store| store.list_api_keys(caller.only_tenant.as_ref(), &page))
        .await
        .map_err(|error| Problem::of_store(error, Code::ApiKeyNotFound))?;
    Ok(Json(ApiKeyList {
        api_keys: found.items.into_iter().map(Into::into).collect(),
        total: found.total,
        has_more: found.has_more,
        next_cursor: found.next_cursor,
    }))
}
