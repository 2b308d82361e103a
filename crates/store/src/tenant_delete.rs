//! The end of a tenant.
//!
//! | step | by whom |
//! | --- | --- |
//! | the tenant's row says since when it is being deleted; its API keys, catalogue and statistics go | the api, in one short transaction |
//! | its webhooks become tombstones, [`WEBHOOKS_PER_ROUND`] in each transaction | the api as far as it comes, then a deliverer |
//! | events with their messages, deliveries with what waits of them, dead letters | a deliverer, round by round |
//! | replays, audit entries, erasures, what is left of statistics | a deliverer |
//! | the end of the stream is noted, and the row goes | a deliverer, when nothing is left |
//!
//! Until the last step nobody takes the name, and recorders drop what comes of the tenant ([`crate::erased`]). After it,
//! what comes of events before the noted end belongs to nobody. Any step may be repeated.

use std::time::Duration;

use posthorn_domain::{DeliveryId, DeliveryStatus, EventId, StreamPosition, TenantId, WebhookId};
use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    audit::{NewAuditEntry, write_audit},
    configuration::raise_version,
    erase::wait_for_recorders,
    error::StoreError,
    event_types::empty_catalogue,
    session::bounded,
    statistics_fold::forget_tenant_statistics,
    store::Store,
    tenants::entry,
    webhook_delete::{delete_deliveries, entomb},
};

/// Webhooks that become tombstones in one transaction, which stops recorders while it runs.
const WEBHOOKS_PER_ROUND: i64 = 100;
/// Such rounds that the api makes itself.
const ROUNDS_AT_ONCE: usize = 20;
/// Rows that one statement deletes.
const ROWS_PER_STATEMENT: i64 = 5_000;

/// Tables of which rows are deleted by their tenant, in rounds.
const BY_TENANT: [&str; 12] = [
    "dead_letters",
    "replays",
    "audit_log",
    "announcements",
    "erasures",
    "erased_events",
    "unsettled_payloads",
    "event_types",
    "statistics_5m",
    "statistics_1h",
    "latency_5m",
    "latency_1h",
];

/// A tenant that is being deleted, in this process's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletingTenant {
    /// Its name.
    pub id: TenantId,
}

/// Something of a tenant that is to be taken out of the streams, and then out of the tables.
#[derive(Debug, Clone, Default)]
pub struct DeletionRound {
    /// Events, with their places in the stream.
    pub events: Vec<(EventId, u64)>,
    /// Deliveries, each with whether a message of it may wait.
    pub deliveries: Vec<(DeliveryId, bool)>,
}

impl DeletionRound {
    /// Whether nothing was left.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.deliveries.is_empty()
    }
}

