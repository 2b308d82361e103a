//! How the database is, for whoever looks after it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use posthorn_domain::{Timestamp, WebhookId};
use sqlx::AssertSqlSafe;

use crate::{
    error::StoreError,
    migrate::migrator,
    partitions::TABLES,
    reseal::Unreadable,
    session::bounded,
    store::Store,
    webhook_row::{WebhookRow, webhook_columns},
};

/// What a look at the database found.
#[derive(Debug, Clone)]
pub struct DatabaseExamined {
    /// The server's version as a number, such as 170002.
    pub version_number: i32,
    /// The same as people write it.
    pub version: String,
    /// How the database writes text.
    pub encoding: String,
    /// Whether the server is a standby, on which nothing can be written.
    pub standby: bool,
    /// Its time.
    pub now: Timestamp,
    /// `fsync`: off loses data with the machine.
    pub fsync: String,
    /// Connections to the server, of all programs.
    pub connections: i64,
    /// Most that there can be.
    pub connections_max: i64,
    /// What the database takes on disk, in bytes.
    pub bytes: i64,
}

/// How the schema is.
#[derive(Debug, Clone, Default)]
pub struct MigrationsExamined {
    /// Migrations of this version.
    pub known: usize,
    /// Those of them that are not applied.
    pub missing: Vec<i64>,
    /// Applied ones of which this version does not know: a newer one was here.
    pub newer: Vec<i64>,
    /// Applied ones that were another text than this version's.
    pub changed: Vec<i64>,
    /// Such that began and did not end.
    pub unfinished: Vec<i64>,
}

/// The partitions of one table.
#[derive(Debug, Clone)]
pub struct PartitionsExamined {
    /// The table.
    pub table: &'static str,
    /// The first day that has one.
    pub oldest: Option<NaiveDate>,
    /// The last day that has one.
    pub newest: Option<NaiveDate>,
    /// Whether rows lie in the default partition: of days that had none when they came.
    pub strays: bool,
}

#[derive(sqlx::FromRow)]
struct AppliedRow {
    version: i64,
    success: bool,
    checksum: Vec<u8>,
}

impl Store {
    /// Looks at the server.
    pub async fn examine(&self) -> Result<DatabaseExamined, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row: (i32, String, String, bool, Timestamp, String, i64, i64, i64) =
                sqlx::query_as(
                    "SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                        current_setting('server_encoding'), pg_is_in_recovery(), clock_timestamp(),
                        current_setting('fsync'), (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
                        current_setting('max_connections')::bigint, pg_database_size(current_database())",
                )
                .fetch_one(&mut *session)
                .await?;
            session.finish();
            Ok(DatabaseExamined {
                version_number: row.0,
                version: row.1,
                encoding: row.2,
                standby: row.3,
                now: row.4,
                fsync: row.5,
                connections: row.6,
                connections_max: row.7,
                bytes: row.8,
            })
        })
        .await
    }

    /// Compares the schema with what this version wants.
    pub async fn examine_migrations(&self) -> Result<MigrationsExamined, StoreError> {
        let applied: Vec<AppliedRow> = bounded(async {
            let mut session = self.session().await?;
            let there: bool =
                sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL")
                    .fetch_one(&mut *session)
                    .await?;
            let applied = if there {
                sqlx::query_as(
                    "SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version",
                )
                .fetch_all(&mut *session)
                .await?
            } else {
                Vec::new()
            };
            session.finish();
            Ok::<_, StoreError>(applied)
        })
        .await?;
        let migrator = migrator();
        let wanted: BTreeMap<i64, &[u8]> = migrator
            .iter()
            .map(|migration| (migration.version, migration.checksum.as_ref()))
            .collect();
        let mut found = MigrationsExamined {
            known: wanted.len(),
            missing: wanted
                .keys()
                .filter(|version| !applied.iter().any(|row| row.version == **version))
                .copied()
                .collect(),
            ..MigrationsExamined::default()
        };
        for row in applied {
            match wanted.get(&row.version) {
                _ if !row.success => found.unfinished.push(row.version),
                None => found.newer.push(row.version),
                Some(checksum) if *checksum != row.checksum => found.changed.push(row.version),
                Some(_) => {}
            }
        }
        Ok(found)
    }

    /// Looks at the partitions of each table.
    pub async fn examine_partitions(&self) -> Result<Vec<PartitionsExamined>, StoreError> {
        let mut all = Vec::new();
        for (table, _) in TABLES {
            let days = self.partition_days(table).await?;
            let strays = bounded(async {
                let mut session = self.session().await?;
                // The name is one of ours.
                let query = format!("SELECT EXISTS (SELECT 1 FROM {table}_default)");
                let strays: bool = sqlx::query_scalar(AssertSqlSafe(query))
                    .fetch_one(&mut *session)
                    .await?;
                session.finish();
                Ok::<_, StoreError>(strays)
            })
            .await?;
            all.push(PartitionsExamined {
                table,
                oldest: days.iter().min().copied(),
                newest: days.iter().max().copied(),
                strays,
            });
        }
        Ok(all)
    }

    /// Opens what at most `limit` webhooks hold, and tells which do not open; how many were tried comes first.
    pub async fn open_some(&self, limit: u32) -> Result<(usize, Vec<Unreadable>), StoreError> {
        let rows: Vec<WebhookRow> = bounded(async {
            let mut session = self.session().await?;
            let rows = sqlx::query_as(concat!(
                "SELECT ",
                webhook_columns!(),
                " FROM webhooks WHERE deleted_at IS NULL ORDER BY id DESC LIMIT $1"
            ))
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok::<_, StoreError>(rows)
        })
        .await?;
        let tried = rows.len();
        let Self { shared } = self;
        let unreadable = rows.into_iter().filter_map(|row| {
            let webhook = WebhookId::from_uuid(row.id);
            let opened = row.into_webhook(&shared.master_keys, shared.url_policy);
            opened.err().map(|error| Unreadable {
                webhook,
                reason: error.to_string(),
            })
        });
        Ok((tried, unreadable.collect()))
    }
}
