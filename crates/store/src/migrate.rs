use sqlx::{ConnectOptions, Connection, PgConnection, migrate::Migrator};
use tokio::time::timeout;

use crate::{error::StoreError, session::ACQUIRE_TIMEOUT, store::Store};

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

impl Store {
    /// Brings the schema up to date and makes the partitions ahead. Safe when several services do it at once:
    /// one works, the others wait for it.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let connection = timeout(ACQUIRE_TIMEOUT, self.shared.options.connect())
            .await
            .map_err(|_| StoreError::Unavailable("no connection in time".to_owned()))??;
        self.migrate_over(connection).await?;
        self.ensure_partitions(self.shared.clock.now()).await
    }

    async fn migrate_over(&self, mut connection: PgConnection) -> Result<(), StoreError> {
        let encoding: String = sqlx::query_scalar("SHOW server_encoding")
            .fetch_one(&mut connection)
            .await?;
        if encoding != "UTF8" {
            return Err(StoreError::Configuration(format!(
                "the database's encoding is {encoding}; Posthorn needs UTF8"
            )));
        }
        sqlx::query(MIGRATION_STATEMENT_TIMEOUT)
            .execute(&mut connection)
            .await?;
        // The wait for another service that migrates is a wait for a lock.
        sqlx::query("SET lock_timeout = 0")
            .execute(&mut connection)
            .await?;
        migrator().run_direct(None, &mut connection, false).await?;
        connection.close().await?;
        Ok(())
    }
}
