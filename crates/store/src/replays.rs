use posthorn_domain::{EventId, ReplayId, TenantId, Timestamp, WebhookId};
use serde_json::json;
use sqlx::{PgConnection, QueryBuilder};
use uuid::Uuid;

use crate::{
    audit::{NewAuditEntry, write_audit},
    error::StoreError,
    page::{Listed, Page, total},
    replay_scope::ReplayScope,
    session::bounded,
    store::Store,
    text::clean,
};

/// How far a replay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayStatus {
    /// Nobody has begun.
    Queued,
    /// Somebody is at it.
    Running,
    /// Everything is handed over.
    Done,
    /// Somebody stopped it.
    Cancelled,
    /// It cannot go on.
    Failed,
}

/// A replay that is asked for.
#[derive(Debug, Clone)]
pub struct NewReplay {
    /// Its id.
    pub id: ReplayId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What is to be delivered again.
    pub scope: ReplayScope,
    /// Who asks.
    pub actor: String,
}

/// A replay and how far it has come.
#[derive(Debug, Clone)]
pub struct Replay {
    /// Its id.
    pub id: ReplayId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What is delivered again.
    pub scope: ReplayScope,
    /// How far it is.
    pub status: ReplayStatus,
    /// Deliveries (or, of a webhook's replay, events) to look at, once that is known.
    pub total: Option<u64>,
    /// Deliveries handed over.
    pub handed_over: u64,
    /// Deliveries left as they are.
    pub skipped: u64,
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

/// Cancelling came too late.
#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    /// It has ended.
    #[error("the replay has ended already")]
    Ended,
    /// See there.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ReplayStatus {
    const ALL: [Self; 5] = [
        Self::Queued,
        Self::Running,
        Self::Done,
        Self::Cancelled,
        Self::Failed,
    ];

    /// The name in the API and in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// The columns of [`ReplayColumns`], for `concat!`.
macro_rules! replay_columns {
    () => {
        "id, tenant, kind, status, webhook_id, event_id, selection, total, handed_over, skipped, error_message, \
         created_by, created_at, started_at, finished_at"
    };
}
pub(crate) use replay_columns;

#[derive(sqlx::FromRow)]
pub(crate) struct ReplayColumns {
    id: Uuid,
    tenant: String,
    kind: String,
    status: String,
    webhook_id: Option<Uuid>,
    event_id: Option<Uuid>,
    selection: String,
    total: Option<i64>,
    handed_over: i64,
    skipped: i64,
    error_message: Option<String>,
    created_by: String,
    created_at: Timestamp,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
}

impl TryFrom<ReplayColumns> for Replay {
    type Error = StoreError;

    fn try_from(row: ReplayColumns) -> Result<Self, StoreError> {
        let id = ReplayId::from_uuid(row.id);
        let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of replay {id}"));
        let status = ReplayStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == row.status);
        Ok(Self {
            id,
            tenant: row.tenant.parse().map_err(|_| corrupt("tenant"))?,
            scope: ReplayScope::read(&row.kind, row.webhook_id, row.event_id, &row.selection)
                .ok_or_else(|| corrupt("selection"))?,
            status: status.ok_or_else(|| corrupt("status"))?,
            total: row.total.map(i64::unsigned_abs),
            handed_over: row.handed_over.unsigned_abs(),
            skipped: row.skipped.unsigned_abs(),
            error_message: row.error_message,
            created_by: row.created_by,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
    }
}

pub(crate) async fn insert_replay(
    connection: &mut PgConnection,
    replay: &NewReplay,
    total: Option<u64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO replays (id, tenant, kind, status, webhook_id, event_id, selection, total, created_by, created_at)
         VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9)",
    )
    .bind(replay.id.as_uuid())
    .bind(replay.tenant.as_str())
    .bind(replay.scope.kind())
    .bind(replay.scope.webhook().map(WebhookId::as_uuid))
    .bind(replay.scope.event().map(EventId::as_uuid))
    .bind(replay.scope.selection().to_string())
    .bind(total.map(|total| i64::try_from(total).unwrap_or(i64::MAX)))
    .bind(clean(&replay.actor))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// When those that wait for a disabled webhook are looked for once more, in seconds: an attempt that was under way when it
/// was disabled has ended by then (it takes 120 s at most), and its retry waits.
const LAST_PASS_AFTER_SECONDS: f64 = 150.0;

/// Has the retries of a webhook that is being disabled brought to their end, as soon as a deliverer can, and once more
/// when all that is under way has ended. Work of our own: no list shows it.
pub(crate) async fn cancel_waiting(
    connection: &mut PgConnection,
    webhook: WebhookId,
    actor: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO replays (id, tenant, kind, status, webhook_id, selection, created_by, created_at, not_before)
         SELECT gen_random_uuid(), tenant, 'disabled', 'queued', id, 'null', $2, $3, pass.not_before
         FROM webhooks, (VALUES ('-infinity'::timestamptz), (now() + make_interval(secs => $4))) AS pass (not_before)
         WHERE id = $1",
    )
    .bind(webhook.as_uuid())
    .bind(clean(actor))
    .bind(now)
    .bind(LAST_PASS_AFTER_SECONDS)
    .execute(connection)
    .await?;
    Ok(())
}

