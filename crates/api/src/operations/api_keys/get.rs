use axum::{Json, extract::State};
use posthorn_domain::ApiKeyId;

use super::view::ApiKeyView;
use crate::{
    access::{Administer, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Read an API key: everything but the key itself.
#[utoipa::path(
    get, path = "/api-keys/{id}", tag = "access", operation_id = "get_api_key",
    params(("id" = ApiKeyId, Path)),
    responses((status = 200, body = ApiKeyView)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    _: May<Administer>,
    PathId(id): PathId<ApiKeyId>,
) -> Result<Json<ApiKeyView>, Problem> {
    let key = app
        .database
        .call(|store| store.get_api_key(id))
        .await
        .map_err(|error| Problem::of_store(error, Code::ApiKeyNotFound))?;
    Ok(Json(key.into()))
}
