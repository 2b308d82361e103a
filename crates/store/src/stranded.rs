//! Deliveries that wait for a message that is gone.
//!
//! The record says when the next attempt is due. Long after that somebody should have made it; where nobody has, the
//! message may be lost: NATS forgot it, somebody purged it, or the database was restored without it. One replica at a
//! time walks through what is overdue, oldest due time first, and goes on where the last one stopped, so that what is
//! overdue for another reason does not stand in the way.

use std::time::Duration;

use posthorn_domain::{DeliveryId, Timestamp};
use sqlx::Row;
use uuid::Uuid;

use crate::{
    error::StoreError,
    runs::{Standing, StandingColumns, standing_columns},
    session::bounded,
    store::Store,
};

/// The row of the walk.
const NAME: &str = "stranded_deliveries";

/// How far the walk has come; the beginning by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepCursor(Option<(Timestamp, DeliveryId)>);

impl SweepCursor {
    /// Behind a delivery. Those without a due time are looked at in each round.
    #[must_use]
    pub fn behind(self, standing: &Standing) -> Self {
        let due = standing.delivery.next_retry_at;
        Self(due.map(|due| (due, standing.delivery.id)).or(self.0))
    }
}

impl Store {
    /// Takes the walk for `lease`; `None` when it was somebody's turn less than that ago.
    pub async fn take_sweep(&self, lease: Duration) -> Result<Option<SweepCursor>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row = sqlx::query(
                "INSERT INTO sweeps AS sweep (name, not_before) VALUES ($1, now() + $2 * interval '1 millisecond')
                 ON CONFLICT (name) DO UPDATE SET not_before = excluded.not_before WHERE sweep.not_before <= now()
                 RETURNING cursor_due, cursor_id",
            )
            .bind(NAME)
            .bind(milliseconds(lease))
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            let Some(row) = row else { return Ok(None) };
            let due: Option<Timestamp> = row.try_get(0)?;
            let id: Option<Uuid> = row.try_get(1)?;
            Ok(Some(SweepCursor(due.zip(id.map(DeliveryId::from_uuid)))))
        })
        .await
    }

    /// Notes how far the walk has come.
    pub async fn note_sweep(&self, cursor: SweepCursor) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query("UPDATE sweeps SET cursor_due = $2, cursor_id = $3 WHERE name = $1")
                .bind(NAME)
                .bind(cursor.0.map(|(due, _)| due))
                .bind(cursor.0.map(|(_, id)| id.as_uuid()))
                .execute(&mut *session)
                .await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// Deliveries behind `cursor` whose attempt was due longer than `overdue` ago and is not under way, the longest
    /// overdue first, at most `limit`. At the beginning of the walk, also those that began so long ago and have no due
    /// time.
    pub async fn overdue_deliveries(
        &self,
        cursor: SweepCursor,
        overdue: Duration,
        limit: u32,
    ) -> Result<Vec<Standing>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut rows: Vec<StandingColumns> = sqlx::query_as(concat!(
                "SELECT ",
                standing_columns!(),
                " FROM deliveries
                 WHERE status IN (0, 2) AND next_retry_at < now() - $1 * interval '1 millisecond'
                     AND EXISTS (SELECT FROM webhooks WHERE webhooks.id = webhook_id AND deleted_at IS NULL)
                     AND (next_retry_at, deliveries.id) > (COALESCE($2, '-infinity'::timestamptz), $3)
                 ORDER BY deliveries.next_retry_at, deliveries.id LIMIT $4"
            ))
            .persistent(false)
            .bind(milliseconds(overdue))
            .bind(cursor.0.map(|(due, _)| due))
            .bind(cursor.0.map_or(Uuid::nil(), |(_, id)| id.as_uuid()))
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            if cursor == SweepCursor::default() {
                let now: Timestamp = sqlx::query_scalar("SELECT now()")
                    .fetch_one(&mut *session)
                    .await?;
                let began = now - chrono::TimeDelta::from_std(overdue).unwrap_or_default();
                let undated: Vec<StandingColumns> = sqlx::query_as(concat!(
                    "SELECT ",
                    standing_columns!(),
                    " FROM deliveries WHERE status IN (0, 2) AND next_retry_at IS NULL AND deliveries.id < $1
                         AND EXISTS (SELECT FROM webhooks WHERE webhooks.id = webhook_id AND deleted_at IS NULL)
                     ORDER BY deliveries.id LIMIT $2"
                ))
                .persistent(false)
                .bind(DeliveryId::floor_at(began).as_uuid())
                .bind(i64::from(limit))
                .fetch_all(&mut *session)
                .await?;
                rows.splice(0..0, undated);
            }
            session.finish();
            let standings = rows.into_iter().map(Standing::try_from);
            standings.collect()
        })
        .await
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
