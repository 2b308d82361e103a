//! Tenants that keep payloads only until they are settled.
//!
//! A walk over such a tenant's events, in the order of their ids, finds those of which every delivery is settled, and makes
//! tombstones of them: from there they are erased as any other. Those that still wait are noted and looked at again. The
//! walk stays behind a moment before which every accepted event has its record: one that has none may be under way.
//!
//! What is settled has no message that waits, so nothing is overwritten in the streams' files: their bytes stay there until
//! NATS compacts them.

use posthorn_domain::{EventId, TenantId, Timestamp};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{erase::begin_tombstones, error::StoreError, session::bounded, store::Store};

/// Events that are looked at in one transaction.
const PAGE: i64 = 1_000;

impl Store {
    /// The tenants that keep payloads until they are settled.
    pub async fn tenants_keeping_unsettled(&self) -> Result<Vec<TenantId>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let ids: Vec<String> = sqlx::query_scalar(
                "SELECT id FROM tenants WHERE keep_payload = 'until_settled' AND deleting_since IS NULL",
            )
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
        })
        .await
    }

    /// Makes tombstones of some settled events of a tenant: of those behind the walk and before `before`, and of those that
    /// were not settled the last time. Whether there may be more.
    pub async fn erase_settled(
        &self,
        tenant: &TenantId,
        before: Timestamp,
    ) -> Result<bool, StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = begin_tombstones(&mut session).await?;
            let walked: Vec<Uuid> = sqlx::query_scalar(
                "SELECT e.id FROM events e, tenants t
                 WHERE t.id = $1 AND e.tenant = $1 AND e.id > COALESCE(t.payload_cursor, $4) AND e.id < $2
                 ORDER BY e.id LIMIT $3",
            )
            .persistent(false)
            .bind(tenant.as_str())
            .bind(EventId::floor_at(before).as_uuid())
            .bind(PAGE)
            .bind(Uuid::nil())
            .fetch_all(&mut *tx)
            .await?;
            let again: Vec<Uuid> = sqlx::query_scalar(
                "UPDATE unsettled_payloads SET looked_at = $2 WHERE event_id = ANY (ARRAY(
                     SELECT event_id FROM unsettled_payloads WHERE tenant = $1 ORDER BY looked_at LIMIT $3))
                 RETURNING event_id",
            )
            .bind(tenant.as_str())
            .bind(now)
            .bind(PAGE)
            .fetch_all(&mut *tx)
            .await?;
            let more = walked.len() as u64 >= PAGE.unsigned_abs();
            sort_out(&mut tx, tenant, &walked, &again, now).await?;
            if let Some(last) = walked.last() {
                sqlx::query("UPDATE tenants SET payload_cursor = $2 WHERE id = $1")
                    .bind(tenant.as_str())
                    .bind(last)
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await?;
            session.finish();
            Ok(more)
        })
        .await
    }
}

/// Makes tombstones of the settled ones, and notes the others.
async fn sort_out(
    connection: &mut PgConnection,
    tenant: &TenantId,
    walked: &[Uuid],
    again: &[Uuid],
    now: Timestamp,
) -> Result<(), StoreError> {
    let all: Vec<Uuid> = walked.iter().chain(again).copied().collect();
    let ranges = all
        .iter()
        .map(|id| posthorn_domain::DeliveryId::range_of_event(EventId::from_uuid(*id)));
    let (low, high): (Vec<Uuid>, Vec<Uuid>) = ranges
        .map(|(low, high)| (low.as_uuid(), high.as_uuid()))
        .unzip();
    let unsettled: Vec<Uuid> = sqlx::query_scalar(
        "SELECT e.id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS e(id, low, high)
         WHERE EXISTS (SELECT FROM deliveries d
             WHERE d.id BETWEEN e.low AND e.high AND d.event_id = e.id AND d.status IN (0, 2))",
    )
    .persistent(false)
    .bind(&all)
    .bind(&low)
    .bind(&high)
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO erased_events (event_id, tenant, erased_at, stream_sequence, accepted_at, overwritten, not_before)
         SELECT id, tenant, $3, stream_sequence, accepted_at, false, now() FROM events
         WHERE id = ANY($1) AND NOT id = ANY($2) AND tenant = $4 AND erased_at IS NULL
         ON CONFLICT (event_id) DO NOTHING",
    )
    .persistent(false)
    .bind(&all)
    .bind(&unsettled)
    .bind(now)
    .bind(tenant.as_str())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO unsettled_payloads (event_id, tenant, looked_at)
         SELECT id, $2, $3 FROM unnest($1::uuid[]) AS e(id) ON CONFLICT DO NOTHING",
    )
    .bind(&unsettled)
    .bind(tenant.as_str())
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM unsettled_payloads WHERE event_id = ANY($1) AND NOT event_id = ANY($2)",
    )
    .bind(again)
    .bind(&unsettled)
    .execute(connection)
    .await?;
    Ok(())
}
