use std::time::Duration;

use posthorn_domain::{
    DisabledReason, EventType, SigningSecret, TenantId, Webhook, WebhookId, WebhookInput,
    WebhookSettings,
};
use rand::Rng;

use crate::{
    error::StoreError,
    store::{Store, unfinished},
};

/// A webhook to create.
#[derive(Debug)]
pub struct NewWebhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The settings as they were given, with `auth` and its secrets, and `enabled` (true if absent).
    /// Its `signing_secret` is not read.
    pub input: WebhookInput,
    /// What `input` validated to.
    pub settings: WebhookSettings,
    /// What signs.
    pub secret: SigningSecret,
    /// Who creates it.
    pub actor: String,
}

/// New settings for a webhook that exists.
#[derive(Debug)]
pub struct WebhookChange {
    /// The settings as they were given, with `auth` and its secrets, and `enabled` (true if absent).
    /// Its `signing_secret` is not read.
    pub input: WebhookInput,
    /// What `input` validated to.
    pub settings: WebhookSettings,
    /// Replaces the signing secret at once, without an overlap.
    pub secret: Option<SigningSecret>,
}

/// Which webhooks are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default)]
pub struct WebhookFilter {
    /// Enabled, or not.
    pub enabled: Option<bool>,
    /// With a pattern that matches this type.
    pub event_type: Option<EventType>,
    /// With this text in their name or URL, whatever the case.
    pub search: Option<String>,
    /// Most to return.
    pub limit: u32,
    /// How many to skip.
    pub offset: u64,
}

/// In every [`Webhook`] that the store returns, `input.auth` is there without secrets and `input.enabled`
/// is what holds, so that the serialised input is the document that a merge patch changes.
impl Store {
    /// Creates a webhook and, if need be, its tenant.
    pub async fn create_webhook(
        &self,
        new: NewWebhook,
        rng: &mut (impl Rng + Send),
    ) -> Result<Webhook, StoreError> {
        let _ = (new, rng);
        unfinished()
    }

    /// One webhook of the tenant.
    pub async fn get_webhook(
        &self,
        tenant: &TenantId,
        id: WebhookId,
    ) -> Result<Webhook, StoreError> {
        let _ = (tenant, id);
        unfinished()
    }

    /// The tenant's webhooks that pass the filter, newest first, and how many do on all pages.
    pub async fn list_webhooks(
        &self,
        tenant: &TenantId,
        filter: &WebhookFilter,
    ) -> Result<(Vec<Webhook>, u64), StoreError> {
        let _ = (tenant, filter);
        unfinished()
    }

    /// Changes a webhook as `decide` says, which sees it as it stands, locked against other changes:
    /// two patches at once both take effect. `decide` may refuse with an error of its own.
    pub async fn change_webhook<E: From<StoreError>>(
        &self,
        tenant: &TenantId,
        id: WebhookId,
        actor: &str,
        rng: &mut (impl Rng + Send),
        decide: impl FnOnce(&Webhook) -> Result<WebhookChange, E> + Send,
    ) -> Result<Webhook, E> {
        let _ = (tenant, id, actor, rng, decide);
        Ok(unfinished()?)
    }

    /// Enables or disables a webhook.
    pub async fn set_webhook_enabled(
        &self,
        tenant: &TenantId,
        id: WebhookId,
        enabled: bool,
        actor: &str,
    ) -> Result<Webhook, StoreError> {
        let _ = (tenant, id, enabled, actor);
        unfinished()
    }

    /// Disables a webhook for a reason that Posthorn found itself. False if it was disabled or deleted already.
    pub async fn disable_webhook_for(
        &self,
        id: WebhookId,
        reason: DisabledReason,
    ) -> Result<bool, StoreError> {
        let _ = (id, reason);
        unfinished()
    }

    /// Deletes a webhook: it gets nothing from now on, and its deliveries are deleted.
    ///
    /// When there are very many of them, [`Store::purge_deleted`] goes on with it.
    pub async fn delete_webhook(
        &self,
        tenant: &TenantId,
        id: WebhookId,
        actor: &str,
    ) -> Result<(), StoreError> {
        let _ = (tenant, id, actor);
        unfinished()
    }

    /// Signs with `new` from now on, and with the secret before it too until `overlap` has passed.
    pub async fn rotate_webhook_secret(
        &self,
        tenant: &TenantId,
        id: WebhookId,
        new: &SigningSecret,
        overlap: Duration,
        actor: &str,
        rng: &mut (impl Rng + Send),
    ) -> Result<(), StoreError> {
        let _ = (tenant, id, new, overlap, actor, rng);
        unfinished()
    }
}
