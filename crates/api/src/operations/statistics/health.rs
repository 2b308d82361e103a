use axum::{Json, extract::State};
use posthorn_store::WebhookHealth;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::average_response_time_ms;
use crate::{
    access::{May, Read},
    app::App,
    problem::{Code, Problem},
};

/// How the tenant's webhooks fare.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookHealth)]
pub(crate) struct HealthView {
    /// Webhooks there are.
    #[schema(example = 12)]
    total_webhooks: u64,
    /// Those of them that are enabled.
    #[schema(example = 11)]
    enabled_webhooks: u64,
    /// Those of which more than 90 % of the settled deliveries succeeded.
    #[schema(example = 9)]
    healthy_webhooks: u64,
    /// Those of which less than 50 % did.
    #[schema(example = 1)]
    unhealthy_webhooks: u64,
    /// Deliveries created in the last 24 hours.
    #[schema(example = 4200)]
    total_deliveries_24h: u64,
    /// Those of them that stand as a success now.
    #[schema(example = 4100)]
    successful_deliveries_24h: u64,
    /// Those of them that stand as failed now.
    #[schema(example = 60)]
    failed_deliveries_24h: u64,
    /// Mean time of their attempts that brought an HTTP answer; null if none did.
    #[schema(example = 48.5)]
    average_response_time_ms: Option<f64>,
}

impl From<WebhookHealth> for HealthView {
    fn from(health: WebhookHealth) -> Self {
        let outcomes = health.outcomes;
        Self {
            total_webhooks: health.total,
            enabled_webhooks: health.enabled,
            healthy_webhooks: health.healthy,
            unhealthy_webhooks: health.unhealthy,
            total_deliveries_24h: outcomes.deliveries,
            successful_deliveries_24h: outcomes.successes,
            failed_deliveries_24h: outcomes.failures,
            average_response_time_ms: average_response_time_ms(&outcomes),
        }
    }
}

/// Read how the webhooks fare.
///
/// All numbers are those of deliveries that were created in the last 24 hours. A webhook without a settled one
/// among them is neither healthy nor unhealthy.
#[utoipa::path(
    get, path = "/webhooks/health", tag = "statistics", operation_id = "get_webhook_health",
    responses((status = 200, body = HealthView)),
)]
pub(crate) async fn health(
    State(app): State<App>,
    caller: May<Read>,
) -> Result<Json<HealthView>, Problem> {
    let health = app
        .database
        .call(|store| store.webhook_health(&caller.tenant))
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    Ok(Json(health.into()))
}
