//! Connections, and the bounds on how long anything waits for the database.
//!
//! Four clocks run. The pool gives up after [`ACQUIRE_TIMEOUT`]. The server cancels a statement after
//! [`STATEMENT_TIMEOUT`], gives up on a lock after [`LOCK_TIMEOUT`], and ends a transaction that its client
//! forgot. None of these helps when the network swallows everything, so an operation as a whole ends after
//! [`OPERATION_TIMEOUT`], and its connection, of which nothing is known then, is thrown away.
//!
//! A connection goes back to the pool only when its operation came to an end ([`Session::finish`]). The pool
//! itself would test it by a ping, without a bound; after an unfinished operation that ping can wait for ever
//! and hold the connection's place.
//!
//! Statements are prepared once for each connection, except those that read the partitioned tables or are put
//! together from filters: `persistent(false)` has them planned for their very values, so that the plan knows the
//! partitions it can leave out and how common a filter's value is.

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use sqlx::{Connection, PgConnection, Postgres, Transaction, pool::PoolConnection};
use tokio::time::timeout;

use crate::{error::StoreError, store::Store};

/// How long an operation waits for a connection.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the server works on one statement.
pub(crate) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a statement waits for a lock.
pub(crate) const LOCK_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an operation takes from its first word to its last.
pub(crate) const OPERATION_TIMEOUT: Duration = Duration::from_secs(20);

/// A connection in use.
pub(crate) struct Session {
    connection: PoolConnection<Postgres>,
    finished: bool,
}

impl Session {
    /// The operation came to its end: the connection can serve the next one.
    pub(crate) fn finish(mut self) {
        self.finished = true;
    }

    pub(crate) async fn transaction(&mut self) -> Result<Transaction<'_, Postgres>, sqlx::Error> {
        self.connection.begin().await
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.finished {
            self.connection.close_on_drop();
        }
    }
}

impl Deref for Session {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

/// Gives an operation its bound.
pub(crate) async fn bounded<T, E: From<StoreError>>(
    operation: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    match timeout(OPERATION_TIMEOUT, operation).await {
        Ok(result) => result,
        Err(_) => Err(StoreError::Unavailable(format!(
            "no answer within {} s",
            OPERATION_TIMEOUT.as_secs()
        ))
        .into()),
    }
}

impl Store {
    pub(crate) async fn session(&self) -> Result<Session, StoreError> {
        Ok(Session {
            connection: self.shared.pool.acquire().await?,
            finished: false,
        })
    }
}
