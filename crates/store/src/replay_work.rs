//! Doing replays: who works at which, how far they have come, and what they need to know.
//!
//! A replay belongs to nobody. A deliverer takes one whose turn it is for a moment ([`Store::take_replay`]), brings
//! some of its pages on their way, notes each ([`Store::note_replay`]), and gives it back. What a process that dies
//! had in its hands is taken by another when the lease has run out, and goes on behind the last page that was noted.

use std::{collections::HashMap, time::Duration};

use posthorn_domain::{
    DeadLetterId, DeliveryId, EventId, EventType, ReplayId, TenantId, Timestamp, WebhookId,
};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{
    dead_letters::{DeadLetter, LetterColumns, letter_columns},
    error::StoreError,
    events::{StoredEvent, read_events},
    page::is_statement_timeout,
    replay_scope::ReplayScope,
    replays::{Replay, ReplayColumns, release_letters, replay_columns},
    runs::{Standing, StandingColumns, standing_columns},
    session::bounded,
    store::Store,
};

/// How long counting a replay's events may take before its total stays unknown.
const COUNT_TIMEOUT: &str = "SET LOCAL statement_timeout = 2000";

/// A replay that this process works at.
#[derive(Debug, Clone)]
pub struct HeldReplay {
    /// The replay as it was when it was taken.
    pub replay: Replay,
    /// How far it had come.
    pub cursor: Option<Uuid>,
    lease: i64,
}

/// A piece of work that was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReplayPageDone {
    /// How far it has come; `None` where that does not change.
    pub cursor: Option<Uuid>,
    /// Deliveries handed over.
    pub handed_over: u64,
    /// Deliveries left as they are.
    pub skipped: u64,
}

/// What becomes of a replay after a piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplayNext {
    /// It stays in these hands for so long.
    Keep(Duration),
    /// Anybody may take it after this.
    GiveBack(Duration),
    /// Nothing is left to do.
    Done,
    /// It cannot go on.
    Failed(String),
}

