use chrono::TimeDelta;
use posthorn_domain::{Timestamp, WebhookId, limits::STATISTICS_BUCKETS_MAX};
use posthorn_store::{BucketWidth, StatisticsFilter};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::{
    extract::{Moment, time},
    problem::Problem,
};

/// The stretch of time that is meant where nobody says.
const SPAN_DEFAULT: TimeDelta = TimeDelta::hours(24);

/// Which stretch of time, and how finely it is cut.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StatisticsParams {
    /// Deliveries created from this moment on (24 hours before `until`). Whole buckets count: the answer says which.
    #[param(value_type = Option<DateTime<Utc>>, example = "2026-01-25T12:00:00Z")]
    since: Option<Moment>,
    /// Deliveries created before this moment (now).
    #[param(value_type = Option<DateTime<Utc>>, example = "2026-01-26T12:00:00Z")]
    until: Option<Moment>,
    /// How finely time is cut (`1h`). Buckets of `5m` reach back 48 hours, the others as far as deliveries are kept;
    /// at most 1,000 of them.
    #[param(inline)]
    bucket: Option<BucketParam>,
}

/// How finely time is cut: 5 minutes, an hour, or a day in UTC.
#[derive(Deserialize, Clone, Copy, ToSchema)]
pub(crate) enum BucketParam {
    #[serde(rename = "5m")]
    FiveMinutes,
    #[serde(rename = "1h")]
    Hour,
    #[serde(rename = "1d")]
    Day,
}

impl From<BucketParam> for BucketWidth {
    fn from(bucket: BucketParam) -> Self {
        match bucket {
            BucketParam::FiveMinutes => Self::FiveMinutes,
            BucketParam::Hour => Self::Hour,
            BucketParam::Day => Self::Day,
        }
    }
}

impl StatisticsParams {
    /// Whole buckets that hold every moment from `since` to `until`, none of them in the future.
    pub(super) fn filter(
        &self,
        webhook: Option<WebhookId>,
        now: Timestamp,
    ) -> Result<StatisticsFilter, Problem> {
        let bucket: BucketWidth = self.bucket.map_or(BucketWidth::Hour, Into::into);
        let until = time(self.until).unwrap_or(now);
        let since = match time(self.since) {
            Some(since) => since,
            None => until
                .checked_sub_signed(SPAN_DEFAULT)
                .ok_or_else(|| Problem::field("until", "is too early"))?,
        };
        if since >= until {
            return Err(Problem::field("since", "must lie before `until`"));
        }
        let until = until.min(now);
        if since >= until {
            return Err(Problem::field("since", "lies in the future"));
        }
        let first = bucket.start_of(since);
        if let Some(kept) = bucket.kept()
            && first < bucket.start_of(now - kept)
        {
            return Err(Problem::field(
                "since",
                "buckets of 5m are kept for 48 hours: ask for `bucket=1h`",
            ));
        }
        // The last bucket is the one of the last moment before `until`.
        let last = bucket.start_of(until - TimeDelta::nanoseconds(1));
        let count = (last - first).num_seconds() / bucket.duration().num_seconds() + 1;
        if count > STATISTICS_BUCKETS_MAX {
            return Err(Problem::field(
                "since",
                format!(
                    "that makes {count} buckets; at most {STATISTICS_BUCKETS_MAX} are answered"
                ),
            ));
        }
        Ok(StatisticsFilter {
            webhook,
            since: first,
            until: last + bucket.duration(),
            bucket,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-10T12:34:56Z";

    fn filter(query: &str) -> Result<StatisticsFilter, String> {
        let params: StatisticsParams = serde_urlencoded::from_str(query).unwrap();
        params
            .filter(None, NOW.parse().unwrap())
            .map_err(|problem| format!("{problem:?}"))
    }

    fn span(query: &str) -> String {
        let filter = filter(query).unwrap();
        let text = |moment: Timestamp| moment.format("%dT%H:%M").to_string();
        format!("{} {}", text(filter.since), text(filter.until))
    }

    #[test]
    fn whole_buckets_hold_the_whole_span_and_not_the_future() {
        assert_eq!(span(""), "09T12:00 10T13:00");
        assert_eq!(span("bucket=5m"), "09T12:30 10T12:35");
        assert_eq!(span("bucket=1d"), "09T00:00 11T00:00");
        assert_eq!(
            span("since=2026-03-08T12:34:56Z&bucket=5m"),
            "08T12:30 10T12:35"
        );
        assert_eq!(
            span("since=2026-03-10T10:00:00Z&until=2026-03-10T12:00:00Z"),
            "10T10:00 10T12:00"
        );
        assert_eq!(
            span("since=2026-03-10T10:00:00Z&until=2030-01-01T00:00:00Z"),
            "10T10:00 10T13:00"
        );
        assert_eq!(span("until=2026-03-10T00:00:00Z"), "09T00:00 10T00:00");
    }

    #[test]
    fn what_cannot_be_answered_is_refused() {
        for query in [
            "since=2026-03-10T12:00:00Z&until=2026-03-10T12:00:00Z",
            "since=2026-03-10T12:34:57Z&until=2027-01-01T00:00:00Z",
            "since=2026-03-08T12:29:59Z&bucket=5m",
            "since=2026-01-01T00:00:00Z&bucket=1h",
            "since=0001-01-01T00:00:00Z&bucket=1d",
        ] {
            assert!(filter(query).unwrap_err().contains("since"), "{query}");
        }
        // 1,000 buckets and not one more.
        assert!(filter("since=2026-01-27T21:00:00Z").is_ok());
        assert!(filter("since=2026-01-27T20:59:59Z").is_err());
    }
}
