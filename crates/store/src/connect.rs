//! How a connection is made and what its session is given.
//!
//! Settings are made by `SET` once the connection stands, not by start-up parameters: poolers such as PgBouncer refuse those that
//! they do not know, and a server's, database's or role's own defaults (a `DateStyle`, an isolation level, a `statement_timeout`)
//! would differ from one installation to the next. They last as long as the session, so what stands between must keep one session
//! for each connection ([`crate::pooler`]).

use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};
use tokio::time::timeout;

use crate::{
    error::StoreError,
    session::{ACQUIRE_TIMEOUT, LOCK_TIMEOUT, STATEMENT_TIMEOUT},
};

/// Where the database is, as the URL says it.
pub(crate) fn connect_options(url: &SecretString) -> Result<PgConnectOptions, StoreError> {
    let url = url.expose_secret();
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        return Err(StoreError::Configuration(
            "the database URL does not begin with postgres://".to_owned(),
        ));
    }
    // The driver's own words may quote the URL, and with it the password.
    let options = PgConnectOptions::from_str(url).map_err(|_| {
        StoreError::Configuration(
            "the database URL cannot be read: it is postgres://user:password@host:port/database, with one host; in the user and the \
             password write # / ? % @ : as %23 %2F %3F %25 %40 %3A; sslmode is one of disable, allow, prefer, require, verify-ca, \
             verify-full"
                .to_owned(),
        )
    })?;
    Ok(options
        .application_name("posthorn")
        // Since PostgreSQL 12 its default is as exact.
        .extra_float_digits(None)
        .disable_statement_logging())
}

/// Connects, within the time that an operation waits for a connection, with the settings of a session.
pub(crate) async fn connect(options: &PgConnectOptions) -> Result<PgConnection, StoreError> {
    let connecting = async {
        let mut connection = options.connect().await?;
        prepare(&mut connection).await?;
        Ok::<_, sqlx::Error>(connection)
    };
    match timeout(ACQUIRE_TIMEOUT, connecting).await {
        Ok(connected) => Ok(connected?),
        Err(_) => Err(StoreError::Unavailable("no connection in time".to_owned())),
    }
}

/// Gives a new connection its settings, in one round trip.
pub(crate) async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let statement_ms = STATEMENT_TIMEOUT.as_millis();
    let lock_ms = LOCK_TIMEOUT.as_millis();
    let settings = format!(
        // A pooler without `server_reset_query` hands on what the client before prepared, under the names that we use.
        "DEALLOCATE ALL;
         SET statement_timeout = {statement_ms};
         SET lock_timeout = {lock_ms};
         SET idle_in_transaction_session_timeout = {statement_ms};
         SET default_transaction_isolation = 'read committed';
         SET default_transaction_deferrable = off;
         SET TimeZone = 'UTC';
         SET DateStyle = 'ISO, MDY';
         SET IntervalStyle = 'postgres';
         SET bytea_output = 'hex';
         SET extra_float_digits = 1;
         SET standard_conforming_strings = on;
         SET client_min_messages = 'notice';
         SET transform_null_equals = off;
         SET array_nulls = on;
         SET tcp_keepalives_idle = 30;
         SET tcp_keepalives_interval = 10;
         SET tcp_keepalives_count = 3"
    );
    // All at once, by the simple protocol: numbers and words of our own, nothing from outside. The server, too, must notice a
    // client that vanished with locks in its hands, hence the keepalives.
    sqlx::raw_sql(sqlx::AssertSqlSafe(settings))
        .execute(connection)
        .await?;
    Ok(())
}
