//! Deleting much without holding much: many short statements instead of one long one.

use posthorn_domain::Timestamp;
use sqlx::SqlSafeStr;

use crate::{error::StoreError, session::bounded, store::Store};

/// Rows that one statement deletes.
const ROWS_PER_STATEMENT: i64 = 10_000;

impl Store {
    /// Repeats a statement whose $1 is a moment and $2 a number of rows, until it has no more to delete; how many
    /// rows that were.
    pub(crate) async fn delete_in_rounds(
        &self,
        statement: impl SqlSafeStr,
        oldest: Timestamp,
    ) -> Result<u64, StoreError> {
        let statement = statement.into_sql_str();
        let mut deleted = 0;
        loop {
            let round = bounded(async {
                let mut session = self.session().await?;
                let done = sqlx::query(statement.clone())
                    .bind(oldest)
                    .bind(ROWS_PER_STATEMENT)
                    .execute(&mut *session)
                    .await?;
                session.finish();
                Ok::<_, StoreError>(done.rows_affected())
            })
            .await?;
            deleted += round;
            if round < ROWS_PER_STATEMENT.unsigned_abs() {
                return Ok(deleted);
            }
        }
    }
}
