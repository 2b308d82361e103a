use axum::extract::State;
use posthorn_domain::WebhookId;

use super::view::{WebhookView, show};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{IfMatch, IfMatchParam, PathId},
    problem::{Code, Problem},
};

/// Disable a webhook.
#[utoipa::path(
    post, path = "/webhooks/{id}/disable", tag = "webhooks", operation_id = "disable_webhook",
    params(("id" = WebhookId, Path), IfMatchParam),
    responses((status = 200, body = WebhookView)),
)]
pub(crate) async fn disable(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
    IfMatch(expected): IfMatch,
) -> Result<WebhookView, Problem> {
    let webhook = app
        .database
        .call(|store| {
            store.set_webhook_enabled(&caller.tenant, id, false, &expected, &caller.actor)
        })
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    show(&app, webhook).await
}
