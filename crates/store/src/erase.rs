//! The end of an event's payload.
//!
//! | stage | what has happened | who goes on after a crash |
//! | --- | --- | --- |
//! | decided | the tombstone is committed: nothing more is sent, recorded or retried of it | any deliverer |
//! | scrubbed | data, bodies and headers of answers are gone from the tables; what waited has failed; dead letters are settled | any deliverer |
//! | finished | the messages are gone from the streams | nobody |
//!
//! Between the first two lies a wait: a recording transaction that took its lock before the tombstone was committed may
//! write the payload yet. Those transactions are known by the lock that they hold ([`RECORDERS`]), and waited for; new ones
//! are not held up. Every stage may be repeated without harm.

use std::{collections::HashSet, time::Duration};

use posthorn_domain::{DeadLetterId, DeliveryId, ErasureId, EventId, TenantId, Timestamp};
use serde_json::json;
use sqlx::{PgConnection, Postgres, Transaction};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    audit::{NewAuditEntry, write_audit},
    error::StoreError,
    event_ranges::Ranges,
    record_erased::{ERASED_DATA, end_erased},
    record_rows::delivery_rows,
    record_statistics::StatisticsDelta,
    record_totals::Totals,
    recorder::{BEGIN, advance},
    records::{DeliveryRecord, RecordBatch},
    runs::{Standing, StandingColumns, standing_columns},
    session::{Session, bounded},
    store::Store,
    webhook_delete::RECORDERS,
};

/// The advisory lock of whoever commits tombstones: their positions are committed in their order.
const TOMBSTONES: i64 = 750_100_003;
/// How often it is looked whether the recording transactions of before have ended.
const RECORDERS_LOOKED_AT_EVERY: Duration = Duration::from_millis(5);
/// No recording transaction takes longer; then the stage is tried again later.
const RECORDERS_WAITED_FOR_MAX: Duration = Duration::from_secs(15);
/// For so long nobody else goes on with an erasure by id.
const HELD_FOR_SECONDS: f64 = 30.0;

/// An event that is erased, and not gone from everywhere yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasedEvent {
    /// Its id.
    pub id: EventId,
    /// Where it was in the stream of events.
    pub stream_sequence: u64,
    /// Whether it is gone from the tables.
    pub is_scrubbed: bool,
    /// Whether its bytes in the streams' files are overwritten. What is only let go stays in a file until NATS compacts it.
    pub is_overwritten: bool,
}

/// A dead letter of an erased event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterInStream {
    /// Its id.
    pub id: DeadLetterId,
    /// Where it is in its stream.
    pub stream_sequence: u64,
}

/// What may be left of erased events in the streams, beside the events themselves.
#[derive(Debug, Clone, Default)]
pub struct InStreams {
    /// Deliveries that may have a message that waits.
    pub deliveries: Vec<DeliveryId>,
    /// Dead letters.
    pub letters: Vec<LetterInStream>,
}

#[derive(sqlx::FromRow)]
struct Tombstone {
    event_id: Uuid,
    stream_sequence: i64,
    stage: i16,
    overwritten: bool,
}

impl From<Tombstone> for ErasedEvent {
    fn from(row: Tombstone) -> Self {
        Self {
            id: EventId::from_uuid(row.event_id),
            stream_sequence: row.stream_sequence.unsigned_abs(),
            is_scrubbed: row.stage > 0,
            is_overwritten: row.overwritten,
        }
    }
}

/// Begins a transaction that commits tombstones.
pub(crate) async fn begin_tombstones(
    session: &mut Session,
) -> Result<Transaction<'_, Postgres>, StoreError> {
    let mut tx = session.transaction().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(TOMBSTONES)
        .execute(&mut *tx)
        .await?;
    Ok(tx)
}

