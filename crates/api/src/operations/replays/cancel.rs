use axum::{Json, extract::State};
use posthorn_domain::ReplayId;
use posthorn_store::CancelError;

use super::view::ReplayView;
use crate::{
    access::{Manage, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem, ProblemDocument},
};

/// Stop a replay.
///
/// Deliveries that it has handed over are made nevertheless; dead letters that it has not come back into the list.
#[utoipa::path(
    post, path = "/replays/{id}/cancel", tag = "replays", operation_id = "cancel_replay",
    params(("id" = ReplayId, Path)),
    responses(
        (status = 200, description = "The replay as it was stopped", body = ReplayView),
        (status = 404, description = "`replay_not_found`", body = ProblemDocument<'static>, content_type = "application/problem+json"),
        (status = 409, description = "`replay_ended`: there is nothing left to stop", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn cancel(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<ReplayId>,
) -> Result<Json<ReplayView>, Problem> {
    let replay = app
        .database
        .call(|store| store.cancel_replay(&caller.tenant, id, &caller.actor))
        .await
        .map_err(|error| match error {
            CancelError::Ended => Problem::new(Code::ReplayEnded, error.to_string()),
            CancelError::Store(error) => Problem::of_store(error, Code::ReplayNotFound),
        })?;
    Ok(Json(replay.into()))
}
