use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use posthorn_domain::{ErasureId, EventType};
use posthorn_store::{ErasureFilter, NewErasure};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    access::{Manage, May},
    app::App,
    extract::Params,
    operations::erasures::ErasureAccepted,
    problem::{Code, Problem, ProblemDocument},
};

/// Which events are erased. At least one of these is required.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ErasureParams {
    /// Of this type, whoever publishes it.
    #[param(value_type = Option<String>)]
    r#type: Option<EventType>,
    /// Accepted from this moment on.
    since: Option<DateTime<Utc>>,
    /// Accepted before this moment (now).
    until: Option<DateTime<Utc>>,
}

/// Erase events by filter.
///
/// Those that were accepted before the request. A deliverer does it: first nothing more is sent of them and their payloads
/// go from the log, then from the streams, at the pace of the server's disk.
#[utoipa::path(
    delete, path = "/events", tag = "events", operation_id = "erase_events",
    params(ErasureParams),
    responses(
        (status = 202, description = "Accepted: a deliverer begins with it within a second", body = ErasureAccepted),
        (status = 422, description = "`validation_failed`: no filter at all, or one that nothing can pass", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn erase_matching(
    State(app): State<App>,
    caller: May<Manage>,
    Params(params): Params<ErasureParams>,
) -> Result<(StatusCode, Json<ErasureAccepted>), Problem> {
    let ErasureParams {
        r#type: event_type,
        since,
        until,
    } = params;
    if event_type.is_none() && since.is_none() && until.is_none() {
        return Err(Problem::field(
            "",
            "name at least one of type, since and until: without any, everything would be erased",
        ));
    }
    if let (Some(since), Some(until)) = (since, until)
        && since >= until
    {
        return Err(Problem::field("until", "must be after since"));
    }
    // Whole milliseconds count: what was accepted in this one is meant too.
    let end = app.clock.now() + TimeDelta::milliseconds(1);
    let first = DateTime::UNIX_EPOCH;
    let new = NewErasure {
        id: ErasureId::generate(&*app.clock, &mut app.rng.fork()),
        tenant: caller.tenant.clone(),
        filter: ErasureFilter {
            event_type,
            since: since.map(|since| since.clamp(first, end)),
            until: until.map_or(end, |until| until.clamp(first, end)),
        },
        actor: caller.actor.to_string(),
    };
    app.database
        .call(|store| store.create_erasure(&new))
        .await
        .map_err(|error| Problem::of_store(error, Code::ErasureNotFound))?;
    let accepted = ErasureAccepted { erasure_id: new.id };
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}
