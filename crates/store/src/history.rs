use std::num::NonZeroU32;

use posthorn_domain::{DeliveryStatus, WebhookId};
use uuid::Uuid;

use crate::{error::StoreError, session::bounded, store::Store, webhook_delete::delete_deliveries};

/// Deliveries that one transaction deletes.
const CHUNK: i64 = 2_000;

/// What a round of [`Store::prune_history`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// Deliveries that it deleted.
    pub deliveries: u64,
    /// Whether there may be more to delete.
    pub more: bool,
}

impl Store {
    /// Deletes the oldest deliveries of a webhook beyond the newest `keep`, with their attempts; a round of them.
    ///
    /// One that still waits for an attempt is left, however old. What was counted stays counted. The cost is that of
    /// walking an index over `keep` entries, whatever else there is.
    pub async fn prune_history(
        &self,
        webhook: WebhookId,
        keep: NonZeroU32,
    ) -> Result<Pruned, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let oldest_kept: Option<Uuid> = sqlx::query_scalar(
                "SELECT id FROM deliveries WHERE webhook_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1",
            )
            .persistent(false)
            .bind(webhook.as_uuid())
            .bind(i64::from(keep.get()) - 1)
            .fetch_optional(&mut *session)
            .await?;
            let Some(oldest_kept) = oldest_kept else {
                session.finish();
                return Ok(Pruned {
                    deliveries: 0,
                    more: false,
                });
            };
            let mut tx = session.transaction().await?;
            // What is locked is being recorded or pruned at this moment: the next round sees it.
            let ids: Vec<Uuid> = sqlx::query_scalar(
                "SELECT id FROM deliveries WHERE webhook_id = $1 AND id < $2 AND status IN ($3, $4)
                 ORDER BY id LIMIT $5 FOR UPDATE SKIP LOCKED",
            )
            .persistent(false)
            .bind(webhook.as_uuid())
            .bind(oldest_kept)
            .bind(DeliveryStatus::Success.code())
            .bind(DeliveryStatus::Failed.code())
            .bind(CHUNK)
            .fetch_all(&mut *tx)
            .await?;
            delete_deliveries(&mut tx, &ids).await?;
            tx.commit().await?;
            session.finish();
            Ok(Pruned {
                deliveries: ids.len() as u64,
                more: ids.len() as u64 >= CHUNK.unsigned_abs(),
            })
        })
        .await
    }
}
