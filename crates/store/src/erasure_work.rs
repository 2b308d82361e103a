//! Erasures by filter: who works at which, and how far they have come.
//!
//! As a replay, an erasure belongs to nobody. A deliverer takes one for a moment, makes tombstones of some pages of its
//! events and scrubs them, notes each, and gives it back. What a process that dies had in its hands is taken by another
//! when the lease has run out.
//!
//! Events are found in the table. What was accepted before the erasure was asked for and is not recorded yet is found by a
//! last pass, when everything is recorded that was in the stream when the work began.

use std::{collections::HashSet, time::Duration};

use posthorn_domain::{ErasureId, EventId, TenantId, Timestamp};
use sqlx::{FromRow, PgConnection, Row};
use uuid::Uuid;

use crate::{
    erase::{ErasedEvent, begin_tombstones, count_unfinished},
    erasures::{ErasureFilter, ErasureRow, erasure_columns},
    error::StoreError,
    session::bounded,
    store::Store,
};

/// An erasure that this process works at.
#[derive(Debug, Clone)]
pub struct HeldErasure {
    /// Its id.
    pub id: ErasureId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Of which events.
    pub filter: ErasureFilter,
    /// The last event that it has come to.
    pub cursor: Option<EventId>,
    /// The end of the stream of events when the work began, once that is known.
    pub up_to: Option<u64>,
    /// Whether all events up to there had their records when this pass began.
    pub is_last_pass: bool,
    /// When the work began.
    pub started_at: Timestamp,
    lease: i64,
}

/// Some events of which tombstones were made.
#[derive(Debug, Clone)]
pub struct ErasurePage {
    /// They are to be scrubbed.
    pub events: Vec<ErasedEvent>,
    /// Whether the pass may find more.
    pub more: bool,
}

