//! From the document that a client sends to the settings that are kept.

use std::{collections::BTreeSet, sync::LazyLock};

use posthorn_domain::{
    FieldError, SigningSecret, TenantId, UrlPolicy, Webhook, WebhookId, WebhookInput,
    WebhookSettings,
};
use posthorn_egress::check_tls;
use posthorn_store::{StoreError, WebhookChange};

use super::view::{WebhookView, show};
use crate::{
    app::App,
    extract::{ReadOnly, ReadOnlyFields, Replaces, Shape, read_only},
    problem::{Code, Problem},
};

impl Shape for WebhookInput {
    const REQUIRED: &'static [&'static str] = &["name", "url", "event_types"];
}

impl Replaces for WebhookInput {
    fn read_only_fields() -> &'static BTreeSet<String> {
        static FIELDS: ReadOnlyFields = LazyLock::new(read_only::<WebhookView, WebhookInput>);
        &FIELDS
    }
}

/// Refuses a change of what only Posthorn sets.
pub(super) async fn check_read_only(
    app: &App,
    tenant: &TenantId,
    id: WebhookId,
    read_only: &ReadOnly,
) -> Result<(), Problem> {
    if read_only.is_empty() {
        return Ok(());
    }
    let webhook = read(app, tenant, id).await?;
    read_only.check(&show(app, webhook).await?)
}

/// A checked document.
pub(super) struct Checked {
    pub(super) settings: WebhookSettings,
    pub(super) secret: Option<SigningSecret>,
}

/// Checks every field, and reports all that are wrong.
pub(super) fn check(input: &WebhookInput, urls: UrlPolicy) -> Result<Checked, Problem> {
    check_with(input, Vec::new(), urls)
}

/// The same, where some fields are known to be wrong already, and why.
pub(super) fn check_with(
    input: &WebhookInput,
    known: Vec<FieldError>,
    urls: UrlPolicy,
) -> Result<Checked, Problem> {
    let (settings, mut errors) = match input.validate(urls) {
        Ok(settings) => (Some(settings), Vec::new()),
        Err(errors) => (None, errors),
    };
    errors.retain(|error| known.iter().all(|known| known.field != error.field));
    errors.extend(known);
    // PostgreSQL keeps no text with this character.
    for (field, text) in [
        ("filter", &input.filter),
        ("payload_template", &input.payload_template),
    ] {
        if text.as_ref().is_some_and(|text| text.contains('\0')) {
            errors.push(FieldError::new(
                field,
                "must not contain the character U+0000",
            ));
        }
    }
    if let Some(tls) = settings
        .as_ref()
        .and_then(|settings| settings.tls.as_deref())
        && let Err(error) = check_tls(tls)
    {
        errors.push(error);
    }
    let secret = match input
        .signing_secret
        .as_deref()
        .map(SigningSecret::parse)
        .transpose()
    {
        Ok(secret) => secret,
        Err(error) => {
            errors.push(FieldError::new("signing_secret", error.to_string()));
            None
        }
    };
    match settings {
        Some(settings) if errors.is_empty() => Ok(Checked { settings, secret }),
        _ => {
            let wrong_url = errors.iter().any(|error| error.field == "url");
            let code = if wrong_url {
                Code::InvalidWebhookUrl
            } else {
                Code::ValidationFailed
            };
            Err(Problem::wrong_fields(code, errors))
        }
    }
}

/// Turns a whole document into a change of `webhook`. A secret of `auth` or `tls` that is left out stays, where requests
/// still go to the same scheme, host and port.
pub(super) fn change(
    mut input: WebhookInput,
    webhook: &Webhook,
    urls: UrlPolicy,
) -> Result<WebhookChange, ChangeRefused> {
    let left_behind = input.keep_stored_credentials(&webhook.settings);
    let checked = check_with(&input, left_behind, urls)?;
    Ok(WebhookChange {
        input,
        settings: checked.settings,
        secret: checked.secret,
    })
}

/// A webhook as it stands.
pub(super) async fn read(app: &App, tenant: &TenantId, id: WebhookId) -> Result<Webhook, Problem> {
    app.database
        .call(|store| store.get_webhook(tenant, id))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))
}

/// Why a webhook was not changed.
pub(super) enum ChangeRefused {
    Store(StoreError),
    Problem(Problem),
}

impl From<StoreError> for ChangeRefused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Problem> for ChangeRefused {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<ChangeRefused> for Problem {
    fn from(refused: ChangeRefused) -> Self {
        match refused {
            ChangeRefused::Store(error) => Self::of_store(error, Code::WebhookNotFound),
            ChangeRefused::Problem(problem) => problem,
        }
    }
}
