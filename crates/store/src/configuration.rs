//! The version of the configuration.
//!
//! Every change of a webhook begins by raising it ([`raise_version`]), which locks its one row until the change is
//! committed, and stamps the webhook with it. So changes commit in the order of their versions, and whoever knows
//! version n and asks for everything after it misses nothing.

use posthorn_domain::{MessageKey, Timestamp};
use sqlx::PgConnection;

use crate::{error::StoreError, session::bounded, store::Store};

/// Raises the version by `changes` and returns the last of them. The first statement of a transaction that changes
/// webhooks, so that all take their locks in one order.
pub(crate) async fn raise_version(
    connection: &mut PgConnection,
    changes: i64,
) -> Result<i64, StoreError> {
    let version =
        sqlx::query_scalar("UPDATE configuration SET version = version + $1 RETURNING version")
            .bind(changes)
            .fetch_one(connection)
            .await?;
    Ok(version)
}

impl Store {
    /// The version of the configuration: every change of a webhook raises it. One tiny query.
    ///
    /// A webhook whose creation was answered before this call is in [`Store::changes_since`] any older version.
    pub async fn config_version(&self) -> Result<i64, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let version = sqlx::query_scalar("SELECT version FROM configuration")
                .fetch_one(&mut *session)
                .await?;
            session.finish();
            Ok(version)
        })
        .await
    }

    /// Until when unsigned operational events are genuine, where the release before this one did not sign them; `None`
    /// in an installation that has always signed them.
    pub async fn unsigned_operational_until(&self) -> Result<Option<Timestamp>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let until = sqlx::query_scalar("SELECT unsigned_operational_until FROM configuration")
                .fetch_one(&mut *session)
                .await?;
            session.finish();
            Ok(until)
        })
        .await
    }

    /// What the installation signs its messages with, and until when those of the release before, which did not sign,
    /// are its own all the same.
    pub async fn message_key(&self) -> Result<(MessageKey, Option<Timestamp>), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let (key, unsigned_until): (Vec<u8>, _) =
                sqlx::query_as("SELECT message_key, unsigned_events_until FROM configuration")
                    .fetch_one(&mut *session)
                    .await?;
            session.finish();
            let key: [u8; MessageKey::BYTES] = key
                .try_into()
                .map_err(|_| StoreError::Corrupt("the key of messages".to_owned()))?;
            Ok((MessageKey::new(&key), unsigned_until))
        })
        .await
    }
}
