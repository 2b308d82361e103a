use std::sync::LazyLock;

use axum::extract::State;
use posthorn_domain::{FieldError, IntegrationType, Webhook, WebhookId, WebhookInput};
use serde_json::{Map, Value};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, schema::Schema},
};

use super::{
    probe::WithProbe,
    settings::{ChangeRefused, change, check_read_only, read},
    view::{WebhookView, show},
};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{
        Document, IfMatch, IfMatchParam, Params, PatchNames, PathId, ReadOnly, Replaces, Shape,
        parse_document,
    },
    problem::Problem,
};

/// A merge patch: any members of a webhook's document.
pub(crate) type Patch = Map<String, Value>;

impl Shape for Patch {
    const REQUIRED: &'static [&'static str] = &[];
    const IS_MERGE_PATCH: bool = true;
}

/// How a patch is described: a webhook's document of which nothing is required.
pub(crate) struct WebhookPatch;

impl PartialSchema for WebhookPatch {
    fn schema() -> RefOr<Schema> {
        let mut schema = WebhookInput::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
            object.description =
                Some("Any members of a webhook; null means the default.".to_owned());
        }
        schema
    }
}

impl ToSchema for WebhookPatch {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        WebhookInput::schemas(schemas);
    }
}

/// Change some of a webhook's settings.
///
/// A JSON merge patch (RFC 7396): what is absent stays, null takes its default, and objects are merged. An
/// `auth` of another type replaces the one before it as a whole. Credentials stay where they were given for: when scheme,
/// host or port of `url` changes (for OAuth also of `token_url`), they must be given again, else 422 names the field.
#[utoipa::path(
    patch, path = "/webhooks/{id}", tag = "webhooks", operation_id = "patch_webhook",
    params(("id" = WebhookId, Path), IfMatchParam, WithProbe),
    request_body(content(
        (WebhookPatch = "application/merge-patch+json"),
        (WebhookPatch = "application/json"),
    )),
    responses((status = 200, body = WebhookView)),
)]
pub(crate) async fn patch(
    State(app): State<App>,
    caller: May<Manage>,
    PathId(id): PathId<WebhookId>,
    IfMatch(expected): IfMatch,
    Params(with_probe): Params<WithProbe>,
    Document(patch): Document<Patch>,
) -> Result<WebhookView, Problem> {
    let mut patch = patch;
    let read_only = ReadOnly::of_patch(&mut patch, WebhookInput::read_only_fields());
    check_names(&patch)?;
    check_read_only(&app, &caller.tenant, id, &read_only).await?;
    if with_probe.wanted() {
        let webhook = read(&app, &caller.tenant, id).await?;
        let input = merged(&webhook, patch.clone())?;
        let planned = change(input, &webhook, app.url_policy).map_err(Problem::from)?;
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
                    change(merged(webhook, patch)?, webhook, urls)
                },
            )
        })
        .await?;
    show(&app, webhook).await
}

/// Refuses members that there are not, at any depth: null would take them out before anybody misses them.
fn check_names(patch: &Patch) -> Result<(), Problem> {
    static NAMES: LazyLock<PatchNames> = LazyLock::new(PatchNames::of::<WebhookInput>);
    NAMES.check(patch)?;
    let settings = patch.get("integration").and_then(Value::as_object);
    // Of any type: a patch may take out what only the type before had.
    let unknown = settings
        .into_iter()
        .flat_map(Map::keys)
        .filter(|name| !IntegrationType::is_setting(name))
        .map(|name| FieldError::new(format!("integration.{name}"), "no type has such a setting"));
    let unknown: Vec<FieldError> = unknown.collect();
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(Problem::validation(unknown))
    }
}

/// The webhook's document with the patch merged into it.
fn merged(webhook: &Webhook, patch: Patch) -> Result<WebhookInput, Problem> {
    let mut document = serde_json::to_value(&*webhook.input).map_err(Problem::internal)?;
    let auth_type = patch.get("auth").and_then(|auth| auth.get("type"));
    let stays = auth_type.is_none_or(|new| Some(new) == document.pointer("/auth/type"));
    if !stays && let Some(members) = document.as_object_mut() {
        members.remove("auth");
    }
    json_patch::merge(&mut document, &Value::Object(patch));
    // Read like a document that was sent, so that a mistake in the patch is told in the same words.
    parse_document(document.to_string().as_bytes())
}
