use posthorn_domain::{
    SigningSecret, SigningSecrets, StreamPosition, TenantId, Tls, Webhook, WebhookId, WebhookInput,
    WebhookSettings,
};
use rand::Rng;
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    audit::{NewAuditEntry, write_audit},
    configuration::raise_version,
    error::StoreError,
    replays::cancel_waiting,
    session::bounded,
    store::Store,
    tenants::ensure_tenant,
    text::clean,
    webhook_limits::{refuse_another, refuse_growth, settings_bytes},
    webhook_reads::lock_webhook,
    webhook_row::{
        SECRET, SettingsColumns, seal_secret, with_members_of_a_newer_release, without_secrets,
    },
};

/// A webhook to create.
#[derive(Debug)]
pub struct NewWebhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The settings as they were given; `enabled` is true if absent. Its `auth`, `tls` and `signing_secret` are not read:
    /// they are taken from `settings` and `secret`.
    pub input: WebhookInput,
    /// What `input` validated to.
    pub settings: WebhookSettings,
    /// What signs.
    pub secret: SigningSecret,
    /// Who creates it.
    pub actor: String,
    /// Where the stream of events ends now, if that is known: what was accepted before is not for this webhook.
    pub made_after: Option<StreamPosition>,
    /// Most webhooks that the tenant may have, with this one.
    pub webhooks_max: u32,
}

/// New settings for a webhook that exists.
#[derive(Debug)]
pub struct WebhookChange {
    /// The settings as they were given; `enabled` is true if absent. Its `auth`, `tls` and `signing_secret` are not read:
    /// they are taken from `settings` and `secret`.
    pub input: WebhookInput,
    /// What `input` validated to.
    pub settings: WebhookSettings,
    /// Replaces the signing secret at once, without an overlap.
    pub secret: Option<SigningSecret>,
}