impl Store {
    /// Decides that an event of the tenant is erased. From here on nothing is recorded of it. `None` if it was erased
    /// before and nothing of it is left; of one that was not finished, the rest is to be done.
    pub async fn erase_event(
        &self,
        tenant: &TenantId,
        id: EventId,
        actor: &str,
    ) -> Result<Option<ErasedEvent>, StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = begin_tombstones(&mut session).await?;
            let decided = sqlx::query(
                "INSERT INTO erased_events (event_id, tenant, erased_at, stream_sequence, accepted_at, not_before)
                 SELECT id, tenant, $3, stream_sequence, accepted_at, now() + $4 * interval '1 second'
                 FROM events WHERE id = $1 AND tenant = $2 AND erased_at IS NULL
                 ON CONFLICT (event_id) DO NOTHING",
            )
            .persistent(false)
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .bind(now)
            .bind(HELD_FOR_SECONDS)
            .execute(&mut *tx)
            .await?
            .rows_affected();
            if decided > 0 {
                let entry = NewAuditEntry {
                    actor,
                    tenant: Some(tenant),
                    action: "event.erased",
                    target_kind: "event",
                    target_id: &id.to_string(),
                    details: json!({}),
                };
                write_audit(&mut tx, now, entry).await?;
            }
            let left: Option<Tombstone> = sqlx::query_as(
                "SELECT event_id, stream_sequence, stage, overwritten FROM erased_events
                 WHERE event_id = $1 AND tenant = $2",
            )
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .fetch_optional(&mut *tx)
            .await?;
            let is_known: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT FROM events WHERE id = $1 AND tenant = $2)",
            )
            .persistent(false)
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .fetch_one(&mut *tx)
            .await?;
            tx.commit().await?;
            session.finish();
            match left {
                Some(left) => Ok((left.stage < 2).then(|| left.into())),
                // Erased so long ago that its tombstone is forgotten.
                None if is_known => Ok(None),
                None => Err(StoreError::NotFound),
            }
        })
        .await
    }

    /// Takes events that were erased and not finished, the oldest first: nobody else does for `lease`. Those that are
    /// scrubbed already, or those that are not.
    pub async fn take_unfinished(
        &self,
        scrubbed: bool,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<ErasedEvent>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<Tombstone> = sqlx::query_as(
                "UPDATE erased_events SET not_before = now() + $2 * interval '1 second'
                 WHERE event_id = ANY (ARRAY(
                     SELECT event_id FROM erased_events WHERE stage = $1 AND stage < 2 AND not_before <= now()
                     ORDER BY not_before LIMIT $3 FOR UPDATE SKIP LOCKED))
                 RETURNING event_id, stream_sequence, stage, overwritten",
            )
            .bind(i16::from(scrubbed))
            .bind(lease.as_secs_f64())
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok(rows.into_iter().map(ErasedEvent::from).collect())
        })
        .await
    }

    /// Takes the payload of erased events out of the tables. What waits of them fails, and their dead letters are settled.
    /// They stay in these hands for the rest of their lease, unless they are given back: then anybody takes them out of the
    /// streams.
    pub async fn scrub_erased(
        &self,
        events: &[EventId],
        is_given_back: bool,
    ) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let mut events = events.to_vec();
        events.sort_unstable();
        bounded(async {
            let mut session = self.session().await?;
            wait_for_recorders(&mut session).await?;
            let mut tx = sqlx::Connection::begin_with(&mut *session, BEGIN).await?;
            scrub(&mut tx, &events, is_given_back, self.shared.clock.now()).await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// What may be left in the streams of events that are scrubbed.
    pub async fn erased_in_streams(&self, events: &[EventId]) -> Result<InStreams, StoreError> {
        let Some(ranges) = Ranges::of(events) else {
            return Ok(InStreams::default());
        };
        bounded(async {
            let mut session = self.session().await?;
            // What was delivered waits for nothing.
            let deliveries: Vec<Uuid> = ranges
                .bind(sqlx::query_scalar(
                    "SELECT d.id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS e(id, low, high), LATERAL (
                         SELECT id FROM deliveries
                         WHERE id BETWEEN e.low AND e.high AND id BETWEEN $4 AND $5 AND event_id = e.id
                             AND status <> 1 OFFSET 0) d",
                ))
                .fetch_all(&mut *session)
                .await?;
            let letters: Vec<(Uuid, i64)> = ranges
                .bind_as(sqlx::query_as(
                    "SELECT d.id, d.stream_sequence FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS e(id, low, high),
                         LATERAL (SELECT id, stream_sequence FROM dead_letters
                             WHERE id BETWEEN e.low AND e.high AND id BETWEEN $4 AND $5 AND event_id = e.id OFFSET 0) d",
                ))
                .fetch_all(&mut *session)
                .await?;
            session.finish();
            Ok(InStreams {
                deliveries: deliveries.into_iter().map(DeliveryId::from_uuid).collect(),
                letters: letters
                    .into_iter()
                    .map(|(id, sequence)| LetterInStream {
                        id: DeadLetterId::from_uuid(id),
                        stream_sequence: sequence.unsigned_abs(),
                    })
                    .collect(),
            })
        })
        .await
    }

    /// Notes that nothing is left of these events in the streams.
    pub async fn finish_erased(&self, events: &[EventId]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = events.iter().map(|id| id.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query(
                "UPDATE erased_events SET stage = 2 WHERE event_id = ANY($1) AND stage = 1",
            )
            .bind(&ids)
            .execute(&mut *session)
            .await?;
            session.finish();
            Ok(())
        })
        .await
    }
}

