//! How often filters failed on events.
//!
//! Deliverers count in memory and add what they counted every few seconds, many webhooks in one statement, so a filter that
//! fails on each of a million events costs one row an hour. Replicas add up, because each writes what it counted itself. The
//! hour is that of the database's clock when the count is written.
//!
//! Not guaranteed: what a process counted since its last write is lost when it dies, and an event that a process took again
//! after a crash is counted again.

use std::time::Duration;

use chrono::TimeDelta;
use posthorn_domain::{EventId, Timestamp, WebhookId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::StoreError, retention::RetentionTime, session::bounded, statistics::before,
    store::Store, text::clean,
};

/// Webhooks that one statement counts for.
const WEBHOOKS_PER_STATEMENT: usize = 1_000;
/// A reason is kept up to this length.
const REASON_CHARS_MAX: usize = 500;
/// An hour's count is deleted after this: it began more than a day ago.
const KEPT: TimeDelta = TimeDelta::hours(25);

/// Failures of one webhook's filter, as one process counted them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterFailureCount {
    /// Whose filter it is.
    pub webhook: WebhookId,
    /// How often it failed.
    pub failures: u64,
    /// The event that it failed on last.
    pub last_event: EventId,
    /// How long ago that was.
    pub last_ago: Duration,
    /// Why it failed then.
    pub last_reason: String,
}

/// The last time that a filter failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterFailure {
    /// On which event.
    pub event: EventId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// How a webhook's filter failed within the last 24 hours, counted by the hour.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecentFilterFailures {
    /// How often.
    pub count: u64,
    /// The last of them.
    pub last: Option<FilterFailure>,
}

impl Store {
    /// Adds what a process counted. Webhooks that are deleted are passed over.
    pub async fn add_filter_failures(
        &self,
        counts: &[FilterFailureCount],
    ) -> Result<(), StoreError> {
        for counts in counts.chunks(WEBHOOKS_PER_STATEMENT) {
            bounded(self.add_some_filter_failures(counts)).await?;
        }
        Ok(())
    }

    async fn add_some_filter_failures(
        &self,
        counts: &[FilterFailureCount],
    ) -> Result<(), StoreError> {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let ago_us = |count: &FilterFailureCount| {
            whole(u64::try_from(count.last_ago.as_micros()).unwrap_or(u64::MAX))
        };
        let ids: Vec<Uuid> = counts.iter().map(|count| count.webhook.as_uuid()).collect();
        let failures: Vec<i64> = counts.iter().map(|count| whole(count.failures)).collect();
        let events: Vec<Uuid> = counts
            .iter()
            .map(|count| count.last_event.as_uuid())
            .collect();
        let ago: Vec<i64> = counts.iter().map(ago_us).collect();
        let reasons: Vec<String> = counts
            .iter()
            .map(|count| shortened(&count.last_reason))
            .collect();
        let mut session = self.session().await?;
        // Whoever deletes a webhook waits for these locks, or is waited for: no count outlives its webhook. Sorted, so that
        // two replicas do not wait for each other in a circle.
        sqlx::query(
            "WITH live AS (SELECT id FROM webhooks WHERE id = ANY($1) AND deleted_at IS NULL ORDER BY id FOR KEY SHARE)
             INSERT INTO filter_failures AS kept (webhook_id, hour, failures, last_event_id, last_at, last_reason)
             SELECT live.id, date_trunc('hour', now(), 'UTC'), failures, event_id, now() - ago_us * interval '1 microsecond', reason
             FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::text[])
                 AS counted(webhook_id, failures, event_id, ago_us, reason) JOIN live ON live.id = counted.webhook_id
             ORDER BY live.id
             ON CONFLICT (webhook_id, hour) DO UPDATE SET
                 failures = kept.failures + excluded.failures,
                 last_event_id = CASE WHEN excluded.last_at >= kept.last_at THEN excluded.last_event_id ELSE kept.last_event_id END,
                 last_reason = CASE WHEN excluded.last_at >= kept.last_at THEN excluded.last_reason ELSE kept.last_reason END,
                 last_at = greatest(kept.last_at, excluded.last_at)",
        )
        .bind(&ids)
        .bind(&failures)
        .bind(&events)
        .bind(&ago)
        .bind(&reasons)
        .execute(&mut *session)
        .await?;
        session.finish();
        Ok(())
    }

    /// Deletes counts of hours that nobody asks for any more; how many rows that were.
    pub async fn drop_old_filter_failures(&self, time: RetentionTime) -> Result<u64, StoreError> {
        self.delete_in_rounds(
            "DELETE FROM filter_failures WHERE ctid = ANY (ARRAY(
                 SELECT ctid FROM filter_failures WHERE hour < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))",
            before(time.now(), KEPT),
        )
        .await
    }
}

/// How a webhook's filter failed lately.
pub(crate) async fn recent_filter_failures(
    connection: &mut PgConnection,
    webhook: WebhookId,
) -> Result<RecentFilterFailures, StoreError> {
    let row: Option<(i64, Uuid, Timestamp, String)> = sqlx::query_as(
        "SELECT (sum(failures) OVER ())::bigint, last_event_id, last_at, last_reason FROM filter_failures
         WHERE webhook_id = $1 AND hour > now() - interval '24 hours' ORDER BY last_at DESC LIMIT 1",
    )
    .bind(webhook.as_uuid())
    .fetch_optional(connection)
    .await?;
    Ok(row.map_or_else(
        RecentFilterFailures::default,
        |(count, event, at, reason)| RecentFilterFailures {
            count: count.unsigned_abs(),
            last: Some(FilterFailure {
                event: EventId::from_uuid(event),
                at,
                reason,
            }),
        },
    ))
}

/// Forgets what was counted for webhooks that are being deleted.
pub(crate) async fn forget_filter_failures(
    connection: &mut PgConnection,
    webhooks: &[Uuid],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM filter_failures WHERE webhook_id = ANY($1)")
        .bind(webhooks)
        .execute(connection)
        .await?;
    Ok(())
}

fn shortened(reason: &str) -> String {
    let reason = clean(reason);
    match reason.char_indices().nth(REASON_CHARS_MAX) {
        None => reason.into_owned(),
        Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or_default()),
    }
}
