//! Which receivers are left alone, as all replicas know it.
//!
//! A replica writes what it found out, and reads what the others did. Moments go in and come out as the time that is
//! left, counted by the database, so it does not matter how far the clocks of replicas are apart.

use std::time::Duration;

use posthorn_domain::{BreakerReason, TenantId, Timestamp, WebhookId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::StoreError,
    filter_failures::{RecentFilterFailures, recent_filter_failures},
    session::bounded,
    store::Store,
};

/// A change is read again for this long, because it may have become visible later than it says it happened: no
/// transaction takes longer.
const READ_AGAIN: Duration = Duration::from_secs(30);
/// What has meant nothing for this long is deleted: every replica has seen it.
const KEPT_SECONDS: i32 = 3_600;
/// Deliveries that [`Store::gate_status`] counts before it stops: one more than the number that is exact.
pub const GATE_WAITING_COUNTED_MAX: u64 = 10_001;

/// An open breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenBreaker {
    /// How long it stays open; zero if probes may go.
    pub left: Duration,
    /// How often it has opened since the receiver answered last.
    pub openings: u32,
    /// Why it opened first.
    pub reason: BreakerReason,
    /// A probe is under way, and given up after this time.
    pub probe_left: Option<Duration>,
}

/// How replicas treat one receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedGate {
    /// Whose receiver it is.
    pub webhook: WebhookId,
    /// And whose webhook.
    pub tenant: TenantId,
    /// The breaker, if it is not closed.
    pub open: Option<OpenBreaker>,
    /// How long the receiver asked to be left alone from now.
    pub silent: Option<Duration>,
    /// When the row was changed last, by the database's clock.
    pub changed_at: Timestamp,
}

/// What changed lately.
#[derive(Debug)]
pub struct GateChanges {
    /// The database's clock.
    pub now: Timestamp,
    /// Each row that changed, as it is now.
    pub changed: Vec<SharedGate>,
}

/// What an operator sees of a webhook's gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateStatus {
    /// Whether the breaker is not closed.
    pub is_open: bool,
    /// Whether probes may go.
    pub is_half_open: bool,
    /// When it opened after the last answer.
    pub opened_at: Option<Timestamp>,
    /// When probes may go.
    pub open_until: Option<Timestamp>,
    /// How often it has opened since the last answer.
    pub openings: u32,
    /// Why it opened first.
    pub reason: Option<BreakerReason>,
    /// The receiver asked to be left alone until then.
    pub silent_until: Option<Timestamp>,
    /// The next free moment of its rate limit, if that lies ahead.
    pub next_slot: Option<Timestamp>,
    /// Deliveries that wait for an attempt, counted up to [`GATE_WAITING_COUNTED_MAX`].
    pub waiting: u64,
    /// How its filter failed on events.
    pub filter_failures: RecentFilterFailures,
}

#[derive(sqlx::FromRow)]
struct GateRow {
    webhook_id: Uuid,
    tenant: String,
    is_open: bool,
    openings: i32,
    reason: Option<String>,
    left_us: Option<i64>,
    probe_us: Option<i64>,
    silent_us: Option<i64>,
    changed_at: Timestamp,
    now: Timestamp,
}

macro_rules! gate_columns {
    () => {
        "webhook_id, (SELECT tenant FROM webhooks WHERE id = webhook_id) AS tenant, is_open, openings, reason, changed_at, clock_timestamp() AS now,
         (extract(epoch FROM open_until - clock_timestamp()) * 1000000)::bigint AS left_us,
         (extract(epoch FROM probe_until - clock_timestamp()) * 1000000)::bigint AS probe_us,
         (extract(epoch FROM silent_until - clock_timestamp()) * 1000000)::bigint AS silent_us"
    };
}

impl GateRow {
    fn shared(&self) -> Result<SharedGate, StoreError> {
        let ahead = |us: Option<i64>| {
            let us = u64::try_from(us.unwrap_or_default()).unwrap_or_default();
            (us > 0).then(|| Duration::from_micros(us))
        };
        let open = self.is_open.then(|| OpenBreaker {
            left: ahead(self.left_us).unwrap_or_default(),
            openings: u32::try_from(self.openings).unwrap_or_default(),
            reason: reason(self.reason.as_deref()).unwrap_or(BreakerReason::ConsecutiveFailures),
            probe_left: ahead(self.probe_us),
        });
        let webhook = WebhookId::from_uuid(self.webhook_id);
        let tenant = self.tenant.parse();
        Ok(SharedGate {
            webhook,
            tenant: tenant
                .map_err(|_| StoreError::Corrupt(format!("the tenant of webhook {webhook}")))?,
            open,
            silent: ahead(self.silent_us),
            changed_at: self.changed_at,
        })
    }
}

fn reason(name: Option<&str>) -> Option<BreakerReason> {
    name.and_then(BreakerReason::named)
}

