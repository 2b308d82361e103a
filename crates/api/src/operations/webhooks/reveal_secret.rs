use axum::{Json, extract::State};
use posthorn_domain::WebhookId;
use posthorn_store::NewAuditEntry;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Manage, May},
    app::App,
    extract::PathId,
    problem::{Code, Problem},
};

/// A webhook's signing secret.
#[derive(Serialize, ToSchema)]
pub(crate) struct RevealedSecret {
    /// `whsec_` and base64 of the key.
    signing_secret: String,
}

/// Reveal a webhook's signing secret. The audit log says who saw it.
#[utoipa::path(
    get, path = "/webhooks/{id}/secret", tag = "webhooks", operation_id = "reveal_webhook_secret",
    params(("id" = WebhookId, Path)),
    responses((status = 200, body = RevealedSecret)),
)]
pub(crate) async fn reveal_secret(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
) -> Result<Json<RevealedSecret>, Problem> {
    let webhook = app
        .database
        .call(async |store| {
            let webhook = store.get_webhook(&caller.tenant, id).await?;
            // Written before the secret is shown: nobody sees it without a trace.
            store
                .audit(NewAuditEntry {
                    actor: &caller.actor,
                    tenant: Some(&caller.tenant),
                    action: "webhook.secret_revealed",
                    target_kind: "webhook",
                    target_id: &id.to_string(),
                    details: serde_json::json!({}),
                })
                .await?;
            Ok(webhook)
        })
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    let revealed = RevealedSecret {
        signing_secret: webhook.secrets.current.expose().to_owned(),
    };
    Ok(Json(revealed))
}