impl Store {
    /// Takes the erasure whose turn it is, for `lease`; `None` when nothing is to be done now.
    pub async fn take_erasure(&self, lease: Duration) -> Result<Option<HeldErasure>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row = sqlx::query(concat!(
                "UPDATE erasures SET status = 'running', started_at = COALESCE(started_at, $1), lease = lease + 1,
                     not_before = now() + $2 * interval '1 second'
                 WHERE id = (SELECT id FROM erasures WHERE status IN ('queued', 'running') AND not_before <= now()
                             ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING ",
                erasure_columns!(),
                ", lease, cursor, up_to, is_last_pass"
            ))
            .bind(self.shared.clock.now())
            .bind(lease.as_secs_f64())
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            let Some(row) = row else { return Ok(None) };
            let columns = ErasureRow::from_row(&row)?;
            Ok(Some(HeldErasure {
                id: ErasureId::from_uuid(columns.id),
                tenant: columns.tenant()?,
                filter: columns.filter()?,
                cursor: row.try_get::<Option<Uuid>, _>("cursor")?.map(EventId::from_uuid),
                up_to: row.try_get::<Option<i64>, _>("up_to")?.map(i64::unsigned_abs),
                is_last_pass: row.try_get("is_last_pass")?,
                started_at: columns.started_at.unwrap_or(columns.created_at),
                lease: row.try_get("lease")?,
            }))
        })
        .await
    }

    /// Makes tombstones of the next events of an erasure, which stays in these hands for `lease`, and notes how far it has
    /// come. `None` when it is not in these hands any more.
    ///
    /// The page's events are in these hands too: nobody else scrubs them for `lease`.
    pub async fn erase_page(
        &self,
        held: &mut HeldErasure,
        lease: Duration,
        limit: u32,
    ) -> Result<Option<ErasurePage>, StoreError> {
        let (found, last, kept) = bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = begin_tombstones(&mut session).await?;
            let rows = find_page(&mut tx, held, limit).await?;
            let ids: Vec<Uuid> = rows.iter().map(|(id, _, _)| *id).collect();
            let inserted: Vec<Uuid> = sqlx::query_scalar(
                "INSERT INTO erased_events (event_id, tenant, erased_at, erasure_id, stream_sequence, accepted_at, not_before)
                 SELECT id, $4, $5, $6, sequence, accepted_at, now() + $7 * interval '1 second'
                 FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) AS e(id, sequence, accepted_at)
                 ON CONFLICT (event_id) DO NOTHING RETURNING event_id",
            )
            .bind(&ids)
            .bind(rows.iter().map(|(_, sequence, _)| *sequence).collect::<Vec<_>>())
            .bind(rows.iter().map(|(_, _, at)| *at).collect::<Vec<_>>())
            .bind(held.tenant.as_str())
            .bind(now)
            .bind(held.id.as_uuid())
            .bind(lease.as_secs_f64())
            .fetch_all(&mut *tx)
            .await?;
            let last = ids.last().copied();
            let kept = sqlx::query(
                "UPDATE erasures SET cursor = COALESCE($3, cursor), events = events + $4,
                     not_before = now() + $5 * interval '1 second'
                 WHERE id = $1 AND lease = $2 AND status = 'running'",
            )
            .bind(held.id.as_uuid())
            .bind(held.lease)
            .bind(last)
            .bind(i64::try_from(inserted.len()).unwrap_or(i64::MAX))
            .bind(lease.as_secs_f64())
            .execute(&mut *tx)
            .await?
            .rows_affected();
            if kept > 0 {
                tx.commit().await?;
            } else {
                tx.rollback().await?;
            }
            session.finish();
            let inserted: HashSet<Uuid> = inserted.into_iter().collect();
            let is_full = rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
            let events: Vec<ErasedEvent> = rows
                .into_iter()
                .filter(|(id, _, _)| inserted.contains(id))
                .map(|(id, sequence, _)| ErasedEvent {
                    id: EventId::from_uuid(id),
                    stream_sequence: sequence.unsigned_abs(),
                    is_scrubbed: false,
                    is_overwritten: true,
                })
                .collect();
            let page = ErasurePage {
                events,
                more: is_full,
            };
            Ok::<_, StoreError>((page, last, kept > 0))
        })
        .await?;
        held.cursor = last.map(EventId::from_uuid).or(held.cursor);
        Ok(kept.then_some(found))
    }

    /// Notes where the stream of events ended when the work began.
    pub async fn note_erasure_up_to(
        &self,
        held: &mut HeldErasure,
        sequence: u64,
    ) -> Result<(), StoreError> {
        let stored = i64::try_from(sequence).unwrap_or(i64::MAX);
        self.change_erasure(
            held,
            "UPDATE erasures SET up_to = $3 WHERE id = $1 AND lease = $2",
            stored,
        )
        .await?;
        held.up_to = Some(sequence);
        Ok(())
    }

    /// Begins the last pass, from the first event again.
    pub async fn begin_last_pass(&self, held: &mut HeldErasure) -> Result<(), StoreError> {
        self.change_erasure(
            held,
            "UPDATE erasures SET is_last_pass = $3 > 0, cursor = NULL WHERE id = $1 AND lease = $2",
            1,
        )
        .await?;
        (held.is_last_pass, held.cursor) = (true, None);
        Ok(())
    }

    /// Gives it back: anybody may take it after a while.
    pub async fn give_erasure_back(
        &self,
        held: &HeldErasure,
        after: Duration,
    ) -> Result<(), StoreError> {
        let milliseconds = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
        self.change_erasure(
            held,
            "UPDATE erasures SET not_before = now() + $3 * interval '1 millisecond' WHERE id = $1 AND lease = $2",
            milliseconds,
        )
        .await
    }

    /// Ends an erasure if nothing is left of its events anywhere; whether that is so.
    pub async fn end_erasure(&self, held: &HeldErasure) -> Result<bool, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let (decided, scrubbed) = count_unfinished(&mut session, held.id).await?;
            let is_over = decided + scrubbed == 0;
            if is_over {
                sqlx::query(
                    "UPDATE erasures SET status = 'done', finished_at = $3 WHERE id = $1 AND lease = $2",
                )
                .bind(held.id.as_uuid())
                .bind(held.lease)
                .bind(self.shared.clock.now())
                .execute(&mut *session)
                .await?;
            }
            session.finish();
            Ok(is_over)
        })
        .await
    }

    async fn change_erasure(
        &self,
        held: &HeldErasure,
        statement: &'static str,
        value: i64,
    ) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query(statement)
                .bind(held.id.as_uuid())
                .bind(held.lease)
                .bind(value)
                .execute(&mut *session)
                .await?;
            session.finish();
            Ok(())
        })
        .await
    }
}

/// The next events that are not erased: id, place in the stream, and when they were accepted.
async fn find_page(
    connection: &mut PgConnection,
    held: &HeldErasure,
    limit: u32,
) -> Result<Vec<(Uuid, i64, Timestamp)>, StoreError> {
    let mut query = sqlx::QueryBuilder::new(
        "SELECT id, stream_sequence, accepted_at FROM events WHERE erased_at IS NULL AND tenant = ",
    );
    query.push_bind(held.tenant.as_str().to_owned());
    if let Some(event_type) = &held.filter.event_type {
        query
            .push(" AND event_type = ")
            .push_bind(event_type.as_str().to_owned());
    }
    if let Some(since) = held.filter.since {
        query
            .push(" AND id >= ")
            .push_bind(EventId::floor_at(since).as_uuid());
    }
    query
        .push(" AND id < ")
        .push_bind(EventId::floor_at(held.filter.until).as_uuid());
    if let Some(cursor) = held.cursor {
        query.push(" AND id > ").push_bind(cursor.as_uuid());
    }
    query
        .push(" ORDER BY id LIMIT ")
        .push_bind(i64::from(limit));
    let rows = query
        .build_query_as()
        .persistent(false)
        .fetch_all(connection)
        .await?;
    Ok(rows)
}
