//! Retention: what is dropped for its age, by whose clock, and what is spared.
//!
//! Age is judged by the database's clock, never by a process's: a process whose clock is days ahead would drop all
//! there is. A process also drops nothing while its own clock and the database's are more than [`CLOCKS_APART_MAX`]
//! apart, because then either of them may be the wrong one.
//!
//! A day's partitions are dropped whole. Deliveries that are not settled outlive them: they are moved to the default
//! partition, with their attempts and their event, and stay there until they are settled. So a delivery that is retried
//! for longer than the retention keeps its one row, and is counted once.
//!
//! What is not promised: a delivery that settles after its day was dropped is deleted with the next round, and a day
//! with more than [`UNSETTLED_MOVED_MAX`] unsettled deliveries stays whole until fewer are left.

use std::{collections::BTreeSet, ops::Range};

use chrono::{Days, NaiveDate, TimeDelta};
use posthorn_domain::{Clock, DeliveryStatus, Timestamp};
use sqlx::AssertSqlSafe;
use tracing::{info, warn};
use uuid::Uuid;

use crate::{
    error::StoreError,
    partitions::{begin_ddl, ids_of, partition_name},
    session::bounded,
    store::Store,
};

/// A process whose clock and the database's are further apart than this drops nothing.
pub const CLOCKS_APART_MAX: TimeDelta = TimeDelta::hours(1);
/// Unsettled deliveries of one day that are moved before its partition is dropped. Moving holds the table locked: so
/// many rows take a second or two.
const UNSETTLED_MOVED_MAX: i64 = 20_000;
/// Rows that one statement deletes from a default partition.
const EXPIRED_ROWS_PER_STATEMENT: i64 = 10_000;

/// The time by which things are dropped for their age: the database's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionTime(Timestamp);

/// The clocks of a process and of the database differ by more than [`CLOCKS_APART_MAX`]: nothing is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this process's clock shows {own} and PostgreSQL's {database}: nothing is dropped for its age until they agree"
)]
pub struct ClocksApart {
    /// What the process's clock showed.
    pub own: Timestamp,
    /// What the database's clock showed.
    pub database: Timestamp,
}

/// How long things are kept, in days.
#[derive(Debug, Clone, Copy)]
pub struct KeptDays {
    /// Events, deliveries, attempts, statistics, dead letters, replays, what webhooks wanted before they were changed.
    pub log: u32,
    /// The audit log.
    pub audit: u32,
    /// The row from which replicas learn that a webhook was deleted.
    pub deleted_webhooks: u32,
}

impl RetentionTime {
    /// What the database's clock shows.
    pub fn of_database(now: Timestamp) -> Self {
        Self(now)
    }

    /// The moment itself.
    pub fn now(self) -> Timestamp {
        self.0
    }

    /// So many days before.
    pub(crate) fn days_before(self, days: u32) -> Timestamp {
        self.0
            .checked_sub_signed(TimeDelta::days(days.into()))
            .unwrap_or(Timestamp::MIN_UTC)
    }

    /// The first day that is kept, if so many whole days are.
    fn first_kept_day(self, days: u32) -> Option<NaiveDate> {
        self.0.date_naive().checked_sub_days(Days::new(days.into()))
    }
}

