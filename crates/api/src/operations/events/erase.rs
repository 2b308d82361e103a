use axum::{extract::State, http::StatusCode};
use posthorn_bus::{Bus, BusError, EventAt, Overwrite};
use posthorn_domain::EventId;
use posthorn_store::ErasedEvent;

use crate::{
    access::{Manage, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem, ProblemDocument},
};

/// Erase an event.
///
/// Its payload is gone from the log, the streams, dead letters, and from what waits; nothing more is sent of it. What
/// stays are the records: that there was an event, with `erased_at`, and its deliveries and attempts without their bodies.
/// Deliveries that were not settled end as failed, without a dead letter. A request that is under way at this moment goes
/// on. Erasing an event again changes nothing.
#[utoipa::path(
    delete, path = "/events/{id}", tag = "events", operation_id = "erase_event",
    params(("id" = EventId, Path)),
    responses(
        (status = 204, description = "Its payload is gone"),
        (status = 404, description = "`event_not_found`: an event is in the log as soon as a deliverer has taken it up", body = ProblemDocument<'static>, content_type = "application/problem+json"),
        (status = 503, description = "`database_unavailable`: nothing was changed. `queue_unavailable`: nothing more is sent of it, and it will be gone from the streams when NATS is back", body = ProblemDocument<'static>, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn erase(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<EventId>,
) -> Result<StatusCode, Problem> {
    let missing = |error| Problem::of_store(error, Code::EventNotFound);
    let decided = app
        .database
        .call(|store| store.erase_event(&caller.tenant, id, &caller.actor))
        .await
        .map_err(missing)?;
    let Some(event) = decided else {
        return Ok(StatusCode::NO_CONTENT);
    };
    let ids = [id];
    // What is cut off from here on, a deliverer goes on with.
    if !event.is_scrubbed {
        app.database
            .call(|store| store.scrub_erased(&ids, false))
            .await
            .map_err(missing)?;
    }
    let Some(bus) = app.queue.connected() else {
        return Err(Problem::queue_unavailable("not connected"));
    };
    let left = app
        .database
        .call(|store| store.erased_in_streams(&ids))
        .await
        .map_err(missing)?;
    take_out_of_streams(bus, event, left)
        .await
        .map_err(Problem::queue_unavailable)?;
    app.database
        .call(|store| store.finish_erased(&ids))
        .await
        .map_err(missing)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn take_out_of_streams(
    bus: &Bus,
    event: ErasedEvent,
    left: posthorn_store::InStreams,
) -> Result<(), BusError> {
    let at = EventAt {
        id: event.id,
        sequence: event.stream_sequence,
    };
    bus.erase_events(&[at], Overwrite::Yes).await?;
    bus.erase_schedules(&left.deliveries).await?;
    for letter in left.letters {
        bus.discard_dead_letter(letter.id, letter.stream_sequence)
            .await?;
    }
    Ok(())
}
