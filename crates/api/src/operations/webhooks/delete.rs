use axum::{extract::State, http::StatusCode};
use posthorn_domain::WebhookId;

use crate::{
    access::{Manage, May},
    app::App,
    extract::{IfMatch, IfMatchParam, PathId},
    problem::{Code, Problem},
};

/// Delete a webhook and its deliveries.
#[utoipa::path(
    delete, path = "/webhooks/{id}", tag = "webhooks", operation_id = "delete_webhook",
    params(("id" = WebhookId, Path), IfMatchParam),
    responses((status = 204)),
)]
pub(crate) async fn delete(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
    IfMatch(expected): IfMatch,
) -> Result<StatusCode, Problem> {
    app.database
        .call(|store| store.delete_webhook(&caller.tenant, id, &expected, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    Ok(StatusCode::NO_CONTENT)
}
