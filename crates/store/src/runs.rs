//! A run that is asked for by hand: a settled or waiting delivery is attempted again, with its whole retry policy.
//!
//! The message that will make the attempt is published while the delivery's row is locked, and the row is changed
//! only after that. So two that ask at the same time ask once, what could not be published changes nothing, and of
//! a process that dies between the two steps the message stays, which is enough: the attempt is made and recorded.

use std::time::Duration;

use chrono::TimeDelta;
use posthorn_domain::{
    DeliveryId, DeliveryStatus, TenantId, Timestamp, WebhookId,
    delivery_lifecycle::{self, Progress, RunDecision},
};
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    audit::{NewAuditEntry, write_audit},
    deliveries::Delivery,
    delivery_row::DeliveryColumns,
    error::StoreError,
    events::{StoredEvent, read_event},
    record_rows::delivery_rows,
    record_statistics::StatisticsDelta,
    record_totals::Totals,
    recorder::{BEGIN, advance},
    records::{DeliveryRecord, RecordBatch},
    session::bounded,
    store::Store,
};

/// A message that is not taken up so long after its due time may be gone: a retry by hand takes its place. One that is
/// late for another reason, a saturated webhook say, finds what became of the delivery.
const RUN_LOST_AFTER: Duration = Duration::from_secs(5);

/// No event is dropped sooner for its age: one that is younger and has no record is still being recorded.
const RETENTION_MIN: TimeDelta = TimeDelta::days(1);

/// A run that may begin: what its first message needs to say.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// What is delivered again.
    pub event: StoredEvent,
    /// To whom.
    pub webhook: WebhookId,
    /// Attempts made before; the next one has the number after it.
    pub run_start: u32,
    /// When its first attempt is due: at once, by the database's clock.
    pub due: Timestamp,
}

/// Why a delivery is not attempted again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunRefused {
    /// Its first attempt is under way, or will be made soon.
    #[error("its first attempt has not ended yet")]
    Pending,
    /// Its webhook takes nothing now.
    #[error("its webhook is disabled")]
    WebhookDisabled,
    /// Its event has no record yet: the two are written apart, and this one is a moment late.
    #[error("its event is being recorded: try again in a second")]
    BeingRecorded,
    /// Its payload is no longer kept.
    #[error("its event is no longer kept")]
    EventExpired,
    /// Somebody had its payload erased.
    #[error("its event was erased")]
    EventErased,
}

/// How a delivery stands, and where its present run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The delivery.
    pub delivery: Delivery,
    /// Attempts made before the present run of retries began.
    pub run_start: u32,
    /// Whether a message has its claim: an attempt is under way.
    pub under_way: bool,
    /// How long ago the next attempt was due; the longest time where no record says when, nothing where it is to come.
    pub late: Duration,
}

impl Standing {
    /// Whether a new run may begin. A message that has not been taken up `lost_after` its due time may be gone.
    pub fn decide_run(&self, lost_after: Duration) -> RunDecision {
        let delivery = &self.delivery;
        let progress = Progress::new(
            delivery.attempt_count,
            self.run_start,
            delivery.status,
            delivery.next_retry_at,
        );
        delivery_lifecycle::begin_run(&progress, self.under_way, self.late, lost_after)
    }

    /// Its record as it stands, with another due time.
    pub fn due_at(&self, due: Timestamp) -> DeliveryRecord {
        DeliveryRecord {
            next_retry_at: Some(due),
            ..self.as_it_is()
        }
    }

    /// Its record as it stands.
    pub(crate) fn as_it_is(&self) -> DeliveryRecord {
        let delivery = &self.delivery;
        DeliveryRecord {
            id: delivery.id,
            tenant: delivery.tenant.clone(),
            webhook: delivery.webhook,
            event: delivery.event,
            event_type: delivery.event_type.clone(),
            status: delivery.status,
            status_code: delivery.status_code,
            response_time_ms: delivery.response_time_ms,
            error_message: delivery.error_message.clone(),
            attempt_count: delivery.attempt_count,
            run_start: self.run_start,
            next_retry_at: delivery.next_retry_at,
            created_at: delivery.created_at,
            delivered_at: delivery.delivered_at,
        }
    }

    /// Its record at the beginning of a run whose first attempt is due at `due`.
    pub fn at_new_run(&self, due: Timestamp) -> DeliveryRecord {
        record_of_new_run(&self.due_at(due), due)
    }
}

/// The record of a run that begins after what `record` says, due at `due`.
pub(crate) fn record_of_new_run(record: &DeliveryRecord, due: Timestamp) -> DeliveryRecord {
    DeliveryRecord {
        status: DeliveryStatus::Retrying,
        run_start: record.attempt_count,
        next_retry_at: Some(due),
        ..record.clone()
    }
}

