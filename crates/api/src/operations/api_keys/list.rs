use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::ApiKeyView;
use crate::{
    access::{Administer, May},
    app::App,
    extract::Params,
    page::limit_and_offset,
    problem::{Code, Problem},
};

/// Which keys are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApiKeyParams {
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0).
    offset: Option<i64>,
}

/// A page of keys, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApiKeyList {
    api_keys: Vec<ApiKeyView>,
    /// How many there are on all pages.
    total: u64,
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
    let (limit, offset) = limit_and_offset(params.limit, params.offset)?;
    let (keys, total) = app
        .database
        .call(|store| store.list_api_keys(caller.only_tenant.as_ref(), limit, offset))
        .await
        .map_err(|error| Problem::of_store(error, Code::ApiKeyNotFound))?;
    Ok(Json(ApiKeyList {
        api_keys: keys.into_iter().map(Into::into).collect(),
        total,
    }))
}
