//! Many webhooks at a glance: what is wrong with each, and how it fared by the hour.

use std::collections::HashMap;

use chrono::TimeDelta;
use posthorn_domain::{TenantId, Timestamp, WebhookId, limits::FAILING_AFTER_ATTEMPTS};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{
    counted_page::CountedPage,
    error::StoreError,
    session::bounded,
    statistics::{BucketWidth, Outcomes, before},
    store::Store,
};

/// How far back activity looks.
const WINDOW: TimeDelta = TimeDelta::hours(23);

/// What is wrong with a webhook: the first of these that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookCondition {
    /// Nothing is sent to it.
    Disabled,
    /// Its breaker is open: the receiver is down.
    Down,
    /// The receiver asked to be left alone for a while.
    Throttled,
    /// Every attempt has failed lately.
    Failing,
    /// Nothing.
    Ok,
}

/// Which webhooks are wanted.
#[derive(Debug, Clone, Default)]
pub struct ActivityFilter {
    /// These; `None`: all of the tenant.
    pub ids: Option<Vec<WebhookId>>,
    /// Only those with which something is wrong.
    pub troubled: bool,
    /// Most to return.
    pub limit: u32,
    /// How many to skip.
    pub offset: u64,
}

/// A webhook at a glance.
#[derive(Debug, Clone)]
pub struct WebhookActivity {
    /// Which.
    pub webhook: WebhookId,
    /// What it is called.
    pub name: String,
    /// What is wrong with it.
    pub condition: WebhookCondition,
    /// Since when; for a disabled one, since its last change.
    pub since: Option<Timestamp>,
    /// What became of its deliveries, by the hour in which they were created; an hour without any is absent.
    pub hours: Vec<(Timestamp, Outcomes)>,
}

/// Webhooks at a glance, those in trouble first.
#[derive(Debug, Clone)]
pub struct Activity {
    /// The start of the first hour.
    pub since: Timestamp,
    /// The end of the last one.
    pub until: Timestamp,
    /// The webhooks of the page.
    pub webhooks: Vec<WebhookActivity>,
    /// How many there are on all pages.
    pub total: u64,
}

#[derive(sqlx::FromRow)]
struct ConditionRow {
    id: Uuid,
    name: String,
    condition: i32,
    since: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct HourRow {
    webhook_id: Uuid,
    start: Timestamp,
    deliveries: i64,
    successes: i64,
    failures: i64,
    attempts: i64,
    answered: i64,
    response_ms: i64,
}

/// The condition as a number, the worst first: see [`condition`].
fn conditions() -> String {
    let failing =
        format!("s.announced_since IS NOT NULL OR s.failures >= {FAILING_AFTER_ATTEMPTS}");
    format!(
        " FROM (SELECT w.id, w.name,
        CASE WHEN NOT w.enabled THEN 0 WHEN b.is_open THEN 1 WHEN b.silent_until > now() THEN 2
            WHEN {failing} THEN 3 ELSE 4 END AS condition,
        CASE WHEN NOT w.enabled THEN w.updated_at WHEN b.is_open THEN b.opened_at
            WHEN b.silent_until > now() THEN b.changed_at
            WHEN {failing} THEN coalesce(s.announced_since, s.failing_since) END AS since
    FROM webhooks w LEFT JOIN breakers b ON b.webhook_id = w.id LEFT JOIN failure_streaks s ON s.webhook_id = w.id
    WHERE w.deleted_at IS NULL AND w.tenant = "
    )
}

fn condition(code: i32) -> WebhookCondition {
    match code {
        0 => WebhookCondition::Disabled,
        1 => WebhookCondition::Down,
        2 => WebhookCondition::Throttled,
        3 => WebhookCondition::Failing,
        _ => WebhookCondition::Ok,
    }
}

impl ActivityFilter {
    fn push(&self, query: &mut QueryBuilder<Postgres>, tenant: &TenantId) {
        query
            .push(conditions())
            .push_bind(tenant.as_str().to_owned());
        if let Some(ids) = &self.ids {
            let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
            query.push(" AND w.id = ANY(").push_bind(ids).push(")");
        }
        query.push(") AS each");
        if self.troubled {
            query.push(" WHERE condition < 4");
        }
    }
}

impl Store {
    /// The tenant's webhooks at a glance: three queries, however many they are.
    pub async fn webhook_activity(
        &self,
        tenant: &TenantId,
        filter: &ActivityFilter,
    ) -> Result<Activity, StoreError> {
        let now = self.shared.clock.now();
        let since = BucketWidth::Hour.start_of(before(now, WINDOW));
        let until = BucketWidth::Hour.start_of(now) + BucketWidth::Hour.duration();
        bounded(async {
            let mut session = self.session().await?;
            let page = CountedPage {
                columns: "id, name, condition, since",
                // The newest first among those that are alike, as in the list of webhooks.
                order: "condition, id DESC",
                limit: filter.limit,
                offset: filter.offset,
            };
            let (rows, total) = page
                .read::<ConditionRow>(&mut session, |query| filter.push(query, tenant))
                .await?;
            let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
            let mut hours = hours(&mut session, tenant, &ids, since).await?;
            session.finish();
            let webhooks = rows.into_iter().map(|row| WebhookActivity {
                webhook: WebhookId::from_uuid(row.id),
                name: row.name,
                condition: condition(row.condition),
                since: row.since,
                hours: hours.remove(&row.id).unwrap_or_default(),
            });
            Ok(Activity {
                since,
                until,
                webhooks: webhooks.collect(),
                total,
            })
        })
        .await
    }
}

async fn hours(
    connection: &mut PgConnection,
    tenant: &TenantId,
    webhooks: &[Uuid],
    since: Timestamp,
) -> Result<HashMap<Uuid, Vec<(Timestamp, Outcomes)>>, StoreError> {
    let rows: Vec<HourRow> = sqlx::query_as(
        "SELECT webhook_id, start, sum(deliveries)::bigint AS deliveries, sum(successes)::bigint AS successes,
             sum(failures)::bigint AS failures, sum(attempts)::bigint AS attempts, sum(answered)::bigint AS answered,
             sum(response_ms)::bigint AS response_ms
         FROM (
             SELECT webhook_id, bucket AS start, deliveries, successes, failures, attempts, answered, response_ms
             FROM statistics_1h WHERE tenant = $1 AND webhook_id = ANY($2) AND bucket >= $3
             UNION ALL
             SELECT webhook_id, date_bin('1 hour', bucket, 'epoch'), deliveries, successes, failures, attempts, answered,
                 response_ms
             FROM statistics_deltas WHERE tenant = $1 AND webhook_id = ANY($2) AND bucket >= $3) AS counted
         GROUP BY webhook_id, start ORDER BY webhook_id, start",
    )
    .persistent(false)
    .bind(tenant.as_str())
    .bind(webhooks)
    .bind(since)
    .fetch_all(connection)
    .await?;
    let mut hours: HashMap<Uuid, Vec<_>> = HashMap::new();
    // A sum below zero cannot be; it would be a bug, and no reason to fail.
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    for row in rows {
        let outcomes = Outcomes {
            deliveries: count(row.deliveries),
            successes: count(row.successes),
            failures: count(row.failures),
            attempts: count(row.attempts),
            answered: count(row.answered),
            response_ms: count(row.response_ms),
        };
        hours
            .entry(row.webhook_id)
            .or_default()
            .push((row.start, outcomes));
    }
    Ok(hours)
}
