//! Whether a connection keeps its session.
//!
//! Timeouts are set for the session, statements are prepared in it, and a statement that is planned for its values is parsed in one
//! round trip and executed in the next. A pooler in transaction mode gives each transaction whichever session is free: timeouts go
//! astray, and statements run as another client prepared them. That shows at once or under load only, so it is looked for before
//! anything else is done, by what such a pooler does and not by its name: of two connections, each must have a session of its own,
//! and the same one again after its transaction.

use sqlx::{PgConnection, Row};
use tokio::time::timeout;

use crate::{
    connect::connect,
    error::StoreError,
    session::ACQUIRE_TIMEOUT,
    store::{Shared, Store},
};

/// How often it is tried: a session that was given back may have been taken by a client that is none of ours.
const ROUNDS: u32 = 3;
/// What tells one session from another; servers behind one address may use the same process ids.
const WHICH: &str = "SELECT pg_backend_pid()::text || ' ' || pg_postmaster_start_time()::text";
/// SQLSTATE with which PgBouncer refuses what its mode does not allow.
const PROTOCOL_VIOLATION: &str = "08P01";
const REFUSED: &str = "a connection does not keep its session: a pooler in transaction or statement mode stands between Posthorn and PostgreSQL. \
    Posthorn needs pool_mode = session (PgBouncer: for this database or user), or a POSTHORN_DATABASE_URL that leads to the server itself";

impl Store {
    /// Refuses ([`StoreError::Configuration`]) a database whose connections do not keep their sessions.
    pub async fn check_sessions_are_kept(&self) -> Result<(), StoreError> {
        two_kept_connections(&self.shared).await.map(|_| ())
    }
}

/// Two connections that keep their sessions.
pub(crate) async fn two_kept_connections(
    shared: &Shared,
) -> Result<(PgConnection, PgConnection), StoreError> {
    let mut first = connect(&shared.options).await?;
    let mut second = connect(&shared.options).await?;
    for _ in 0..ROUNDS {
        let kept = timeout(ACQUIRE_TIMEOUT, are_kept(&mut first, &mut second)).await;
        match kept {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return Err(StoreError::Configuration(REFUSED.to_owned())),
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => {
                return Err(StoreError::Unavailable(
                    "two connections at a time got no answer: a pooler in session mode needs a larger pool_size, and any other needs \
                     pool_mode = session"
                        .to_owned(),
                ));
            }
        }
    }
    Ok((first, second))
}

async fn are_kept(
    first: &mut PgConnection,
    second: &mut PgConnection,
) -> Result<bool, sqlx::Error> {
    let before = which(first).await?;
    match sqlx::raw_sql("BEGIN").execute(&mut *second).await {
        // A pooler in statement mode takes no transactions.
        Err(sqlx::Error::Database(error))
            if error.code().as_deref() == Some(PROTOCOL_VIOLATION) =>
        {
            return Ok(false);
        }
        begun => begun?,
    };
    let other = which(second).await?;
    let kept = other != before && which(first).await? == before;
    sqlx::raw_sql("ROLLBACK").execute(second).await?;
    Ok(kept)
}

/// By the simple protocol: what is prepared may be gone a round trip later.
async fn which(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    sqlx::raw_sql(WHICH).fetch_one(connection).await?.try_get(0)
}