/// Waits until every transaction has ended that holds the recorders' lock at this moment. Nobody is held up by that.
pub(crate) async fn wait_for_recorders(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut before = holders(connection).await?;
    let begun = Instant::now();
    while !before.is_empty() {
        if begun.elapsed() > RECORDERS_WAITED_FOR_MAX {
            return Err(StoreError::Unavailable(
                "a recording transaction does not end".to_owned(),
            ));
        }
        sleep(RECORDERS_LOOKED_AT_EVERY).await;
        let now = holders(connection).await?;
        before.retain(|holder| now.contains(holder));
    }
    Ok(())
}

/// The transactions that hold the recorders' lock.
async fn holders(connection: &mut PgConnection) -> Result<HashSet<String>, StoreError> {
    // A lock by one number: its upper half is `classid`, its lower one `objid`.
    let found: Vec<String> = sqlx::query_scalar(
        "SELECT virtualtransaction FROM pg_locks
         WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND classid = 0 AND objid = $1::bigint::oid AND objsubid = 1 AND granted AND pid <> pg_backend_pid()",
    )
    .bind(RECORDERS)
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().collect())
}

async fn scrub(
    connection: &mut PgConnection,
    events: &[EventId],
    is_given_back: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(ranges) = Ranges::of(events) else {
        return Ok(());
    };
    let ids = &ranges.events;
    sqlx::query(
        "UPDATE events SET data = $4, ce_id = NULL, ce_source = NULL, ce_subject = NULL, ce_attributes = NULL, erased_at = $5
         WHERE id = ANY($1) AND id BETWEEN $2 AND $3 AND erased_at IS NULL",
    )
    .persistent(false)
    .bind(ids)
    .bind(ids.iter().min())
    .bind(ids.iter().max())
    .bind(ERASED_DATA.as_bytes())
    .bind(now)
    .execute(&mut *connection)
    .await?;
    scrub_deliveries(connection, &ranges).await?;
    sqlx::query(
        "WITH letters AS (
             SELECT d.id FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS e(id, low, high), LATERAL (
                 SELECT id FROM dead_letters
                 WHERE id BETWEEN e.low AND e.high AND id BETWEEN $4 AND $5 AND event_id = e.id OFFSET 0) d)
         UPDATE dead_letters SET settled_at = COALESCE(settled_at, now()), replay_id = NULL
         FROM letters WHERE dead_letters.id = letters.id",
    )
    .persistent(false)
    .bind(ids)
    .bind(&ranges.low)
    .bind(&ranges.high)
    .bind(ranges.first)
    .bind(ranges.last)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE erased_events SET stage = 1, not_before = CASE WHEN $2 THEN now() ELSE not_before END
         WHERE event_id = ANY($1) AND stage = 0",
    )
    .bind(ids)
    .bind(is_given_back)
    .execute(connection)
    .await?;
    Ok(())
}

