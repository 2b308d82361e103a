//! Tenants that keep less than the installation does.
//!
//! Partitions are dropped by the installation's days; a tenant with fewer days has its older events and settled deliveries
//! deleted, in rounds. What is not settled is never dropped for its age, and neither is its event.

use chrono::TimeDelta;
use posthorn_domain::{DeliveryId, DeliveryStatus, EventId, TenantId, Timestamp};
use uuid::Uuid;

use crate::{
    error::StoreError, retention::RetentionTime, session::bounded, store::Store,
    webhook_delete::delete_deliveries,
};

/// Deliveries that one transaction deletes.
const CHUNK: i64 = 2_000;

/// Events of a tenant that are older than it keeps them.
#[derive(Debug, Clone, Default)]
pub struct ExpiredOfTenant {
    /// With their places in the stream.
    pub events: Vec<(EventId, u64)>,
}

impl RetentionTime {
    fn before(self, days: u32) -> Timestamp {
        self.now()
            .checked_sub_signed(TimeDelta::days(days.into()))
            .unwrap_or(Timestamp::MIN_UTC)
    }
}

impl Store {
    /// The tenants that keep their events for fewer days than `days`, each with its own.
    pub async fn tenants_keeping_less(
        &self,
        days: u32,
    ) -> Result<Vec<(TenantId, u32)>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<(String, i32)> = sqlx::query_as(
                "SELECT id, retention_days FROM tenants WHERE retention_days < $1 AND deleting_since IS NULL",
            )
            .bind(i32::try_from(days).unwrap_or(i32::MAX))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            let rows = rows.into_iter();
            Ok(rows
                .filter_map(|(id, days)| Some((id.parse().ok()?, days.unsigned_abs())))
                .collect())
        })
        .await
    }

    /// Deletes a round of a tenant's settled deliveries that are older than `days`, and settles their dead letters; how
    /// many deliveries those were.
    pub async fn drop_old_deliveries(
        &self,
        tenant: &TenantId,
        time: RetentionTime,
        days: u32,
    ) -> Result<u64, StoreError> {
        let before = time.before(days);
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            // What is locked is being recorded or pruned at this moment: another round sees it.
            let ids: Vec<Uuid> = sqlx::query_scalar(
                "SELECT id FROM deliveries WHERE tenant = $1 AND id < $2 AND status IN ($3, $4)
                 ORDER BY id LIMIT $5 FOR UPDATE SKIP LOCKED",
            )
            .persistent(false)
            .bind(tenant.as_str())
            .bind(DeliveryId::floor_at(before).as_uuid())
            .bind(DeliveryStatus::Success.code())
            .bind(DeliveryStatus::Failed.code())
            .bind(CHUNK)
            .fetch_all(&mut *tx)
            .await?;
            delete_deliveries(&mut tx, &ids).await?;
            sqlx::query(
                "UPDATE dead_letters SET settled_at = now()
                 WHERE tenant = $1 AND settled_at IS NULL AND created_at < $2 AND (webhook_id IS NULL OR id = ANY($3))",
            )
            .bind(tenant.as_str())
            .bind(before)
            .bind(&ids)
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
            session.finish();
            Ok(ids.len() as u64)
        })
        .await
    }

    /// Some of a tenant's events behind `after` that are older than `days`, and of which no delivery is left.
    pub async fn old_events(
        &self,
        tenant: &TenantId,
        time: RetentionTime,
        days: u32,
        after: Option<EventId>,
        limit: u32,
    ) -> Result<ExpiredOfTenant, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<(Uuid, i64)> = sqlx::query_as(
                "SELECT id, stream_sequence FROM events old
                 WHERE tenant = $1 AND id < $2 AND ($3::uuid IS NULL OR id > $3) AND NOT EXISTS (
                     SELECT FROM deliveries WHERE deliveries.tenant = $1 AND deliveries.id < $2
                         AND deliveries.event_id = old.id)
                 ORDER BY id LIMIT $4",
            )
            .persistent(false)
            .bind(tenant.as_str())
            .bind(EventId::floor_at(time.before(days)).as_uuid())
            .bind(after.map(EventId::as_uuid))
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            let events = rows.into_iter();
            Ok(ExpiredOfTenant {
                events: events
                    .map(|(id, sequence)| (EventId::from_uuid(id), sequence.unsigned_abs()))
                    .collect(),
            })
        })
        .await
    }

    /// Deletes events that are gone from the stream.
    pub async fn drop_old_events(&self, events: &[EventId]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = events.iter().map(|id| id.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query("DELETE FROM events WHERE id = ANY($1) AND id BETWEEN $2 AND $3")
                .persistent(false)
                .bind(&ids)
                .bind(ids.iter().min())
                .bind(ids.iter().max())
                .execute(&mut *session)
                .await?;
            session.finish();
            Ok(())
        })
        .await
    }
}
