use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use posthorn_domain::{
    DeliveryId, DeliveryStatus, EventId, EventType, FailureCode, Phases, PlainFormat, TenantId,
    Timestamp, WebhookId, delivery_lifecycle::Progress,
};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, Row, postgres::PgRow};
use tracing::warn;

use crate::{
    delivery_row::{
        AttemptColumns, DeliveryColumns, ExchangeColumns, StateColumns, delivery_columns,
    },
    error::StoreError,
    ordinary::push_ordinary,
    page::{Listed, Page, total},
    session::bounded,
    store::Store,
};

/// How far a delivery has come: what decides whether a message about it is stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryState {
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Attempts made so far.
    pub attempt_count: u32,
    /// [`Self::attempt_count`] when the current run of retries began: a retry by hand starts the policy again.
    pub run_start: u32,
    /// When the next attempt is due, if one is.
    pub next_retry_at: Option<Timestamp>,
    /// The last HTTP status, if any answer came.
    pub status_code: Option<u16>,
    /// Why the last attempt failed.
    pub error_message: Option<String>,
    /// Whether its dead letter is known to be stored. It may be settled or thrown away since.
    pub buried: bool,
}

/// The records of some deliveries.
#[derive(Debug, Default)]
pub struct DeliveryStates {
    readable: HashMap<DeliveryId, DeliveryState>,
    unreadable: HashSet<DeliveryId>,
}

impl DeliveryStates {
    /// The state of a delivery; `None` if it has no record, or one that cannot be read.
    pub fn get(&self, id: &DeliveryId) -> Option<&DeliveryState> {
        self.readable.get(id)
    }

    /// Whether it has a record, readable or not.
    pub fn contains_key(&self, id: &DeliveryId) -> bool {
        self.readable.contains_key(id) || self.unreadable.contains(id)
    }

    /// Whether it has a record that cannot be read: it is damaged, or a newer release wrote it. Nothing is known of how
    /// the delivery stands.
    pub fn is_unreadable(&self, id: &DeliveryId) -> bool {
        self.unreadable.contains(id)
    }

    /// Those that could be read.
    pub fn iter(&self) -> impl Iterator<Item = (&DeliveryId, &DeliveryState)> {
        self.readable.iter()
    }

    /// How many records could be read.
    pub fn len(&self) -> usize {
        self.readable.len()
    }

    /// Whether none could be read.
    pub fn is_empty(&self) -> bool {
        self.readable.is_empty()
    }
}

impl DeliveryState {
    /// Its place in the life of its delivery.
    pub fn progress(&self) -> Progress {
        Progress::new(
            self.attempt_count,
            self.run_start,
            self.status,
            self.next_retry_at,
        )
    }
}

/// A delivery as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The webhook it goes to.
    pub webhook: WebhookId,
    /// The event it carries.
    pub event: EventId,
    /// The event's type.
    pub event_type: EventType,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// HTTP status of the last attempt, if an answer came.
    pub status_code: Option<u16>,
    /// How long the last attempt took, in milliseconds.
    pub response_time_ms: Option<u32>,
    /// Why no answer came, or why it ended without one; `None` where the receiver answered the last attempt.
    pub failure: Option<FailureCode>,
    /// Why the last attempt failed, in words.
    pub error_message: Option<String>,
    /// Attempts made so far.
    pub attempt_count: u32,
    /// When the next attempt is due, if one is.
    pub next_retry_at: Option<Timestamp>,
    /// When the delivery began.
    pub created_at: Timestamp,
    /// When the receiver took it first; unset again when a later run by hand fails.
    pub delivered_at: Option<Timestamp>,
}

/// A delivery with its attempts and what was said in the last one.
#[derive(Debug, Clone)]
pub struct DeliveryDetails {
    /// The delivery.
    pub delivery: Delivery,
    /// Its attempts, the first one first.
    pub attempts: Vec<AttemptRow>,
    /// Request and answer of the last attempt; `None` before the first.
    pub last_exchange: Option<Exchange>,
}

