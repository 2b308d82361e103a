use axum::extract::State;
use posthorn_domain::WebhookId;

use super::view::{WebhookView, show};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{IfMatch, IfMatchParam, PathId},
    problem::{Code, Problem},
};

/// Enable a webhook.
#[utoipa::path(
    post, path = "/webhooks/{id}/enable", tag = "webhooks", operation_id = "enable_webhook",
    params(("id" = WebhookId, Path), IfMatchParam),
    responses((status = 200, body = WebhookView)),
)]
pub(crate) async fn enable(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
    IfMatch(expected): IfMatch,
) -> Result<WebhookView, Problem> {
    let webhook = app
        .database
        .call(|store| store.set_webhook_enabled(&caller.tenant, id, true, &expected, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    show(&app, webhook).await
}
