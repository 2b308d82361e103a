//! The end of a webhook.
//!
//! First it becomes a tombstone: no settings, no secrets, a version of its own, so that every replica forgets it.
//! Then its deliveries and attempts are deleted, in chunks, because there may be millions.
//!
//! Nothing may be recorded for it after that, although replicas still hold attempts in their hands. So the
//! transaction that makes the tombstone takes [`RECORDERS`] alone, which each recording transaction holds shared
//! while it runs ([`Store::write`]): those that came before have committed and their rows are deleted, those that
//! come after see the tombstone.

use posthorn_domain::{TenantId, Timestamp, WebhookId};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::{
    audit::{NewAuditEntry, write_audit},
    configuration::raise_version,
    error::StoreError,
    expected::{ExpectedVersion, is_expected},
    filter_failures::forget_filter_failures,
    session::bounded,
    store::Store,
    text::clean,
    webhooks::webhook_entry,
};

/// The advisory lock between recorders and deletions; the recorder names it again in its `BEGIN`.
pub(crate) const RECORDERS: i64 = 750_100_002;

/// Deliveries that one transaction deletes.
const CHUNK: i64 = 2_000;
/// Chunks that the deletion of a webhook deletes itself before it leaves the rest to [`Store::purge_deleted`].
const CHUNKS_AT_ONCE: usize = 5;
/// Webhooks that one round of [`Store::purge_deleted`] looks at.
const WEBHOOKS_PER_PURGE: i64 = 1_000;

/// Makes tombstones of one webhook of a tenant, or of at most `limit`, and says which those were.
pub(crate) async fn entomb(
    connection: &mut PgConnection,
    tenant: &TenantId,
    id: Option<WebhookId>,
    limit: i64,
    now: Timestamp,
    actor: &str,
) -> Result<Vec<WebhookId>, StoreError> {
    // The configuration first, as everybody does; its lock also keeps the list below complete.
    raise_version(connection, 0).await?;
    let doomed: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM webhooks
         WHERE tenant = $1 AND deleted_at IS NULL AND ($2::uuid IS NULL OR id = $2) ORDER BY id LIMIT $3 FOR UPDATE",
    )
    .bind(tenant.as_str())
    .bind(id.map(WebhookId::as_uuid))
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    if doomed.is_empty() {
        return Ok(Vec::new());
    }
    let count = i64::try_from(doomed.len()).unwrap_or(i64::MAX);
    let last_version = raise_version(connection, count).await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(RECORDERS)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "UPDATE webhooks SET version = $2 + doomed.position, name = '', url = '', event_types = '{}', settings = '{}',
             sealed_auth = NULL, sealed_tls = NULL, sealed_secret = NULL, sealed_previous_secret = NULL, previous_secret_expires_at = NULL,
             sealed_older_secrets = NULL,
             enabled = false, disabled_reason = NULL, updated_by = $3, updated_at = $4, deleted_at = $4
         FROM unnest($1::uuid[]) WITH ORDINALITY AS doomed(id, position) WHERE webhooks.id = doomed.id",
    )
    .bind(&doomed)
    .bind(last_version - count)
    .bind(clean(actor))
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE dead_letters SET settled_at = $3, replay_id = NULL
         WHERE tenant = $1 AND webhook_id = ANY($2) AND (settled_at IS NULL OR replay_id IS NOT NULL)",
    )
    .bind(tenant.as_str())
    .bind(&doomed)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM webhook_totals WHERE webhook_id = ANY($1)")
        .bind(&doomed)
        .execute(&mut *connection)
        .await?;
    forget_filter_failures(connection, &doomed).await?;
    Ok(doomed.into_iter().map(WebhookId::from_uuid).collect())
}

