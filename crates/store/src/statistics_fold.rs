//! Differences become sums. How statistics work: [`crate::statistics`].

use posthorn_domain::{TenantId, Timestamp};
use sqlx::{AssertSqlSafe, PgConnection};
use tracing::debug;

use crate::{
    error::StoreError,
    retention::RetentionTime,
    session::bounded,
    statistics::{FINE_KEPT, before},
    store::Store,
};

/// The advisory lock of whoever folds.
const LOCK: i64 = 750_100_004;
/// Differences that one statement takes.
const ROWS_PER_FOLD: i64 = 50_000;

/// What [`Store::fold_statistics`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folded {
    /// Differences that became sums.
    pub rows: u64,
    /// Whether there may be more.
    pub more: bool,
}

/// Sums of deliveries, each for its webhook and for the whole tenant (the nil UUID).
const FOLD_OUTCOMES: &str = "WITH taken AS (
         DELETE FROM statistics_deltas WHERE ctid = ANY (ARRAY(SELECT ctid FROM statistics_deltas LIMIT $2)) RETURNING *),
     summed AS (
         SELECT tenant, target.webhook_id, bucket, event_type, sum(deliveries)::bigint AS deliveries,
             sum(successes)::bigint AS successes, sum(failures)::bigint AS failures, sum(attempts)::bigint AS attempts,
             sum(answered)::bigint AS answered, sum(response_ms)::bigint AS response_ms
         FROM taken CROSS JOIN LATERAL (VALUES (taken.webhook_id), ('00000000-0000-0000-0000-000000000000')) AS target(webhook_id)
         GROUP BY tenant, target.webhook_id, bucket, event_type),
     fine AS (
         INSERT INTO statistics_5m AS kept (tenant, webhook_id, bucket, event_type, deliveries, successes, failures,
             attempts, answered, response_ms)
         SELECT * FROM summed WHERE bucket >= $1
         ON CONFLICT (tenant, webhook_id, bucket, event_type) DO UPDATE SET
             deliveries = kept.deliveries + excluded.deliveries, successes = kept.successes + excluded.successes,
             failures = kept.failures + excluded.failures, attempts = kept.attempts + excluded.attempts,
             answered = kept.answered + excluded.answered, response_ms = kept.response_ms + excluded.response_ms),
     coarse AS (
         INSERT INTO statistics_1h AS kept (tenant, webhook_id, bucket, event_type, deliveries, successes, failures,
             attempts, answered, response_ms)
         SELECT tenant, webhook_id, date_trunc('hour', bucket, 'UTC'), event_type, sum(deliveries), sum(successes),
             sum(failures), sum(attempts), sum(answered), sum(response_ms)
         FROM summed GROUP BY 1, 2, 3, 4
         ON CONFLICT (tenant, webhook_id, bucket, event_type) DO UPDATE SET
             deliveries = kept.deliveries + excluded.deliveries, successes = kept.successes + excluded.successes,
             failures = kept.failures + excluded.failures, attempts = kept.attempts + excluded.attempts,
             answered = kept.answered + excluded.answered, response_ms = kept.response_ms + excluded.response_ms)
     SELECT count(*) FROM taken";

/// The same for latencies.
const FOLD_LATENCIES: &str = "WITH taken AS (
         DELETE FROM latency_deltas WHERE ctid = ANY (ARRAY(SELECT ctid FROM latency_deltas LIMIT $2)) RETURNING *),
     summed AS (
         SELECT tenant, target.webhook_id, bucket, latency, sum(answered)::bigint AS answered
         FROM taken CROSS JOIN LATERAL (VALUES (taken.webhook_id), ('00000000-0000-0000-0000-000000000000')) AS target(webhook_id)
         GROUP BY tenant, target.webhook_id, bucket, latency),
     fine AS (
         INSERT INTO latency_5m AS kept (tenant, webhook_id, bucket, latency, answered)
         SELECT * FROM summed WHERE bucket >= $1
         ON CONFLICT (tenant, webhook_id, bucket, latency) DO UPDATE SET answered = kept.answered + excluded.answered),
     coarse AS (
         INSERT INTO latency_1h AS kept (tenant, webhook_id, bucket, latency, answered)
         SELECT tenant, webhook_id, date_trunc('hour', bucket, 'UTC'), latency, sum(answered)
         FROM summed GROUP BY 1, 2, 3, 4
         ON CONFLICT (tenant, webhook_id, bucket, latency) DO UPDATE SET answered = kept.answered + excluded.answered)
     SELECT count(*) FROM taken";

