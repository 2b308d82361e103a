use axum::{Json, extract::State};
use posthorn_domain::ReplayId;

use super::view::ReplayView;
use crate::{
    access::{May, Read},
    app::App,
    extract::PathId,
    problem::{Code, Problem, ProblemDocument},
};

/// Read how far a replay is.
#[utoipa::path(
    get, path = "/replays/{id}", tag = "replays", operation_id = "get_replay",
    params(("id" = ReplayId, Path)),
    responses(
        (status = 200, body = ReplayView),
        (status = 404, description = "`replay_not_found`", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<ReplayId>,
) -> Result<Json<ReplayView>, Problem> {
    let replay = app
        .database
        .call(|store| store.get_replay(&caller.tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::ReplayNotFound))?;
    Ok(Json(replay.into()))
}
