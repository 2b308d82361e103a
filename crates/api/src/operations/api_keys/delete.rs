use axum::{extract::State, http::StatusCode};
use posthorn_domain::ApiKeyId;

use crate::{
    access::{Administer, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Delete an API key. It stops working at once here, and within a second on other replicas. One that cannot reach the
/// database accepts it for as long as `POSTHORN_API_KEYS_BELIEVED_SECONDS` says (5 minutes).
#[utoipa::path(
    delete, path = "/api-keys/{id}", tag = "access", operation_id = "delete_api_key",
    params(("id" = ApiKeyId, Path)),
    responses((status = 204)),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: May<Administer>,
    PathId(id): PathId<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    app.database
        .call(|store| store.delete_api_key(id, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::ApiKeyNotFound))?;
    app.keyring.forget(|holder| holder.id == Some(id)).await;
    Ok(StatusCode::NO_CONTENT)
}
