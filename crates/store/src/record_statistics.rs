//! What a batch adds to the statistics. How they work: [`crate::statistics`].

use std::collections::{BTreeMap, HashMap};

use posthorn_domain::{DeliveryId, DeliveryStatus, LatencyBucket};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::StoreError,
    records::{AttemptRecord, DeliveryRecord},
    statistics::{FINE, start_of},
};

/// Where a number belongs: tenant, webhook, and the bucket in which the delivery was created (Unix seconds).
type Place<'a> = (&'a str, Uuid, i64);

/// The differences that a batch makes, summed up, so that a row is written for each place and not for each delivery.
#[derive(Debug, Default)]
pub(crate) struct StatisticsDelta<'a> {
    by_type: BTreeMap<(Place<'a>, &'a str), Added>,
    latencies: BTreeMap<(Place<'a>, LatencyBucket), i32>,
    /// The deliveries that moved, each with the attempts that were counted before.
    moved: HashMap<DeliveryId, (&'a DeliveryRecord, u32)>,
}

#[derive(Debug, Default)]
struct Added {
    deliveries: i32,
    successes: i32,
    failures: i32,
    attempts: i32,
    answered: i32,
    response_ms: i64,
}

fn place(record: &DeliveryRecord) -> Place<'_> {
    // The id's time is the delivery's for ever, whatever a later record says.
    let bucket = start_of(record.id.time(), FINE);
    (
        record.tenant.as_str(),
        record.webhook.as_uuid(),
        bucket.timestamp(),
    )
}

impl<'a> StatisticsDelta<'a> {
    /// A delivery that was not recorded before.
    pub(crate) fn count_new(&mut self, record: &'a DeliveryRecord) {
        self.added(record).deliveries += 1;
        self.count_move(record, None, 0);
    }

    /// A delivery that stood elsewhere before, after so many attempts.
    pub(crate) fn count_known(
        &mut self,
        record: &'a DeliveryRecord,
        before: DeliveryStatus,
        attempts_before: i32,
    ) {
        self.count_move(record, Some(before), attempts_before.unsigned_abs());
    }

    fn count_move(
        &mut self,
        record: &'a DeliveryRecord,
        before: Option<DeliveryStatus>,
        attempts_before: u32,
    ) {
        let difference =
            |status| i32::from(record.status == status) - i32::from(before == Some(status));
        let added = self.added(record);
        added.successes += difference(DeliveryStatus::Success);
        added.failures += difference(DeliveryStatus::Failed);
        let attempts = record.attempt_count.saturating_sub(attempts_before);
        added.attempts += i32::try_from(attempts).unwrap_or(i32::MAX);
        self.moved.insert(record.id, (record, attempts_before));
    }

    /// The batch's attempts, each once. Counted are those that their delivery's move brought.
    pub(crate) fn count_attempts(&mut self, attempts: &[&AttemptRecord]) {
        for attempt in attempts {
            let (Some(&(record, before)), Some(ms)) = (
                self.moved.get(&attempt.delivery),
                attempt.status_code.and(attempt.response_time_ms),
            ) else {
                continue;
            };
            if attempt.number <= before {
                continue;
            }
            let added = self.added(record);
            added.answered += 1;
            added.response_ms += i64::from(ms);
            *self
                .latencies
                .entry((place(record), LatencyBucket::of_ms(ms)))
                .or_default() += 1;
        }
    }

    fn added(&mut self, record: &'a DeliveryRecord) -> &mut Added {
        self.by_type
            .entry((place(record), record.event_type.as_str()))
            .or_default()
    }

    /// Writes the differences: inserts alone, so that nobody waits for anybody.
    pub(crate) async fn write(&self, connection: &mut PgConnection) -> Result<(), StoreError> {
        if self.by_type.is_empty() {
            return Ok(());
        }
        let number = |of: fn(&Added) -> i32| self.by_type.values().map(of).collect::<Vec<_>>();
        sqlx::query(
            "WITH latencies AS (
                 INSERT INTO latency_deltas (tenant, webhook_id, bucket, latency, answered)
                 SELECT tenant, webhook_id, to_timestamp(bucket), latency, answered
                 FROM UNNEST($11::text[], $12::uuid[], $13::bigint[], $14::smallint[], $15::integer[])
                     AS new(tenant, webhook_id, bucket, latency, answered))
             INSERT INTO statistics_deltas (tenant, webhook_id, bucket, event_type, deliveries, successes, failures,
                 attempts, answered, response_ms)
             SELECT tenant, webhook_id, to_timestamp(bucket), event_type, deliveries, successes, failures,
                 attempts, answered, response_ms
             FROM UNNEST($1::text[], $2::uuid[], $3::bigint[], $4::text[], $5::integer[], $6::integer[], $7::integer[],
                 $8::integer[], $9::integer[], $10::bigint[])
                 AS new(tenant, webhook_id, bucket, event_type, deliveries, successes, failures, attempts, answered,
                     response_ms)",
        )
        .bind(self.by_type.keys().map(|(place, _)| place.0).collect::<Vec<_>>())
        .bind(self.by_type.keys().map(|(place, _)| place.1).collect::<Vec<_>>())
        .bind(self.by_type.keys().map(|(place, _)| place.2).collect::<Vec<_>>())
        .bind(self.by_type.keys().map(|(_, event_type)| *event_type).collect::<Vec<_>>())
        .bind(number(|added| added.deliveries))
        .bind(number(|added| added.successes))
        .bind(number(|added| added.failures))
        .bind(number(|added| added.attempts))
        .bind(number(|added| added.answered))
        .bind(self.by_type.values().map(|added| added.response_ms).collect::<Vec<_>>())
        .bind(self.latencies.keys().map(|(place, _)| place.0).collect::<Vec<_>>())
        .bind(self.latencies.keys().map(|(place, _)| place.1).collect::<Vec<_>>())
        .bind(self.latencies.keys().map(|(place, _)| place.2).collect::<Vec<_>>())
        .bind(self.latencies.keys().map(|(_, latency)| latency.code()).collect::<Vec<_>>())
        .bind(self.latencies.values().copied().collect::<Vec<_>>())
        .execute(connection)
        .await?;
        Ok(())
    }
}
