//! A run that is asked for by hand: a settled or waiting delivery is attempted again, with its whole retry policy.
//!
//! Three steps. The delivery is read and what speaks against a run is found out; the message that will make the attempt is
//! published; the row is changed. While the message is published nothing of the database is held, no connection and no
//! lock: NATS may take its time, and neither other tenants nor the recorders wait with it.
//!
//! What could not be published changes nothing. Of a process that dies after the second step the message stays, which is
//! enough: the attempt is made and recorded. Two that ask at the same time may publish two messages of the same attempt
//! of the same run: it is made once, for the claim and the record decide. Where another attempt has failed between the
//! first step and the last, what follows from that may have taken the place of the message, so all three are done again.

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

/// How often it is tried to note a run that other attempts overtake.
const ROUNDS_MAX: usize = 3;

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
        delivery_lifecycle::begin_run(&self.progress(), self.under_way, self.late, lost_after)
    }

    fn progress(&self) -> Progress {
        let delivery = &self.delivery;
        Progress::new(
            delivery.attempt_count,
            self.run_start,
            delivery.status,
            delivery.next_retry_at,
        )
    }

    /// Whether the run that begins after `run_start` attempts needs no beginning any more: an attempt of it was made, or
    /// the delivery has succeeded.
    fn has_begun(&self, run_start: u32) -> bool {
        self.run_start >= run_start || self.delivery.status == DeliveryStatus::Success
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
            failure: delivery.failure.clone(),
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
    /// changed. It is not called when a run was asked for already and has not begun. When this fails after it, the run
    /// begins all the same; asking again is harmless.
    pub async fn run_again<E, F>(
        &self,
        tenant: &TenantId,
        id: DeliveryId,
        actor: &str,
        publish: impl Fn(NewRun) -> F,
    ) -> Result<Delivery, E>
    where
        E: From<StoreError> + From<RunRefused>,
        F: Future<Output = Result<(), E>>,
    {
        for _ in 0..ROUNDS_MAX {
            let planned = match bounded(self.plan_run::<E>(tenant, id)).await? {
                Plan::Asked(delivery) => return Ok(delivery),
                Plan::Begin(planned) => planned,
            };
            publish(planned.run.clone()).await?;
            if bounded(self.note_run(&planned, actor)).await? == Noted::Begun {
                return Ok(Delivery {
                    status: planned.record.status,
                    next_retry_at: planned.record.next_retry_at,
                    ..planned.delivery
                });
            }
        }
        let words = "attempts of the delivery end faster than a run can be noted";
        Err(StoreError::Unavailable(words.to_owned()).into())
    }

    /// What a run would begin with, if it may.
    async fn plan_run<E: From<StoreError> + From<RunRefused>>(
        &self,
        tenant: &TenantId,
        id: DeliveryId,
    ) -> Result<Plan, E> {
        let mut session = self.session().await?;
        let standing = read_delivery(&mut session, READ, tenant, id).await?;
        match standing.decide_run(RUN_LOST_AFTER) {
            RunDecision::Begin => {}
            RunDecision::Asked => {
                session.finish();
                return Ok(Plan::Asked(standing.delivery));
            }
            RunDecision::FirstAttempt => {
                session.finish();
                return Err(RunRefused::Pending.into());
            }
        }
        // Not this process's time: whoever makes the attempt goes by the database's.
        let due: Timestamp = sqlx::query_scalar("SELECT clock_timestamp()")
            .fetch_one(&mut *session)
            .await
            .map_err(StoreError::from)?;
        let record = standing.at_new_run(due);
        let delivery = standing.delivery;
        let event = check::<E>(&mut session, &delivery, due).await?;
        session.finish();
        let run = NewRun {
            event,
            webhook: delivery.webhook,
            run_start: delivery.attempt_count,
            due,
        };
        Ok(Plan::Begin(Box::new(PlannedRun {
            delivery,
            record,
            run,
        })))
    }

    /// Writes that a run was asked for whose message is published.
    async fn note_run(&self, planned: &PlannedRun, actor: &str) -> Result<Noted, StoreError> {
        let PlannedRun {
            delivery, record, ..
        } = planned;
        let mut session = self.session().await?;
        let mut tx = sqlx::Connection::begin_with(&mut *session, BEGIN).await?;
        let stored = read_delivery(&mut tx, LOCK, &delivery.tenant, delivery.id).await?;
        let wanted = Progress::new(
            record.attempt_count,
            record.run_start,
            record.status,
            record.next_retry_at,
        );
        if wanted > stored.progress() {
            // Of a disabled webhook the message is given up, and the row must not wait for it then.
            if is_enabled(&mut tx, delivery.webhook).await? == Some(true) {
                begin_run(&mut tx, record).await?;
            }
        } else if !stored.has_begun(record.run_start) {
            tx.rollback().await?;
            session.finish();
            return Ok(Noted::Overtaken);
        }
        let entry = NewAuditEntry {
            actor,
            tenant: Some(&delivery.tenant),
            action: "delivery.retried",
            target_kind: "delivery",
            target_id: &delivery.id.to_string(),
            details: json!({ "attempt_count": delivery.attempt_count, "status": delivery.status }),
        };
        write_audit(&mut tx, self.shared.clock.now(), entry).await?;
        tx.commit().await?;
        session.finish();
        Ok(Noted::Begun)
    }
}

/// What asking for a run comes to.
enum Plan {
    /// One was asked for already and has not begun.
    Asked(Delivery),
    Begin(Box<PlannedRun>),
}

/// A run that may begin.
struct PlannedRun {
    /// The delivery as it stands.
    delivery: Delivery,
    /// Its record at the beginning of the run.
    record: DeliveryRecord,
    run: NewRun,
}

/// What became of a run whose message is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noted {
    /// The row says so, or what was attempted since does.
    Begun,
    /// Another attempt has failed meanwhile, and the message may have had to give way to what follows from that.
    Overtaken,
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

/// Reads a delivery as it stands.
const READ: &str = concat!(
    "SELECT ",
    standing_columns!(),
    " FROM deliveries WHERE id = $1 AND tenant = $2"
);
/// The same, and keeps others from changing it.
const LOCK: &str = concat!(
    "SELECT ",
    standing_columns!(),
    " FROM deliveries WHERE id = $1 AND tenant = $2 FOR NO KEY UPDATE"
);

async fn read_delivery(
    connection: &mut PgConnection,
    statement: &'static str,
    tenant: &TenantId,
    id: DeliveryId,
) -> Result<Standing, StoreError> {
    let row: Option<StandingColumns> = sqlx::query_as(statement)
        .persistent(false)
        .bind(id.as_uuid())
        .bind(tenant.as_str())
        .fetch_optional(connection)
        .await?;
    row.ok_or(StoreError::NotFound)?.try_into()
}

/// Whether a webhook takes anything; `None` where it is deleted.
async fn is_enabled(
    connection: &mut PgConnection,
    webhook: WebhookId,
) -> Result<Option<bool>, StoreError> {
    let enabled =
        sqlx::query_scalar("SELECT enabled FROM webhooks WHERE id = $1 AND deleted_at IS NULL")
            .bind(webhook.as_uuid())
            .fetch_optional(connection)
            .await?;
    Ok(enabled)
}

/// Whether its webhook takes anything, and its event.
async fn check<E: From<StoreError> + From<RunRefused>>(
    connection: &mut PgConnection,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<StoredEvent, E> {
    match is_enabled(connection, delivery.webhook).await? {
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
