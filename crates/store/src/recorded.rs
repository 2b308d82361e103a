//! What is recorded of events that may have been seen before.

use std::collections::HashMap;

use posthorn_domain::{DeliveryId, DeliveryStatus, EventId, WebhookId};
use sqlx::Row;
use tracing::warn;
use uuid::Uuid;

use crate::{
    deliveries::{DeliveryState, state_of},
    error::StoreError,
    session::bounded,
    store::Store,
};

/// A delivery that has a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// To whom.
    pub webhook: WebhookId,
    /// How far it has come; `None` where the record cannot be read: it is damaged, or a newer release wrote it.
    pub state: Option<DeliveryState>,
}

impl RecordedDelivery {
    /// Whether nothing is left to do: it has succeeded, or all that follows from its failure was done, of which its dead
    /// letter is the last. What goes on with it after that has a message of its own.
    pub fn is_finished(&self) -> bool {
        self.state.as_ref().is_some_and(|state| match state.status {
            DeliveryStatus::Success => true,
            DeliveryStatus::Failed => state.buried,
            DeliveryStatus::Pending | DeliveryStatus::Retrying => false,
        })
    }
}

impl Store {
    /// Every delivery of these events that is recorded, whatever their webhooks want now.
    pub async fn deliveries_of_events(
        &self,
        events: &[EventId],
    ) -> Result<HashMap<EventId, Vec<RecordedDelivery>>, StoreError> {
        let ranges: Vec<_> = events
            .iter()
            .map(|event| DeliveryId::range_of_event(*event))
            .collect();
        let (Some(first), Some(last)) = (
            ranges.iter().map(|(low, _)| *low).min(),
            ranges.iter().map(|(_, high)| *high).max(),
        ) else {
            return Ok(HashMap::new());
        };
        let ids: Vec<Uuid> = events.iter().map(|event| event.as_uuid()).collect();
        let low: Vec<Uuid> = ranges.iter().map(|(low, _)| low.as_uuid()).collect();
        let high: Vec<Uuid> = ranges.iter().map(|(_, high)| high.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            // OFFSET keeps the planner from joining by event_id, which no index has: each event is a short range of the
            // primary key. The bounds leave out the partitions that hold none of them.
            let rows = sqlx::query(
                "SELECT d.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS e(id, low, high),
                     LATERAL (SELECT event_id, webhook_id, id, status, attempt_count, run_start, next_retry_at,
                                  status_code, error_message, buried_at IS NOT NULL AS buried
                              FROM deliveries
                              WHERE id BETWEEN e.low AND e.high AND id BETWEEN $4 AND $5 AND event_id = e.id
                              OFFSET 0) d",
            )
            .persistent(false)
            .bind(&ids)
            .bind(&low)
            .bind(&high)
            .bind(first.as_uuid())
            .bind(last.as_uuid())
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            let mut of_events: HashMap<EventId, Vec<RecordedDelivery>> = HashMap::new();
            for row in rows {
                let id = DeliveryId::from_uuid(row.try_get("id")?);
                let state = state_of(&row)
                    .inspect_err(|error| warn!(delivery.id = %id, "Cannot read the record of delivery {id}: {error}"));
                of_events
                    .entry(EventId::from_uuid(row.try_get("event_id")?))
                    .or_default()
                    .push(RecordedDelivery {
                        id,
                        webhook: WebhookId::from_uuid(row.try_get("webhook_id")?),
                        state: state.ok(),
                    });
            }
            Ok(of_events)
        })
        .await
    }
}
