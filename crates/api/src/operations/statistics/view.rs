use std::collections::HashMap;

use chrono::{DateTime, Utc};
use posthorn_domain::{EventType, Timestamp, limits::STATISTICS_EVENT_TYPES_MAX};
use posthorn_store::{BucketWidth, Outcomes, Statistics, StatisticsFilter};
use serde::Serialize;
use utoipa::ToSchema;

/// How many deliveries were created in a stretch of time, and what became of them up to now.
#[derive(Serialize, ToSchema)]
#[schema(as = Statistics)]
pub(crate) struct StatisticsView {
    /// Start of the first bucket.
    since: DateTime<Utc>,
    /// End of the last bucket.
    until: DateTime<Utc>,
    /// Length of a bucket, in seconds.
    #[schema(example = 3600)]
    bucket_seconds: i64,
    /// Deliveries that were created.
    #[schema(example = 1200)]
    deliveries: u64,
    /// Those of them that stand as a success now.
    #[schema(example = 1187)]
    successes: u64,
    /// Those of them that stand as failed now.
    #[schema(example = 4)]
    failures: u64,
    /// Successes among the settled ones, from 0 to 1; null if none is settled.
    #[schema(example = 0.9966)]
    success_rate: Option<f64>,
    /// Attempts for each delivery; null if there is none.
    #[schema(example = 1.02)]
    average_attempts: Option<f64>,
    /// Mean time of the attempts that brought an HTTP answer, in milliseconds; null if none did.
    #[schema(example = 48.5)]
    average_response_time_ms: Option<f64>,
    latency_ms: LatencyView,
    /// One for each bucket, also where nothing was created.
    buckets: Vec<BucketView>,
    /// By event type, the most frequent first; at most 1,000.
    event_types: Vec<EventTypeView>,
}

/// Percentiles of the time to an HTTP answer, in milliseconds, within 9 %; null if there was none.
#[derive(Serialize, ToSchema)]
#[schema(as = Latency)]
pub(crate) struct LatencyView {
    #[schema(example = 41)]
    p50: Option<u32>,
    #[schema(example = 83)]
    p90: Option<u32>,
    #[schema(example = 99)]
    p95: Option<u32>,
    #[schema(example = 235)]
    p99: Option<u32>,
}

/// What was created in a bucket.
#[derive(Serialize, ToSchema)]
#[schema(as = StatisticsBucket)]
pub(crate) struct BucketView {
    start: DateTime<Utc>,
    #[schema(example = 50)]
    deliveries: u64,
    #[schema(example = 49)]
    successes: u64,
    #[schema(example = 1)]
    failures: u64,
    #[schema(example = 47.9)]
    average_response_time_ms: Option<f64>,
}

/// What was created of an event type.
#[derive(Serialize, ToSchema)]
#[schema(as = EventTypeStatistics)]
pub(crate) struct EventTypeView {
    #[schema(value_type = String, example = "user.created")]
    event_type: EventType,
    #[schema(example = 700)]
    deliveries: u64,
    #[schema(example = 698)]
    successes: u64,
    #[schema(example = 1)]
    failures: u64,
    #[schema(example = 1.01)]
    average_attempts: Option<f64>,
}

impl StatisticsView {
    pub(super) fn new(filter: &StatisticsFilter, statistics: Statistics) -> Self {
        let all = sum(&statistics);
        let percentile = |percent| statistics.latency.percentile_ms(percent);
        Self {
            since: filter.since,
            until: filter.until,
            bucket_seconds: filter.bucket.duration().num_seconds(),
            deliveries: all.deliveries,
            successes: all.successes,
            failures: all.failures,
            success_rate: ratio(all.successes, all.successes + all.failures, 10_000.0),
            average_attempts: ratio(all.attempts, all.deliveries, 100.0),
            average_response_time_ms: average_response_time_ms(&all),
            latency_ms: LatencyView {
                p50: percentile(50),
                p90: percentile(90),
                p95: percentile(95),
                p99: percentile(99),
            },
            buckets: buckets_without_gaps(
                filter.since,
                filter.until,
                filter.bucket,
                &statistics.buckets,
            ),
            event_types: statistics
                .event_types
                .into_iter()
                .take(STATISTICS_EVENT_TYPES_MAX)
                .map(|(event_type, outcomes)| EventTypeView {
                    event_type,
                    deliveries: outcomes.deliveries,
                    successes: outcomes.successes,
                    failures: outcomes.failures,
                    average_attempts: ratio(outcomes.attempts, outcomes.deliveries, 100.0),
                })
                .collect(),
        }
    }
}

fn sum(statistics: &Statistics) -> Outcomes {
    let outcomes = statistics.buckets.iter().map(|(_, outcomes)| *outcomes);
    outcomes.fold(Outcomes::default(), std::ops::Add::add)
}

/// One for each bucket between two moments, whether something was found in it or not.
pub(super) fn buckets_without_gaps(
    since: Timestamp,
    until: Timestamp,
    width: BucketWidth,
    found: &[(Timestamp, Outcomes)],
) -> Vec<BucketView> {
    let found: HashMap<Timestamp, Outcomes> = found.iter().copied().collect();
    let mut buckets = Vec::new();
    let mut start = since;
    while start < until {
        let outcomes = found.get(&start).copied().unwrap_or_default();
        buckets.push(BucketView {
            start,
            deliveries: outcomes.deliveries,
            successes: outcomes.successes,
            failures: outcomes.failures,
            average_response_time_ms: average_response_time_ms(&outcomes),
        });
        start += width.duration();
    }
    buckets
}

/// Mean time to an HTTP answer, to a tenth of a millisecond.
pub(crate) fn average_response_time_ms(outcomes: &Outcomes) -> Option<f64> {
    ratio(outcomes.response_ms, outcomes.answered, 10.0)
}

/// A quotient, rounded to one `parts`-th; none of nothing.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts below 2^53, and rounded anyway"
)]
pub(super) fn ratio(of: u64, whole: u64, parts: f64) -> Option<f64> {
    (whole > 0).then(|| (of as f64 / whole as f64 * parts).round() / parts)
}
