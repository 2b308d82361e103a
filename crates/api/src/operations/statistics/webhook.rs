use axum::{Json, extract::State};
use posthorn_domain::WebhookId;

use super::{params::StatisticsParams, view::StatisticsView};
use crate::{
    access::{May, Read},
    app::App,
    extract::{Params, PathId},
    problem::{Code, Problem},
};

/// Read the statistics of a webhook.
///
/// As those of the tenant. What `history_limit` pruned stays counted.
#[utoipa::path(
    get, path = "/webhooks/{id}/stats", tag = "statistics", operation_id = "get_webhook_statistics",
    params(("id" = WebhookId, Path), StatisticsParams),
    responses((status = 200, body = StatisticsView)),
)]
pub(crate) async fn of_webhook(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<WebhookId>,
    Params(params): Params<StatisticsParams>,
) -> Result<Json<StatisticsView>, Problem> {
    let filter = params.filter(Some(id), app.clock.now())?;
    let statistics = app
        .database
        .call(async |store| {
            store.get_webhook(&caller.tenant, id).await?;
            store.statistics(&caller.tenant, &filter).await
        })
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    Ok(Json(StatisticsView::new(&filter, statistics)))
}
