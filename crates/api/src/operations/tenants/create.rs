use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use posthorn_domain::TenantId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::TenantView;
use crate::{
    access::{Administer, May},
    app::App,
    extract::{Document, Shape},
    openapi::BASE,
    problem::{Code, Problem},
};

/// A tenant to create.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTenant {
    /// 1 to 64 characters of a-z, 0-9, `_` and `-`.
    #[schema(value_type = String, pattern = "^[a-z0-9_-]{1,64}$", example = "acme")]
    id: TenantId,
}

impl Shape for NewTenant {
    const REQUIRED: &'static [&'static str] = &["id"];
}

/// Create a tenant.
///
/// A key, a webhook or an event type that is created for a tenant creates the tenant too. Publishing does not.
#[utoipa::path(
    post, path = "/tenants", tag = "access", operation_id = "create_tenant",
    request_body = NewTenant,
    responses((status = 201, body = TenantView), (status = 409, description = "`tenant_exists`, `tenant_being_deleted`")),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: May<Administer>,
    Document(new): Document<NewTenant>,
) -> Result<Response, Problem> {
    let tenant = app
        .database
        .call(|store| store.create_tenant(&new.id, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    let location = format!("{BASE}/tenants/{}", tenant.id);
    let view = TenantView::from(tenant);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(view)).into_response())
}
