//! Partitions by day.
//!
//! Events, deliveries and attempts are split by ranges of ids, one range for each day in UTC, because ids begin
//! with their time. [Retention](crate::retention) drops whole partitions: no `DELETE`, no vacuum. The tables' default partitions
//! take what no day's partition does (an event that waited in the stream for days, a clock that is wrong), so an
//! insert never fails for want of a partition; when a day's partition is made later, its rows move there.
//!
//! One service at a time does this, by an advisory lock; another that comes meanwhile has nothing to do.
//! Attaching a partition locks the default one, and dropping locks the whole table, for a moment: both give up
//! after [`DDL_LOCK_TIMEOUT`] rather than hold up those who write, and the next round tries again.

use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveTime};
use posthorn_domain::{DeliveryId, Timestamp};
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::{error::StoreError, session::bounded, store::Store};

/// Tables that are partitioned, and the column whose time counts.
pub(crate) const TABLES: [(&str, &str); 3] = [
    ("events", "id"),
    ("deliveries", "id"),
    ("attempts", "delivery_id"),
];
/// Days ahead for which partitions stand ready.
const DAYS_AHEAD: u64 = 7;
/// Days back for which they are made: what is on its way when the first service starts.
const DAYS_BACK: u64 = 1;
/// How long a change of the schema waits for a lock, in milliseconds.
const DDL_LOCK_TIMEOUT_MS: u32 = 500;
/// The advisory lock of whoever changes partitions.
const LOCK: i64 = 750_100_001;

/// The ids that belong to a day.
pub(crate) fn ids_of(day: NaiveDate) -> Range<Uuid> {
    let floor =
        |day: NaiveDate| DeliveryId::floor_at(day.and_time(NaiveTime::MIN).and_utc()).as_uuid();
    let next = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    floor(day)..floor(next)
}

pub(crate) fn partition_name(table: &str, day: NaiveDate) -> String {
    format!("{table}_{}", day.format("y%Ym%md%d"))
}

/// Reads [`partition_name`] back; `None` for the default partition and for what is not ours.
fn day_of(table: &str, partition: &str) -> Option<NaiveDate> {
    let day = partition.strip_prefix(table)?.strip_prefix('_')?;
    NaiveDate::parse_from_str(day, "y%Ym%md%d").ok()
}

impl Store {
    /// Makes the partitions of the days around `now`, a week ahead. Safe when several services do it at once.
    pub async fn ensure_partitions(&self, now: Timestamp) -> Result<(), StoreError> {
        let today = now.date_naive();
        let first = today
            .checked_sub_days(Days::new(DAYS_BACK))
            .unwrap_or(today);
        let last = today
            .checked_add_days(Days::new(DAYS_AHEAD))
            .unwrap_or(today);
        for (table, column) in TABLES {
            let present = self.partition_days(table).await?;
            let missing: Vec<NaiveDate> = first
                .iter_days()
                .take_while(|day| *day <= last)
                .filter(|day| !present.contains(day))
                .collect();
            if !missing.is_empty() {
                bounded(self.make_partitions(table, column, &missing)).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn partition_days(
        &self,
        table: &'static str,
    ) -> Result<Vec<NaiveDate>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let names: Vec<String> = sqlx::query_scalar(
                "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = to_regclass($1) ORDER BY 1",
            )
            .bind(table)
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok(names
                .iter()
                .filter_map(|name| day_of(table, name))
                .collect())
        })
        .await
    }

    /// `CREATE TABLE … PARTITION OF` would lock the whole table against everybody; a table that is made apart
    /// and attached locks the default partition alone, and that briefly, because it is all but empty.
    async fn make_partitions(
        &self,
        table: &str,
        column: &str,
        days: &[NaiveDate],
    ) -> Result<(), StoreError> {
        let mut session = self.session().await?;
        let mut tx = begin_ddl(&mut session).await?;
        // Names and bounds are made here, none comes from outside.
        let lock = format!("LOCK TABLE {table}_default IN ACCESS EXCLUSIVE MODE");
        sqlx::query(AssertSqlSafe(lock)).execute(&mut *tx).await?;
        for day in days {
            let partition = partition_name(table, *day);
            let made_meanwhile: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
                .bind(&partition)
                .fetch_one(&mut *tx)
                .await?;
            if made_meanwhile {
                continue;
            }
            let Range { start, end } = ids_of(*day);
            for statement in [
                format!(
                    "CREATE TABLE {partition} (LIKE {table}
                     INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION)"
                ),
                format!(
                    "WITH moved AS (
                         DELETE FROM {table}_default WHERE {column} >= '{start}' AND {column} < '{end}' RETURNING *)
                     INSERT INTO {partition} SELECT * FROM moved"
                ),
                format!(
                    "ALTER TABLE {table} ATTACH PARTITION {partition} FOR VALUES FROM ('{start}') TO ('{end}')"
                ),
            ] {
                sqlx::query(AssertSqlSafe(statement)).execute(&mut *tx).await?;
            }
        }
        tx.commit().await?;
        session.finish();
        Ok(())
    }
}

pub(crate) async fn begin_ddl(
    connection: &mut PgConnection,
) -> Result<Transaction<'_, Postgres>, StoreError> {
    let mut tx = sqlx::Connection::begin(connection).await?;
    // Whoever waits here waits for another service that does the same work.
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *tx)
        .await?;
    sqlx::query(AssertSqlSafe(format!(
        "SET LOCAL lock_timeout = {DDL_LOCK_TIMEOUT_MS}"
    )))
    .execute(&mut *tx)
    .await?;
    Ok(tx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_meet_without_a_gap() {
        let day: NaiveDate = "2024-02-28".parse().unwrap();
        let next: NaiveDate = "2024-02-29".parse().unwrap();
        assert_eq!(ids_of(day).end, ids_of(next).start);
        let noon = DeliveryId::floor_at("2024-02-28T12:00:00Z".parse().unwrap()).as_uuid();
        assert!(ids_of(day).contains(&noon) && !ids_of(next).contains(&noon));
    }

    #[test]
    fn a_partitions_name_tells_its_day() {
        let day: NaiveDate = "2026-11-02".parse().unwrap();
        assert_eq!(partition_name("events", day), "events_y2026m11d02");
        assert_eq!(day_of("events", "events_y2026m11d02"), Some(day));
        for other in [
            "events_default",
            "deliveries_y2026m11d02",
            "events_y2026m13d02",
        ] {
            assert_eq!(day_of("events", other), None, "{other}");
        }
    }
}
