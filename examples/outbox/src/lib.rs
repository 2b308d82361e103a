//! A relay from an outbox table to Posthorn, over NATS.

use std::{error::Error, time::Duration};

use async_nats::{HeaderMap, jetstream};
use futures::future::try_join_all;
use sqlx::{FromRow, PgConnection, PgPool};
use tokio::time::timeout;
use uuid::Uuid;

/// Rows of one round.
pub const ROWS_MAX: i64 = 100;
/// How long the acknowledgements of one round may take.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(5);

/// An event that is to be published.
#[derive(Debug, FromRow)]
pub struct Row {
    id: Uuid,
    tenant: String,
    event_type: String,
    data: String,
    traceparent: Option<String>,
}

/// Publishes what is in the outbox.
pub struct Relay {
    /// The service's own database.
    pub database: PgPool,
    /// Where Posthorn takes events from.
    pub stream: jetstream::Context,
}

impl Relay {
    /// Publishes the oldest rows that nobody else is publishing, and says how many there were.
    pub async fn round(&self) -> Result<usize, Box<dyn Error + Send + Sync>> {
        let mut transaction = self.database.begin().await?;
        let rows = lock(&mut transaction).await?;
        self.publish(&rows).await?;
        // From here on until the commit a crash repeats the round; the ids make that harmless.
        forget(&mut transaction, &rows).await?;
        transaction.commit().await?;
        Ok(rows.len())
    }

    /// Returns when the stream has every event, and fails if it may not have one of them.
    pub async fn publish(&self, rows: &[Row]) -> Result<(), Box<dyn Error + Send + Sync>> {
        let publishing = async {
            let mut sent = Vec::with_capacity(rows.len());
            for row in rows {
                let data = row.data.clone().into();
                let publish = self
                    .stream
                    .publish_with_headers(row.subject(), row.headers(), data);
                sent.push(publish.await?.into_future());
            }
            try_join_all(sent).await
        };
        timeout(ACKNOWLEDGED_WITHIN, publishing).await??;
        Ok(())
    }
}

impl Row {
    fn subject(&self) -> String {
        format!("posthorn.events.{}.{}", self.tenant, self.event_type)
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", format!("{}:{}", self.tenant, self.id));
        if let Some(traceparent) = &self.traceparent {
            headers.insert("traceparent", traceparent.as_str());
        }
        headers
    }
}

/// The oldest rows that no other relay holds. They stay locked until the transaction ends.
pub async fn lock(transaction: &mut PgConnection) -> Result<Vec<Row>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, tenant, event_type, data::text AS data, traceparent
         FROM outbox ORDER BY position LIMIT $1 FOR UPDATE SKIP LOCKED",
    )
    .bind(ROWS_MAX)
    .fetch_all(transaction)
    .await
}

async fn forget(transaction: &mut PgConnection, rows: &[Row]) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    sqlx::query("DELETE FROM outbox WHERE id = ANY($1)")
        .bind(ids)
        .execute(transaction)
        .await?;
    Ok(())
}
