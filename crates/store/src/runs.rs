//! A run that is asked for by hand: a settled or waiting delivery is attempted again, with its whole retry policy.
//!
//! The message that will make the attempt is published while the delivery's row is locked, and the row is changed
//! only after that. So two that ask at the same time ask once, what could not be published changes nothing, and of
//! a process that dies between the two steps the message stays, which is enough: the attempt is made and recorded.

use posthorn_domain::{DeliveryId, DeliveryStatus, TenantId, Timestamp, WebhookId};
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    audit::{NewAuditEntry, write_audit},
    deliveries::Delivery,
    delivery_row::{DeliveryColumns, delivery_columns},
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
    /// Its first attempt has not ended.
    #[error("its first attempt has not ended yet")]
    Pending,
    /// Its webhook takes nothing now.
    #[error("its webhook is disabled")]
    WebhookDisabled,
    /// Its payload is no longer kept.
    #[error("its event is no longer kept")]
    EventExpired,
}

/// How a delivery stands, and where its present run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The delivery.
    pub delivery: Delivery,
    /// Attempts made before the present run of retries began.
    pub run_start: u32,
}

impl Standing {
    /// Whether somebody asked for a run that has not made its first attempt: only a new run has made none.
    pub fn waits_for_its_run(&self) -> bool {
        self.delivery.status == DeliveryStatus::Retrying
            && self.run_start == self.delivery.attempt_count
    }

    /// Its record at the beginning of a run whose first attempt is due at `due`.
    pub fn at_new_run(&self, due: Timestamp) -> DeliveryRecord {
        let delivery = &self.delivery;
        DeliveryRecord {
            id: delivery.id,
            tenant: delivery.tenant.clone(),
            webhook: delivery.webhook,
            event: delivery.event,
            event_type: delivery.event_type.clone(),
            status: DeliveryStatus::Retrying,
            status_code: delivery.status_code,
            response_time_ms: delivery.response_time_ms,
            error_message: delivery.error_message.clone(),
            attempt_count: delivery.attempt_count,
            run_start: delivery.attempt_count,
            next_retry_at: Some(due),
            created_at: delivery.created_at,
            delivered_at: delivery.delivered_at,
        }
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
            if standing.waits_for_its_run() {
                tx.rollback().await.map_err(StoreError::from)?;
                session.finish();
                return Ok(standing.delivery);
            }
            // Not this process's time: whoever makes the attempt goes by the database's.
            let due: Timestamp = sqlx::query_scalar("SELECT clock_timestamp()")
                .fetch_one(&mut *tx)
                .await
                .map_err(StoreError::from)?;
            let record = standing.at_new_run(due);
            let delivery = standing.delivery;
            let event = check::<E>(&mut tx, &delivery).await?;
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
}

impl TryFrom<StandingColumns> for Standing {
    type Error = StoreError;

    fn try_from(row: StandingColumns) -> Result<Self, StoreError> {
        Ok(Self {
            delivery: row.delivery.try_into()?,
            run_start: row.run_start.unsigned_abs(),
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
        delivery_columns!(),
        ", run_start FROM deliveries WHERE id = $1 AND tenant = $2 FOR NO KEY UPDATE"
    ))
    .persistent(false)
    .bind(id.as_uuid())
    .bind(tenant.as_str())
    .fetch_optional(connection)
    .await?;
    row.ok_or(StoreError::NotFound)?.try_into()
}

/// Whether it may be attempted again, and with which event.
async fn check<E: From<StoreError> + From<RunRefused>>(
    connection: &mut PgConnection,
    delivery: &Delivery,
) -> Result<StoredEvent, E> {
    if delivery.status == DeliveryStatus::Pending {
        return Err(RunRefused::Pending.into());
    }
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
    Ok(event.ok_or(RunRefused::EventExpired)?)
}

/// Writes the record as the recorder does, with everything that follows from a change of status.
async fn begin_run(
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
