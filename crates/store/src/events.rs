use posthorn_domain::{
    CloudEventAttributes, Event, EventId, EventType, JsonText, TenantId, Timestamp, TraceContext,
    cloud_event::MoreAttributes,
};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{
    error::StoreError,
    ordinary::push_ordinary,
    page::{Listed, Page, total},
    session::bounded,
    store::Store,
};

/// An event with its payload.
#[derive(Debug, Clone)]
pub struct StoredEvent {
    /// The event.
    pub event: Event,
    /// When the stream stored it.
    pub accepted_at: Timestamp,
    /// Where it stood in the stream.
    pub stream_sequence: u64,
    /// When its payload was erased, if it was: its data is null then, and nothing is to be sent of it.
    pub erased_at: Option<Timestamp>,
}

/// An event as lists show it: without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSummary {
    /// Its id.
    pub id: EventId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What happened.
    pub event_type: EventType,
    /// When it happened.
    pub timestamp: Timestamp,
    /// When the stream stored it.
    pub accepted_at: Timestamp,
    /// Length of the payload, in bytes.
    pub data_bytes: u64,
    /// Set when it was published as a CloudEvent.
    pub cloud_event: Option<CloudEventAttributes>,
    /// When its payload was erased, if it was.
    pub erased_at: Option<Timestamp>,
}

/// Which events are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Of this type.
    pub event_type: Option<EventType>,
    /// Accepted from this moment on (whole milliseconds count).
    pub since: Option<Timestamp>,
    /// Accepted before this moment (whole milliseconds count).
    pub until: Option<Timestamp>,
    /// What Posthorn says of itself too. A type that is named is found without it.
    pub operational: bool,
}

#[derive(sqlx::FromRow)]
struct SummaryColumns {
    id: Uuid,
    tenant: String,
    event_type: String,
    timestamp: Timestamp,
    accepted_at: Timestamp,
    ce_id: Option<String>,
    ce_source: Option<String>,
    ce_subject: Option<String>,
    ce_attributes: Option<String>,
    erased_at: Option<Timestamp>,
    data_bytes: i32,
}

#[derive(sqlx::FromRow)]
struct PayloadColumns {
    stream_sequence: i64,
    data: Vec<u8>,
    traceparent: Option<String>,
    tracestate: Option<String>,
}

impl TryFrom<SummaryColumns> for EventSummary {
    type Error = StoreError;

    fn try_from(row: SummaryColumns) -> Result<Self, StoreError> {
        let id = EventId::from_uuid(row.id);
        let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of event {id}"));
        Ok(Self {
            id,
            tenant: row.tenant.parse().map_err(|_| corrupt("tenant"))?,
            event_type: row.event_type.parse().map_err(|_| corrupt("type"))?,
            timestamp: row.timestamp,
            accepted_at: row.accepted_at,
            data_bytes: u64::from(row.data_bytes.unsigned_abs()),
            cloud_event: match (row.ce_id, row.ce_source) {
                (Some(id), Some(source)) => Some(CloudEventAttributes {
                    id,
                    source,
                    subject: row.ce_subject,
                    more: match row.ce_attributes {
                        None => None,
                        Some(text) => Some(Box::new(
                            MoreAttributes::from_stored(&text)
                                .ok_or_else(|| corrupt("CloudEvents attributes"))?,
                        )),
                    },
                }),
                _ => None,
            },
            erased_at: row.erased_at,
        })
    }
}

fn stored_event(summary: EventSummary, payload: PayloadColumns) -> StoredEvent {
    StoredEvent {
        event: Event {
            id: summary.id,
            tenant: summary.tenant,
            event_type: summary.event_type,
            timestamp: summary.timestamp,
            data: JsonText::from_trusted(payload.data.into()),
            cloud_event: summary.cloud_event,
            trace: payload.traceparent.map(|traceparent| TraceContext {
                traceparent,
                tracestate: payload.tracestate,
            }),
        },
        accepted_at: summary.accepted_at,
        stream_sequence: payload.stream_sequence.unsigned_abs(),
        erased_at: summary.erased_at,
    }
}

