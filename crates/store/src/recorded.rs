//! What is recorded of events that may have been seen before.

use std::collections::{HashMap, HashSet};

use posthorn_domain::{DeliveryId, EventId, WebhookId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    deliveries::DeliveryState, delivery_row::StateColumns, error::StoreError, session::bounded,
    store::Store,
};

/// A delivery that has a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// To whom.
    pub webhook: WebhookId,
    /// How far it has come.
    pub state: DeliveryState,
}

#[derive(FromRow)]
struct RecordedColumns {
    event_id: Uuid,
    webhook_id: Uuid,
    #[sqlx(flatten)]
    state: StateColumns,
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
            let rows: Vec<RecordedColumns> = sqlx::query_as(
                "SELECT d.* FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS e(id, low, high),
                     LATERAL (SELECT event_id, webhook_id, id, status, attempt_count, run_start, next_retry_at,
                                  status_code, error_message
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
                let (id, state) = row.state.into_state()?;
                of_events
                    .entry(EventId::from_uuid(row.event_id))
                    .or_default()
                    .push(RecordedDelivery {
                        id,
                        webhook: WebhookId::from_uuid(row.webhook_id),
                        state,
                    });
            }
            Ok(of_events)
        })
        .await
    }

    /// Those of these deliveries that have a dead letter in the index, settled or not.
    pub async fn with_dead_letter(
        &self,
        deliveries: &[DeliveryId],
    ) -> Result<HashSet<DeliveryId>, StoreError> {
        if deliveries.is_empty() {
            return Ok(HashSet::new());
        }
        let ids: Vec<Uuid> = deliveries.iter().map(|id| id.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            let found: Vec<Uuid> =
                sqlx::query_scalar("SELECT id FROM dead_letters WHERE id = ANY($1)")
                    .bind(&ids)
                    .fetch_all(&mut *session)
                    .await?;
            session.finish();
            Ok(found.into_iter().map(DeliveryId::from_uuid).collect())
        })
        .await
    }
}
