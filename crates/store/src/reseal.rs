//! Sealing everything anew under the first master key, while services run.
//!
//! Rows are taken a few at a time, in the order of their ids, and each is sealed anew within one transaction that
//! holds its lock. A row that somebody else holds is left for the next pass: nothing here waits for a lock, so
//! nothing here can be part of a deadlock. What a row *means* does not change, so its version does not either: no
//! replica reads it again, and no editor's `If-Match` fails.
//!
//! Done twice it does nothing the second time; stopped anywhere it goes on from there, because what is left to do is
//! read from the sealed values themselves.
//!
//! Not done: values in backups stay under the key that they were under.

use posthorn_domain::WebhookId;
use rand::Rng;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    audit::{NewAuditEntry, write_audit},
    error::StoreError,
    seal::{MasterKeyId, MasterKeys},
    session::bounded,
    store::Store,
    webhook_row::{AUTH, OLDER_SECRETS, PREVIOUS_SECRET, SECRET, TLS, place},
};

/// How many sealed values there are under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedUnder {
    /// The key's id.
    pub key: MasterKeyId,
    /// Where the key stands in the list, from 1; `None` if it is not there.
    pub position: Option<usize>,
    /// Values that it sealed.
    pub values: u64,
}

/// What one step did.
#[derive(Debug, Default)]
pub struct Resealed {
    /// Values that are sealed under the first key now.
    pub values: u64,
    /// The last webhook that was looked at; `None` if there was none left.
    pub last: Option<WebhookId>,
    /// Webhooks with a value that did not open. They are as they were.
    pub unreadable: Vec<Unreadable>,
}

/// A webhook with a sealed value that no key opens.
#[derive(Debug)]
pub struct Unreadable {
    /// The webhook.
    pub webhook: WebhookId,
    /// Why.
    pub reason: String,
}

#[derive(sqlx::FromRow)]
struct SealedRow {
    id: Uuid,
    sealed_auth: Option<Vec<u8>>,
    sealed_tls: Option<Vec<u8>>,
    sealed_secret: Option<Vec<u8>>,
    sealed_previous_secret: Option<Vec<u8>>,
    sealed_older_secrets: Option<Vec<u8>>,
}

impl Store {
    /// How many sealed values there are under which key: those of the list first, in its order.
    pub async fn sealed_under(&self) -> Result<Vec<SealedUnder>, StoreError> {
        let found: Vec<(Vec<u8>, i64)> = bounded(async {
            let mut session = self.session().await?;
            let found = sqlx::query_as(
                "SELECT substring(value FROM 2 FOR 4), count(*) FROM webhooks, LATERAL (
                     VALUES (sealed_auth), (sealed_tls), (sealed_secret), (sealed_previous_secret), (sealed_older_secrets)
                     ) AS sealed (value)
                 WHERE value IS NOT NULL GROUP BY 1",
            )
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok::<_, StoreError>(found)
        })
        .await?;
        let keys: Vec<MasterKeyId> = self.shared.master_keys.ids().collect();
        let mut all: Vec<SealedUnder> = found
            .into_iter()
            .map(|(id, values)| {
                let id = <[u8; 4]>::try_from(id.as_slice())
                    .map_err(|_| StoreError::Corrupt("a sealed value is cut short".to_owned()))?;
                let key = MasterKeyId(id);
                Ok(SealedUnder {
                    key,
                    position: keys.iter().position(|known| *known == key).map(|n| n + 1),
                    values: values.unsigned_abs(),
                })
            })
            .collect::<Result<_, StoreError>>()?;
        all.sort_by_key(|under| (under.position.unwrap_or(usize::MAX), under.key));
        Ok(all)
    }

    /// Seals anew what at most `limit` webhooks after `after` hold under another key than the first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database is away; what was done before stays done.
    pub async fn reseal_some(
        &self,
        after: Option<WebhookId>,
        limit: u32,
        rng: &mut (impl Rng + Send),
    ) -> Result<Resealed, StoreError> {
        let keys = &self.shared.master_keys;
        let Some(first) = keys.ids().next() else {
            return Ok(Resealed::default());
        };
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let rows: Vec<SealedRow> = sqlx::query_as(
                "SELECT id, sealed_auth, sealed_tls, sealed_secret, sealed_previous_secret, sealed_older_secrets FROM webhooks
                 WHERE id > $1 AND (substring(sealed_auth FROM 2 FOR 4) <> $2 OR substring(sealed_tls FROM 2 FOR 4) <> $2
                     OR substring(sealed_secret FROM 2 FOR 4) <> $2 OR substring(sealed_previous_secret FROM 2 FOR 4) <> $2
                     OR substring(sealed_older_secrets FROM 2 FOR 4) <> $2)
                 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED",
            )
            .bind(after.map_or(Uuid::nil(), WebhookId::as_uuid))
            .bind(first.0.as_slice())
            .bind(i64::from(limit))
            .fetch_all(&mut *tx)
            .await?;
            let mut done = Resealed::default();
            for row in rows {
                let id = WebhookId::from_uuid(row.id);
                done.last = Some(id);
                match row.reseal(keys, first, rng) {
                    Ok((row, values)) => {
                        row.write(&mut tx).await?;
                        done.values += values;
                    }
                    Err(error) => done.unreadable.push(Unreadable {
                        webhook: id,
                        reason: error.to_string(),
                    }),
                }
            }
            tx.commit().await?;
            session.finish();
            Ok(done)
        })
        .await
    }

    /// Says in the audit log that values were sealed anew.
    pub async fn audit_reseal(&self, actor: &str, values: u64) -> Result<(), StoreError> {
        let Some(first) = self.shared.master_keys.ids().next() else {
            return Ok(());
        };
        bounded(async {
            let mut session = self.session().await?;
            let entry = NewAuditEntry {
                actor,
                tenant: None,
                action: "secrets.resealed",
                target_kind: "master_key",
                target_id: &first.to_string(),
                details: json!({ "values": values }),
            };
            write_audit(&mut session, self.shared.clock.now(), entry).await?;
            session.finish();
            Ok(())
        })
        .await
    }
}

impl SealedRow {
    /// The row with everything under the first key, and how many values were not.
    fn reseal(
        mut self,
        keys: &MasterKeys,
        first: MasterKeyId,
        rng: &mut impl Rng,
    ) -> Result<(Self, u64), StoreError> {
        let id = WebhookId::from_uuid(self.id);
        let mut values = 0;
        for (column, sealed) in [
            (AUTH, &mut self.sealed_auth),
            (TLS, &mut self.sealed_tls),
            (SECRET, &mut self.sealed_secret),
            (PREVIOUS_SECRET, &mut self.sealed_previous_secret),
            (OLDER_SECRETS, &mut self.sealed_older_secrets),
        ] {
            let Some(old) = sealed else { continue };
            if old.get(1..5) == Some(&first.0) {
                continue;
            }
            let secret = keys.open(place(column, id), old)?;
            *old = keys.seal(place(column, id), secret.as_bytes(), rng)?;
            values += 1;
        }
        Ok((self, values))
    }

    async fn write(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE webhooks SET sealed_auth = $2, sealed_tls = $3, sealed_secret = $4, sealed_previous_secret = $5,
                 sealed_older_secrets = $6 WHERE id = $1",
        )
        .bind(self.id)
        .bind(self.sealed_auth)
        .bind(self.sealed_tls)
        .bind(self.sealed_secret)
        .bind(self.sealed_previous_secret)
        .bind(self.sealed_older_secrets)
        .execute(connection)
        .await?;
        Ok(())
    }
}
