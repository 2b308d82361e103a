//! The log of what happened, written in batches: the hot path.
//!
//! A batch is one transaction: rows of many deliveries in one `INSERT … SELECT FROM UNNEST` for each table, the
//! totals of the webhooks, and what the batch adds to the statistics. `synchronous_commit` stays on. The deliverer
//! acknowledges its claims when this returns; with it off, a crash of PostgreSQL could forget what JetStream has already forgotten. Its cost is one
//! flush for a batch, shared with whoever commits at the same moment.
//!
//! What nobody has written before is inserted straight; what may be there already (retries, redelivered claims) with
//! `ON CONFLICT DO NOTHING`, and it is read, locked, compared ([`Progress`]) and updated where it was. Which is which
//! the caller knows nearly always; where it is wrong the transaction is made once more.
//!
//! `COPY` would cost the server less still, but not with this driver: it leaves Nagle's algorithm on, so the short
//! word that ends the data waits until the server acknowledges them, up to 40 ms.
//!
//! Replicas write at the same time, about the same deliveries after a crash. Each takes its locks in one order:
//! the tables as below, within a table by key, first what is new. So they wait for each other and nearly never in a
//! circle; a circle needs two that write the same deliveries, each taking one for new that the other has seen, and
//! PostgreSQL breaks it.

use std::collections::HashMap;

use posthorn_domain::{
    Answer, DeliveryId, DeliveryStatus, Timestamp,
    delivery_lifecycle::{self, Overtaken, Progress},
};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::{
    attempt_claims::{claim_under_way, release},
    dead_letter_index::settle_delivered,
    erased::{Dropped, Gone, dropped},
    error::StoreError,
    record_erased::{mark_erased, without_gone},
    record_rows::{DeliveryRow, attempt_rows, delivery_rows, event_rows},
    record_statements::{
        Way, insert_attempts, insert_deliveries, insert_events, insert_new_deliveries,
        update_deliveries,
    },
    record_statistics::StatisticsDelta,
    record_totals::Totals,
    records::{AttemptOvertaken, DeliveryRecord, RecordBatch, Written},
    runs::{begin_run, record_of_new_run},
    second_attempts::keep_second_attempts,
    session::{Session, bounded},
    store::Store,
    webhook_delete::RECORDERS,
};

/// Begins a recording transaction in one round trip, with [`RECORDERS`](crate::webhook_delete) held shared.
/// What follows sees every deletion that was committed before the lock was had, because each statement of a
/// READ COMMITTED transaction has a snapshot of its own.
pub(crate) const BEGIN: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock_shared(750100002)";
const _: () = assert!(
    RECORDERS == 750_100_002,
    "the recorder's BEGIN names another lock than the deletion"
);

impl Store {
    /// Records a batch: all of it or nothing.
    ///
    /// Writing the same batch twice changes nothing. A record never moves its delivery backwards: it counts
    /// only if its [`Progress`] is further on than the row's. Rows of deleted webhooks and tenants are dropped, and of
    /// erased events nothing is written but that they were there; [`Written`] says which those are.
    ///
    /// Where a run was asked for while an attempt was made that failed, the record of that run takes the place of the
    /// batch's, in the same transaction; [`Written`] says so.
    pub async fn write(&self, batch: &RecordBatch) -> Result<Written, StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let written = match record(&mut session, batch, Way::New, now).await {
                // Something was there already, contrary to what the batch says.
                Err(error) if error.is_taken_key() => {
                    record(&mut session, batch, Way::MaybeKnown, now).await?
                }
                done => done?,
            };
            session.finish();
            Ok(written)
        })
        .await
    }
}

async fn record(
    session: &mut Session,
    batch: &RecordBatch,
    way: Way,
    now: Timestamp,
) -> Result<Written, StoreError> {
    let mut tx = session.begin_with(BEGIN).await?;
    let Dropped { dead, gone } = dropped(&mut tx, batch).await?;
    let rest = without_gone(&mut tx, batch, &gone).await?;
    let batch = rest.as_ref().unwrap_or(batch);
    let mut totals = Totals::default();
    let mut statistics = StatisticsDelta::default();

    let events = event_rows(batch);
    let events_way = if batch.seen.events {
        Way::MaybeKnown
    } else {
        way
    };
    insert_events(&mut tx, &events, events_way).await?;
    mark_erased(&mut tx, batch, &gone, now).await?;
    let rows = delivery_rows(batch, &dead);
    let (fresh, seen): (Vec<_>, Vec<_>) = rows
        .iter()
        .partition(|row| way == Way::New && !batch.seen.deliveries.contains(&row.record.id));
    insert_new_deliveries(&mut tx, &fresh).await?;
    let inserted = insert_deliveries(&mut tx, &seen).await?;
    let (new, known): (Vec<_>, Vec<_>) = seen
        .into_iter()
        .partition(|row| inserted.contains(&row.record.id));
    for row in fresh.into_iter().chain(new) {
        totals.count_new(row);
        statistics.count_new(row.record);
    }
    let overtaken = advance(&mut tx, &known, &mut totals, &mut statistics).await?;
    let attempts = attempt_rows(batch, &dead);
    let known = insert_attempts(&mut tx, &attempts, way).await?;
    keep_second_attempts(&mut tx, &known).await?;
    statistics.count_attempts(&attempts);
    statistics.write(&mut tx).await?;
    totals.write(&mut tx).await?;
    let overtaken = begin_runs(&mut tx, overtaken, &gone, now).await?;
    claim_under_way(&mut tx, &batch.claimed).await?;
    release(&mut tx, &batch.released).await?;
    tx.commit().await?;
    Ok(Written {
        overtaken,
        erased: gone.into_erased(),
    })
}

