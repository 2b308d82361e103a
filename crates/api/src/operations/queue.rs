use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Administer, May},
    app::App,
    problem::Problem,
};

/// What waits in the queue, of all tenants together.
#[derive(Serialize, ToSchema)]
#[schema(as = Queue)]
pub(crate) struct QueueView {
    /// Events of which some delivery is neither recorded nor handed over.
    events: u64,
    /// Deliveries that are due and not settled.
    ready: u64,
    /// Deliveries that wait for their time: retries, and what was put off.
    scheduled: u64,
}

/// Read what waits in the queue, of all tenants together.
#[utoipa::path(
    get, path = "/queue", tag = "statistics", operation_id = "get_queue",
    responses((status = 200, body = QueueView)),
)]
pub(crate) async fn queue(
    State(app): State<App>,
    _: May<Administer>,
) -> Result<Json<QueueView>, Problem> {
    let Some(bus) = app.queue.connected() else {
        return Err(Problem::queue_unavailable("not connected"));
    };
    let backlog = bus.backlog().await.map_err(Problem::queue_unavailable)?;
    Ok(Json(QueueView {
        events: backlog.events,
        ready: backlog.due,
        scheduled: backlog.deliveries.saturating_sub(backlog.due),
    }))
}