impl Store {
    /// Moves the differences that recorders wrote into the sums; several calls for a long backlog. `None` when
    /// another service is at it.
    pub async fn fold_statistics(&self) -> Result<Option<Folded>, StoreError> {
        bounded(async {
            let fine_since = before(self.shared.clock.now(), FINE_KEPT);
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
                .bind(LOCK)
                .fetch_one(&mut *tx)
                .await?;
            let folded = if alone {
                let outcomes = fold(&mut tx, FOLD_OUTCOMES, fine_since).await?;
                let latencies = fold(&mut tx, FOLD_LATENCIES, fine_since).await?;
                Some(Folded {
                    rows: outcomes + latencies,
                    more: outcomes.max(latencies) >= ROWS_PER_FOLD.unsigned_abs(),
                })
            } else {
                None
            };
            tx.commit().await?;
            session.finish();
            Ok(folded)
        })
        .await
    }

    /// Gives back the room of folded differences. The server's own vacuum comes once a minute at best; until
    /// then every read would go through what is dead.
    pub async fn vacuum_statistics(&self) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            for table in ["statistics_deltas", "latency_deltas"] {
                let statement = format!("VACUUM (SKIP_LOCKED) {table}");
                sqlx::query(AssertSqlSafe(statement))
                    .persistent(false)
                    .execute(&mut *session)
                    .await?;
            }
            session.finish();
            Ok(())
        })
        .await
    }

    /// Deletes the sums that are kept no longer: those of 5 minutes after two days, those of an hour after
    /// `retention_days` whole days; how many rows that were.
    pub async fn drop_expired_statistics(
        &self,
        time: RetentionTime,
        retention_days: u32,
    ) -> Result<u64, StoreError> {
        let now = time.now();
        let fine_since = before(now, FINE_KEPT);
        let midnight = now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        let coarse_since = before(midnight, chrono::TimeDelta::days(retention_days.into()));
        let mut deleted = 0;
        for (table, since) in [
            ("statistics_5m", fine_since),
            ("latency_5m", fine_since),
            ("statistics_1h", coarse_since),
            ("latency_1h", coarse_since),
        ] {
            deleted += self.drop_sums(table, since).await?;
        }
        debug!("Deleted {deleted} expired rows of statistics");
        Ok(deleted)
    }

    async fn drop_sums(&self, table: &'static str, since: Timestamp) -> Result<u64, StoreError> {
        // The names are ours, none comes from outside. Locked rows belong to a fold: the next round gets them.
        let statement = format!(
            "DELETE FROM {table} WHERE ctid = ANY (ARRAY(
                 SELECT ctid FROM {table} WHERE bucket < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))"
        );
        self.delete_in_rounds(AssertSqlSafe(statement), since).await
    }
}

/// Deletes the numbers of a tenant as a whole, folded or not; those of its webhooks go with these. Differences come
/// first: whoever folds them meanwhile is waited for, and what it made is deleted then.
pub(crate) async fn forget_tenant_statistics(
    connection: &mut PgConnection,
    tenant: &TenantId,
) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM statistics_deltas WHERE tenant = $1",
        "DELETE FROM latency_deltas WHERE tenant = $1",
        "DELETE FROM statistics_5m WHERE tenant = $1 AND webhook_id = '00000000-0000-0000-0000-000000000000'",
        "DELETE FROM statistics_1h WHERE tenant = $1 AND webhook_id = '00000000-0000-0000-0000-000000000000'",
        "DELETE FROM latency_5m WHERE tenant = $1 AND webhook_id = '00000000-0000-0000-0000-000000000000'",
        "DELETE FROM latency_1h WHERE tenant = $1 AND webhook_id = '00000000-0000-0000-0000-000000000000'",
    ] {
        sqlx::query(statement)
            .bind(tenant.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn fold(
    connection: &mut PgConnection,
    statement: &'static str,
    fine_since: Timestamp,
) -> Result<u64, StoreError> {
    let rows: i64 = sqlx::query_scalar(statement)
        .bind(fine_since)
        .bind(ROWS_PER_FOLD)
        .fetch_one(connection)
        .await?;
    Ok(rows.unsigned_abs())
}
