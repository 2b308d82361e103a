use std::collections::HashMap;

use posthorn_domain::{DeliveryStatus, Timestamp, WebhookId};
use uuid::Uuid;

use crate::{error::StoreError, session::bounded, store::Store};

/// What a webhook has been sent since it was created; pruned history stays counted. And what its filter failed on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookTotals {
    /// Deliveries, each counted once.
    pub total_deliveries: u64,
    /// Those of them that the receiver took, each counted once.
    pub successful_deliveries: u64,
    /// When the last attempt was made.
    pub last_delivery_at: Option<Timestamp>,
    /// Where the delivery of the last attempt stood after it.
    pub last_delivery_status: Option<DeliveryStatus>,
    /// How often its filter failed on an event within the last 24 hours, counted by the hour.
    pub filter_failures_24h: u64,
}

#[derive(sqlx::FromRow)]
struct TotalsRow {
    webhook_id: Uuid,
    total: i64,
    successful: i64,
    last_at: Option<Timestamp>,
    last_status: Option<i16>,
    filter_failures: i64,
}

impl Store {
    /// The totals of the given webhooks.
    pub async fn webhook_totals(
        &self,
        ids: &[WebhookId],
    ) -> Result<HashMap<WebhookId, WebhookTotals>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<TotalsRow> = sqlx::query_as(
                "SELECT id AS webhook_id, coalesce(total, 0) AS total, coalesce(successful, 0) AS successful, last_at, last_status,
                     coalesce(filter_failures, 0) AS filter_failures
                 FROM unnest($1::uuid[]) AS id
                 LEFT JOIN (
                     SELECT webhook_id, sum(total)::bigint AS total, sum(successful)::bigint AS successful, max(last_at) AS last_at,
                         (array_agg(last_status ORDER BY last_at DESC NULLS LAST))[1] AS last_status
                     FROM webhook_totals WHERE webhook_id = ANY($1) GROUP BY webhook_id) sent ON sent.webhook_id = id
                 LEFT JOIN (
                     SELECT webhook_id, sum(failures)::bigint AS filter_failures FROM filter_failures
                     WHERE webhook_id = ANY($1) AND hour > now() - interval '24 hours' GROUP BY webhook_id)
                     failed ON failed.webhook_id = id",
            )
            .bind(&ids)
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            rows.iter().map(totals).collect()
        })
        .await
    }
}

fn totals(row: &TotalsRow) -> Result<(WebhookId, WebhookTotals), StoreError> {
    let id = WebhookId::from_uuid(row.webhook_id);
    let last_delivery_status = row
        .last_status
        .map(DeliveryStatus::from_code)
        .transpose()
        .map_err(|_| StoreError::Corrupt(format!("last status of webhook {id}")))?;
    let totals = WebhookTotals {
        total_deliveries: row.total.unsigned_abs(),
        successful_deliveries: row.successful.unsigned_abs(),
        last_delivery_at: row.last_at,
        last_delivery_status,
        filter_failures_24h: row.filter_failures.unsigned_abs(),
    };
    Ok((id, totals))
}
