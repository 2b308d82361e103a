//! Tombstones: which events are erased, and which tenants are deleted.
//!
//! An event that is erased may be in many hands: a deliverer holds its message, a recorder its rows, the index of dead
//! letters its letter. Each of them looks here, in the transaction in which it writes, or before it sends. The erasure
//! goes the other way round: first the tombstone, then a wait for all recording transactions that may not have seen it
//! ([`Store::scrub_erased`](crate::Store::scrub_erased)), then the payload. So whichever of the two comes first, nothing
//! of the payload is left.
//!
//! Not guaranteed: a request that is under way when its event is erased goes on.

use std::collections::{HashMap, HashSet};

use posthorn_domain::{EventId, StreamPosition, TenantId, Timestamp, WebhookId};
use sqlx::{PgConnection, Row, postgres::PgRow};
use uuid::Uuid;

use crate::{error::StoreError, records::RecordBatch, session::bounded, store::Store};

/// Reads into [`Gone`]: $1 are events, $2 tenants. Where nothing was ever erased, no event is looked for.
macro_rules! gone_statement {
    () => {
        "SELECT 1::smallint AS kind, event_id AS id, NULL AS tenant, NULL::bigint AS sequence,
             NULL::timestamptz AS at FROM erased_events
             WHERE event_id = ANY($1) AND EXISTS (SELECT 1 FROM erased_events)
         UNION ALL SELECT 2::smallint, NULL, id, NULL, NULL FROM tenants
             WHERE id = ANY($2) AND deleting_since IS NOT NULL
         UNION ALL SELECT 3::smallint, NULL, tenant, stream_sequence, stream_time FROM deleted_tenants
             WHERE tenant = ANY($2)"
    };
}

/// What became of a tenant of which an event is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TenantEnd {
    /// It is being deleted.
    Deleting,
    /// One of its name was deleted when the stream of events ended here.
    Deleted(StreamPosition),
}

/// Which of some events are erased, and what became of their tenants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    erased: HashSet<EventId>,
    tenants: HashMap<String, Vec<TenantEnd>>,
}

impl Gone {
    /// Whether nothing is gone.
    pub fn is_empty(&self) -> bool {
        self.erased.is_empty() && self.tenants.is_empty()
    }

    /// Whether an event is erased.
    pub fn is_erased(&self, event: EventId) -> bool {
        self.erased.contains(&event)
    }

    /// Whether an event belongs to a tenant that is deleted, or is being deleted. `sequence` and `stored_at` say where the
    /// event is in the stream.
    pub fn is_of_deleted_tenant(
        &self,
        tenant: &TenantId,
        sequence: u64,
        stored_at: Timestamp,
    ) -> bool {
        let ends = self.tenants.get(tenant.as_str());
        ends.into_iter().flatten().any(|end| match end {
            TenantEnd::Deleting => true,
            TenantEnd::Deleted(end) => end.is_behind(sequence, stored_at),
        })
    }

    /// The erased ones.
    pub fn into_erased(self) -> HashSet<EventId> {
        self.erased
    }
}

/// What of a batch nobody wants recorded any more.
#[derive(Debug, Default)]
pub(crate) struct Dropped {
    /// Webhooks that are deleted. One that has no row at all counts as deleted.
    pub(crate) dead: HashSet<WebhookId>,
    pub(crate) gone: Gone,
}

