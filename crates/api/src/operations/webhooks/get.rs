use axum::extract::State;
use posthorn_domain::WebhookId;

use super::view::{WebhookView, show};
use crate::{
    access::{May, Read},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// Read a webhook.
#[utoipa::path(
    get, path = "/webhooks/{id}", tag = "webhooks", operation_id = "get_webhook",
    params(("id" = WebhookId, Path)),
    responses((status = 200, body = WebhookView)),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<WebhookId>,
) -> Result<WebhookView, Problem> {
    let webhook = app
        .database
        .call(|store| store.get_webhook(&caller.tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    Ok(show(&app, webhook).await?.for_reader(&caller.holder))
}
