//! Statistics: how many deliveries, how they ended, how fast receivers are.
//!
//! The recorder inserts the differences that a batch makes, summed up by place, in the batch's own transaction
//! ([`crate::record_statistics`]): inserts of a few rows that wait for nobody. Every few seconds one deliverer folds
//! them into sums of 5 minutes and of an hour, for each webhook and for the whole tenant
//! ([`crate::statistics_fold`]). A read adds the differences that are not folded yet, in the same statement, so what
//! is recorded is counted at once and exactly once.
//!
//! All numbers of a delivery belong to the bucket in which it was created: a delivery of noon that succeeds at one
//! o'clock is a success of noon. So the successes of a bucket never exceed its deliveries.
//!
//! Sums of 5 minutes are kept for two days, sums of an hour for as long as deliveries. What was counted stays counted
//! when a webhook's history is pruned; the tenant's numbers keep what its deleted webhooks were sent.

use chrono::{DateTime, TimeDelta};
use posthorn_domain::{EventType, LatencyBucket, LatencyHistogram, TenantId, Timestamp, WebhookId};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::{error::StoreError, session::bounded, store::Store};

/// The finest bucket.
pub(crate) const FINE: TimeDelta = TimeDelta::minutes(5);
/// How long buckets of 5 minutes are kept.
pub(crate) const FINE_KEPT: TimeDelta = TimeDelta::hours(49);

/// The start of the bucket that a moment lies in; buckets are counted from the beginning of 1970, UTC.
pub(crate) fn start_of(moment: Timestamp, width: TimeDelta) -> Timestamp {
    let seconds = moment.timestamp();
    let start = seconds - seconds.rem_euclid(width.num_seconds());
    DateTime::from_timestamp(start, 0).unwrap_or(moment)
}

/// The beginning of the calendar if that would lie before it.
pub(crate) fn before(moment: Timestamp, by: TimeDelta) -> Timestamp {
    moment.checked_sub_signed(by).unwrap_or(Timestamp::MIN_UTC)
}

/// How finely statistics are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BucketWidth {
    /// 5 minutes; kept for two days.
    FiveMinutes,
    /// An hour.
    Hour,
    /// A day in UTC.
    Day,
}

impl BucketWidth {
    /// How long a bucket is.
    pub const fn duration(self) -> TimeDelta {
        match self {
            Self::FiveMinutes => FINE,
            Self::Hour => TimeDelta::hours(1),
            Self::Day => TimeDelta::days(1),
        }
    }

    /// The start of the bucket that a moment lies in.
    pub fn start_of(self, moment: Timestamp) -> Timestamp {
        start_of(moment, self.duration())
    }

    /// How far back such buckets are kept, where that is less than the retention of deliveries.
    pub const fn kept(self) -> Option<TimeDelta> {
        match self {
            // An hour less than they are: a request may take a moment, and clocks may differ.
            Self::FiveMinutes => Some(TimeDelta::hours(48)),
            Self::Hour | Self::Day => None,
        }
    }

    const fn tables(self) -> (&'static str, &'static str) {
        match self {
            Self::FiveMinutes => ("statistics_5m", "latency_5m"),
            Self::Hour | Self::Day => ("statistics_1h", "latency_1h"),
        }
    }
}

/// What became of deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Deliveries, each once.
    pub deliveries: u64,
    /// Those that stand as a success.
    pub successes: u64,
    /// Those that stand as failed for good.
    pub failures: u64,
    /// Attempts made for them.
    pub attempts: u64,
    /// Attempts that brought an HTTP answer, whatever it was.
    pub answered: u64,
    /// How long these took together, in milliseconds.
    pub response_ms: u64,
}

impl std::ops::Add for Outcomes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            deliveries: self.deliveries + other.deliveries,
            successes: self.successes + other.successes,
            failures: self.failures + other.failures,
            attempts: self.attempts + other.attempts,
            answered: self.answered + other.answered,
            response_ms: self.response_ms + other.response_ms,
        }
    }
}

/// Statistics of a stretch of time.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    /// By the bucket in which the deliveries were created, in order; one without any is absent.
    pub buckets: Vec<(Timestamp, Outcomes)>,
    /// By event type, the most frequent first.
    pub event_types: Vec<(EventType, Outcomes)>,
    /// Of the attempts that brought an answer.
    pub latency: LatencyHistogram,
}

/// Which statistics are wanted.
#[derive(Debug, Clone, Copy)]
pub struct StatisticsFilter {
    /// Of this webhook, or of all of the tenant.
    pub webhook: Option<WebhookId>,
    /// From this bucket on.
    pub since: Timestamp,
    /// Before this bucket.
    pub until: Timestamp,
    /// How finely they are cut.
    pub bucket: BucketWidth,
}

