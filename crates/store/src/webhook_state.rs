use std::time::Duration;

use posthorn_domain::{
    DisabledReason, EndpointUrl, Event, SigningSecret, SigningSecrets, TenantId, Webhook, WebhookId,
};
use rand::Rng;
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    announcements::insert_announcements,
    audit::{NewAuditEntry, write_audit},
    configuration::raise_version,
    error::StoreError,
    expected::{ExpectedVersion, is_expected},
    replays::cancel_waiting,
    session::bounded,
    store::Store,
    text::clean,
    webhook_reads::lock_webhook,
    webhook_row::{
        PREVIOUS_SECRET, SECRET, WebhookRow, seal_older_secrets, seal_secret, webhook_columns,
    },
    webhooks::webhook_entry,
};

/// Who changes what Posthorn changes by itself.
const POSTHORN: &str = "posthorn";

/// The secret that replaces another.
#[derive(Debug, Clone, Copy)]
pub struct NewSecret<'a> {
    /// What signs from now on.
    pub secret: &'a SigningSecret,
    /// How long the one before it goes on signing too.
    pub overlap: Duration,
}

impl Store {
    /// Enables or disables a webhook. Enabling it forgets why it was disabled. One that is so already stays as it is:
    /// nothing is written.
    pub async fn set_webhook_enabled(
        &self,
        tenant: &TenantId,
        id: WebhookId,
        enabled: bool,
        expected: &ExpectedVersion,
        actor: &str,
    ) -> Result<Webhook, StoreError> {
        let row: Option<WebhookRow> = bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let version = raise_version(&mut tx, 1).await?;
            if !is_expected(&mut tx, tenant, id, expected).await? {
                tx.rollback().await?;
                session.finish();
                return Err(StoreError::Changed);
            }
            if let Some(row) = lock_webhook(&mut tx, tenant, id).await?
                && row.enabled == enabled
            {
                tx.rollback().await?;
                session.finish();
                return Ok(Some(row));
            }
            let row = sqlx::query_as(concat!(
                "UPDATE webhooks SET version = $3, enabled = $4,
                     disabled_reason = CASE WHEN NOT $4 THEN disabled_reason END, updated_by = $5, updated_at = $6
                 WHERE id = $1 AND tenant = $2 AND deleted_at IS NULL RETURNING ",
                webhook_columns!()
            ))
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .bind(version)
            .bind(enabled)
            .bind(clean(actor))
            .bind(now)
            .fetch_optional(&mut *tx)
            .await?;
            if row.is_some() {
                let action = if enabled { "webhook.enabled" } else { "webhook.disabled" };
                let entry = webhook_entry(actor, tenant, action);
                let target_id = &id.to_string();
                write_audit(&mut tx, now, NewAuditEntry { target_id, ..entry }).await?;
                if !enabled {
                    cancel_waiting(&mut tx, id, actor, now).await?;
                }
                tx.commit().await?;
            } else {
                tx.rollback().await?;
            }
            session.finish();
            Ok::<_, StoreError>(row)
        })
        .await?;
        self.readable(row.ok_or(StoreError::NotFound)?)
    }

    /// Disables a webhook for a reason that Posthorn found itself, at this URL. False if it was disabled or deleted
    /// already, or has another URL by now: nothing is known of that one.
    ///
    /// What is to be said about it waits in the database until it is known to be published.
    pub async fn disable_webhook_for(
        &self,
        id: WebhookId,
        url: &EndpointUrl,
        reason: DisabledReason,
        announcement: Option<&Event>,
    ) -> Result<bool, StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let version = raise_version(&mut tx, 1).await?;
            let tenant: Option<String> = sqlx::query_scalar(
                "UPDATE webhooks SET version = $2, enabled = false, disabled_reason = $3, updated_by = $4, updated_at = $5
                 WHERE id = $1 AND url = $6 AND enabled AND deleted_at IS NULL RETURNING tenant",
            )
            .bind(id.as_uuid())
            .bind(version)
            .bind(reason.as_str())
            .bind(POSTHORN)
            .bind(now)
            .bind(url.as_str())
            .fetch_optional(&mut *tx)
            .await?;
            let disabled = tenant.is_some();
            if let Some(tenant) = tenant {
                let tenant: TenantId = tenant
                    .parse()
                    .map_err(|_| StoreError::Corrupt(format!("the tenant of webhook {id}")))?;
                write_audit(
                    &mut tx,
                    now,
                    NewAuditEntry {
                        target_id: &id.to_string(),
                        details: json!({ "reason": reason }),
                        ..webhook_entry(POSTHORN, &tenant, "webhook.disabled")
                    },
                )
                .await?;
                insert_announcements(&mut tx, announcement.map_or(&[], std::slice::from_ref))
                    .await?;
                cancel_waiting(&mut tx, id, POSTHORN, now).await?;
                tx.commit().await?;
            } else {
                tx.rollback().await?;
            }
            session.finish();
            Ok(disabled)
        })
        .await
    }

    /// Signs with a new secret from now on, and with the one before it too until the overlap has passed. Older ones that still
    /// sign do so to their own end. Returns the webhook's new version.
    ///
    /// # Errors
    /// [`StoreError::TooManySecrets`] if more would sign than fit.
    pub async fn rotate_webhook_secret(
        &self,
        tenant: &TenantId,
        id: WebhookId,
        NewSecret {
            secret: new,
            overlap,
        }: NewSecret<'_>,
        expected: &ExpectedVersion,
        actor: &str,
        rng: &mut (impl Rng + Send),
    ) -> Result<i64, StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let version = raise_version(&mut tx, 1).await?;
            let Some(row) = lock_webhook(&mut tx, tenant, id).await? else {
                tx.rollback().await?;
                session.finish();
                return Err(StoreError::NotFound);
            };
            let current = self.readable(row)?;
            if let Err(changed) = expected.check(current.version) {
                tx.rollback().await?;
                session.finish();
                return Err(changed);
            }
            let secrets = current
                .secrets
                .rotated(new.clone(), now, overlap)
                .map_err(StoreError::TooManySecrets);
            let secrets = match secrets {
                Ok(secrets) => secrets,
                Err(full) => {
                    tx.rollback().await?;
                    session.finish();
                    return Err(full);
                }
            };
            self.store_secrets(&mut tx, id, version, &secrets, actor, rng)
                .await?;
            write_audit(
                &mut tx,
                now,
                NewAuditEntry {
                    target_id: &id.to_string(),
                    details: json!({ "overlap_seconds": overlap.as_secs() }),
                    ..webhook_entry(actor, tenant, "webhook.secret_rotated")
                },
            )
            .await?;
            tx.commit().await?;
            session.finish();
            Ok(version)
        })
        .await
    }

    async fn store_secrets(
        &self,
        connection: &mut PgConnection,
        id: WebhookId,
        version: i64,
        secrets: &SigningSecrets,
        actor: &str,
        rng: &mut (impl Rng + Send),
    ) -> Result<(), StoreError> {
        let keys = &self.shared.master_keys;
        // The column is part of what is sealed, so each secret is sealed again for its new place.
        let (last, older) = match secrets.previous.split_first() {
            Some((last, older)) => (Some(last), older),
            None => (None, [].as_slice()),
        };
        let previous = last
            .map(|(secret, _)| seal_secret(keys, id, PREVIOUS_SECRET, secret, rng))
            .transpose()?;
        sqlx::query(
            "UPDATE webhooks SET version = $2, sealed_secret = $3, sealed_previous_secret = $4,
                 previous_secret_expires_at = $5, updated_by = $6, updated_at = $7, sealed_older_secrets = $8
             WHERE id = $1",
        )
        .bind(id.as_uuid())
        .bind(version)
        .bind(seal_secret(keys, id, SECRET, &secrets.current, rng)?)
        .bind(previous)
        .bind(last.map(|(_, until)| *until))
        .bind(clean(actor))
        .bind(self.shared.clock.now())
        .bind(seal_older_secrets(keys, id, older, rng)?)
        .execute(connection)
        .await?;
        Ok(())
    }
}
