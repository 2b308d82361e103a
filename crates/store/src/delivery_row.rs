use std::time::Duration;

use bytes::Bytes;
use posthorn_domain::{
    DeliveryId, DeliveryStatus, EventId, FailureCode, Phases, PlainFormat, Timestamp, WebhookId,
};
use uuid::Uuid;

use crate::{
    deliveries::{AttemptRow, Delivery, DeliveryState, Exchange},
    error::StoreError,
};

/// The columns of [`DeliveryColumns`], for `concat!`.
macro_rules! delivery_columns {
    () => {
        "id, tenant, webhook_id, event_id, event_type, status, status_code, response_time_ms, failure, error_message, \
         attempt_count, next_retry_at, created_at, delivered_at"
    };
}
pub(crate) use delivery_columns;

#[derive(sqlx::FromRow)]
pub(crate) struct DeliveryColumns {
    id: Uuid,
    tenant: String,
    webhook_id: Uuid,
    event_id: Uuid,
    event_type: String,
    status: i16,
    status_code: Option<i16>,
    response_time_ms: Option<i32>,
    failure: Option<String>,
    error_message: Option<String>,
    attempt_count: i32,
    next_retry_at: Option<Timestamp>,
    created_at: Timestamp,
    delivered_at: Option<Timestamp>,
}

fn status(id: DeliveryId, code: i16) -> Result<DeliveryStatus, StoreError> {
    DeliveryStatus::from_code(code)
        .map_err(|_| StoreError::Corrupt(format!("status of delivery {id}")))
}

impl TryFrom<DeliveryColumns> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryColumns) -> Result<Self, StoreError> {
        let id = DeliveryId::from_uuid(row.id);
        let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of delivery {id}"));
        Ok(Self {
            id,
            tenant: row.tenant.parse().map_err(|_| corrupt("tenant"))?,
            webhook: WebhookId::from_uuid(row.webhook_id),
            event: EventId::from_uuid(row.event_id),
            event_type: row.event_type.parse().map_err(|_| corrupt("event type"))?,
            status: status(id, row.status)?,
            status_code: row.status_code.map(i16::unsigned_abs),
            response_time_ms: row.response_time_ms.map(i32::unsigned_abs),
            failure: row.failure.map(FailureCode::from_stored),
            error_message: row.error_message,
            attempt_count: row.attempt_count.unsigned_abs(),
            next_retry_at: row.next_retry_at,
            created_at: row.created_at,
            delivered_at: row.delivered_at,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct StateColumns {
    id: Uuid,
    status: i16,
    attempt_count: i32,
    run_start: i32,
    next_retry_at: Option<Timestamp>,
    status_code: Option<i16>,
    error_message: Option<String>,
    buried: bool,
}

impl StateColumns {
    pub(crate) fn into_state(self) -> Result<DeliveryState, StoreError> {
        let id = DeliveryId::from_uuid(self.id);
        Ok(DeliveryState {
            status: status(id, self.status)?,
            attempt_count: self.attempt_count.unsigned_abs(),
            run_start: self.run_start.unsigned_abs(),
            next_retry_at: self.next_retry_at,
            status_code: self.status_code.map(i16::unsigned_abs),
            error_message: self.error_message,
            buried: self.buried,
        })
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct AttemptColumns {
    number: i32,
    started_at: Timestamp,
    status_code: Option<i16>,
    response_time_ms: Option<i32>,
    dns_us: Option<i32>,
    connect_us: Option<i32>,
    tls_us: Option<i32>,
    first_byte_us: Option<i32>,
    failure: Option<String>,
    error_message: Option<String>,
    manual: bool,
}

impl From<AttemptColumns> for AttemptRow {
    fn from(row: AttemptColumns) -> Self {
        Self {
            number: row.number.unsigned_abs(),
            started_at: row.started_at,
            status_code: row.status_code.map(i16::unsigned_abs),
            response_time_ms: row.response_time_ms.map(i32::unsigned_abs),
            phases: Phases {
                dns: row.dns_us.map(microseconds),
                connect: row.connect_us.map(microseconds),
                tls: row.tls_us.map(microseconds),
                first_byte: row.first_byte_us.map(microseconds),
            },
            failure: row.failure.map(FailureCode::from_stored),
            error_message: row.error_message,
            manual: row.manual,
        }
    }
}

fn microseconds(stored: i32) -> Duration {
    Duration::from_micros(stored.unsigned_abs().into())
}

#[derive(sqlx::FromRow)]
pub(crate) struct ExchangeColumns {
    request_headers: Vec<u8>,
    response_headers: Option<Vec<u8>>,
    response_body: Option<Vec<u8>>,
    request_body: Option<Vec<u8>>,
    request_format: Option<i16>,
}

impl From<ExchangeColumns> for Exchange {
    fn from(row: ExchangeColumns) -> Self {
        Self {
            request_headers: row.request_headers.into(),
            response_headers: row.response_headers.unwrap_or_default().into(),
            response_body: row.response_body.unwrap_or_default().into(),
            request_body: row.request_body.map(Bytes::from),
            request_format: row.request_format.and_then(PlainFormat::from_code),
        }
    }
}