fn push_wanted(
    query: &mut QueryBuilder<sqlx::Postgres>,
    tenant: &TenantId,
    webhook: Option<WebhookId>,
) {
    query
        .push(" FROM replays WHERE kind <> 'disabled' AND tenant = ")
        .push_bind(tenant.as_str().to_owned());
    if let Some(webhook) = webhook {
        query
            .push(" AND webhook_id = ")
            .push_bind(webhook.as_uuid());
    }
}

impl Store {
    /// Accepts a replay: a deliverer will do it.
    pub async fn create_replay(&self, replay: &NewReplay) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let now = self.shared.clock.now();
            insert_replay(&mut tx, replay, None, now).await?;
            let target = match &replay.scope {
                ReplayScope::Event { event, .. } => ("event", event.to_string()),
                ReplayScope::Webhook { webhook, .. } | ReplayScope::Disabled { webhook } => {
                    ("webhook", webhook.to_string())
                }
                ReplayScope::DeadLetters => ("dead_letters", String::new()),
            };
            let entry = NewAuditEntry {
                actor: &replay.actor,
                tenant: Some(&replay.tenant),
                action: match replay.scope {
                    ReplayScope::Event { .. } => "event.replayed",
                    _ => "webhook.replayed",
                },
                target_kind: target.0,
                target_id: &target.1,
                details: json!({ "replay_id": replay.id, "selection": replay.scope.selection() }),
            };
            write_audit(&mut tx, now, entry).await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// Those of the given webhooks that the tenant does not have.
    pub async fn missing_webhooks(
        &self,
        tenant: &TenantId,
        ids: &[WebhookId],
    ) -> Result<Vec<WebhookId>, StoreError> {
        let uuids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            let missing: Vec<Uuid> = sqlx::query_scalar(
                "SELECT named.id FROM UNNEST($1::uuid[]) AS named(id) WHERE NOT EXISTS (
                     SELECT FROM webhooks w WHERE w.id = named.id AND w.tenant = $2 AND w.deleted_at IS NULL)",
            )
            .bind(&uuids)
            .bind(tenant.as_str())
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok(missing.into_iter().map(WebhookId::from_uuid).collect())
        })
        .await
    }

    /// The tenant's replays, or those of one of its webhooks.
    pub async fn list_replays(
        &self,
        tenant: &TenantId,
        webhook: Option<WebhookId>,
        page: Page<ReplayId>,
    ) -> Result<Listed<Replay, ReplayId>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut query = QueryBuilder::new(concat!("SELECT ", replay_columns!()));
            push_wanted(&mut query, tenant, webhook);
            if let Some(before) = page.before {
                query.push(" AND id < ").push_bind(before.as_uuid());
            }
            query.push(" ORDER BY id DESC");
            page.push_limit(&mut query);
            let rows: Vec<ReplayColumns> = query
                .build_query_as()
                .persistent(false)
                .fetch_all(&mut *session)
                .await?;
            let total = total(&mut session, &page, rows.len(), |query| {
                push_wanted(query, tenant, webhook);
            })
            .await?;
            session.finish();
            Listed::of(&page, rows, total, |replay: &Replay| replay.id)
        })
        .await
    }

    /// One replay of the tenant.
    pub async fn get_replay(&self, tenant: &TenantId, id: ReplayId) -> Result<Replay, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row = read_replay(&mut session, tenant, id).await?;
            session.finish();
            row.ok_or(StoreError::NotFound)?.try_into()
        })
        .await
    }

    /// Stops a replay after the page that is under way. What was handed over stays so; dead letters that were not
    /// come back into the list.
    pub async fn cancel_replay(
        &self,
        tenant: &TenantId,
        id: ReplayId,
        actor: &str,
    ) -> Result<Replay, CancelError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await.map_err(StoreError::from)?;
            let now = self.shared.clock.now();
            let cancelled = sqlx::query(
                "UPDATE replays SET status = 'cancelled', finished_at = $3
                 WHERE id = $1 AND tenant = $2 AND kind <> 'disabled' AND status IN ('queued', 'running')",
            )
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .bind(now)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::from)?
            .rows_affected();
            if cancelled > 0 {
                release_letters(&mut tx, id).await?;
                let entry = NewAuditEntry {
                    actor,
                    tenant: Some(tenant),
                    action: "replay.cancelled",
                    target_kind: "replay",
                    target_id: &id.to_string(),
                    details: json!({}),
                };
                write_audit(&mut tx, now, entry).await?;
            }
            let row = read_replay(&mut tx, tenant, id).await?;
            tx.commit().await.map_err(StoreError::from)?;
            session.finish();
            let replay = Replay::try_from(row.ok_or(StoreError::NotFound)?)?;
            if cancelled == 0 {
                return Err(CancelError::Ended);
            }
            Ok(replay)
        })
        .await
    }
}

/// Puts letters that a replay has not brought on their way back into the list.
pub(crate) async fn release_letters(
    connection: &mut PgConnection,
    id: ReplayId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE dead_letters SET settled_at = NULL, replay_id = NULL WHERE replay_id = $1")
        .bind(id.as_uuid())
        .execute(connection)
        .await?;
    Ok(())
}

async fn read_replay(
    connection: &mut PgConnection,
    tenant: &TenantId,
    id: ReplayId,
) -> Result<Option<ReplayColumns>, StoreError> {
    let row = sqlx::query_as(concat!(
        "SELECT ",
        replay_columns!(),
        " FROM replays WHERE id = $1 AND tenant = $2 AND kind <> 'disabled'"
    ))
    .bind(id.as_uuid())
    .bind(tenant.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(row)
}
