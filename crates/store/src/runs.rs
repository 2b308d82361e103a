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

impl Delivery {
    /// Whether somebody asked for a run that has not made its first attempt: only a new run has made none.
    fn waits_for_its_run(&self, run_start: u32) -> bool {
        self.status == DeliveryStatus::Retrying && run_start == self.attempt_count
    }

    /// Its record at the beginning of a run whose first attempt is due at `due`.
    fn at_new_run(&self, due: Timestamp) -> DeliveryRecord {
        DeliveryRecord {
            id: self.id,
            tenant: self.tenant.clone(),
            webhook: self.webhook,
            event: self.event,
            event_type: self.event_type.clone(),
            status: DeliveryStatus::Retrying,
            status_code: self.status_code,
            response_time_ms: self.response_time_ms,
            error_message: self.error_message.clone(),
            attempt_count: self.attempt_count,
            run_start: self.attempt_count,
            next_retry_at: Some(due),
            created_at: self.created_at,
            delivered_at: self.delivered_at,
        }
    }
}

impl Store {
    /// Begins a new run of a delivery, due at `due`, and says how the delivery stands then.
    ///
    /// `publish` puts the run's first message into the queue; what it fails with is passed on, and nothing is
    /// changed. It is not called when a run was asked for already and has not begun.
    pub async fn run_again<E: From<StoreError> + From<RunRefused>>(
        &self,
        tenant: &TenantId,
        id: DeliveryId,
        due: Timestamp,
        actor: &str,
        publish: impl AsyncFnOnce(NewRun) -> Result<(), E>,
    ) -> Result<Delivery, E> {
        bounded::<_, E>(async {
            let mut session = self.session().await?;
            let mut tx = sqlx::Connection::begin_with(&mut *session, BEGIN).await.map_err(StoreError::from)?;
            let (delivery, run_start) = lock_delivery(&mut tx, tenant, id).await?;
            if delivery.waits_for_its_run(run_start) {
                tx.rollback().await.map_err(StoreError::from)?;
                session.finish();
                return Ok(delivery);
            }
            let event = check::<E>(&mut tx, &delivery).await?;
            publish(NewRun {
                event,
                webhook: delivery.webhook,
                run_start: delivery.attempt_count,
            })
            .await?;

            let record = delivery.at_new_run(due);
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
struct LockedColumns {
    #[sqlx(flatten)]
    delivery: DeliveryColumns,
    run_start: i32,
}

async fn lock_delivery(
    connection: &mut PgConnection,
    tenant: &TenantId,
    id: DeliveryId,
) -> Result<(Delivery, u32), StoreError> {
    let row: Option<LockedColumns> = sqlx::query_as(concat!(
        "SELECT ",
        delivery_columns!(),
        ", run_start FROM deliveries WHERE id = $1 AND tenant = $2 FOR NO KEY UPDATE"
    ))
    .persistent(false)
    .bind(id.as_uuid())
    .bind(tenant.as_str())
    .fetch_optional(connection)
    .await?;
    let row = row.ok_or(StoreError::NotFound)?;
    Ok((row.delivery.try_into()?, row.run_start.unsigned_abs()))
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