impl Store {
    /// Deletes a webhook: it gets nothing from now on, and its deliveries are deleted.
    ///
    /// When there are very many of them, [`Store::purge_deleted`] goes on with it.
    pub async fn delete_webhook(
        &self,
        tenant: &TenantId,
        id: WebhookId,
        expected: &ExpectedVersion,
        actor: &str,
    ) -> Result<(), StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            // The configuration first, as everybody does.
            raise_version(&mut tx, 0).await?;
            if !is_expected(&mut tx, tenant, id, expected).await? {
                tx.rollback().await?;
                session.finish();
                return Err(StoreError::Changed);
            }
            let name: Option<String> =
                sqlx::query_scalar("SELECT name FROM webhooks WHERE id = $1 AND tenant = $2")
                    .bind(id.as_uuid())
                    .bind(tenant.as_str())
                    .fetch_optional(&mut *tx)
                    .await?;
            if entomb(&mut tx, tenant, Some(id), 1, now, actor)
                .await?
                .is_empty()
            {
                tx.rollback().await?;
                session.finish();
                return Err(StoreError::NotFound);
            }
            write_audit(
                &mut tx,
                now,
                NewAuditEntry {
                    target_id: &id.to_string(),
                    details: json!({ "name": name }),
                    ..webhook_entry(actor, tenant, "webhook.deleted")
                },
            )
            .await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await?;
        // It is deleted now; whatever goes wrong with the rest is finished by the next purge.
        if let Err(error) = self.purge_webhook(id.as_uuid(), CHUNKS_AT_ONCE).await {
            tracing::warn!(webhook.id = %id, %error, "Left deliveries of the deleted webhook {id} to the next purge: {error}");
        }
        Ok(())
    }

    /// Deletes deliveries of deleted webhooks that [`Store::delete_webhook`] left; how many that were.
    /// Services call it from time to time.
    pub async fn purge_deleted(&self) -> Result<u64, StoreError> {
        let webhooks: Vec<Uuid> = bounded(async {
            let mut session = self.session().await?;
            let webhooks = sqlx::query_scalar(
                "SELECT id FROM webhooks WHERE deleted_at IS NOT NULL AND purged_at IS NULL ORDER BY id LIMIT $1",
            )
            .bind(WEBHOOKS_PER_PURGE)
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok::<_, StoreError>(webhooks)
        })
        .await?;
        let mut purged = 0;
        for webhook in webhooks {
            purged += self.purge_webhook(webhook, usize::MAX).await?;
        }
        Ok(purged)
    }

    async fn purge_webhook(&self, webhook: Uuid, chunks_max: usize) -> Result<u64, StoreError> {
        let mut purged = 0;
        for _ in 0..chunks_max {
            let deleted = bounded(self.purge_chunk(webhook)).await?;
            purged += deleted;
            if deleted == 0 {
                break;
            }
        }
        Ok(purged)
    }

    async fn purge_chunk(&self, webhook: Uuid) -> Result<u64, StoreError> {
        let mut session = self.session().await?;
        let mut tx = session.transaction().await?;
        // Oldest first and locked, so that two services that purge do not wait for each other.
        let ids: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM deliveries WHERE webhook_id = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED",
        )
        .persistent(false)
        .bind(webhook)
        .bind(CHUNK)
        .fetch_all(&mut *tx)
        .await?;
        if !ids.is_empty() {
            delete_deliveries(&mut tx, &ids).await?;
        } else {
            forget_statistics(&mut tx, webhook).await?;
            sqlx::query(
                "UPDATE webhooks SET purged_at = $2 WHERE id = $1
                 AND NOT EXISTS (SELECT FROM deliveries WHERE webhook_id = $1)",
            )
            .bind(webhook)
            .bind(self.shared.clock.now())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        session.finish();
        Ok(ids.len() as u64)
    }
}

/// Deletes a webhook's own statistics; in the numbers of its tenant it stays.
async fn forget_statistics(connection: &mut PgConnection, webhook: Uuid) -> Result<(), StoreError> {
    for table in ["statistics_5m", "statistics_1h", "latency_5m", "latency_1h"] {
        let statement = format!(
            "DELETE FROM {table} USING webhooks
             WHERE webhooks.id = $1 AND {table}.tenant = webhooks.tenant AND {table}.webhook_id = webhooks.id"
        );
        sqlx::query(AssertSqlSafe(statement))
            .bind(webhook)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Deletes deliveries, sorted by id and locked, with their attempts.
pub(crate) async fn delete_deliveries(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
        return Ok(());
    };
    // The bounds leave out the partitions that hold none of them.
    for statement in [
        "DELETE FROM attempts WHERE delivery_id = ANY($1) AND delivery_id BETWEEN $2 AND $3",
        "DELETE FROM deliveries WHERE id = ANY($1) AND id BETWEEN $2 AND $3",
    ] {
        sqlx::query(statement)
            .persistent(false)
            .bind(ids)
            .bind(first)
            .bind(last)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
