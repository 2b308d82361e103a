//! One service migrates at a time.
//!
//! Whoever holds the advisory lock of sqlx's own migrator migrates, so older releases keep out too. It is a transaction's lock, on a
//! connection that does nothing else: no pooler can keep it when its client is gone. Others ask for it again and again rather than
//! wait in one statement: the wait would be silent, and `CREATE INDEX CONCURRENTLY` waits for every statement that is under way, so
//! that the holder would wait for those who wait for it.

use std::time::Duration;

use sqlx::{FromRow, PgConnection};
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use crate::error::StoreError;

/// How often it is asked for.
const ASK_EVERY: Duration = Duration::from_millis(500);
/// How often the log says who has it.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Who holds the lock, as the server shows it.
#[derive(FromRow)]
struct Holder {
    pid: i32,
    application: Option<String>,
    address: Option<String>,
    state: Option<String>,
    since: Option<String>,
}

impl Holder {
    fn words(&self) -> String {
        let known = |value: &Option<String>, words: &str| {
            value.as_ref().map(|value| format!("{words}{value}"))
        };
        let parts = [
            Some(format!("process {} of the server", self.pid)),
            known(&self.application, "application "),
            known(&self.address, "from "),
            known(&self.state, ""),
            known(&self.since, "connected since "),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(", ")
    }
}

/// The right to migrate, until it is dropped or its connection breaks.
pub(crate) struct MigrationLock {
    connection: PgConnection,
}

impl MigrationLock {
    /// Waits until nobody else migrates.
    pub(crate) async fn take(mut connection: PgConnection) -> Result<Self, StoreError> {
        let key = key(&mut connection).await?;
        let mut said: Option<Instant> = None;
        while !try_take(&mut connection, key).await? {
            if said.is_none_or(|at| at.elapsed() >= SAY_EVERY) {
                said = Some(Instant::now());
                say(&mut connection, key).await?;
            }
            sleep(ASK_EVERY).await;
        }
        if said.is_some() {
            info!("Nobody else migrates the database any more");
        }
        Ok(Self { connection })
    }

    /// Fails if the lock was lost, because somebody ended its connection.
    pub(crate) async fn check(&mut self) -> Result<(), StoreError> {
        sqlx::raw_sql("SELECT 1")
            .execute(&mut self.connection)
            .await?;
        Ok(())
    }

    /// Lets the next one migrate.
    pub(crate) async fn release(mut self) -> Result<(), StoreError> {
        sqlx::raw_sql("COMMIT")
            .execute(&mut self.connection)
            .await?;
        sqlx::Connection::close(self.connection).await?;
        Ok(())
    }
}

/// The number that sqlx's migrator takes for a database.
async fn key(connection: &mut PgConnection) -> Result<i64, StoreError> {
    const FACTOR: i64 = 0x3d32_ad9e;
    let name: String = sqlx::query_scalar("SELECT current_database()")
        .fetch_one(connection)
        .await?;
    let checksum = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(name.as_bytes());
    Ok(FACTOR.wrapping_mul(i64::from(checksum)))
}

/// Leaves a transaction open that has the lock, or none.
async fn try_take(connection: &mut PgConnection, key: i64) -> Result<bool, StoreError> {
    // It idles while others migrate for minutes.
    sqlx::raw_sql("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0")
        .execute(&mut *connection)
        .await?;
    let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
        .bind(key)
        .fetch_one(&mut *connection)
        .await?;
    if !taken {
        sqlx::raw_sql("COMMIT").execute(connection).await?;
    }
    Ok(taken)
}

async fn say(connection: &mut PgConnection, key: i64) -> Result<(), StoreError> {
    let holder: Option<Holder> = sqlx::query_as(
        "SELECT pid, nullif(application_name, '') AS application, host(client_addr) AS address, state,
             to_char(backend_start, 'YYYY-MM-DD HH24:MI:SS\"Z\"') AS since
         FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE locktype = 'advisory' AND granted AND objsubid = 1
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND (classid::bigint << 32) | objid::bigint = $1
         LIMIT 1",
    )
    .bind(key)
    .fetch_optional(connection)
    .await?;
    match holder {
        Some(holder) => warn!(
            "Waiting while another service migrates the database: {}. If that is no service of Posthorn's at work, end it: \
             SELECT pg_terminate_backend({})",
            holder.words(),
            holder.pid
        ),
        None => warn!("Waiting while another service migrates the database"),
    }
    Ok(())
}
