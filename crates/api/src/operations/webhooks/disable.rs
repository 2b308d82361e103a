use axum::{Json, extract::State};
use posthorn_domain::WebhookId;

use super::view::{WebhookView, show};
use crate::{
    access::{Manage, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Disable a webhook.
#[utoipa::path(
    post, path = "/webhooks/{id}/disable", tag = "webhooks", operation_id = "disable_webhook",
    params(("id" = WebhookId, Path)),
    responses((status = 200, body = WebhookView)),
)]
pub(crate) async fn disable(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
) -> Result<Json<WebhookView>, Problem> {
    let webhook = app
        .database
        .call(|store| store.set_webhook_enabled(&caller.tenant, id, false, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    show(&app, webhook).await.map(Json)
}