/// Asks for all that a batch names, in one statement, whose snapshot is as young as the transaction's lock demands.
pub(crate) async fn dropped(
    connection: &mut PgConnection,
    batch: &RecordBatch,
) -> Result<Dropped, StoreError> {
    let webhooks: HashSet<Uuid> = batch
        .deliveries
        .iter()
        .map(|row| row.webhook.as_uuid())
        .collect();
    let of_deliveries = batch.deliveries.iter().map(|row| row.event.as_uuid());
    let of_events = batch.events.iter().map(|row| row.event.id.as_uuid());
    let mut events: Vec<Uuid> = of_deliveries.chain(of_events).collect();
    // Deliveries of one event stand together, as they were matched: most of them are gone before any is hashed.
    events.dedup();
    let events: HashSet<Uuid> = events.into_iter().collect();
    let tenants: HashSet<&str> = batch
        .events
        .iter()
        .map(|row| row.event.tenant.as_str())
        .collect();
    if webhooks.is_empty() && events.is_empty() {
        return Ok(Dropped::default());
    }
    let rows = sqlx::query(concat!(
        "SELECT 0::smallint AS kind, id, NULL AS tenant, NULL::bigint AS sequence, NULL::timestamptz AS at
         FROM webhooks WHERE id = ANY($3) AND deleted_at IS NULL UNION ALL ",
        gone_statement!()
    ))
    .bind(events.into_iter().collect::<Vec<_>>())
    .bind(tenants.into_iter().collect::<Vec<_>>())
    .bind(webhooks.iter().copied().collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut dropped = Dropped {
        dead: webhooks.into_iter().map(WebhookId::from_uuid).collect(),
        gone: Gone::default(),
    };
    for row in rows {
        match row.try_get::<i16, _>("kind")? {
            0 => {
                let live = WebhookId::from_uuid(row.try_get("id")?);
                dropped.dead.remove(&live);
            }
            _ => add(&mut dropped.gone, &row)?,
        }
    }
    Ok(dropped)
}

fn add(gone: &mut Gone, row: &PgRow) -> Result<(), StoreError> {
    let end = match row.try_get::<i16, _>("kind")? {
        1 => {
            gone.erased.insert(EventId::from_uuid(row.try_get("id")?));
            return Ok(());
        }
        2 => TenantEnd::Deleting,
        _ => TenantEnd::Deleted(StreamPosition {
            sequence: row.try_get::<i64, _>("sequence")?.unsigned_abs(),
            at: row.try_get("at")?,
        }),
    };
    let tenant: String = row.try_get("tenant")?;
    gone.tenants.entry(tenant).or_default().push(end);
    Ok(())
}

impl Store {
    /// Which of these events are erased, and whether their tenants are deleted.
    pub async fn gone(
        &self,
        events: &[EventId],
        tenants: &HashSet<&TenantId>,
    ) -> Result<Gone, StoreError> {
        if events.is_empty() {
            return Ok(Gone::default());
        }
        let rows = self.fetch_gone(gone_statement!(), events, tenants).await?;
        let mut gone = Gone::default();
        for row in &rows {
            add(&mut gone, row)?;
        }
        Ok(gone)
    }

    /// The same, and [the version of the configuration](Store::config_version), of one moment and in one statement: who
    /// takes events asks for both each time.
    pub async fn config_version_and_gone(
        &self,
        events: &[EventId],
        tenants: &HashSet<&TenantId>,
    ) -> Result<(i64, Gone), StoreError> {
        let statement = concat!(
            "SELECT 0::smallint AS kind, NULL::uuid AS id, NULL::text AS tenant, version AS sequence,
                 NULL::timestamptz AS at FROM configuration UNION ALL ",
            gone_statement!()
        );
        let rows = self.fetch_gone(statement, events, tenants).await?;
        let (mut version, mut gone) = (None, Gone::default());
        for row in &rows {
            match row.try_get::<i16, _>("kind")? {
                0 => version = Some(row.try_get("sequence")?),
                _ => add(&mut gone, row)?,
            }
        }
        let version = version
            .ok_or_else(|| StoreError::Corrupt("the configuration has no version".into()))?;
        Ok((version, gone))
    }

    async fn fetch_gone(
        &self,
        statement: &'static str,
        events: &[EventId],
        tenants: &HashSet<&TenantId>,
    ) -> Result<Vec<PgRow>, StoreError> {
        let events: Vec<Uuid> = events.iter().map(|id| id.as_uuid()).collect();
        let tenants: Vec<&str> = tenants.iter().map(|tenant| tenant.as_str()).collect();
        bounded(async {
            let mut session = self.session().await?;
            let rows = sqlx::query(statement)
                .bind(&events)
                .bind(&tenants)
                .fetch_all(&mut *session)
                .await?;
            session.finish();
            Ok(rows)
        })
        .await
    }

    /// The events that were erased after a position, and the position to ask with the next time. `None` asks for the
    /// position alone.
    ///
    /// Positions are given in the order of commits, so none is missed.
    pub async fn erased_after(
        &self,
        position: Option<i64>,
        limit: u32,
    ) -> Result<(Vec<EventId>, i64), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let Some(position) = position else {
                let last: Option<i64> =
                    sqlx::query_scalar("SELECT max(position) FROM erased_events")
                        .fetch_one(&mut *session)
                        .await?;
                session.finish();
                return Ok((Vec::new(), last.unwrap_or(0)));
            };
            let rows: Vec<(Uuid, i64)> = sqlx::query_as(
                "SELECT event_id, position FROM erased_events WHERE position > $1 ORDER BY position LIMIT $2",
            )
            .bind(position)
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            let last = rows.last().map_or(position, |(_, position)| *position);
            let events = rows.into_iter().map(|(id, _)| EventId::from_uuid(id));
            Ok((events.collect(), last))
        })
        .await
    }
}

/// Which of these deliveries are of erased events, by their records.
pub(crate) async fn erased_deliveries(
    connection: &mut PgConnection,
    deliveries: &[Uuid],
) -> Result<HashSet<Uuid>, StoreError> {
    let (Some(first), Some(last)) = (deliveries.iter().min(), deliveries.iter().max()) else {
        return Ok(HashSet::new());
    };
    let found: Vec<Uuid> = sqlx::query_scalar(
        "SELECT d.id FROM deliveries d JOIN erased_events e ON e.event_id = d.event_id
         WHERE d.id = ANY($1) AND d.id BETWEEN $2 AND $3",
    )
    .persistent(false)
    .bind(deliveries)
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().collect())
}
