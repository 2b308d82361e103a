use axum::{Json, extract::State, http::StatusCode};
use posthorn_domain::ReplayId;
use serde::Serialize;
use utoipa::ToSchema;

use super::choice::{Choice, ChoiceParams, choose};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{OptionalDocument, Params},
    problem::{Code, Problem},
};

/// Dead letters are on their way again.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeadLettersRetried {
    /// `GET /replays/{id}` shows how far that is.
    replay_id: ReplayId,
    /// How many were chosen.
    selected: u64,
}

/// Bring dead letters on their way again.
///
/// A delivery begins a new run with its full retry policy; a message that could not be read is published again where
/// it was published. They are not listed any more; what fails again becomes a dead letter again. Those for a
/// disabled webhook are left where they are. One request takes the 100,000 oldest at most.
#[utoipa::path(
    post, path = "/dead-letters/retry", tag = "dead letters", operation_id = "retry_dead_letters",
    params(ChoiceParams),
    request_body = Option<Choice>,
    responses((status = 202, description = "Accepted: a deliverer begins with it within a second", body = DeadLettersRetried)),
)]
pub(crate) async fn retry(
    State(app): State<App>,
    caller: May<Manage>,
    Params(query): Params<ChoiceParams>,
    OptionalDocument(body): OptionalDocument<Choice>,
) -> Result<(StatusCode, Json<DeadLettersRetried>), Problem> {
    let filter = choose(body, query)?;
    let replay_id = ReplayId::generate(&*app.clock, &mut app.rng.fork());
    let selected = app
        .database
        .call(|store| store.retry_dead_letters(&caller.tenant, &filter, replay_id, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::DeadLetterNotFound))?;
    let retried = DeadLettersRetried {
        replay_id,
        selected,
    };
    Ok((StatusCode::ACCEPTED, Json(retried)))
}