async fn scrub_deliveries(
    connection: &mut PgConnection,
    ranges: &Ranges,
) -> Result<(), StoreError> {
    let deliveries: Vec<(Uuid, i16)> = ranges
        .bind_as(sqlx::query_as(
            "SELECT d.id, d.status FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS e(id, low, high), LATERAL (
                 SELECT id, status FROM deliveries
                 WHERE id BETWEEN e.low AND e.high AND id BETWEEN $4 AND $5 AND event_id = e.id OFFSET 0) d
             ORDER BY d.id",
        ))
        .fetch_all(&mut *connection)
        .await?;
    let all: Vec<Uuid> = deliveries.iter().map(|(id, _)| *id).collect();
    let waiting: Vec<Uuid> = deliveries
        .into_iter()
        .filter(|(_, status)| matches!(status, 0 | 2))
        .map(|(id, _)| id)
        .collect();
    end_waiting(connection, &waiting).await?;
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return Ok(());
    };
    sqlx::query(
        "UPDATE attempts SET request_body = NULL, response_headers = NULL, response_body = NULL
         WHERE delivery_id = ANY($1) AND delivery_id BETWEEN $2 AND $3
             AND (request_body IS NOT NULL OR response_headers IS NOT NULL OR response_body IS NOT NULL)",
    )
    .persistent(false)
    .bind(&all)
    .bind(first)
    .bind(last)
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends deliveries that wait, as a recorder would record it.
async fn end_waiting(connection: &mut PgConnection, waiting: &[Uuid]) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (waiting.first(), waiting.last()) else {
        return Ok(());
    };
    let rows: Vec<StandingColumns> = sqlx::query_as(concat!(
        "SELECT ",
        standing_columns!(),
        " FROM deliveries WHERE id = ANY($1) AND id BETWEEN $2 AND $3 AND status IN (0, 2)
         ORDER BY id FOR NO KEY UPDATE"
    ))
    .persistent(false)
    .bind(waiting)
    .bind(first)
    .bind(last)
    .fetch_all(&mut *connection)
    .await?;
    let ended = rows
        .into_iter()
        .map(|row| Ok(ended(&Standing::try_from(row)?)));
    let batch = RecordBatch {
        deliveries: ended.collect::<Result<_, StoreError>>()?,
        ..RecordBatch::default()
    };
    let rows = delivery_rows(&batch, &HashSet::new());
    let rows: Vec<_> = rows.iter().collect();
    let (mut totals, mut statistics) = (Totals::default(), StatisticsDelta::default());
    advance(connection, &rows, &mut totals, &mut statistics).await?;
    statistics.write(connection).await?;
    totals.write(connection).await
}

fn ended(standing: &Standing) -> DeliveryRecord {
    let mut record = standing.as_it_is();
    end_erased(&mut record);
    record
}

/// Tombstones of an erasure, as its page makes them.
pub(crate) async fn count_unfinished(
    connection: &mut PgConnection,
    erasure: ErasureId,
) -> Result<(u64, u64), StoreError> {
    let (decided, scrubbed): (i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE stage = 0), count(*) FILTER (WHERE stage = 1) FROM erased_events
         WHERE erasure_id = $1 AND stage < 2",
    )
    .bind(erasure.as_uuid())
    .fetch_one(connection)
    .await?;
    Ok((decided.unsigned_abs(), scrubbed.unsigned_abs()))
}
