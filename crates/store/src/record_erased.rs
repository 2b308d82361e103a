//! What becomes of a batch's rows of erased events and deleted tenants.
//!
//! Of an erased event nothing is written but that it was there: no data, no bodies, no headers of answers. A delivery that
//! has not been settled ends here; one that succeeded while its event was erased is recorded as what it is.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use bytes::Bytes;
use posthorn_domain::{
    DeliveryId, DeliveryStatus, Event, EventId, FailureCode, JsonText, Timestamp,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    erased::{Gone, erased_deliveries},
    error::StoreError,
    records::{AttemptRecord, DeliveryRecord, EventRecord, RecordBatch},
};

/// Why a delivery failed whose event was erased.
pub(crate) const ERASED_REASON: &str = "the event was erased";
/// What stands in place of erased data: a release that does not know of erasures reads JSON.
pub(crate) const ERASED_DATA: &str = "null";

/// The batch without what is gone; `None` where that is the batch itself.
pub(crate) async fn without_gone(
    connection: &mut PgConnection,
    batch: &RecordBatch,
    gone: &Gone,
) -> Result<Option<RecordBatch>, StoreError> {
    // An attempt may travel alone, after its batch was refused.
    let alone = attempts_alone(batch);
    let erased_alone = erased_deliveries(connection, &alone).await?;
    if gone.is_empty() && erased_alone.is_empty() {
        return Ok(None);
    }
    let of_delivery: HashMap<DeliveryId, EventId> = batch
        .deliveries
        .iter()
        .map(|row| (row.id, row.event))
        .collect();
    let is_erased = |row: &AttemptRecord| match of_delivery.get(&row.delivery) {
        Some(event) => gone.is_erased(*event),
        None => erased_alone.contains(&row.delivery.as_uuid()),
    };
    let mut rest = batch.clone();
    rest.events.retain(|row| {
        !gone.is_of_deleted_tenant(&row.event.tenant, row.stream_sequence, row.accepted_at)
    });
    for row in &mut rest.events {
        if gone.is_erased(row.event.id) {
            *row = erased_event(row);
            rest.seen.events = true;
        }
    }
    for row in &mut rest.deliveries {
        if gone.is_erased(row.event) {
            end_erased(row);
            rest.seen.deliveries.insert(row.id);
        }
    }
    for row in rest.attempts.iter_mut().filter(|row| is_erased(row)) {
        row.request_body = None;
        row.response_headers = Bytes::new();
        row.response_body = Bytes::new();
    }
    Ok(Some(rest))
}

fn attempts_alone(batch: &RecordBatch) -> Vec<Uuid> {
    if batch.attempts.is_empty() || !batch.deliveries.is_empty() {
        return Vec::new();
    }
    let alone = batch.attempts.iter().map(|row| row.delivery.as_uuid());
    alone.collect()
}

fn erased_event(row: &EventRecord) -> EventRecord {
    EventRecord {
        event: Arc::new(Event {
            data: JsonText::from_trusted(Bytes::from_static(ERASED_DATA.as_bytes())),
            cloud_event: None,
            ..Event::clone(&row.event)
        }),
        ..row.clone()
    }
}

/// Ends a delivery that is not settled.
pub(crate) fn end_erased(row: &mut DeliveryRecord) {
    if !row.status.is_settled() {
        row.status = DeliveryStatus::Failed;
        row.failure = Some(FailureCode::EVENT_ERASED);
        row.error_message = Some(ERASED_REASON.to_owned());
        row.next_retry_at = None;
        row.delivered_at = None;
    }
}

/// Says of erased events that have just been written that they are.
pub(crate) async fn mark_erased(
    connection: &mut PgConnection,
    batch: &RecordBatch,
    gone: &Gone,
    now: Timestamp,
) -> Result<(), StoreError> {
    let erased: HashSet<Uuid> = batch
        .events
        .iter()
        .map(|row| row.event.id)
        .filter(|id| gone.is_erased(*id))
        .map(EventId::as_uuid)
        .collect();
    if erased.is_empty() {
        return Ok(());
    }
    sqlx::query("UPDATE events SET erased_at = $2 WHERE id = ANY($1) AND erased_at IS NULL")
        .persistent(false)
        .bind(erased.into_iter().collect::<Vec<_>>())
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}