/// An attempt as `GET /deliveries/{id}` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRow {
    /// 1 for the first.
    pub number: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// HTTP status, if an answer came.
    pub status_code: Option<u16>,
    /// How long it took, in milliseconds.
    pub response_time_ms: Option<u32>,
    /// What the time went to, to the microsecond.
    pub phases: Phases,
    /// Why no answer came; `None` where the receiver answered.
    pub failure: Option<FailureCode>,
    /// Why it failed, in words.
    pub error_message: Option<String>,
    /// Whether a person asked for it.
    pub manual: bool,
}

/// What was sent and what came back, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// `name: value\n` lines, secrets redacted.
    pub request_headers: Bytes,
    /// `name: value\n` lines; empty if no answer came.
    pub response_headers: Bytes,
    /// The first bytes of the answer's body; may be invalid UTF-8.
    pub response_body: Bytes,
    /// The body sent, where it cannot be rendered again from the event.
    pub request_body: Option<Bytes>,
    /// The shape in which the event was sent, from which the body is rendered again, where it is not kept.
    pub request_format: Option<PlainFormat>,
}

/// Which deliveries are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of this webhook.
    pub webhook: Option<WebhookId>,
    /// In this state.
    pub status: Option<DeliveryStatus>,
    /// Of events of this type.
    pub event_type: Option<EventType>,
    /// Of this event.
    pub event: Option<EventId>,
    /// Of events from this moment on (whole milliseconds count).
    pub since: Option<Timestamp>,
    /// Of events before this moment (whole milliseconds count).
    pub until: Option<Timestamp>,
    /// Of what Posthorn says of itself too. A type or an event that is named is found without it.
    pub operational: bool,
}

impl DeliveryFilter {
    fn push(&self, query: &mut QueryBuilder<Postgres>, tenant: &TenantId) {
        query
            .push(" FROM deliveries WHERE tenant = ")
            .push_bind(tenant.as_str().to_owned());
        if let Some(webhook) = self.webhook {
            query
                .push(" AND webhook_id = ")
                .push_bind(webhook.as_uuid());
        }
        if let Some(status) = self.status {
            query.push(" AND status = ").push_bind(status.code());
        }
        match (&self.event_type, self.event) {
            (Some(event_type), _) => {
                query
                    .push(" AND event_type = ")
                    .push_bind(event_type.as_str().to_owned());
            }
            (None, Some(_)) => {}
            (None, None) if self.operational => {}
            (None, None) => push_ordinary(query),
        }
        // Ids begin with their event's time: moments and events are ranges of the primary key.
        if let Some(event) = self.event {
            let (first, last) = DeliveryId::range_of_event(event);
            query.push(" AND event_id = ").push_bind(event.as_uuid());
            query.push(" AND id >= ").push_bind(first.as_uuid());
            query.push(" AND id <= ").push_bind(last.as_uuid());
        }
        if let Some(since) = self.since {
            query
                .push(" AND id >= ")
                .push_bind(DeliveryId::floor_at(since).as_uuid());
        }
        if let Some(until) = self.until {
            query
                .push(" AND id < ")
                .push_bind(DeliveryId::floor_at(until).as_uuid());
        }
    }
}

/// Attempts that [`Store::get_delivery`] shows at most, the latest ones.
const ATTEMPTS_SHOWN_MAX: i64 = 1_000;

impl Store {
    /// The states of those of the given deliveries that are recorded. A record that cannot be read hinders no other.
    pub async fn delivery_states(&self, ids: &[DeliveryId]) -> Result<DeliveryStates, StoreError> {
        if ids.is_empty() {
            return Ok(DeliveryStates::default());
        }
        bounded(async {
            let mut session = self.session().await?;
            let states = read_states(&mut session, ids).await?;
            session.finish();
            Ok(states)
        })
        .await
    }

    /// The tenant's deliveries that pass the filter.
    pub async fn list_deliveries(
        &self,
        tenant: &TenantId,
        filter: &DeliveryFilter,
        page: Page<DeliveryId>,
    ) -> Result<Listed<Delivery, DeliveryId>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows = rows(&mut session, tenant, filter, &page).await?;
            let total = total(&mut session, &page, rows.len(), |query| {
                filter.push(query, tenant);
            })
            .await?;
            session.finish();

