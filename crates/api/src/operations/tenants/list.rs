use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::TenantView;
use crate::{
    access::{Administer, May},
    app::App,
    extract::Params,
    page::limit_and_offset,
    problem::{Code, Problem},
};

/// Which tenants are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TenantParams {
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0).
    offset: Option<i64>,
}

/// A page of tenants by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct TenantList {
    tenants: Vec<TenantView>,
    /// How many there are on all pages.
    total: u64,
}

/// List tenants.
#[utoipa::path(
    get, path = "/tenants", tag = "access", operation_id = "list_tenants",
    params(TenantParams),
    responses((status = 200, body = TenantList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    _: May<Administer>,
    Params(params): Params<TenantParams>,
) -> Result<Json<TenantList>, Problem> {
    let (limit, offset) = limit_and_offset(params.limit, params.offset)?;
    let (tenants, total) = app
        .database
        .call(|store| store.list_tenants(limit, offset))
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    Ok(Json(TenantList {
        tenants: tenants.into_iter().map(Into::into).collect(),
        total,
    }))
}
