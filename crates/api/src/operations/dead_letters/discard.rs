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
    responses((status = 200, body = DeadLettersDiscarded)),
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
