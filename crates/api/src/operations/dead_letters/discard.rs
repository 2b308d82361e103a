use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::choice::{Choice, ChoiceParams, choose};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{OptionalDocument, Params},
    problem::{Code, Problem},
};

/// Dead letters were thrown away.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeadLettersDiscarded {
    /// How many.
    discarded: u64,
}

/// Throw dead letters away.
///
/// The record of their deliveries stays. One request takes the 100,000 oldest at most. What the query says may also
/// be sent as a JSON object, as for a retry.
#[utoipa::path(
    delete, path = "/dead-letters", tag = "dead letters", operation_id = "discard_dead_letters",
    params(ChoiceParams),
    responses(
        (status = 200, body = DeadLettersDiscarded),
        (status = 400, description = "`invalid_json`: there is a body, and it is not JSON"),
        (status = 408, description = "`request_timeout`: there is a body, and it did not come in time"),
        (status = 413, description = "`payload_too_large`: there is a body, and it is too large"),
        (status = 415, description = "`unsupported_media_type`: there is a body of a type that is not read here"),
    ),
)]
pub(crate) async fn discard(
    State(app): State<App>,
    caller: May<Manage>,
    Params(query): Params<ChoiceParams>,
    OptionalDocument(body): OptionalDocument<Choice>,
) -> Result<Json<DeadLettersDiscarded>, Problem> {
    let filter = choose(body, query)?;
    let discarded = app
        .database
        .call(|store| store.discard_dead_letters(&caller.tenant, &filter, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::DeadLetterNotFound))?;
    Ok(Json(DeadLettersDiscarded { discarded }))
}
