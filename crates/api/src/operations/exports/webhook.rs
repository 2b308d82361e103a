use axum::{extract::State, response::Response};
use posthorn_domain::WebhookId;

use super::{deliveries::ExportParams, pages::export};
use crate::{
    access::{May, Read},
    app::App,
    extract::{Params, PathId},
    operations::deliveries::only_webhook,
    problem::{Code, Problem},
};

/// Export a webhook's deliveries.
///
/// As the export of all deliveries, of this webhook alone.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries/export", tag = "webhooks", operation_id = "export_webhook_deliveries",
    params(("id" = WebhookId, Path), ExportParams),
    responses((status = 200, description = "The deliveries", content(
        (String = "text/csv"),
        (String = "application/x-ndjson"),
    ))),
)]
pub(crate) async fn of_webhook(
    State(app): State<App>,
    caller: May<Read>,
    PathId(id): PathId<WebhookId>,
    Params(mut params): Params<ExportParams>,
) -> Result<Response, Problem> {
    params.webhook_id = Some(only_webhook(params.webhook_id, id)?);
    app.database
        .call(|store| store.get_webhook(&caller.tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    let format = params.format;
    export(app, caller, params.filter(), format).await
}
