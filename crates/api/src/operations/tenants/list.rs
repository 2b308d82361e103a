use axum::{Json, extract::State};
use posthorn_domain::TenantId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::TenantView;
use crate::{
    access::{Administer, May},
    app::App,
    extract::Params,
    page::page,
    problem::{Code, Problem},
};

/// Which tenants are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TenantParams {
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0), at most 10,000; `cursor` reaches what lies deeper.
    offset: Option<i64>,
    /// Only what comes behind this: the `next_cursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<TenantId>,
}

/// A page of tenants by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct TenantList {
    tenants: Vec<TenantView>,
    /// How many there are on all pages.
    total: u64,
    has_more: bool,
    /// The `cursor` of the next page.
    #[schema(value_type = Option<String>)]
    next_cursor: Option<TenantId>,
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
    let page = page(params.limit, params.offset, params.cursor)?;
    let found = app
        .database
        .call(|store| store.list_tenants(&page))
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    Ok(Json(TenantList {
        tenants: found.items.into_iter().map(Into::into).collect(),
        total: found.total,
        has_more: found.has_more,
        next_cursor: found.next_cursor,
    }))
}
