use axum::{Json, extract::State, response::Response};
use posthorn_domain::WebhookId;

use super::{
    settings::read,
    view::{WebhookView, show},
};
use crate::{
    access::{May, Read},
    app::App,
    extract::{IfNoneMatch, IfNoneMatchParam, PathId},
    problem::Problem,
};

/// Read a webhook.
#[utoipa::path(
    get, path = "/webhooks/{id}", tag = "webhooks", operation_id = "get_webhook",
    params(("id" = WebhookId, Path), IfNoneMatchParam),
    responses(
        (status = 200, body = WebhookView),
        (status = 304, description = "The client has it as it is"),
    ),
)]
pub(crate) async fn get(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<WebhookId>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let webhook = read(&app, &caller.tenant, id).await?;
    let view = show(&app, webhook).await?.for_reader(&caller.holder);
    Ok(held.answer(&view.tag(), Json(view)))
}