impl Store {
    /// Takes the replay whose turn it is, for `lease`; `None` when nothing is to be done now.
    pub async fn take_replay(&self, lease: Duration) -> Result<Option<HeldReplay>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row = sqlx::query(concat!(
                "UPDATE replays SET status = 'running', started_at = COALESCE(started_at, $1), lease = lease + 1,
                     not_before = now() + $2 * interval '1 millisecond'
                 WHERE id = (SELECT id FROM replays WHERE status IN ('queued', 'running') AND not_before <= now()
                             ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING ",
                replay_columns!(),
                ", lease, cursor"
            ))
            .bind(self.shared.clock.now())
            .bind(milliseconds(lease))
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            let Some(row) = row else { return Ok(None) };
            Ok(Some(HeldReplay {
                replay: ReplayColumns::from_row(&row)?.try_into()?,
                cursor: sqlx::Row::try_get(&row, "cursor")?,
                lease: sqlx::Row::try_get(&row, "lease")?,
            }))
        })
        .await
    }

    /// Notes a piece of work and what follows. False when the replay was cancelled or taken by somebody else: then
    /// nothing is noted, and the work at it ends.
    pub async fn note_replay(
        &self,
        held: &HeldReplay,
        done: ReplayPageDone,
        next: &ReplayNext,
    ) -> Result<bool, StoreError> {
        let (status, wait, error) = match next {
            ReplayNext::Keep(lease) => ("running", *lease, None),
            ReplayNext::GiveBack(after) => ("running", *after, None),
            ReplayNext::Done => ("done", Duration::ZERO, None),
            ReplayNext::Failed(why) => ("failed", Duration::ZERO, Some(why.as_str())),
        };
        let ended = status != "running";
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let noted = sqlx::query(
                "UPDATE replays SET cursor = COALESCE($3, cursor), handed_over = handed_over + $4, skipped = skipped + $5,
                     status = $6, not_before = now() + $7 * interval '1 millisecond', error_message = $8,
                     finished_at = $9, total = CASE WHEN $6 = 'done' THEN handed_over + skipped + $4 + $5 ELSE total END
                 WHERE id = $1 AND lease = $2 AND status = 'running'",
            )
            .bind(held.replay.id.as_uuid())
            .bind(held.lease)
            .bind(done.cursor)
            .bind(count(done.handed_over))
            .bind(count(done.skipped))
            .bind(status)
            .bind(milliseconds(wait))
            .bind(error)
            .bind(ended.then(|| self.shared.clock.now()))
            .execute(&mut *tx)
            .await?
            .rows_affected();
            if noted > 0 && ended && held.replay.scope == ReplayScope::DeadLetters {
                release_letters(&mut tx, held.replay.id).await?;
            }
            tx.commit().await?;
            session.finish();
            Ok(noted > 0)
        })
        .await
    }

    /// Notes how much there is to look at.
    pub async fn note_replay_total(&self, id: ReplayId, total: u64) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query("UPDATE replays SET total = $2 WHERE id = $1")
                .bind(id.as_uuid())
                .bind(count(total))
                .execute(&mut *session)
                .await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// The tenant's events behind `after` and within the moments, oldest first: ids and types.
    pub async fn events_to_replay(
        &self,
        tenant: &TenantId,
        after: Option<EventId>,
        (since, until): (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<(EventId, EventType)>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<(Uuid, String)> = sqlx::query_as(
                "SELECT id, event_type FROM events
                 WHERE tenant = $1 AND id >= $2 AND id < $3 AND ($4::uuid IS NULL OR id > $4) AND erased_at IS NULL
                 ORDER BY id LIMIT $5",
            )
            .persistent(false)
            .bind(tenant.as_str())
            .bind(EventId::floor_at(since).as_uuid())
            .bind(EventId::floor_at(until).as_uuid())
            .bind(after.map(EventId::as_uuid))
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            rows.into_iter()
                .map(|(id, event_type)| {
                    let id = EventId::from_uuid(id);
                    let event_type = event_type
                        .parse()
                        .map_err(|_| StoreError::Corrupt(format!("type of event {id}")))?;
                    Ok((id, event_type))
                })
                .collect()
        })
        .await
    }

    /// How many events the tenant has within the moments; `None` when counting takes too long.
    pub async fn count_events(
        &self,
        tenant: &TenantId,
        (since, until): (Timestamp, Timestamp),
    ) -> Result<Option<u64>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            sqlx::query(AssertSqlSafe(COUNT_TIMEOUT))
                .execute(&mut *tx)
                .await?;
            let counted = sqlx::query_scalar::<_, i64>(
                "SELECT count(*) FROM events WHERE tenant = $1 AND id >= $2 AND id < $3 AND erased_at IS NULL",
            )
            .persistent(false)
            .bind(tenant.as_str())
            .bind(EventId::floor_at(since).as_uuid())
            .bind(EventId::floor_at(until).as_uuid())
            .fetch_one(&mut *tx)
            .await;
            let counted = match counted {
                Ok(counted) => Some(counted.unsigned_abs()),
                Err(error) if is_statement_timeout(&error) => None,
                Err(error) => return Err(error.into()),
            };
            tx.rollback().await?;
            session.finish();
            Ok(counted)
        })
        .await
    }

    /// Those of the tenant's events that are still there and not erased, with their payloads, by id.
    pub async fn events_by_id(
        &self,
        tenant: &TenantId,
        ids: &[EventId],
    ) -> Result<HashMap<EventId, StoredEvent>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let events = read_events(&mut session, tenant, ids).await?;
            session.finish();
            Ok(events
                .into_iter()
                .filter(|event| event.erased_at.is_none())
                .map(|event| (event.event.id, event))
                .collect())
        })
        .await
    }

    /// How those of the given deliveries stand that are recorded.
    pub async fn standings(
        &self,
        ids: &[DeliveryId],
    ) -> Result<HashMap<DeliveryId, Standing>, StoreError> {
        let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else {
            return Ok(HashMap::new());
        };
        let uuids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<StandingColumns> = sqlx::query_as(concat!(
                "SELECT ",
                standing_columns!(),
                " FROM deliveries WHERE id = ANY($1) AND id BETWEEN $2 AND $3"
            ))
            .persistent(false)
            .bind(&uuids)
            .bind(first.as_uuid())
            .bind(last.as_uuid())
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            rows.into_iter()
                .map(|row| {
                    let standing = Standing::try_from(row)?;
                    Ok((standing.delivery.id, standing))
                })
                .collect()
        })
        .await
    }

    /// Deliveries of a webhook that wait for their time, behind `after`.
    pub async fn waiting_deliveries(
        &self,
        webhook: WebhookId,
        after: Option<DeliveryId>,
        limit: u32,
    ) -> Result<Vec<Standing>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<StandingColumns> = sqlx::query_as(concat!(
                "SELECT ",
                standing_columns!(),
                " FROM deliveries
                 WHERE webhook_id = $1 AND status IN (0, 2) AND next_retry_at IS NOT NULL
                     AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3"
            ))
            .persistent(false)
            .bind(webhook.as_uuid())
            .bind(after.map(DeliveryId::as_uuid))
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            rows.into_iter().map(Standing::try_from).collect()
        })
        .await
    }

    /// Dead letters that a replay still has to bring on their way.
    pub async fn letters_of_replay(
        &self,
        replay: ReplayId,
        limit: u32,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<LetterColumns> = sqlx::query_as(concat!(
                "SELECT ",
                letter_columns!(),
                " FROM dead_letters WHERE replay_id = $1 ORDER BY id LIMIT $2"
            ))
            .bind(replay.as_uuid())
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            rows.into_iter().map(DeadLetter::try_from).collect()
        })
        .await
    }

    /// Lets go of letters of a replay: those that are on their way stay settled, those that were `left` come back
    /// into the list.
    pub async fn let_letters_go(
        &self,
        replay: ReplayId,
        on_their_way: &[DeadLetterId],
        left: &[DeadLetterId],
    ) -> Result<(), StoreError> {
        let uuids = |ids: &[DeadLetterId]| ids.iter().map(|id| id.as_uuid()).collect::<Vec<_>>();
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query(
                "UPDATE dead_letters SET replay_id = NULL, settled_at = CASE WHEN id = ANY($2) THEN settled_at END
                 WHERE replay_id = $1 AND (id = ANY($2) OR id = ANY($3))",
            )
            .bind(replay.as_uuid())
            .bind(uuids(on_their_way))
            .bind(uuids(left))
            .execute(&mut *session)
            .await?;
            session.finish();
            Ok(())
        })
        .await
    }
}

fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
