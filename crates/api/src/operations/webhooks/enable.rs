use axum::{Json, extract::State};
use posthorn_domain::WebhookId;

use super::view::{WebhookView, show};
use crate::{
    access::{Manage, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Enable a webhook.
#[utoipa::path(
    post, path = "/webhooks/{id}/enable", tag = "webhooks", operation_id = "enable_webhook",
    params(("id" = WebhookId, Path)),
    responses((status = 200, body = WebhookView)),
)]
pub(crate) async fn enable(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
) -> Result<Json<WebhookView>, Problem> {
    let webhook = app
        .database
        .call(|store| store.set_webhook_enabled(&caller.tenant, id, true, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    show(&app, webhook).await.map(Json)
}
