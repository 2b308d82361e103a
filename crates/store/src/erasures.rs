//! Erasures by filter: what somebody asked for, and how far it is. How they are done: [`crate::erasure_work`].

use posthorn_domain::{ErasureId, EventType, TenantId, Timestamp};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    audit::{NewAuditEntry, write_audit},
    erase::count_unfinished,
    error::StoreError,
    session::bounded,
    store::Store,
    text::clean,
};

/// How far an erasure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureStatus {
    /// Nobody has begun.
    Queued,
    /// Somebody is at it.
    Running,
    /// Nothing is left of its events' payloads.
    Done,
    /// It cannot go on.
    Failed,
}

impl ErasureStatus {
    const ALL: [Self; 4] = [Self::Queued, Self::Running, Self::Done, Self::Failed];

    /// The name in the API and in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// Which events an erasure is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureFilter {
    /// Of this type; `None`: of any type.
    pub event_type: Option<EventType>,
    /// Accepted from this moment on (whole milliseconds count); `None`: from the first on.
    pub since: Option<Timestamp>,
    /// Accepted before this moment (whole milliseconds count).
    pub until: Timestamp,
}

/// An erasure that is asked for.
#[derive(Debug, Clone)]
pub struct NewErasure {
    /// Its id.
    pub id: ErasureId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Of which events.
    pub filter: ErasureFilter,
    /// Who asks.
    pub actor: String,
}

/// An erasure and how far it has come.
#[derive(Debug, Clone)]
pub struct Erasure {
    /// Its id.
    pub id: ErasureId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Of which events.
    pub filter: ErasureFilter,
    /// How far it is.
    pub status: ErasureStatus,
    /// Events that it has found so far. Nothing more is sent of them.
    pub events: u64,
    /// Those of them whose payload is gone from the tables.
    pub scrubbed: u64,
    /// Those of them whose messages are gone from the streams too.
    pub finished: u64,
    /// Why it failed.
    pub error_message: Option<String>,
    /// Who asked.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When the work began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

#[derive(FromRow)]
pub(crate) struct ErasureRow {
    pub(crate) id: Uuid,
    pub(crate) tenant: String,
    pub(crate) status: String,
    pub(crate) event_type: Option<String>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) until: Timestamp,
    pub(crate) events: i64,
    pub(crate) error_message: Option<String>,
    pub(crate) created_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) finished_at: Option<Timestamp>,
}

impl ErasureRow {
    pub(crate) fn filter(&self) -> Result<ErasureFilter, StoreError> {
        let event_type = self.event_type.as_deref().map(str::parse).transpose();
        Ok(ErasureFilter {
            event_type: event_type.map_err(|_| self.corrupt("event type"))?,
            since: self.since,
            until: self.until,
        })
    }

    pub(crate) fn tenant(&self) -> Result<TenantId, StoreError> {
        self.tenant.parse().map_err(|_| self.corrupt("tenant"))
    }

    fn corrupt(&self, what: &str) -> StoreError {
        StoreError::Corrupt(format!("{what} of erasure {}", self.id))
    }
}

/// The columns of [`ErasureRow`], for `concat!`.
macro_rules! erasure_columns {
    () => {
        "id, tenant, status, event_type, since, until, events, error_message, created_by, created_at, started_at, \
         finished_at"
    };
}
pub(crate) use erasure_columns;

impl Store {
    /// Accepts an erasure: a deliverer will do it.
    pub async fn create_erasure(&self, new: &NewErasure) -> Result<(), StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            sqlx::query(
                "INSERT INTO erasures (id, tenant, status, event_type, since, until, created_by, created_at)
                 VALUES ($1, $2, 'queued', $3, $4, $5, $6, $7)",
            )
            .bind(new.id.as_uuid())
            .bind(new.tenant.as_str())
            .bind(new.filter.event_type.as_ref().map(EventType::as_str))
            .bind(new.filter.since)
            .bind(new.filter.until)
            .bind(clean(&new.actor))
            .bind(now)
            .execute(&mut *tx)
            .await?;
            let entry = NewAuditEntry {
                actor: &new.actor,
                tenant: Some(&new.tenant),
                action: "events.erased",
                target_kind: "erasure",
                target_id: &new.id.to_string(),
                details: json!({
                    "type": new.filter.event_type,
                    "since": new.filter.since,
                    "until": new.filter.until,
                }),
            };
            write_audit(&mut tx, now, entry).await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// One erasure of the tenant.
    pub async fn get_erasure(
        &self,
        tenant: &TenantId,
        id: ErasureId,
    ) -> Result<Erasure, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row: Option<ErasureRow> = sqlx::query_as(concat!(
                "SELECT ",
                erasure_columns!(),
                " FROM erasures WHERE id = $1 AND tenant = $2"
            ))
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .fetch_optional(&mut *session)
            .await?;
            let row = match row {
                Some(row) => row,
                None => {
                    session.finish();
                    return Err(StoreError::NotFound);
                }
            };
            let (decided, scrubbed) = count_unfinished(&mut session, id).await?;
            session.finish();
            let status = ErasureStatus::ALL
                .into_iter()
                .find(|status| status.as_str() == row.status);
            let events = row.events.unsigned_abs();
            Ok(Erasure {
                id,
                tenant: row.tenant()?,
                filter: row.filter()?,
                status: status.ok_or_else(|| row.corrupt("status"))?,
                events,
                scrubbed: events.saturating_sub(decided),
                finished: events.saturating_sub(decided + scrubbed),
                error_message: row.error_message,
                created_by: row.created_by,
                created_at: row.created_at,
                started_at: row.started_at,
                finished_at: row.finished_at,
            })
        })
        .await
    }
}