impl Store {
    /// What the database's clock shows.
    pub async fn database_time(&self) -> Result<Timestamp, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let now = sqlx::query_scalar("SELECT clock_timestamp()")
                .fetch_one(&mut *session)
                .await?;
            session.finish();
            Ok(now)
        })
        .await
    }

    /// The time by which things may be dropped, unless the process's own clock and the database's are too far apart.
    pub async fn retention_time(
        &self,
        own: &dyn Clock,
    ) -> Result<Result<RetentionTime, ClocksApart>, StoreError> {
        let asked = own.now();
        let database = self.database_time().await?;
        let answered = own.now();
        // Between the two moments the answer was given, by the process's clock.
        let apart = database < asked - CLOCKS_APART_MAX || database > answered + CLOCKS_APART_MAX;
        Ok(if apart {
            Err(ClocksApart {
                own: answered,
                database,
            })
        } else {
            Ok(RetentionTime(database))
        })
    }

    /// Drops everything that is older than it is kept; nothing at all while the clocks are apart.
    ///
    /// Any service may call it at any time, and several at once.
    pub async fn apply_retention(
        &self,
        own: &dyn Clock,
        kept: KeptDays,
    ) -> Result<Result<(), ClocksApart>, StoreError> {
        let time = match self.retention_time(own).await? {
            Ok(time) => time,
            Err(apart) => return Ok(Err(apart)),
        };
        self.drop_expired(time, kept.log).await?;
        self.drop_expired_statistics(time, kept.log).await?;
        self.drop_expired_letters(time, kept.log).await?;
        self.drop_old_replays(time, kept.log).await?;
        self.drop_old_erasures(time, kept.log).await?;
        self.drop_old_tombstones(time, kept.log).await?;
        self.drop_old_filter_failures(time).await?;
        self.drop_former_subscriptions(time, kept.log).await?;
        self.drop_expired_audit(time, kept.audit).await?;
        self.forget_deleted(time, kept.deleted_webhooks).await?;
        Ok(Ok(()))
    }

    /// Drops the partitions of days that are older than `days` whole days; how many that were. Deliveries that are
    /// not settled are moved to the default partition before, with what belongs to them.
    ///
    /// A partition that is in use is left for the next time.
    pub async fn drop_expired(&self, time: RetentionTime, days: u32) -> Result<u32, StoreError> {
        let Some(first_kept) = time.first_kept_day(days) else {
            return Ok(0);
        };
        let mut dropped = 0;
        // What belongs to deliveries goes by what is left of these, so they come first.
        for table in [Table::Deliveries, Table::Attempts, Table::Events] {
            let spared = if table == Table::Deliveries {
                BTreeSet::new()
            } else {
                self.expired_days(Table::Deliveries, first_kept).await?
            };
            for day in self.expired_days(table, first_kept).await? {
                if spared.contains(&day) {
                    continue;
                }
                let name = table.name();
                match bounded(self.drop_day(table, day)).await {
                    Ok(Some(moved)) => {
                        dropped += 1;
                        info!(table = name, %day, moved, "Dropped the {name} of {day}: older than {days} days; {moved} of them belong to deliveries that are not settled, and stay");
                    }
                    Ok(None) => {
                        warn!(table = name, %day, "Kept the {name} of {day} though they are older than {days} days: more than {UNSETTLED_MOVED_MAX} deliveries of that day are not settled");
                    }
                    Err(error) => {
                        warn!(table = name, %day, %error, "Could not drop the {name} of {day}, trying again later: {error}");
                    }
                }
            }
            self.delete_expired_from_default(table, ids_of(first_kept).start)
                .await?;
        }
        Ok(dropped)
    }

    async fn expired_days(
        &self,
        table: Table,
        first_kept: NaiveDate,
    ) -> Result<BTreeSet<NaiveDate>, StoreError> {
        let days = self.partition_days(table.name()).await?;
        Ok(days.into_iter().filter(|day| *day < first_kept).collect())
    }

    /// How many rows were moved out of the way; `None` if they are too many.
    async fn drop_day(&self, table: Table, day: NaiveDate) -> Result<Option<u64>, StoreError> {
        let (name, partition) = (table.name(), partition_name(table.name(), day));
        let mut session = self.session().await?;
        if table == Table::Deliveries {
            // Names are made here, none comes from outside.
            let unsettled: i64 = sqlx::query_scalar(AssertSqlSafe(format!(
                "SELECT count(*) FROM (SELECT 1 FROM {partition} WHERE {UNSETTLED} LIMIT {}) unsettled",
                UNSETTLED_MOVED_MAX + 1
            )))
            .persistent(false)
            .fetch_one(&mut *session)
            .await?;
            if unsettled > UNSETTLED_MOVED_MAX {
                session.finish();
                return Ok(None);
            }
        }
        let mut tx = begin_ddl(&mut session).await?;
        for statement in [
            // A few rows are looked up among very many, by key; statistics may not know yet that they are few.
            "SET LOCAL enable_hashjoin = off".to_owned(),
            "SET LOCAL enable_mergejoin = off".to_owned(),
            format!("ALTER TABLE {name} DETACH PARTITION {partition}"),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .execute(&mut *tx)
                .await?;
        }
        let moved = sqlx::query(AssertSqlSafe(table.spare(&partition, &ids_of(day))))
            .persistent(false)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        sqlx::query(AssertSqlSafe(format!("DROP TABLE {partition}")))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        session.finish();
        Ok(Some(moved))
    }

    async fn delete_expired_from_default(
        &self,
        table: Table,
        oldest: Uuid,
    ) -> Result<(), StoreError> {
        let statement = table.delete_from_default(oldest);
        loop {
            let deleted = bounded(async {
                let mut session = self.session().await?;
                let done = sqlx::query(AssertSqlSafe(statement.clone()))
                    .persistent(false)
                    .execute(&mut *session)
                    .await?;
                session.finish();
                Ok::<_, StoreError>(done.rows_affected())
            })
            .await?;
            if deleted < EXPIRED_ROWS_PER_STATEMENT.unsigned_abs() {
                return Ok(());
            }
        }
    }
}

