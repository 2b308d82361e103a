use axum::{extract::State, http::StatusCode};
use posthorn_domain::TenantId;

use crate::{
    access::{Administer, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Delete a tenant with everything of it.
///
/// Its API keys and webhooks end at once. Its events (in the streams too), deliveries, dead letters, replays, statistics and
/// audit entries are deleted by a deliverer, round by round. Until nothing is left, whatever would make or use the tenant is
/// answered 409 `tenant_being_deleted`; whoever takes the name after that finds nothing.
#[utoipa::path(
    delete, path = "/tenants/{id}", tag = "access", operation_id = "delete_tenant",
    params(("id" = String, Path)),
    responses((status = 204)),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: May<Administer>,
    PathId(id): PathId<TenantId>,
) -> Result<StatusCode, Problem> {
    app.database
        .call(|store| store.delete_tenant(&id, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    app.deleted_tenants.add(&id);
    app.keyring
        .forget(|holder| holder.tenant.as_ref() == Some(&id))
        .await;
    Ok(StatusCode::NO_CONTENT)
}