/// Begins the runs that were asked for while attempts were made that failed; none of an erased event.
async fn begin_runs(
    connection: &mut PgConnection,
    overtaken: Vec<(&DeliveryRecord, Overtaken)>,
    gone: &Gone,
    now: Timestamp,
) -> Result<HashMap<DeliveryId, AttemptOvertaken>, StoreError> {
    let mut begun = HashMap::new();
    let of_kept = overtaken
        .into_iter()
        .filter(|(record, _)| !gone.is_erased(record.event));
    for (record, how) in of_kept {
        let how = match how {
            Overtaken::ByRecord => AttemptOvertaken::ByRecord,
            Overtaken::ByRun => {
                begin_run(connection, &record_of_new_run(record, now)).await?;
                AttemptOvertaken::ByRun {
                    run_start: record.attempt_count,
                    due: now,
                }
            }
        };
        begun.insert(record.id, how);
    }
    Ok(begun)
}

#[derive(sqlx::FromRow)]
struct StoredProgress {
    id: Uuid,
    attempt_count: i32,
    run_start: i32,
    status: i16,
    next_retry_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
}

/// Moves deliveries that are recorded already to where the batch has them, if that is further on. Says which failed
/// attempts were overtaken.
pub(crate) async fn advance<'a>(
    connection: &mut PgConnection,
    known: &[&DeliveryRow<'a>],
    totals: &mut Totals,
    statistics: &mut StatisticsDelta<'a>,
) -> Result<Vec<(&'a DeliveryRecord, Overtaken)>, StoreError> {
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return Ok(Vec::new());
    };
    let ids: Vec<Uuid> = known.iter().map(|row| row.record.id.as_uuid()).collect();
    // The bounds leave out the partitions that hold none of them.
    let stored: Vec<StoredProgress> = sqlx::query_as(
        "SELECT id, attempt_count, run_start, status, next_retry_at, delivered_at FROM deliveries
         WHERE id = ANY($1) AND id BETWEEN $2 AND $3 ORDER BY id FOR NO KEY UPDATE",
    )
    .persistent(false)
    .bind(&ids)
    .bind(first.record.id.as_uuid())
    .bind(last.record.id.as_uuid())
    .fetch_all(&mut *connection)
    .await?;
    let stored: HashMap<DeliveryId, StoredProgress> = stored
        .into_iter()
        .map(|row| (DeliveryId::from_uuid(row.id), row))
        .collect();

    let (mut further, mut delivered_after_all) = (Vec::new(), Vec::new());
    let mut overtaken = Vec::new();
    for row in known {
        let Some(stored) = stored.get(&row.record.id) else {
            continue; // dropped by retention since the insert met it
        };
        let status = DeliveryStatus::from_code(stored.status)
            .map_err(|_| StoreError::Corrupt(format!("status of delivery {}", row.record.id)))?;
        let before = Progress::new(
            stored.attempt_count.unsigned_abs(),
            stored.run_start.unsigned_abs(),
            status,
            stored.next_retry_at,
        );
        if is_failed_attempt(row)
            && let Some(how) = delivery_lifecycle::overtaken(&before, &row.progress)
        {
            overtaken.push((row.record, how));
        }
        if row.progress > before {
            totals.count_known(row, status);
            statistics.count_known(row.record, status, stored.attempt_count);
            // Only what was given up has a dead letter, and only a run by hand succeeds after that, or a second request
            // of the same attempt. A run of what was never attempted begins at 0, like the first run; but its row says
            // `retrying`, or still `failed`.
            let after_failure = row.record.run_start > 0
                || status == DeliveryStatus::Failed
                || (stored.attempt_count == 0 && status == DeliveryStatus::Retrying);
            if after_failure && row.record.status == DeliveryStatus::Success {
                delivered_after_all.push(row.record.id.as_uuid());
            }
            let delivered_at = stored.delivered_at.or(row.delivered_at);
            further.push(DeliveryRow {
                delivered_at: delivered_at.filter(|_| row.record.status != DeliveryStatus::Failed),
                ..**row
            });
        }
    }
    let further: Vec<_> = further.iter().collect();
    update_deliveries(connection, &further).await?;
    settle_delivered(connection, &delivered_after_all).await?;
    Ok(overtaken)
}

/// Whether the row is that of an attempt after which something has to follow. One whose endpoint is gone ends its
/// webhook, whatever was asked for.
fn is_failed_attempt(row: &DeliveryRow<'_>) -> bool {
    row.last_attempt_at.is_some()
        && row.record.status != DeliveryStatus::Success
        && row.record.status_code != Some(Answer::GONE)
}