impl Store {
    /// Begins a new run of a delivery, due at once, and says how the delivery stands then.
    ///
    /// `publish` puts the run's first message into the queue; what it fails with is passed on, and nothing is
    /// changed. It is not called when a run was asked for already and has not begun.
    pub async fn run_again<E: From<StoreError> + From<RunRefused>>(
        &self,
        tenant: &TenantId,
        id: DeliveryId,
        actor: &str,
        publish: impl AsyncFnOnce(NewRun) -> Result<(), E>,
    ) -> Result<Delivery, E> {
        bounded::<_, E>(async {
            let mut session = self.session().await?;
            let mut tx = sqlx::Connection::begin_with(&mut *session, BEGIN).await.map_err(StoreError::from)?;
            let standing = lock_delivery(&mut tx, tenant, id).await?;
            match standing.decide_run(RUN_LOST_AFTER) {
                RunDecision::Begin => {}
                RunDecision::Asked => {
                    tx.rollback().await.map_err(StoreError::from)?;
                    session.finish();
                    return Ok(standing.delivery);
                }
                RunDecision::FirstAttempt => return Err(RunRefused::Pending.into()),
            }
            // Not this process's time: whoever makes the attempt goes by the database's.
            let due: Timestamp = sqlx::query_scalar("SELECT clock_timestamp()")
                .fetch_one(&mut *tx)
                .await
                .map_err(StoreError::from)?;
            let record = standing.at_new_run(due);
            let delivery = standing.delivery;
            let event = check::<E>(&mut tx, &delivery, due).await?;
            publish(NewRun {
                event,
                webhook: delivery.webhook,
                run_start: delivery.attempt_count,
                due,
            })
            .await?;

            begin_run(&mut tx, &record).await?;
            let entry = NewAuditEntry {
                actor,
                tenant: Some(tenant),
                action: "delivery.retried",
                target_kind: "delivery",
                target_id: &id.to_string(),
                details: json!({ "attempt_count": delivery.attempt_count, "status": delivery.status }),
            };
            write_audit(&mut tx, self.shared.clock.now(), entry).await?;
            tx.commit().await.map_err(StoreError::from)?;
            session.finish();
            Ok(Delivery {
                status: record.status,
                next_retry_at: record.next_retry_at,
                ..delivery
            })
        })
        .await
    }
}

#[derive(sqlx::FromRow)]
pub(crate) struct StandingColumns {
    #[sqlx(flatten)]
    delivery: DeliveryColumns,
    run_start: i32,
    under_way: bool,
    late_seconds: Option<f64>,
}

/// The columns of [`StandingColumns`], for `concat!`.
macro_rules! standing_columns {
    () => {
        concat!(
            crate::delivery_row::delivery_columns!(),
            ", run_start, EXTRACT(EPOCH FROM clock_timestamp() - next_retry_at)::float8 AS late_seconds, \
             EXISTS (SELECT FROM attempt_claims WHERE delivery_id = deliveries.id \
                 AND claimed_until >= clock_timestamp()) AS under_way"
        )
    };
}
pub(crate) use standing_columns;

impl TryFrom<StandingColumns> for Standing {
    type Error = StoreError;

    fn try_from(row: StandingColumns) -> Result<Self, StoreError> {
        Ok(Self {
            delivery: row.delivery.try_into()?,
            run_start: row.run_start.unsigned_abs(),
            under_way: row.under_way,
            late: row.late_seconds.map_or(Duration::MAX, |seconds| {
                Duration::try_from_secs_f64(seconds).unwrap_or_default()
            }),
        })
    }
}

async fn lock_delivery(
    connection: &mut PgConnection,
    tenant: &TenantId,
    id: DeliveryId,
) -> Result<Standing, StoreError> {
    let row: Option<StandingColumns> = sqlx::query_as(concat!(
        "SELECT ",
        standing_columns!(),
        " FROM deliveries WHERE id = $1 AND tenant = $2 FOR NO KEY UPDATE"
    ))
    .persistent(false)
    .bind(id.as_uuid())
    .bind(tenant.as_str())
    .fetch_optional(connection)
    .await?;
    row.ok_or(StoreError::NotFound)?.try_into()
}

/// Whether its webhook takes anything, and its event.
async fn check<E: From<StoreError> + From<RunRefused>>(
    connection: &mut PgConnection,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<StoredEvent, E> {
    let enabled: Option<bool> =
        sqlx::query_scalar("SELECT enabled FROM webhooks WHERE id = $1 AND deleted_at IS NULL")
            .bind(delivery.webhook.as_uuid())
            .fetch_optional(&mut *connection)
            .await
            .map_err(StoreError::from)?;
    match enabled {
        // Its deliveries are being deleted.
        None => return Err(StoreError::NotFound.into()),
        Some(false) => return Err(RunRefused::WebhookDisabled.into()),
        Some(true) => {}
    }
    let event = read_event(connection, &delivery.tenant, delivery.event).await?;
    if event
        .as_ref()
        .is_some_and(|event| event.erased_at.is_some())
    {
        return Err(RunRefused::EventErased.into());
    }
    let refused = if now - delivery.event.time() < RETENTION_MIN {
        RunRefused::BeingRecorded
    } else {
        RunRefused::EventExpired
    };
    Ok(event.ok_or(refused)?)
}

/// Writes the record as the recorder does, with everything that follows from a change of status.
pub(crate) async fn begin_run(
    connection: &mut PgConnection,
    record: &DeliveryRecord,
) -> Result<(), StoreError> {
    let batch = RecordBatch {
        deliveries: vec![record.clone()],
        ..RecordBatch::default()
    };
    let rows = delivery_rows(&batch, &std::collections::HashSet::new());
    let mut totals = Totals::default();
    let mut statistics = StatisticsDelta::default();
    let rows: Vec<_> = rows.iter().collect();
    advance(connection, &rows, &mut totals, &mut statistics).await?;
    statistics.write(connection).await?;
    totals.write(connection).await
}
