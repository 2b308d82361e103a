use axum::extract::State;
use posthorn_domain::{WebhookId, WebhookInput};

use super::{
    probe::WithProbe,
    settings::{ChangeRefused, change, check_read_only, read},
    view::{WebhookView, show},
};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{IfMatch, IfMatchParam, Params, PathId, Replacement},
    problem::Problem,
};

/// Replace a webhook's settings.
///
/// What is left out takes its default; only secrets that are left out stay. Credentials stay where they were given for:
/// when scheme, host or port of `url` changes (for OAuth also of `token_url`), they must be given again, else 422 names
/// the field. A webhook as it was answered is taken: fields that only Posthorn sets may be there unchanged.
#[utoipa::path(
    put, path = "/webhooks/{id}", tag = "webhooks", operation_id = "replace_webhook",
    params(("id" = WebhookId, Path), IfMatchParam, WithProbe),
    request_body = WebhookInput,
    responses((status = 200, body = WebhookView)),
)]
pub(crate) async fn replace(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
    IfMatch(expected): IfMatch,
    Params(with_probe): Params<WithProbe>,
    Replacement {
        document: input,
        read_only,
    }: Replacement<WebhookInput>,
) -> Result<WebhookView, Problem> {
    check_read_only(&app, &caller.tenant, id, &read_only).await?;
    if with_probe.wanted() {
        let webhook = read(&app, &caller.tenant, id).await?;
        let planned = change(input.clone(), &webhook, app.url_policy).map_err(Problem::from)?;
        with_probe.check(&app, &caller, &planned.settings).await?;
    }
    let mut rng = app.rng.fork();
    let urls = app.url_policy;
    let webhook = app
        .database
        .call(|store| {
            store.change_webhook::<ChangeRefused>(
                &caller.tenant,
                id,
                &caller.actor,
                &mut rng,
                |webhook| {
                    expected.check(webhook.version)?;
                    change(input, webhook, urls)
                },
            )
        })
        .await?;
    show(&app, webhook).await
}