fn microseconds(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

impl Store {
    /// What changed within `since_last_read` and a while before that; `None` reads everything that matters now.
    pub async fn gate_changes(
        &self,
        since_last_read: Option<Duration>,
    ) -> Result<GateChanges, StoreError> {
        let since = since_last_read.map(|since| microseconds(since.saturating_add(READ_AGAIN)));
        bounded(async {
            let mut session = self.session().await?;
            let now = sqlx::query_scalar("SELECT clock_timestamp()");
            let (now, rows): (Timestamp, Vec<GateRow>) = match since {
                Some(us) => {
                    let rows: Vec<GateRow> = sqlx::query_as(concat!(
                        "SELECT ",
                        gate_columns!(),
                        " FROM breakers WHERE changed_at > clock_timestamp() - $1 * interval '1 microsecond'"
                    ))
                    .bind(us)
                    .fetch_all(&mut *session)
                    .await?;
                    match rows.first() {
                        Some(row) => (row.now, rows),
                        None => (now.fetch_one(&mut *session).await?, rows),
                    }
                }
                None => {
                    let rows = sqlx::query_as(concat!(
                        "SELECT ",
                        gate_columns!(),
                        " FROM breakers WHERE is_open OR silent_until > clock_timestamp()"
                    ))
                    .fetch_all(&mut *session)
                    .await?;
                    (now.fetch_one(&mut *session).await?, rows)
                }
            };
            session.finish();
            let changed = rows.iter().map(GateRow::shared).collect::<Result<_, _>>()?;
            Ok(GateChanges { now, changed })
        })
        .await
    }

    /// Notes that a receiver is down, or asked to be left alone: whichever end lies further away counts. `None`: the
    /// webhook is deleted.
    pub async fn shut_gate(
        &self,
        webhook: WebhookId,
        open: Option<OpenBreaker>,
        silent: Option<Duration>,
    ) -> Result<Option<SharedGate>, StoreError> {
        self.one_gate(async |connection| {
            sqlx::query_as(concat!(
                "INSERT INTO breakers AS b
                     (webhook_id, is_open, opened_at, open_until, openings, reason, silent_until, changed_at)
                 SELECT id, $2::bigint IS NOT NULL, CASE WHEN $2::bigint IS NOT NULL THEN clock_timestamp() END,
                     clock_timestamp() + $2 * interval '1 microsecond', $3, $4,
                     clock_timestamp() + $5 * interval '1 microsecond', clock_timestamp()
                 FROM webhooks WHERE id = $1 AND enabled
                 ON CONFLICT (webhook_id) DO UPDATE SET
                     is_open = b.is_open OR excluded.is_open,
                     opened_at = CASE WHEN b.is_open THEN b.opened_at ELSE coalesce(excluded.opened_at, b.opened_at) END,
                     open_until = CASE WHEN b.is_open THEN greatest(b.open_until, excluded.open_until)
                                       ELSE coalesce(excluded.open_until, b.open_until) END,
                     openings = CASE WHEN b.is_open THEN greatest(b.openings, excluded.openings)
                                     WHEN excluded.is_open THEN excluded.openings ELSE b.openings END,
                     reason = CASE WHEN b.is_open THEN b.reason ELSE coalesce(excluded.reason, b.reason) END,
                     probe_until = CASE WHEN excluded.is_open THEN NULL ELSE b.probe_until END,
                     silent_until = greatest(b.silent_until, excluded.silent_until),
                     changed_at = clock_timestamp()
                 RETURNING ",
                gate_columns!()
            ))
            .bind(webhook.as_uuid())
            .bind(open.map(|open| microseconds(open.left)))
            .bind(open.map_or(0, |open| i32::try_from(open.openings).unwrap_or(i32::MAX)))
            .bind(open.map(|open| open.reason.as_str()))
            .bind(silent.map(microseconds))
            .fetch_optional(connection)
            .await
        })
        .await
    }

    /// Notes that a receiver answered: its breaker is closed.
    pub async fn close_breaker(
        &self,
        webhook: WebhookId,
    ) -> Result<Option<SharedGate>, StoreError> {
        self.one_gate(async |connection| {
            sqlx::query_as(concat!(
                "UPDATE breakers SET is_open = false, openings = 0, probe_until = NULL, changed_at = clock_timestamp()
                 WHERE webhook_id = $1 RETURNING ",
                gate_columns!()
            ))
            .bind(webhook.as_uuid())
            .fetch_optional(connection)
            .await
        })
        .await
    }

    /// Asks for the right to find out how a receiver is: one replica has it at a time, for at most `at_most`.
    ///
    /// `Ok` with the row if it is ours, `Err` with the row as it is if it is not; no row if nobody knows of an opening.
    pub async fn claim_probe(
        &self,
        webhook: WebhookId,
        at_most: Duration,
    ) -> Result<Result<SharedGate, Option<SharedGate>>, StoreError> {
        let claimed = self
            .one_gate(async |connection| {
                sqlx::query_as(concat!(
                    "UPDATE breakers SET probe_until = clock_timestamp() + $2 * interval '1 microsecond',
                         changed_at = clock_timestamp()
                     WHERE webhook_id = $1 AND is_open AND open_until <= clock_timestamp()
                     AND (probe_until IS NULL OR probe_until <= clock_timestamp()) RETURNING ",
                    gate_columns!()
                ))
                .bind(webhook.as_uuid())
                .bind(microseconds(at_most))
                .fetch_optional(connection)
                .await
            })
            .await?;
        if let Some(claimed) = claimed {
            return Ok(Ok(claimed));
        }
        let present = self
            .one_gate(async |connection| {
                sqlx::query_as(concat!(
                    "SELECT ",
                    gate_columns!(),
                    " FROM breakers WHERE webhook_id = $1"
                ))
                .bind(webhook.as_uuid())
                .fetch_optional(connection)
                .await
            })
            .await?;
        Ok(Err(present))
    }

    /// Gives the right of [`Store::claim_probe`] back: nothing was found out.
    pub async fn give_up_probe(
        &self,
        webhook: WebhookId,
    ) -> Result<Option<SharedGate>, StoreError> {
        self.one_gate(async |connection| {
            sqlx::query_as(concat!(
                "UPDATE breakers SET probe_until = NULL, changed_at = clock_timestamp()
                 WHERE webhook_id = $1 RETURNING ",
                gate_columns!()
            ))
            .bind(webhook.as_uuid())
            .fetch_optional(connection)
            .await
        })
        .await
    }

    /// Deletes what has meant nothing for an hour. Services call it from time to time.
    pub async fn drop_stale_gates(&self) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            for statement in [
                "DELETE FROM breakers WHERE greatest(changed_at, open_until, silent_until, probe_until)
                     < clock_timestamp() - $1 * interval '1 second'",
                "DELETE FROM rate_limits WHERE next_slot < clock_timestamp() - $1 * interval '1 second'",
            ] {
                sqlx::query(statement)
                    .bind(KEPT_SECONDS)
                    .execute(&mut *session)
                    .await?;
            }
            session.finish();
            Ok(())
        })
        .await
    }

    /// What an operator sees of a webhook's gate. [`StoreError::NotFound`] for another tenant's.
    pub async fn gate_status(
        &self,
        tenant: &TenantId,
        webhook: WebhookId,
    ) -> Result<GateStatus, StoreError> {
        type Row = (
            Option<bool>,
            Option<bool>,
            Option<Timestamp>,
            Option<Timestamp>,
            Option<i32>,
            Option<String>,
            Option<Timestamp>,
            Option<Timestamp>,
            i64,
        );
        bounded(async {
            let mut session = self.session().await?;
            let row: Option<Row> = sqlx::query_as(
                "SELECT b.is_open, b.open_until <= clock_timestamp(), b.opened_at, b.open_until, b.openings, b.reason,
                     CASE WHEN b.silent_until > clock_timestamp() THEN b.silent_until END,
                     CASE WHEN r.next_slot > clock_timestamp() THEN r.next_slot END,
                     (SELECT count(*) FROM (SELECT FROM deliveries d WHERE d.webhook_id = $2 AND d.status <> 1
                          AND d.status IN (0, 2) LIMIT $3) waiting)
                 FROM webhooks w LEFT JOIN breakers b ON b.webhook_id = w.id
                     LEFT JOIN rate_limits r ON r.webhook_id = w.id
                 WHERE w.id = $2 AND w.tenant = $1 AND w.deleted_at IS NULL",
            )
            .persistent(false)
            .bind(tenant.as_str())
            .bind(webhook.as_uuid())
            .bind(i64::try_from(GATE_WAITING_COUNTED_MAX).unwrap_or(i64::MAX))
            .fetch_optional(&mut *session)
            .await?;
            let filter_failures = recent_filter_failures(&mut session, webhook).await?;
            session.finish();
            let (open, over, opened_at, open_until, openings, why, silent_until, next_slot, waiting) =
                row.ok_or(StoreError::NotFound)?;
            let is_open = open == Some(true);
            Ok(GateStatus {
                is_open,
                is_half_open: is_open && over == Some(true),
                opened_at: opened_at.filter(|_| is_open),
                open_until: open_until.filter(|_| is_open),
                openings: openings
                    .filter(|_| is_open)
                    .and_then(|n| u32::try_from(n).ok())
                    .unwrap_or_default(),
                reason: reason(why.as_deref()).filter(|_| is_open),
                silent_until,
                next_slot,
                waiting: waiting.unsigned_abs(),
                filter_failures,
            })
        })
        .await
    }

    async fn one_gate(
        &self,
        statement: impl AsyncFnOnce(&mut PgConnection) -> Result<Option<GateRow>, sqlx::Error>,
    ) -> Result<Option<SharedGate>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row = statement(&mut session).await?;
            session.finish();
            row.as_ref().map(GateRow::shared).transpose()
        })
        .await
    }
}
