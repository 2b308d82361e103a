use chrono::TimeDelta;
use posthorn_domain::TenantId;

use crate::{
    error::StoreError,
    session::bounded,
    statistics::{BucketWidth, Outcomes, before},
    store::Store,
};

/// How far back health looks.
const WINDOW: TimeDelta = TimeDelta::hours(24);
/// Above this share of successes among the settled deliveries a webhook is healthy.
const HEALTHY_ABOVE: f64 = 0.9;
/// Below this it is unhealthy.
const UNHEALTHY_BELOW: f64 = 0.5;

/// How the webhooks of a tenant fare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookHealth {
    /// Webhooks.
    pub total: u64,
    /// Those of them that are enabled.
    pub enabled: u64,
    /// Those with more than 90 % successes among the deliveries that were created in the last 24 hours and are
    /// settled. A webhook without any is neither healthy nor unhealthy.
    pub healthy: u64,
    /// Those with less than 50 %.
    pub unhealthy: u64,
    /// What became of the deliveries of the last 24 hours (whole buckets of 5 minutes) to these webhooks.
    pub outcomes: Outcomes,
}

#[derive(sqlx::FromRow)]
struct HealthColumns {
    total: i64,
    enabled: i64,
    healthy: i64,
    unhealthy: i64,
    deliveries: i64,
    successes: i64,
    failures: i64,
    attempts: i64,
    answered: i64,
    response_ms: i64,
}

/// Whole hours come from the sums of an hour, the rest of the first one from those of 5 minutes.
const HEALTH: &str = "WITH fresh AS MATERIALIZED (
         SELECT webhook_id, sum(deliveries) AS deliveries, sum(successes) AS successes, sum(failures) AS failures,
             sum(attempts) AS attempts, sum(answered) AS answered, sum(response_ms) AS response_ms
         FROM statistics_deltas WHERE tenant = $1 AND bucket >= $2 GROUP BY webhook_id),
     each AS (
         SELECT webhooks.enabled, COALESCE(sum(deliveries), 0)::bigint AS deliveries,
             COALESCE(sum(successes), 0)::bigint AS successes, COALESCE(sum(failures), 0)::bigint AS failures,
             COALESCE(sum(attempts), 0)::bigint AS attempts, COALESCE(sum(answered), 0)::bigint AS answered,
             COALESCE(sum(response_ms), 0)::bigint AS response_ms
         FROM webhooks LEFT JOIN LATERAL (
             SELECT deliveries, successes, failures, attempts, answered, response_ms FROM statistics_5m AS s
             WHERE s.tenant = $1 AND s.webhook_id = webhooks.id AND s.bucket >= $2 AND s.bucket < $3
             UNION ALL
             SELECT deliveries, successes, failures, attempts, answered, response_ms FROM statistics_1h AS s
             WHERE s.tenant = $1 AND s.webhook_id = webhooks.id AND s.bucket >= $3
             UNION ALL
             SELECT deliveries, successes, failures, attempts, answered, response_ms FROM fresh
             WHERE fresh.webhook_id = webhooks.id) AS counted ON true
         WHERE webhooks.tenant = $1 AND webhooks.deleted_at IS NULL GROUP BY webhooks.id)
     SELECT count(*) AS total, count(*) FILTER (WHERE enabled) AS enabled,
         count(*) FILTER (WHERE successes > $4 * (successes + failures)) AS healthy,
         count(*) FILTER (WHERE successes < $5 * (successes + failures)) AS unhealthy,
         COALESCE(sum(deliveries), 0)::bigint AS deliveries, COALESCE(sum(successes), 0)::bigint AS successes,
         COALESCE(sum(failures), 0)::bigint AS failures, COALESCE(sum(attempts), 0)::bigint AS attempts,
         COALESCE(sum(answered), 0)::bigint AS answered, COALESCE(sum(response_ms), 0)::bigint AS response_ms
     FROM each";

impl Store {
    /// How the tenant's webhooks fared in the last 24 hours. One query, however many they are.
    pub async fn webhook_health(&self, tenant: &TenantId) -> Result<WebhookHealth, StoreError> {
        let since = BucketWidth::FiveMinutes.start_of(before(self.shared.clock.now(), WINDOW));
        let first_hour = BucketWidth::Hour.start_of(since);
        let whole_hours_since = if first_hour == since {
            since
        } else {
            first_hour + BucketWidth::Hour.duration()
        };
        let row: HealthColumns = bounded(async {
            let mut session = self.session().await?;
            let row = sqlx::query_as(HEALTH)
                .persistent(false)
                .bind(tenant.as_str())
                .bind(since)
                .bind(whole_hours_since)
                .bind(HEALTHY_ABOVE)
                .bind(UNHEALTHY_BELOW)
                .fetch_one(&mut *session)
                .await?;
            session.finish();
            Ok::<_, StoreError>(row)
        })
        .await?;
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        Ok(WebhookHealth {
            total: count(row.total),
            enabled: count(row.enabled),
            healthy: count(row.healthy),
            unhealthy: count(row.unhealthy),
            outcomes: Outcomes {
                deliveries: count(row.deliveries),
                successes: count(row.successes),
                failures: count(row.failures),
                attempts: count(row.attempts),
                answered: count(row.answered),
                response_ms: count(row.response_ms),
            },
        })
    }
}
