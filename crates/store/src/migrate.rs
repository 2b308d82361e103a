//! Bringing the schema up to date while others record.
//!
//! Deliverers of this release and of the one before write all the time, and a migration must not stop them. Two things
//! could:
//!
//! * A change of a table takes a lock that nobody shares. Whoever asks for it waits for every transaction that uses the
//!   table, a backup say, and everybody else queues behind that wait. So a migration waits for a lock for no longer than
//!   [`LOCK_WAIT_MS`], lets the others pass for [`LOCK_PAUSE`], and begins again.
//! * Building an index keeps the table from being written until it is built. So what a migration would build on tables that
//!   grow is built beforehand, partition by partition and beside the writers ([`crate::concurrent_indexes`]); the migration
//!   finds it there.
//!
//! One service migrates at a time ([`crate::migration_lock`]); the others wait for it however long it takes.

use std::{collections::HashSet, time::Duration};

use sqlx::{
    Connection, PgConnection,
    migrate::{Migrate, MigrateError, Migration, Migrator},
};
use tokio::time::sleep;
use tracing::{info, warn};

use crate::{
    concurrent_indexes::build_ahead, error::StoreError, fitness, migration_lock::MigrationLock,
    pooler::two_kept_connections, store::Store,
};

/// The schema's history, from `migrations/` at the top of the repository.
///
/// What it does not know is left alone: a newer version migrated the database, and migrations only expand what
/// the version before them uses.
pub(crate) fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!("../../migrations");
    migrator.set_ignore_missing(true);
    migrator
}

/// How long the server works on one statement of a migration. The client sets no bound of its own: a migration
/// cut in the middle would have to begin again.
const MIGRATION_STATEMENT_TIMEOUT: &str = "SET statement_timeout = '30min'";
/// How long a migration waits for a lock, in milliseconds. A fraction of what those who record wait
/// ([`LOCK_TIMEOUT`](crate::session::LOCK_TIMEOUT)): they queue behind it meanwhile.
const LOCK_WAIT_MS: u32 = 1_000;
/// How long the others may pass before a migration asks for its lock again.
const LOCK_PAUSE: Duration = Duration::from_secs(2);
/// How often a migration asks for its locks; then it is given up until the schema is looked at again. Ten minutes.
const LOCK_TRIES_MAX: u32 = 200;
/// A migration that waits says so once in so many tries.
const LOCK_TRIES_PER_WARNING: u32 = 10;

impl Store {
    /// Brings the schema up to date and makes the partitions ahead. Safe when several services do it at once:
    /// one works, the others wait for it.
    ///
    /// A database that cannot work, such as one behind a pooler that keeps no sessions, is refused in words before anything is
    /// made in it.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let (mut connection, other) = two_kept_connections(&self.shared).await?;
        fitness::check(&mut connection).await?;
        let lock = MigrationLock::take(other).await?;
        if let Err(error) = migrate_over(&mut connection, lock).await {
            return Err(fitness::explain(&mut connection, error).await);
        }
        connection.close().await?;
        self.ensure_partitions(self.shared.clock.now()).await
    }
}

async fn migrate_over(
    connection: &mut PgConnection,
    mut lock: MigrationLock,
) -> Result<(), StoreError> {
    sqlx::query(MIGRATION_STATEMENT_TIMEOUT)
        .execute(&mut *connection)
        .await?;
    let mut migrator = migrator();
    // It is held by a connection of its own.
    migrator.set_locking(false);
    let table = &migrator.table_name;
    connection.ensure_migrations_table(table).await?;
    let applied = connection.list_applied_migrations(table).await?;
    let applied: HashSet<i64> = applied.iter().map(|each| each.version).collect();
    let pending = migrator
        .iter()
        .filter(|migration| !applied.contains(&migration.version));
    for migration in pending {
        lock.check().await?;
        apply(connection, &migrator, migration).await?;
    }
    // Says so where what was applied is not what is here.
    migrator.run_direct(None, connection, false).await?;
    lock.release().await
}

/// How long statements wait for a lock from here on, in milliseconds; 0 means without a bound.
async fn wait_for_locks(connection: &mut PgConnection, ms: u32) -> Result<(), StoreError> {
    sqlx::query("SELECT set_config('lock_timeout', $1, false)")
        .bind(ms.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// Applies a migration. Those before it were applied.
async fn apply(
    connection: &mut PgConnection,
    migrator: &Migrator,
    migration: &Migration,
) -> Result<(), StoreError> {
    let version = migration.version;
    // It locks out nobody who writes, and waits for whoever is in the middle of something.
    wait_for_locks(connection, 0).await?;
    build_ahead(connection, migration.sql.as_str()).await?;
    wait_for_locks(connection, LOCK_WAIT_MS).await?;
    let mut tries = 0;
    loop {
        match migrator.run_direct(Some(version), connection, false).await {
            Ok(()) => return Ok(()),
            Err(error) if is_lock_missed(&error) && tries < LOCK_TRIES_MAX => {
                if tries % LOCK_TRIES_PER_WARNING == 0 {
                    warn!("Migration {version} waits for a table that others use: {error}");
                } else {
                    info!("Migration {version} still waits for a table that others use");
                }
                tries += 1;
                sleep(LOCK_PAUSE).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a lock was not had in time, or two waited for each other.
fn is_lock_missed(error: &MigrateError) -> bool {
    /// `lock_not_available` and `deadlock_detected` (PostgreSQL documentation, appendix A).
    const CODES: [&str; 2] = ["55P03", "40P01"];
    let (MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _)) = error else {
        return false;
    };
    inner
        .as_database_error()
        .and_then(|database| database.code())
        .is_some_and(|code| CODES.contains(&&*code))
}
