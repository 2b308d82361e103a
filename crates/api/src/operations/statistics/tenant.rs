use axum::{Json, extract::State};

use super::{params::StatisticsParams, view::StatisticsView};
use crate::{
    access::{May, Read},
    app::App,
    extract::Params,
    problem::{Code, Problem},
};

/// Read the statistics of the tenant.
///
/// Everything counts in the bucket in which its delivery was created, and as what it is now: a delivery of noon that
/// succeeds at one o'clock is a success of noon. What is recorded is counted at once. Webhooks that were deleted
/// stay counted here.
#[utoipa::path(
    get, path = "/stats", tag = "statistics", operation_id = "get_statistics",
    params(StatisticsParams),
    responses((status = 200, body = StatisticsView)),
)]
pub(crate) async fn of_tenant(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<StatisticsParams>,
) -> Result<Json<StatisticsView>, Problem> {
    let filter = params.filter(None, app.clock.now())?;
    let statistics = app
        .database
        .call(|store| store.statistics(&caller.tenant, &filter))
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    Ok(Json(StatisticsView::new(&filter, statistics)))
}