/// In every [`Webhook`] that the store returns, `input.auth` and `input.tls` are there without secrets and `input.enabled`
/// is what holds, so that the serialised input is the document that a merge patch changes.
impl Store {
    /// Creates a webhook and, if need be, its tenant. It has as many as it may: [`StoreError::TooManyWebhooks`]; their
    /// settings take as much as they may: [`StoreError::Full`].
    pub async fn create_webhook(
        &self,
        new: NewWebhook,
        rng: &mut (impl Rng + Send),
    ) -> Result<Webhook, StoreError> {
        let now = self.shared.clock.now();
        let keys = &self.shared.master_keys;
        let NewWebhook {
            id,
            tenant,
            input,
            settings,
            secret,
            actor,
            made_after,
            webhooks_max,
        } = new;
        let actor = clean(&actor).into_owned();
        let enabled = input.enabled.unwrap_or(true);
        let sealed_secret = seal_secret(keys, id, SECRET, &secret, rng)?;
        let columns = SettingsColumns::new(id, input, &settings, keys, rng)?;

        let version = bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            // From here on nobody else changes a webhook, so what is counted stays true.
            let version = raise_version(&mut tx, 1).await?;
            if let Err(full) = refuse_another(&mut tx, &tenant, webhooks_max).await {
                tx.rollback().await?;
                session.finish();
                return Err(full);
            }
            ensure_tenant(&mut tx, &tenant, now).await?;
            sqlx::query(
                "INSERT INTO webhooks (id, tenant, version, name, url, event_types, settings, sealed_auth,
                     sealed_tls, sealed_secret, enabled, created_by, updated_by, created_at, updated_at,
                     made_after_sequence, made_after_time)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $13, $14, $15)",
            )
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .bind(version)
            .bind(&columns.name)
            .bind(&columns.url)
            .bind(&columns.event_types)
            .bind(&columns.settings)
            .bind(&columns.sealed_auth)
            .bind(&columns.sealed_tls)
            .bind(&sealed_secret)
            .bind(enabled)
            .bind(&actor)
            .bind(now)
            .bind(made_after.map(|end| i64::try_from(end.sequence).unwrap_or(i64::MAX)))
            .bind(made_after.map(|end| end.at))
            .execute(&mut *tx)
            .await?;
            let bytes = settings_bytes(&mut tx, &tenant).await?;
            if let Err(full) = refuse_growth(0, bytes) {
                tx.rollback().await?;
                session.finish();
                return Err(full);
            }
            let entry = webhook_entry(&actor, &tenant, "webhook.created");
            write_audit(
                &mut tx,
                now,
                NewAuditEntry {
                    target_id: &id.to_string(),
                    details: json!({ "name": columns.name }),
                    ..entry
                },
            )
            .await?;
            tx.commit().await?;
            session.finish();
            Ok::<_, StoreError>(version)
        })
        .await?;

        let mut input = columns.input;
        input.auth = Some(settings.auth.redacted());
        input.tls = settings.tls.as_deref().map(Tls::redacted);
        input.enabled = Some(enabled);
        Ok(Webhook {
            id,
            tenant,
            version,
            settings,
            input: input.into(),
            enabled,
            disabled_reason: None,
            secrets: SigningSecrets::single(secret),
            created_by: actor.clone(),
            updated_by: actor,
            created_at: now,
            updated_at: now,
            made_after,
        })
    }

    /// Changes a webhook as `decide` says, which sees it as it stands, locked against other changes:
    /// two patches at once both take effect. `decide` may refuse with an error of its own.
    ///
    /// Enabling it forgets why it was disabled.
    pub async fn change_webhook<E: From<StoreError>>(
        &self,
        tenant: &TenantId,
        id: WebhookId,
        actor: &str,
        rng: &mut (impl Rng + Send),
        decide: impl FnOnce(&Webhook) -> Result<WebhookChange, E> + Send,
    ) -> Result<Webhook, E> {
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await.map_err(StoreError::from)?;
            let version = raise_version(&mut tx, 1).await?;
            let Some(current) = self.locked(&mut tx, tenant, id).await? else {
                tx.rollback().await.map_err(StoreError::from)?;
                session.finish();
                return Err(StoreError::NotFound.into());
            };
            let change = match decide(&current) {
                Ok(change) => change,
                Err(refusal) => {
                    tx.rollback().await.map_err(StoreError::from)?;
                    session.finish();
                    return Err(refusal);
                }
            };
            let before = settings_bytes(&mut tx, tenant).await?;
            let changed = self
                .apply(&mut tx, version, &current, change, actor, rng)
                .await?;
            let after = settings_bytes(&mut tx, tenant).await?;
            if let Err(full) = refuse_growth(before, after) {
                tx.rollback().await.map_err(StoreError::from)?;
                session.finish();
                return Err(full.into());
            }
            tx.commit().await.map_err(StoreError::from)?;
            session.finish();
            Ok(changed)
        })
        .await
    }

    async fn locked(
        &self,
        connection: &mut PgConnection,
        tenant: &TenantId,
        id: WebhookId,
    ) -> Result<Option<Webhook>, StoreError> {
        lock_webhook(connection, tenant, id)
            .await?
            .map(|row| self.readable(row))
            .transpose()
    }

    async fn apply(
        &self,
        connection: &mut PgConnection,
        version: i64,
        current: &Webhook,
        change: WebhookChange,
        actor: &str,
        rng: &mut (impl Rng + Send),
    ) -> Result<Webhook, StoreError> {
        let now = self.shared.clock.now();
        let keys = &self.shared.master_keys;
        let id = current.id;
        let enabled = change.input.enabled.unwrap_or(true);
        let changed = changed_fields(current, &change, enabled);
        let details = match moved(current, &change) {
            Some((from, to)) => {
                json!({ "name": change.settings.name, "changed": changed, "url": { "from": from, "to": to } })
            }
            None => json!({ "name": change.settings.name, "changed": changed }),
        };
        let sealed_secret = change
            .secret
            .map(|secret| seal_secret(keys, id, SECRET, &secret, rng))
            .transpose()?;
        let mut columns = SettingsColumns::new(id, change.input, &change.settings, keys, rng)?;
        let stored: String = sqlx::query_scalar("SELECT settings FROM webhooks WHERE id = $1")
            .bind(id.as_uuid())
            .fetch_one(&mut *connection)
            .await?;
        columns.settings = with_members_of_a_newer_release(columns.settings, &stored);
        let row = sqlx::query_as(concat!(
            "UPDATE webhooks SET version = $2, name = $3, url = $4, event_types = $5, settings = $6,
                 sealed_auth = $7, sealed_secret = coalesce($8, sealed_secret),
                 enabled = $9, disabled_reason = CASE WHEN NOT $9 THEN disabled_reason END,
                 updated_by = $10, updated_at = $11, sealed_tls = $12
             WHERE id = $1 RETURNING ",
            crate::webhook_row::webhook_columns!()
        ))
        .bind(id.as_uuid())
        .bind(version)
        .bind(&columns.name)
        .bind(&columns.url)
        .bind(&columns.event_types)
        .bind(&columns.settings)
        .bind(&columns.sealed_auth)
        .bind(&sealed_secret)
        .bind(enabled)
        .bind(clean(actor))
        .bind(now)
        .bind(&columns.sealed_tls)
        .fetch_one(&mut *connection)
        .await?;
        if current.enabled && !enabled {
            cancel_waiting(connection, id, actor, now).await?;
        }
        write_audit(
            connection,
            now,
            NewAuditEntry {
                target_id: &id.to_string(),
                details,
                ..webhook_entry(actor, &current.tenant, "webhook.updated")
            },
        )
        .await?;
        self.readable(row)
    }
}

/// An audit entry about a webhook that lacks its id and details.
pub(crate) fn webhook_entry<'a>(
    actor: &'a str,
    tenant: &'a TenantId,
    action: &'a str,
) -> NewAuditEntry<'a> {
    NewAuditEntry {
        actor,
        tenant: Some(tenant),
        action,
        target_kind: "webhook",
        target_id: "",
        details: json!({}),
    }
}

/// Where requests went and where they go now, if that is another scheme, host or port. The rest of a URL may be a
/// credential, and stays out of the audit log.
fn moved(current: &Webhook, change: &WebhookChange) -> Option<(String, String)> {
    let (from, to) = (current.settings.url.origin(), change.settings.url.origin());
    (from != to).then_some((from, to))
}

/// The names of what a change changes, for the audit log. Values may be secret, names are not.
fn changed_fields(current: &Webhook, change: &WebhookChange, enabled: bool) -> Vec<String> {
    let document = |input: &WebhookInput| match serde_json::to_value(without_secrets(input.clone()))
    {
        Ok(serde_json::Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (old, new) = (document(&current.input), document(&change.input));
    let mut changed: Vec<String> = new
        .iter()
        .filter(|(field, value)| old.get(*field) != Some(value))
        .map(|(field, _)| field.clone())
        .collect();
    if current.settings.auth.to_input() != change.settings.auth.to_input() {
        changed.push("auth".to_owned());
    }
    let tls = |settings: &WebhookSettings| settings.tls.as_deref().map(Tls::fingerprint);
    if tls(&current.settings) != tls(&change.settings) {
        changed.push("tls".to_owned());
    }
    if current.enabled != enabled {
        changed.push("enabled".to_owned());
    }
    if change.secret.is_some() {
        changed.push("signing_secret".to_owned());
    }
    changed
}
