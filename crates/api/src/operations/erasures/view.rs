use chrono::{DateTime, Utc};
use posthorn_domain::{ErasureId, EventType, TenantId};
use posthorn_store::{Erasure, ErasureStatus};
use serde::Serialize;
use utoipa::ToSchema;

/// An erasure was accepted.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErasureAccepted {
    /// `GET /erasures/{id}` shows how far it is.
    pub(crate) erasure_id: ErasureId,
}

/// Events that somebody had erased by filter, and how far that is.
#[derive(Serialize, ToSchema)]
#[schema(as = Erasure)]
pub(crate) struct ErasureView {
    id: ErasureId,
    #[schema(value_type = String)]
    tenant: TenantId,
    status: ErasureStatusView,
    /// Of this type; null: of any type.
    #[schema(value_type = Option<String>)]
    r#type: Option<EventType>,
    /// Accepted from this moment on; null: from the first on.
    since: Option<DateTime<Utc>>,
    /// Accepted before this moment.
    until: DateTime<Utc>,
    /// Events found so far. Nothing more is sent of them.
    events: u64,
    /// Those of them whose payload is gone from the log.
    erased: u64,
    /// Those of them that are gone from the streams too: nothing of their payload is left.
    erased_from_streams: u64,
    /// Why it failed.
    error_message: Option<String>,
    created_by: String,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

/// How far an erasure is.
#[derive(Serialize, ToSchema)]
#[schema(as = ErasureStatus)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ErasureStatusView {
    /// Nobody has begun.
    Queued,
    /// Somebody is at it.
    Running,
    /// Nothing is left of the events' payloads.
    Done,
    /// It cannot go on: see `error_message`.
    Failed,
}

impl From<Erasure> for ErasureView {
    fn from(erasure: Erasure) -> Self {
        Self {
            id: erasure.id,
            tenant: erasure.tenant,
            status: match erasure.status {
                ErasureStatus::Queued => ErasureStatusView::Queued,
                ErasureStatus::Running => ErasureStatusView::Running,
                ErasureStatus::Done => ErasureStatusView::Done,
                ErasureStatus::Failed => ErasureStatusView::Failed,
            },
            r#type: erasure.filter.event_type,
            since: erasure.filter.since,
            until: erasure.filter.until,
            events: erasure.events,
            erased: erasure.scrubbed,
            erased_from_streams: erasure.finished,
            error_message: erasure.error_message,
            created_by: erasure.created_by,
            created_at: erasure.created_at,
            started_at: erasure.started_at,
            finished_at: erasure.finished_at,
        }
    }
}
