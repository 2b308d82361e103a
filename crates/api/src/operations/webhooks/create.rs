use axum::{
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use posthorn_domain::{SigningSecret, WebhookId, WebhookInput};
use posthorn_store::{NewWebhook, WebhookTotals};

use super::{
    probe::WithProbe,
    settings::check,
    view::{CreatedWebhook, WebhookView},
};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{Document, Params},
    openapi::BASE,
    problem::{Code, Problem},
};

/// Create a webhook.
///
/// It gets every event that is accepted from now on. The answer holds its signing secret. A tenant has at most 1,000
/// webhooks (a setting), and 64 MiB of settings of all of them together.
#[utoipa::path(
    post, path = "/webhooks", tag = "webhooks", operation_id = "create_webhook",
    params(WithProbe),
    request_body = WebhookInput,
    responses(
        (status = 201, body = CreatedWebhook),
        (status = 409, description = "`tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it"),
        (status = 422, description = "Something in the request cannot be; `errors` says what. `too_many_webhooks`: the tenant has as many as it may. `invalid_webhook_url`, `webhook_url_unreachable`: its URL"),
    ),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: May<Manage>,
    Params(with_probe): Params<WithProbe>,
    Document(input): Document<WebhookInput>,
) -> Result<Response, Problem> {
    let checked = check(&input, app.url_policy)?;
    with_probe.check(&app, &caller, &checked.settings).await?;
    let mut rng = app.rng.fork();
    let secret = match checked.secret {
        Some(secret) => secret,
        None => SigningSecret::generate(&mut rng),
    };
    let signing_secret = secret.expose().to_owned();
    let new = NewWebhook {
        id: WebhookId::generate(&*app.clock, &mut rng),
        tenant: caller.tenant,
        input,
        settings: checked.settings,
        secret,
        actor: caller.actor.to_string(),
        made_after: app.queue.end_of_events().await,
        webhooks_max: app.webhooks_per_tenant_max,
    };
    let webhook = app
        .database
        .call(|store| store.create_webhook(new, &mut rng))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    let location = format!("{BASE}/webhooks/{}", webhook.id);
    let created = CreatedWebhook {
        webhook: WebhookView::new(webhook, WebhookTotals::default()),
        signing_secret,
    };
    Ok((StatusCode::CREATED, [(LOCATION, location)], created).into_response())
}
