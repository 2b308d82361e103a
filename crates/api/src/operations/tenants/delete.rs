use axum::{extract::State, http::StatusCode};
use posthorn_domain::TenantId;

use crate::{
    access::{Administer, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Delete a tenant with its webhooks and API keys. Its events go when their retention ends.
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
        .call(async |store| {
            store.delete_tenant(&id, &caller.actor).await?;
            // Its keys end here and now; other replicas notice within a second.
            app.keyring.refresh(store).await
        })
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    Ok(StatusCode::NO_CONTENT)
}
