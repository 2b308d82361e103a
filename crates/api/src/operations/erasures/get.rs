use axum::{Json, extract::State};
use posthorn_domain::ErasureId;

use super::view::ErasureView;
use crate::{
    access::{May, Read},
    app::App,
    extract::PathId,
    problem::{Code, Problem, ProblemDocument},
};

/// Read how far an erasure is.
#[utoipa::path(
    get, path = "/erasures/{id}", tag = "events", operation_id = "get_erasure",
    params(("id" = ErasureId, Path)),
    responses(
        (status = 200, body = ErasureView),
        (status = 404, description = "`erasure_not_found`", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<ErasureId>,
) -> Result<Json<ErasureView>, Problem> {
    let erasure = app
        .database
        .call(|store| store.get_erasure(&caller.tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::ErasureNotFound))?;
    Ok(Json(erasure.into()))
}
