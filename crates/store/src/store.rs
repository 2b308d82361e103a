use std::{sync::Arc, time::Duration};

use posthorn_domain::{Clock, UrlPolicy};
use secrecy::SecretString;
use sqlx::{
    Connection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    connect::{connect_options, prepare},
    error::StoreError,
    seal::MasterKeys,
    session::ACQUIRE_TIMEOUT,
};

/// A connection that rested longer than this is tested before it is used again: the server may have restarted.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);
/// A connection serves no longer than this, so that servers and addresses behind a name can change.
const CONNECTION_LIFETIME: Duration = Duration::from_secs(30 * 60);
/// A connection that nobody needed for this long is closed.
const CONNECTION_IDLE: Duration = Duration::from_secs(5 * 60);

/// What a store needs to know.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// `postgres://user:password@host:port/database`.
    pub database_url: SecretString,
    /// Most connections at a time.
    pub max_connections: u32,
    /// Seal and open the secrets of webhooks.
    pub master_keys: MasterKeys,
    /// Which stored webhooks [`Store::changes_since`] lets pass.
    pub url_policy: UrlPolicy,
}

/// The database. Cheap to clone; all clones share one pool of connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) pool: PgPool,
    pub(crate) options: PgConnectOptions,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) master_keys: MasterKeys,
    pub(crate) url_policy: UrlPolicy,
}

impl Store {
    /// Makes the pool without connecting: a service starts, and stays up, while the database is away.
    ///
    /// Fails only for a URL that cannot be one ([`StoreError::Configuration`]). Call it within a Tokio runtime.
    pub fn open(config: StoreConfig, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let options = connect_options(&config.database_url)?;
        let pool = PgPoolOptions::new()
            .max_connections(config.max_connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .max_lifetime(CONNECTION_LIFETIME)
            .idle_timeout(CONNECTION_IDLE)
            .after_connect(|connection, _| Box::pin(prepare(connection)))
            // One round trip for each operation would be too much; after a pause it is not.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for > TRUSTED_IDLE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_lazy_with(options.clone());
        Ok(Self {
            shared: Arc::new(Shared {
                pool,
                options,
                clock,
                master_keys: config.master_keys,
                url_policy: config.url_policy,
            }),
        })
    }

    /// Closes every connection, after waiting for those in use.
    pub async fn close(&self) {
        self.shared.pool.close().await;
    }
}
