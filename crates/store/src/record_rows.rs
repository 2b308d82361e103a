use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use bytes::Bytes;
use posthorn_domain::{
    DeliveryId, DeliveryStatus, Timestamp, WebhookId, delivery_lifecycle::Progress,
};

use crate::records::{AttemptRecord, DeliveryRecord, EventRecord, RecordBatch};

/// A delivery's record, ready to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DeliveryRow<'a> {
    pub(crate) record: &'a DeliveryRecord,
    pub(crate) progress: Progress,
    /// When the receiver took it first, unless it has failed since.
    pub(crate) delivered_at: Option<Timestamp>,
    /// When the batch's last attempt of this delivery began.
    pub(crate) last_attempt_at: Option<Timestamp>,
}

/// The events to write, sorted by id and each once.
pub(crate) fn event_rows(batch: &RecordBatch) -> Vec<&EventRecord> {
    let mut rows: Vec<&EventRecord> = batch.events.iter().collect();
    rows.sort_unstable_by_key(|row| row.event.id);
    rows.dedup_by_key(|row| row.event.id);
    rows
}

/// The deliveries to write, sorted by id: of several records of one delivery the furthest, and none of a webhook
/// that is dead.
pub(crate) fn delivery_rows<'a>(
    batch: &'a RecordBatch,
    dead: &HashSet<WebhookId>,
) -> Vec<DeliveryRow<'a>> {
    let mut last_attempts: HashMap<DeliveryId, Timestamp> = HashMap::new();
    for attempt in &batch.attempts {
        last_attempts
            .entry(attempt.delivery)
            .and_modify(|at| *at = attempt.started_at.max(*at))
            .or_insert(attempt.started_at);
    }
    let mut rows: Vec<DeliveryRow<'_>> = batch
        .deliveries
        .iter()
        .filter(|record| !dead.contains(&record.webhook))
        .map(|record| row(record, last_attempts.get(&record.id).copied()))
        .collect();
    rows.sort_by(|a, b| (a.record.id, b.progress).cmp(&(b.record.id, a.progress)));
    rows.dedup_by_key(|row| row.record.id);
    rows
}

/// The attempts to write, sorted by key and each once: none of a webhook that is dead.
pub(crate) fn attempt_rows<'a>(
    batch: &'a RecordBatch,
    dead: &HashSet<WebhookId>,
) -> Vec<&'a AttemptRecord> {
    let dropped: HashSet<DeliveryId> = if dead.is_empty() {
        HashSet::new()
    } else {
        let of_dead = batch
            .deliveries
            .iter()
            .filter(|row| dead.contains(&row.webhook));
        of_dead.map(|row| row.id).collect()
    };
    let mut rows: Vec<&AttemptRecord> = batch
        .attempts
        .iter()
        .filter(|row| !dropped.contains(&row.delivery))
        .collect();
    rows.sort_by_key(|row| (row.delivery, row.number));
    rows.dedup_by_key(|row| (row.delivery, row.number));
    rows
}

fn row(record: &DeliveryRecord, last_attempt_at: Option<Timestamp>) -> DeliveryRow<'_> {
    let delivered_at = (record.status == DeliveryStatus::Success).then(|| {
        record
            .delivered_at
            .or(last_attempt_at)
            .unwrap_or(record.created_at)
    });
    DeliveryRow {
        record,
        progress: Progress::new(
            record.attempt_count,
            record.run_start,
            record.status,
            record.next_retry_at,
        ),
        delivered_at,
        last_attempt_at,
    }
}

/// PostgreSQL has no unsigned numbers; what does not fit is as good as the largest.
pub(crate) fn stored_count(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// See [`stored_count`].
pub(crate) fn stored_code(code: u16) -> i16 {
    i16::try_from(code).unwrap_or(i16::MAX)
}

/// A duration in microseconds. No attempt takes the half hour that would not fit.
pub(crate) fn stored_micros(took: Duration) -> i32 {
    i32::try_from(took.as_micros()).unwrap_or(i32::MAX)
}

/// What of an attempt can be long.
pub(crate) fn payload_bytes(attempt: &AttemptRecord) -> usize {
    attempt.request_headers.len()
        + attempt.response_headers.len()
        + attempt.response_body.len()
        + attempt.request_body.as_ref().map_or(0, Bytes::len)
}

/// What no answer brought is NULL rather than empty: it takes no room.
pub(crate) fn present(bytes: &Bytes) -> Option<&[u8]> {
    Some(bytes.as_ref()).filter(|bytes| !bytes.is_empty())
}

/// Cuts a list so that no piece weighs more than `bytes_max`, unless it is a single item.
pub(crate) fn pieces<'a, T>(
    items: &'a [T],
    bytes_max: usize,
    bytes_of: impl Fn(&T) -> usize + 'a,
) -> impl Iterator<Item = &'a [T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let mut bytes = bytes_of(first);
        let more = rest[1..].iter().take_while(|item| {
            bytes += bytes_of(item);
            bytes <= bytes_max
        });
        let (piece, after) = rest.split_at(1 + more.count());
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_keep_everything_and_their_bound(weights in prop::collection::vec(0_usize..20, 0..40)) {
            let cut: Vec<&[usize]> = pieces(&weights, 25, |weight| *weight).collect();
            prop_assert_eq!(&cut.concat(), &weights);
            for piece in cut {
                prop_assert!(piece.len() == 1 || piece.iter().sum::<usize>() <= 25);
                prop_assert!(!piece.is_empty());
            }
        }
    }
}