            Listed::of(&page, rows, total, |delivery: &Delivery| delivery.id)
        })
        .await
    }

    /// The tenant's deliveries that pass the filter, before `before`, newest first and at most `limit`: a list's page
    /// without its total, for whoever goes through all of them.
    pub async fn next_deliveries(
        &self,
        tenant: &TenantId,
        filter: &DeliveryFilter,
        before: Option<DeliveryId>,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let page = Page {
            limit,
            offset: 0,
            before,
        };
        bounded(async {
            let mut session = self.session().await?;
            let rows = rows(&mut session, tenant, filter, &page).await?;
            session.finish();
            rows.into_iter()
                .take(page.len_max())
                .map(Delivery::try_from)
                .collect()
        })
        .await
    }

    /// One delivery of the tenant with its attempts.
    pub async fn get_delivery(
        &self,
        tenant: &TenantId,
        id: DeliveryId,
    ) -> Result<DeliveryDetails, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let delivery: Option<DeliveryColumns> = sqlx::query_as(concat!(
                "SELECT ",
                delivery_columns!(),
                " FROM deliveries WHERE id = $1 AND tenant = $2"
            ))
            .persistent(false)
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .fetch_optional(&mut *session)
            .await?;
            let Some(delivery) = delivery else {
                session.finish();
                return Err(StoreError::NotFound);
            };
            let attempts: Vec<AttemptColumns> = sqlx::query_as(
                "SELECT number, started_at, status_code, response_time_ms, dns_us, connect_us, tls_us, first_byte_us,
                     failure, error_message, manual FROM attempts
                 WHERE delivery_id = $1 ORDER BY number DESC LIMIT $2",
            )
            .persistent(false)
            .bind(id.as_uuid())
            .bind(ATTEMPTS_SHOWN_MAX)
            .fetch_all(&mut *session)
            .await?;
            let last_exchange: Option<ExchangeColumns> = sqlx::query_as(
                "SELECT request_headers, response_headers, response_body, request_body, request_format FROM attempts
                 WHERE delivery_id = $1 ORDER BY number DESC LIMIT 1",
            )
            .persistent(false)
            .bind(id.as_uuid())
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            Ok(DeliveryDetails {
                delivery: delivery.try_into()?,
                attempts: attempts.into_iter().rev().map(AttemptRow::from).collect(),
                last_exchange: last_exchange.map(Exchange::from),
            })
        })
        .await
    }
}

/// The states of those of the given deliveries that are recorded.
pub(crate) async fn read_states(
    connection: &mut PgConnection,
    ids: &[DeliveryId],
) -> Result<DeliveryStates, StoreError> {
    let mut states = DeliveryStates::default();
    let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
        return Ok(states);
    };
    // The bounds leave out the partitions that hold none of them.
    let rows = sqlx::query(
        "SELECT id, status, attempt_count, run_start, next_retry_at, status_code, error_message,
             buried_at IS NOT NULL AS buried FROM deliveries
         WHERE id = ANY($1) AND id BETWEEN $2 AND $3",
    )
    .persistent(false)
    .bind(ids.iter().map(|id| id.as_uuid()).collect::<Vec<_>>())
    .bind(first.as_uuid())
    .bind(last.as_uuid())
    .fetch_all(connection)
    .await?;
    for row in rows {
        let id = DeliveryId::from_uuid(row.try_get("id")?);
        match state_of(&row) {
            Ok(state) => drop(states.readable.insert(id, state)),
            Err(error) => {
                warn!(delivery.id = %id, "Cannot read the record of delivery {id}: {error}");
                states.unreadable.insert(id);
            }
        }
    }
    Ok(states)
}

pub(crate) fn state_of(row: &PgRow) -> Result<DeliveryState, StoreError> {
    StateColumns::from_row(row)?.into_state()
}

/// The rows of a page, and one more if there is one.
async fn rows(
    connection: &mut PgConnection,
    tenant: &TenantId,
    filter: &DeliveryFilter,
    page: &Page<DeliveryId>,
) -> Result<Vec<DeliveryColumns>, StoreError> {
    let mut query = QueryBuilder::new(concat!("SELECT ", delivery_columns!()));
    filter.push(&mut query, tenant);
    if let Some(before) = page.before {
        query.push(" AND id < ").push_bind(before.as_uuid());
    }
    query.push(" ORDER BY id DESC");
    page.push_limit(&mut query);
    let rows = query
        .build_query_as()
        .persistent(false)
        .fetch_all(connection)
        .await?;
    Ok(rows)
}
