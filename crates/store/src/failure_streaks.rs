//! The failures of webhooks since their last success, as all replicas know them.
//!
//! Replicas see each a part of a webhook's attempts. They bring what they saw here, one at a time ([`STREAKS`]), and
//! what follows is decided within the transaction: of many replicas one announces.

use std::collections::HashMap;

use posthorn_domain::{Event, FailureStreak, Timestamp, WebhookId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    announcements::insert_announcements, error::StoreError, record_rows::stored_count,
    session::bounded, store::Store,
};

/// The advisory lock between those that change streaks.
const STREAKS: i64 = 750_100_007;

/// What follows from new attempts.
#[derive(Debug, Default)]
pub struct StreakUpdate {
    /// The streaks as they are now.
    pub streaks: Vec<(WebhookId, FailureStreak)>,
    /// What is to be said about it; it waits in the database until it is known to be published.
    pub announcements: Vec<Event>,
}

/// How a webhook stands whose streak is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownStreak {
    /// Its streak.
    pub streak: FailureStreak,
    /// Its URL now: what was seen of another one does not count.
    pub url: String,
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    #[sqlx(flatten)]
    streak: StreakRow,
    url: String,
}

#[derive(sqlx::FromRow)]
struct StreakRow {
    webhook_id: Uuid,
    failures: i32,
    failing_since: Option<Timestamp>,
    last_failed_at: Option<Timestamp>,
    announced_since: Option<Timestamp>,
    recovered_at: Option<Timestamp>,
}

impl StreakRow {
    fn streak(&self) -> (WebhookId, FailureStreak) {
        let streak = FailureStreak {
            failures: u32::try_from(self.failures).unwrap_or_default(),
            failing_since: self.failing_since,
            last_failed_at: self.last_failed_at,
            announced_since: self.announced_since,
            recovered_at: self.recovered_at,
        };
        (WebhookId::from_uuid(self.webhook_id), streak)
    }
}

impl Store {
    /// A number that moves with every change of a streak, a moment before the change can be read.
    pub async fn failure_streak_changes(&self) -> Result<i64, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            // A sequence that has given its first number still says that number.
            let changes = sqlx::query_scalar(
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM failure_streak_changes",
            )
            .fetch_one(&mut *session)
            .await?;
            session.finish();
            Ok(changes)
        })
        .await
    }

    /// Every webhook of which something is wrong, or was a moment ago.
    pub async fn failure_streaks(&self) -> Result<HashMap<WebhookId, FailureStreak>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<StreakRow> = sqlx::query_as("SELECT * FROM failure_streaks")
                .fetch_all(&mut *session)
                .await?;
            session.finish();
            Ok(rows.iter().map(StreakRow::streak).collect())
        })
        .await
    }

    /// Changes the streaks of these webhooks: `decide` is given those of them that are enabled, each with its streak
    /// and URL, and says how they go on. It is called again when the caller tries again, so it only computes.
    pub async fn update_failure_streaks(
        &self,
        webhooks: &[WebhookId],
        decide: impl FnOnce(&HashMap<WebhookId, KnownStreak>) -> StreakUpdate + Send,
    ) -> Result<StreakUpdate, StoreError> {
        let ids: Vec<Uuid> = webhooks.iter().map(|id| id.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            sqlx::query("SELECT pg_advisory_xact_lock($1)")
                .bind(STREAKS)
                .execute(&mut *tx)
                .await?;
            // Locked, so that nobody disables one meanwhile and leaves a streak behind.
            let rows: Vec<KnownRow> = sqlx::query_as(
                "SELECT w.id AS webhook_id, w.url, coalesce(s.failures, 0) AS failures, s.failing_since, s.last_failed_at,
                     s.announced_since, s.recovered_at
                 FROM webhooks w LEFT JOIN failure_streaks s ON s.webhook_id = w.id
                 WHERE w.id = ANY($1) AND w.enabled AND w.deleted_at IS NULL ORDER BY w.id FOR SHARE OF w",
            )
            .bind(&ids)
            .fetch_all(&mut *tx)
            .await?;
            let known = rows.into_iter().map(|row| {
                let (webhook, streak) = row.streak.streak();
                (webhook, KnownStreak { streak, url: row.url })
            });
            let update = decide(&known.collect());
            write_streaks(&mut tx, &update.streaks).await?;
            insert_announcements(&mut tx, &update.announcements).await?;
            tx.commit().await?;
            session.finish();
            Ok(update)
        })
        .await
    }
}

async fn write_streaks(
    connection: &mut PgConnection,
    streaks: &[(WebhookId, FailureStreak)],
) -> Result<(), StoreError> {
    let (over, going_on): (Vec<_>, Vec<_>) =
        streaks.iter().partition(|(_, streak)| streak.is_clean());
    let ids = |rows: &[&(WebhookId, FailureStreak)]| -> Vec<Uuid> {
        rows.iter().map(|(id, _)| id.as_uuid()).collect()
    };
    if !over.is_empty() {
        sqlx::query("DELETE FROM failure_streaks WHERE webhook_id = ANY($1)")
            .bind(ids(&over))
            .execute(&mut *connection)
            .await?;
    }
    if going_on.is_empty() {
        return Ok(());
    }
    let moments = |of: fn(&FailureStreak) -> Option<Timestamp>| -> Vec<Option<Timestamp>> {
        going_on.iter().map(|(_, streak)| of(streak)).collect()
    };
    let failures = going_on.iter().map(|(_, s)| stored_count(s.failures));
    sqlx::query(
        "INSERT INTO failure_streaks (webhook_id, failures, failing_since, last_failed_at, announced_since,
             recovered_at)
         SELECT * FROM UNNEST($1::uuid[], $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
             $6::timestamptz[])
         ON CONFLICT (webhook_id) DO UPDATE SET failures = excluded.failures,
             failing_since = excluded.failing_since, last_failed_at = excluded.last_failed_at,
             announced_since = excluded.announced_since, recovered_at = excluded.recovered_at",
    )
    .bind(ids(&going_on))
    .bind(failures.collect::<Vec<_>>())
    .bind(moments(|streak| streak.failing_since))
    .bind(moments(|streak| streak.last_failed_at))
    .bind(moments(|streak| streak.announced_since))
    .bind(moments(|streak| streak.recovered_at))
    .execute(connection)
    .await?;
    Ok(())
}
