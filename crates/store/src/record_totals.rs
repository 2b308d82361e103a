use std::collections::BTreeMap;

use posthorn_domain::{DeliveryStatus, Timestamp, WebhookId};
use sqlx::PgConnection;

use crate::{error::StoreError, record_rows::DeliveryRow};

/// What a batch adds to the totals of its webhooks, sorted by webhook: that order is the order of the locks.
#[derive(Debug, Default)]
pub(crate) struct Totals(BTreeMap<WebhookId, Added>);

#[derive(Debug, Default)]
struct Added {
    total: i64,
    successful: i64,
    last: Option<(Timestamp, DeliveryStatus)>,
}

fn success(status: DeliveryStatus) -> i64 {
    i64::from(status == DeliveryStatus::Success)
}

impl Totals {
    /// A delivery that was not recorded before.
    pub(crate) fn count_new(&mut self, row: &DeliveryRow<'_>) {
        let added = self.touch(row);
        added.total += 1;
        added.successful += success(row.record.status);
    }

    /// A delivery that was counted before, as one that stood at `before`. What succeeded and is run again by hand
    /// is no success until it succeeds again.
    pub(crate) fn count_known(&mut self, row: &DeliveryRow<'_>, before: DeliveryStatus) {
        let added = self.touch(row);
        added.successful += success(row.record.status) - success(before);
    }

    fn touch(&mut self, row: &DeliveryRow<'_>) -> &mut Added {
        let added = self.0.entry(row.record.webhook).or_default();
        if let Some(at) = row.last_attempt_at
            && added.last.is_none_or(|(last, _)| at >= last)
        {
            added.last = Some((at, row.record.status));
        }
        added
    }

    /// Adds them. Each connection has a shard of its own (nearly), so that replicas do not wait for each other's
    /// commits on the row of a busy webhook.
    pub(crate) async fn write(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let last = || self.0.values().map(|added| added.last);
        sqlx::query(
            "INSERT INTO webhook_totals AS t (webhook_id, shard, total, successful, last_at, last_status)
             SELECT webhook_id, (pg_backend_pid() % 16)::smallint, total, successful, last_at, last_status
             FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::smallint[])
                 AS new(webhook_id, total, successful, last_at, last_status)
             ON CONFLICT (webhook_id, shard) DO UPDATE SET
                 total = t.total + excluded.total,
                 successful = t.successful + excluded.successful,
                 last_status = CASE WHEN t.last_at IS NULL OR excluded.last_at >= t.last_at
                     THEN excluded.last_status ELSE t.last_status END,
                 last_at = GREATEST(t.last_at, excluded.last_at)",
        )
        .bind(self.0.keys().map(|id| id.as_uuid()).collect::<Vec<_>>())
        .bind(self.0.values().map(|added| added.total).collect::<Vec<_>>())
        .bind(self.0.values().map(|added| added.successful).collect::<Vec<_>>())
        .bind(last().map(|last| last.map(|(at, _)| at)).collect::<Vec<_>>())
        .bind(last().map(|last| last.map(|(_, status)| status.code())).collect::<Vec<_>>())
        .execute(connection)
        .await?;
        Ok(())
    }
}