/// Deliveries that are still to be attempted: pending and retrying, in words that the partial index by status knows.
const UNSETTLED: &str = "status IN (0, 2)";
const _: () = assert!(
    DeliveryStatus::Pending.code() == 0 && DeliveryStatus::Retrying.code() == 2,
    "unsettled deliveries have other codes"
);

/// What is partitioned by day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Deliveries,
    Attempts,
    Events,
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Self::Deliveries => "deliveries",
            Self::Attempts => "attempts",
            Self::Events => "events",
        }
    }

    /// Moves the rows of a detached partition that are still needed to the default partition. Deliveries by themselves;
    /// the others if their delivery has been moved.
    fn spare(self, partition: &str, ids: &Range<Uuid>) -> String {
        let Range { start, end } = ids;
        match self {
            Self::Deliveries => {
                format!(
                    "INSERT INTO deliveries_default SELECT * FROM {partition} WHERE {UNSETTLED}"
                )
            }
            Self::Attempts => format!(
                "INSERT INTO attempts_default SELECT old.* FROM deliveries_default kept
                 JOIN {partition} old ON old.delivery_id = kept.id WHERE kept.id >= '{start}' AND kept.id < '{end}'"
            ),
            Self::Events => format!(
                "INSERT INTO events_default SELECT old.* FROM
                     (SELECT DISTINCT event_id FROM deliveries_default WHERE id >= '{start}' AND id < '{end}') kept
                 JOIN {partition} old ON old.id = kept.event_id"
            ),
        }
    }

    /// Deletes some of what is older than the id `oldest` and not needed.
    fn delete_from_default(self, oldest: Uuid) -> String {
        let expired = match self {
            Self::Deliveries => format!("id < '{oldest}' AND NOT ({UNSETTLED})"),
            Self::Attempts => format!(
                "delivery_id < '{oldest}' AND NOT EXISTS
                     (SELECT 1 FROM deliveries WHERE deliveries.id = old.delivery_id AND deliveries.id < '{oldest}')"
            ),
            Self::Events => format!(
                "id < '{oldest}' AND NOT EXISTS
                     (SELECT 1 FROM deliveries WHERE deliveries.event_id = old.id AND deliveries.id < '{oldest}')"
            ),
        };
        let table = self.name();
        format!(
            "DELETE FROM {table}_default WHERE ctid = ANY (ARRAY(
                 SELECT old.ctid FROM {table}_default old WHERE {expired} LIMIT {EXPIRED_ROWS_PER_STATEMENT}))"
        )
    }
}
