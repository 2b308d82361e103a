use posthorn_domain::{ApiKeyId, Timestamp};
use uuid::Uuid;

use crate::{error::StoreError, session::bounded, store::Store};

impl Store {
    /// Notes when keys were used. One that was noted to be used half a minute before, or that somebody changes or deletes
    /// at this moment, is passed over: replicas that write the same do not wait for each other.
    pub async fn note_uses_of_api_keys(
        &self,
        uses: &[(ApiKeyId, Timestamp)],
    ) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = uses.iter().map(|(id, _)| id.as_uuid()).collect();
        let moments: Vec<Timestamp> = uses.iter().map(|(_, at)| *at).collect();
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query(
                "UPDATE api_keys SET last_used_at = used.at
                 FROM (
                     SELECT k.id, u.at FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at)
                     JOIN api_keys k ON k.id = u.id
                     WHERE k.last_used_at IS NULL OR k.last_used_at < u.at - interval '30 seconds'
                     FOR UPDATE OF k SKIP LOCKED
                 ) AS used
                 WHERE api_keys.id = used.id",
            )
            .bind(&ids)
            .bind(&moments)
            .execute(&mut *session)
            .await?;
            session.finish();
            Ok(())
        })
        .await
    }
}
