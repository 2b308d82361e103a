use chrono::{DateTime, Utc};
use posthorn_domain::{EventId, ReplayId, TenantId, WebhookId};
use posthorn_store::{Replay, ReplayScope, ReplayStatus};
use serde::Serialize;
use utoipa::ToSchema;

/// A replay was accepted.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReplayAccepted {
    /// `GET /replays/{id}` shows how far it is.
    pub(crate) replay_id: ReplayId,
}

/// Deliveries that somebody asked for again, and how far that is.
#[derive(Serialize, ToSchema)]
#[schema(as = Replay)]
pub(crate) struct ReplayView {
    id: ReplayId,
    #[schema(value_type = String)]
    tenant: TenantId,
    kind: ReplayKindView,
    status: ReplayStatusView,
    /// Of kind `webhook`.
    webhook_id: Option<WebhookId>,
    /// Of kind `event`.
    event_id: Option<EventId>,
    /// How many there are to look at: events of the time range (kind `webhook`), webhooks (`event`) or letters
    /// (`dead_letters`). Null while that is not known.
    total: Option<u64>,
    /// How many of them were looked at: `handed_over` and `skipped` together.
    processed: u64,
    /// Deliveries that were begun. Their outcome is in the log of deliveries.
    handed_over: u64,
    /// Left as they are: not wanted by the webhook or by the request, waiting for an attempt that is due anyway,
    /// or for a webhook that is disabled.
    skipped: u64,
    /// Why it failed.
    error_message: Option<String>,
    created_by: String,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

/// What a replay is of.
#[derive(Serialize, ToSchema)]
#[schema(as = ReplayKind)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReplayKindView {
    /// One event, to several webhooks.
    Event,
    /// Events of a time range, to one webhook.
    Webhook,
    /// Dead letters.
    DeadLetters,
}

/// How far a replay is.
#[derive(Serialize, ToSchema)]
#[schema(as = ReplayStatus)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReplayStatusView {
    /// Nobody has begun.
    Queued,
    /// Somebody is at it.
    Running,
    /// Everything is handed over.
    Done,
    /// Somebody stopped it.
    Cancelled,
    /// It cannot go on: see `error_message`.
    Failed,
}

impl From<Replay> for ReplayView {
    fn from(replay: Replay) -> Self {
        Self {
            id: replay.id,
            tenant: replay.tenant,
            webhook_id: replay.scope.webhook(),
            event_id: replay.scope.event(),
            kind: match replay.scope {
                ReplayScope::Event { .. } => ReplayKindView::Event,
                ReplayScope::Webhook { .. } | ReplayScope::Disabled { .. } => {
                    ReplayKindView::Webhook
                }
                ReplayScope::DeadLetters => ReplayKindView::DeadLetters,
            },
            status: match replay.status {
                ReplayStatus::Queued => ReplayStatusView::Queued,
                ReplayStatus::Running => ReplayStatusView::Running,
                ReplayStatus::Done => ReplayStatusView::Done,
                ReplayStatus::Cancelled => ReplayStatusView::Cancelled,
                ReplayStatus::Failed => ReplayStatusView::Failed,
            },
            total: replay.total,
            processed: replay.handed_over + replay.skipped,
            handed_over: replay.handed_over,
            skipped: replay.skipped,
            error_message: replay.error_message,
            created_by: replay.created_by,
            created_at: replay.created_at,
            started_at: replay.started_at,
            finished_at: replay.finished_at,
        }
    }
}
