use std::{sync::Arc, time::Duration};

use sqlx::{PgConnection, postgres::PgConnectOptions};
use tokio::{sync::Mutex, time::Instant};

use crate::{connect::connect, error::StoreError, store::Store};

/// A connection serves no longer than this, so that servers and addresses behind a name can change.
const CONNECTION_LIFETIME: Duration = Duration::from_secs(60);

/// Asks whether the database answers, over a connection that nobody else uses: what fills the pool does not make the
/// database look away. Clones share the connection.
#[derive(Clone)]
pub struct Health {
    options: Arc<PgConnectOptions>,
    connection: Arc<Mutex<Option<(PgConnection, Instant)>>>,
}

impl Store {
    /// What asks whether the database answers. It connects when it is asked for the first time.
    pub fn health(&self) -> Health {
        Health {
            options: Arc::new(self.shared.options.clone()),
            connection: Arc::default(),
        }
    }
}

impl Health {
    /// Whether the database answers now. There is no bound on how long that takes: the caller has one. A question that
    /// is given up, or fails, takes its connection along.
    pub async fn ask(&self) -> Result<(), StoreError> {
        let mut kept = self.connection.lock().await;
        let (mut connection, since) = match kept.take() {
            Some((connection, since)) if since.elapsed() < CONNECTION_LIFETIME => {
                (connection, since)
            }
            _ => (connect(&self.options).await?, Instant::now()),
        };
        sqlx::query("SELECT 1").execute(&mut connection).await?;
        *kept = Some((connection, since));
        Ok(())
    }
}
