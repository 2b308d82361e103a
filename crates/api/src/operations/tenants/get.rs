use axum::{Json, extract::State};
use posthorn_domain::TenantId;

use super::view::TenantView;
use crate::{
    access::{Administer, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Read a tenant.
#[utoipa::path(
    get, path = "/tenants/{id}", tag = "access", operation_id = "get_tenant",
    params(("id" = String, Path)),
    responses((status = 200, body = TenantView)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    _: May<Administer>,
    PathId(id): PathId<TenantId>,
) -> Result<Json<TenantView>, Problem> {
    let tenant = app
        .database
        .call(|store| store.get_tenant(&id))
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    Ok(Json(tenant.into()))
}