/// The columns of [`SummaryColumns`], for `concat!`.
macro_rules! summary_columns {
    () => {
        "id, tenant, event_type, \"timestamp\", accepted_at, ce_id, ce_source, ce_subject, ce_attributes, erased_at, \
         octet_length(data) AS data_bytes"
    };
}

impl EventFilter {
    fn push(&self, query: &mut QueryBuilder<Postgres>, tenant: &TenantId) {
        query
            .push(" FROM events WHERE tenant = ")
            .push_bind(tenant.as_str().to_owned());
        match &self.event_type {
            Some(event_type) => {
                query
                    .push(" AND event_type = ")
                    .push_bind(event_type.as_str().to_owned());
            }
            None if self.operational => {}
            None => push_ordinary(query),
        }
        if let Some(since) = self.since {
            query
                .push(" AND id >= ")
                .push_bind(EventId::floor_at(since).as_uuid());
        }
        if let Some(until) = self.until {
            query
                .push(" AND id < ")
                .push_bind(EventId::floor_at(until).as_uuid());
        }
    }
}

/// One event of the tenant with its payload.
pub(crate) async fn read_event(
    connection: &mut PgConnection,
    tenant: &TenantId,
    id: EventId,
) -> Result<Option<StoredEvent>, StoreError> {
    Ok(read_events(connection, tenant, &[id]).await?.pop())
}

/// Those of the tenant's events that are still there, with their payloads, in any order. An erased one is among them.
pub(crate) async fn read_events(
    connection: &mut PgConnection,
    tenant: &TenantId,
    ids: &[EventId],
) -> Result<Vec<StoredEvent>, StoreError> {
    let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
        return Ok(Vec::new());
    };
    // The bounds leave out the partitions that hold none of them.
    let rows = sqlx::query(concat!(
        "SELECT ",
        summary_columns!(),
        ", stream_sequence, data, traceparent, tracestate FROM events
         WHERE id = ANY($1) AND id BETWEEN $2 AND $3 AND tenant = $4"
    ))
    .persistent(false)
    .bind(ids.iter().map(|id| id.as_uuid()).collect::<Vec<_>>())
    .bind(first.as_uuid())
    .bind(last.as_uuid())
    .bind(tenant.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let summary = SummaryColumns::from_row(row)?.try_into()?;
            Ok(stored_event(summary, PayloadColumns::from_row(row)?))
        })
        .collect()
}

impl Store {
    /// The tenant's events that pass the filter. Where they went: [`Store::list_deliveries`] by event.
    pub async fn list_events(
        &self,
        tenant: &TenantId,
        filter: &EventFilter,
        page: Page<EventId>,
    ) -> Result<Listed<EventSummary, EventId>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut query = QueryBuilder::new(concat!("SELECT ", summary_columns!()));
            filter.push(&mut query, tenant);
            if let Some(before) = page.before {
                query.push(" AND id < ").push_bind(before.as_uuid());
            }
            query.push(" ORDER BY id DESC");
            page.push_limit(&mut query);
            let rows: Vec<SummaryColumns> = query
                .build_query_as()
                .persistent(false)
                .fetch_all(&mut *session)
                .await?;
            let total = total(&mut session, &page, rows.len(), |query| {
                filter.push(query, tenant);
            })
            .await?;
            session.finish();

            Listed::of(&page, rows, total, |event: &EventSummary| event.id)
        })
        .await
    }

    /// One event of the tenant with its payload, or with null in place of it if it was erased.
    pub async fn get_event(
        &self,
        tenant: &TenantId,
        id: EventId,
    ) -> Result<StoredEvent, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let event = read_event(&mut session, tenant, id).await?;
            session.finish();
            event.ok_or(StoreError::NotFound)
        })
        .await
    }
}
