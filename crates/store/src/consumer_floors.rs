use posthorn_domain::{StreamPosition, Timestamp};

use crate::{error::StoreError, session::bounded, store::Store};

impl Store {
    /// Notes up to where every message of a stream is settled.
    pub async fn note_consumer_floor(
        &self,
        stream: &str,
        floor: StreamPosition,
    ) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            // As it is, not the highest: a stream that was made again counts from its first message.
            sqlx::query(
                "INSERT INTO consumer_floors (stream, sequence, noted_at) VALUES ($1, $2, $3)
                 ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence, noted_at = excluded.noted_at",
            )
            .bind(stream)
            .bind(i64::try_from(floor.sequence).unwrap_or(i64::MAX))
            .bind(floor.at)
            .execute(&mut *session)
            .await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// What was noted last; `None` if nothing ever was.
    pub async fn consumer_floor(&self, stream: &str) -> Result<Option<StreamPosition>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row: Option<(i64, Timestamp)> =
                sqlx::query_as("SELECT sequence, noted_at FROM consumer_floors WHERE stream = $1")
                    .bind(stream)
                    .fetch_optional(&mut *session)
                    .await?;
            session.finish();
            Ok(row.map(|(sequence, at)| StreamPosition {
                sequence: u64::try_from(sequence).unwrap_or_default(),
                at,
            }))
        })
        .await
    }
}