impl Store {
    /// Begins to delete a tenant with everything of it: it can be used no more, and its webhooks get nothing. Deliverers
    /// see to the rest ([`Store::take_deleting_tenant`]); until they have, the name is taken.
    pub async fn delete_tenant(&self, id: &TenantId, actor: &str) -> Result<(), StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            // The configuration first, as everybody does.
            raise_version(&mut tx, 0).await?;
            let begun = sqlx::query(
                "UPDATE tenants SET deleting_since = $2, deletion_not_before = now()
                 WHERE id = $1 AND deleting_since IS NULL",
            )
            .bind(id.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await?
            .rows_affected();
            if begun == 0 {
                tx.rollback().await?;
                session.finish();
                return Err(StoreError::NotFound);
            }
            empty_catalogue(&mut tx, id).await?;
            let keys = sqlx::query("DELETE FROM api_keys WHERE tenant = $1")
                .bind(id.as_str())
                .execute(&mut *tx)
                .await?
                .rows_affected();
            forget_tenant_statistics(&mut tx, id).await?;
            // Of no tenant: those of this one go with it.
            let entry = NewAuditEntry {
                tenant: None,
                details: json!({ "api_keys": keys }),
                ..entry(actor, id, "tenant.deleted")
            };
            write_audit(&mut tx, now, entry).await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await?;
        for _ in 0..ROUNDS_AT_ONCE {
            match self.entomb_some(id, actor).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(tenant = %id, %error, "Left webhooks of the deleted tenant {id} to a deliverer: {error}");
                    break;
                }
            }
        }
        Ok(())
    }

    /// Makes tombstones of some webhooks of a tenant; of how many.
    pub async fn entomb_some(&self, id: &TenantId, actor: &str) -> Result<usize, StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let deleted = entomb(&mut tx, id, None, WEBHOOKS_PER_ROUND, now, actor).await?;
            tx.commit().await?;
            session.finish();
            Ok(deleted.len())
        })
        .await
    }

    /// Takes a tenant that is being deleted, for `lease`; `None` when nothing is to be done now. Whoever takes it has
    /// waited for the transactions that did not know of its deletion.
    pub async fn take_deleting_tenant(
        &self,
        lease: Duration,
    ) -> Result<Option<DeletingTenant>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let id: Option<String> = sqlx::query_scalar(
                "UPDATE tenants SET deletion_not_before = now() + $1 * interval '1 second'
                 WHERE id = (SELECT id FROM tenants WHERE deleting_since IS NOT NULL
                                 AND COALESCE(deletion_not_before, deleting_since) <= now()
                             ORDER BY deletion_not_before LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING id",
            )
            .bind(lease.as_secs_f64())
            .fetch_optional(&mut *session)
            .await?;
            let Some(id) = id else {
                session.finish();
                return Ok(None);
            };
            wait_for_recorders(&mut session).await?;
            session.finish();
            let id = id
                .parse()
                .map_err(|_| StoreError::Corrupt("a tenant has an impossible name".to_owned()))?;
            Ok(Some(DeletingTenant { id }))
        })
        .await
    }

    /// Keeps a tenant in these hands for `lease`, or, with no time, gives it back.
    pub async fn keep_deleting_tenant(
        &self,
        tenant: &DeletingTenant,
        lease: Duration,
    ) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query(
                "UPDATE tenants SET deletion_not_before = now() + $2 * interval '1 second'
                 WHERE id = $1 AND deleting_since IS NOT NULL",
            )
            .bind(tenant.id.as_str())
            .bind(lease.as_secs_f64())
            .execute(&mut *session)
            .await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// Some events and deliveries of a tenant that is being deleted.
    pub async fn deletion_round(
        &self,
        tenant: &DeletingTenant,
        limit: u32,
    ) -> Result<DeletionRound, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let events: Vec<(Uuid, i64)> = sqlx::query_as(
                "SELECT id, stream_sequence FROM events WHERE tenant = $1 ORDER BY id LIMIT $2",
            )
            .persistent(false)
            .bind(tenant.id.as_str())
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            let deliveries: Vec<(Uuid, i16)> = sqlx::query_as(
                "SELECT id, status FROM deliveries WHERE tenant = $1 ORDER BY id LIMIT $2",
            )
            .persistent(false)
            .bind(tenant.id.as_str())
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok(DeletionRound {
                events: events
                    .into_iter()
                    .map(|(id, sequence)| (EventId::from_uuid(id), sequence.unsigned_abs()))
                    .collect(),
                deliveries: deliveries
                    .into_iter()
                    .map(|(id, status)| {
                        let waits = status != DeliveryStatus::Success.code();
                        (DeliveryId::from_uuid(id), waits)
                    })
                    .collect(),
            })
        })
        .await
    }

    /// Deletes what a round found, when it is gone from the streams.
    pub async fn delete_round(&self, round: &DeletionRound) -> Result<(), StoreError> {
        let events: Vec<Uuid> = round.events.iter().map(|(id, _)| id.as_uuid()).collect();
        let mut deliveries: Vec<Uuid> = round
            .deliveries
            .iter()
            .map(|(id, _)| id.as_uuid())
            .collect();
        deliveries.sort_unstable();
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            delete_deliveries(&mut tx, &deliveries).await?;
            sqlx::query("DELETE FROM events WHERE id = ANY($1) AND id BETWEEN $2 AND $3")
                .persistent(false)
                .bind(&events)
                .bind(events.iter().min())
                .bind(events.iter().max())
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// The webhooks that a tenant had, as far as they are remembered.
    pub async fn webhooks_of_deleting(
        &self,
        tenant: &DeletingTenant,
    ) -> Result<Vec<WebhookId>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let ids: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM webhooks WHERE tenant = $1")
                .bind(tenant.id.as_str())
                .fetch_all(&mut *session)
                .await?;
            session.finish();
            Ok(ids.into_iter().map(WebhookId::from_uuid).collect())
        })
        .await
    }

    /// Deletes the rest of a tenant, and lets its name go. Messages before `end` in the stream of events are nobody's.
    pub async fn finish_tenant(
        &self,
        tenant: &DeletingTenant,
        end: StreamPosition,
    ) -> Result<(), StoreError> {
        for table in BY_TENANT {
            // Names are made here, none comes from outside.
            let statement = format!(
                "DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE tenant = $1 LIMIT $2))"
            );
            while bounded(self.delete_some(&statement, tenant)).await? > 0 {}
        }
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            forget_tenant_statistics(&mut tx, &tenant.id).await?;
            // The tombstones stay until all replicas have heard of them; who made the webhooks does not.
            sqlx::query("UPDATE webhooks SET created_by = '', updated_by = '' WHERE tenant = $1")
                .bind(tenant.id.as_str())
                .execute(&mut *tx)
                .await?;
            sqlx::query(
                "INSERT INTO deleted_tenants (tenant, deleted_at, stream_sequence, stream_time) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (tenant) DO UPDATE SET deleted_at = excluded.deleted_at,
                     stream_sequence = excluded.stream_sequence, stream_time = excluded.stream_time",
            )
            .bind(tenant.id.as_str())
            .bind(now)
            .bind(i64::try_from(end.sequence).unwrap_or(i64::MAX))
            .bind(end.at)
            .execute(&mut *tx)
            .await?;
            sqlx::query("DELETE FROM tenants WHERE id = $1 AND deleting_since IS NOT NULL")
                .bind(tenant.id.as_str())
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await
    }

    async fn delete_some(
        &self,
        statement: &str,
        tenant: &DeletingTenant,
    ) -> Result<u64, StoreError> {
        let mut session = self.session().await?;
        let done = sqlx::query(AssertSqlSafe(statement.to_owned()))
            .bind(tenant.id.as_str())
            .bind(ROWS_PER_STATEMENT)
            .execute(&mut *session)
            .await?;
        session.finish();
        Ok(done.rows_affected())
    }
}
