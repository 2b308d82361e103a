use axum::{Json, extract::State};
use posthorn_domain::WebhookId;

use crate::{
    access::{May, Read},
    app::App,
    extract::{Params, PathId},
    operations::deliveries::{DeliveryList, DeliveryParams, find},
    problem::{Code, Problem},
};

/// List a webhook's deliveries.
///
/// Those of events that Posthorn publishes itself (operational events) are left out, unless `operational`, `event_type`
/// or `event_id` asks for them: also where the webhook subscribes to them.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries", tag = "webhooks", operation_id = "list_webhook_deliveries",
    params(("id" = WebhookId, Path), DeliveryParams),
    responses((status = 200, body = DeliveryList)),
)]
pub(crate) async fn deliveries(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<WebhookId>,
    Params(params): Params<DeliveryParams>,
) -> Result<Json<DeliveryList>, Problem> {
    app.database
        .call(|store| store.get_webhook(&caller.tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    find(&app, &caller.tenant, params.of_webhook(id)?)
        .await
        .map(Json)
}
