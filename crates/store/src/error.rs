use std::error::Error;

use posthorn_domain::TooManySecrets;
use sqlx::migrate::MigrateError;

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database is away, too busy, or not migrated yet. The same call works when it is back, so a
    /// caller tries again or answers 503. Nothing was changed, unless the connection broke during the
    /// commit itself: then it may have been.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// There is no such thing, or it belongs to another tenant.
    #[error("not found")]
    NotFound,
    /// Something of that name exists already.
    #[error("{0} exists already")]
    Conflict(String),
    /// Its tenant is being deleted: nothing is made in it until nothing is left of it.
    #[error("tenant {0} is being deleted")]
    TenantBeingDeleted(String),
    /// There is no room for more; the words say of what.
    #[error("{0}")]
    Full(String),
    /// The tenant has as many webhooks as it may.
    #[error("a tenant has at most {at_most} webhooks")]
    TooManyWebhooks {
        /// How many it may have.
        at_most: u32,
    },
    /// As many secrets of a webhook sign as may.
    #[error(transparent)]
    TooManySecrets(TooManySecrets),
    /// It is not in the state any more that the change was decided on.
    #[error("it was changed meanwhile")]
    Changed,
    /// What is stored cannot be read: sealed with a key that is missing, or damaged.
    #[error("stored data cannot be read: {0}")]
    Corrupt(String),
    /// The configuration cannot work, such as a database URL that is none.
    #[error("{0}")]
    Configuration(String),
    /// A mistake in this program or an unknown trouble of the database.
    #[error(transparent)]
    Other(Box<dyn Error + Send + Sync>),
}

/// SQLSTATE for what the role may not do.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// SQLSTATE codes and classes that say nothing against the statement: another time, it works.
/// (PostgreSQL documentation, appendix A.)
fn is_passing(code: &str) -> bool {
    const CLASSES: [&str; 4] = [
        "08", // connection exception
        "53", // insufficient resources: disk, memory, connections
        "57", // operator intervention: shutdown, start-up, recovery, cancelled by statement_timeout
        "28", // the server refuses us: a password that is being rotated, pg_hba.conf
    ];
    const CODES: [&str; 13] = [
        "25006", // read_only_sql_transaction: a standby, during a failover
        "25P03", // idle_in_transaction_session_timeout
        "25P04", // transaction_timeout
        "26000", // invalid_sql_statement_name, and
        "42P05", // duplicate_prepared_statement: the session is another one than before
        "3D000", // the database does not exist yet
        "40001", // serialization_failure
        "40P01", // deadlock_detected
        "42703", // undefined_column, and
        "42P01", // undefined_table: not migrated yet
        "55000", // object_not_in_prerequisite_state: a database that takes no connections
        "55P03", // lock_not_available
        "58030", // io_error
    ];
    CLASSES.iter().any(|class| code.starts_with(class)) || CODES.contains(&code)
}

/// What to do about it, where the server's words leave that open.
fn advice(code: &str) -> Option<&'static str> {
    match code {
        "25006" => Some("the server is a standby, or default_transaction_read_only is on"),
        "26000" | "42P05" => Some(
            "the session is not the one that prepared it: a pooler in transaction mode stands between, and Posthorn needs \
             pool_mode = session",
        ),
        _ => None,
    }
}

impl StoreError {
    /// Whether the server denied it to our role.
    pub(crate) fn is_denied(&self) -> bool {
        let Self::Other(error) = self else {
            return false;
        };
        error
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error)
            .is_some_and(|error| error.code().as_deref() == Some(INSUFFICIENT_PRIVILEGE))
    }

    /// Whether a row could not be written because its key is taken.
    pub(crate) fn is_taken_key(&self) -> bool {
        let Self::Other(error) = self else {
            return false;
        };
        error
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error)
            .is_some_and(sqlx::error::DatabaseError::is_unique_violation)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database)
                if database.code().is_some_and(|code| is_passing(&code)) =>
            {
                let advice = database.code().and_then(|code| advice(&code));
                Self::Unavailable(match advice {
                    Some(advice) => format!("{error} ({advice})"),
                    None => error.to_string(),
                })
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed
            // What a connection that broke in the middle of a message looks like.
            | sqlx::Error::Protocol(_) => Self::Unavailable(error.to_string()),
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Other(Box::new(error)),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(inner) => inner.into(),
            MigrateError::ExecuteMigration(inner, version) => match Self::from(inner) {
                Self::Unavailable(detail) => {
                    Self::Unavailable(format!("migration {version}: {detail}"))
                }
                other => other,
            },
            other => Self::Other(Box::new(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_passes_and_a_mistake_does_not() {
        for code in [
            "57P01", "57P02", "57P03", "57014", "08006", "08003", "53300", "40P01", "26000",
        ] {
            assert!(is_passing(code), "{code}");
        }
        for code in ["42601", "23505", "22P05", "22021", "XX000"] {
            assert!(!is_passing(code), "{code}");
        }
    }

    #[test]
    fn a_broken_line_is_unavailable() {
        let broken = sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
        for error in [broken, sqlx::Error::PoolTimedOut] {
            assert!(matches!(
                StoreError::from(error),
                StoreError::Unavailable(_)
            ));
        }
        assert!(matches!(
            StoreError::from(sqlx::Error::RowNotFound),
            StoreError::NotFound
        ));
    }
}