#[derive(sqlx::FromRow)]
struct OutcomeColumns {
    start: Option<Timestamp>,
    event_type: Option<String>,
    deliveries: i64,
    successes: i64,
    failures: i64,
    attempts: i64,
    answered: i64,
    response_ms: i64,
}

impl From<&OutcomeColumns> for Outcomes {
    fn from(row: &OutcomeColumns) -> Self {
        // A sum below zero cannot be; it would be a bug, and no reason to fail.
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Self {
            deliveries: count(row.deliveries),
            successes: count(row.successes),
            failures: count(row.failures),
            attempts: count(row.attempts),
            answered: count(row.answered),
            response_ms: count(row.response_ms),
        }
    }
}

impl Store {
    /// Statistics of the tenant, or of one of its webhooks, up to this moment.
    pub async fn statistics(
        &self,
        tenant: &TenantId,
        filter: &StatisticsFilter,
    ) -> Result<Statistics, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let outcomes = outcomes(&mut session, tenant, filter).await?;
            let latencies = latencies(&mut session, tenant, filter).await?;
            session.finish();
            let mut statistics = Statistics::default();
            for row in &outcomes {
                match (row.start, &row.event_type) {
                    (Some(start), _) => statistics.buckets.push((start, row.into())),
                    (None, Some(event_type)) => {
                        let event_type = event_type.parse().map_err(|_| {
                            StoreError::Corrupt("an event type in the statistics".to_owned())
                        })?;
                        statistics.event_types.push((event_type, row.into()));
                    }
                    (None, None) => {}
                }
            }
            for (latency, answered) in latencies {
                statistics
                    .latency
                    .add(LatencyBucket::from_code(latency), answered.unsigned_abs());
            }
            Ok(statistics)
        })
        .await
    }
}

/// A row for each bucket, then one for each event type.
async fn outcomes(
    connection: &mut PgConnection,
    tenant: &TenantId,
    filter: &StatisticsFilter,
) -> Result<Vec<OutcomeColumns>, StoreError> {
    let (table, _) = filter.bucket.tables();
    // The name is one of ours.
    let statement = format!(
        "SELECT start, event_type, sum(deliveries)::bigint AS deliveries, sum(successes)::bigint AS successes,
             sum(failures)::bigint AS failures, sum(attempts)::bigint AS attempts, sum(answered)::bigint AS answered,
             sum(response_ms)::bigint AS response_ms
         FROM (
             SELECT date_bin($6, bucket, 'epoch') AS start, event_type, deliveries, successes, failures, attempts,
                 answered, response_ms
             FROM {table} WHERE tenant = $1 AND webhook_id = $2 AND bucket >= $4 AND bucket < $5
             UNION ALL
             SELECT date_bin($6, bucket, 'epoch'), event_type, deliveries, successes, failures, attempts,
                 answered, response_ms
             FROM statistics_deltas WHERE tenant = $1 AND ($3::uuid IS NULL OR webhook_id = $3)
                 AND bucket >= $4 AND bucket < $5) AS counted
         GROUP BY GROUPING SETS ((start), (event_type)) ORDER BY start, deliveries DESC, event_type"
    );
    let webhook = filter.webhook.map(WebhookId::as_uuid);
    let rows = sqlx::query_as(AssertSqlSafe(statement))
        .persistent(false)
        .bind(tenant.as_str())
        .bind(webhook.unwrap_or_default())
        .bind(webhook)
        .bind(filter.since)
        .bind(filter.until)
        .bind(filter.bucket.duration())
        .fetch_all(connection)
        .await?;
    Ok(rows)
}

async fn latencies(
    connection: &mut PgConnection,
    tenant: &TenantId,
    filter: &StatisticsFilter,
) -> Result<Vec<(i16, i64)>, StoreError> {
    let (_, table) = filter.bucket.tables();
    let statement = format!(
        "SELECT latency, sum(answered)::bigint
         FROM (
             SELECT latency, answered FROM {table}
             WHERE tenant = $1 AND webhook_id = $2 AND bucket >= $4 AND bucket < $5
             UNION ALL
             SELECT latency, answered FROM latency_deltas
             WHERE tenant = $1 AND ($3::uuid IS NULL OR webhook_id = $3) AND bucket >= $4 AND bucket < $5) AS counted
         GROUP BY latency"
    );
    let webhook = filter.webhook.map(WebhookId::as_uuid);
    let rows = sqlx::query_as(AssertSqlSafe(statement))
        .persistent(false)
        .bind(tenant.as_str())
        .bind(webhook.unwrap_or_default())
        .bind(webhook)
        .bind(filter.since)
        .bind(filter.until)
        .fetch_all(connection)
        .await?;
    Ok(rows)
}
