//! Keeping the index of dead letters: what is buried comes in, what is settled goes out.

use std::collections::HashMap;

use posthorn_domain::{DeadLetterId, Timestamp};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    dead_letters::{DeadLetter, LetterContent},
    error::StoreError,
    record_rows::{stored_code, stored_count},
    recorder::BEGIN,
    session::bounded,
    store::Store,
    text::clean,
};

/// A letter that has no use any more: to be deleted from the stream, then forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledLetter {
    /// Its id.
    pub id: DeadLetterId,
    /// Where it lies in its stream.
    pub stream_sequence: u64,
}

impl Store {
    /// Takes letters into the index ([`DeadLetter::position`] is given here). Again does no harm.
    ///
    /// A delivery has one letter: a later one takes the place of the one before, which is answered, to be deleted
    /// from the stream. What was delivered meanwhile, or is for a deleted webhook, or of an erased event, is settled at once.
    pub async fn index_dead_letters(
        &self,
        letters: &[DeadLetter],
    ) -> Result<Vec<SettledLetter>, StoreError> {
        // One statement cannot write a row twice; the letter buried last is the one that counts.
        let mut by_id: HashMap<DeadLetterId, &DeadLetter> = HashMap::new();
        let mut replaced = Vec::new();
        for letter in letters {
            if let Some(earlier) = by_id.insert(letter.id, letter) {
                replaced.push(SettledLetter {
                    id: earlier.id,
                    stream_sequence: earlier.stream_sequence,
                });
            }
        }
        let mut rows: Vec<&DeadLetter> = by_id.into_values().collect();
        rows.sort_unstable_by_key(|row| row.id);
        bounded(async {
            let mut session = self.session().await?;
            // As a recorder: an erasure waits for it before it looks for letters.
            let mut tx = sqlx::Connection::begin_with(&mut *session, BEGIN).await?;
            // Deliveries before their letters, as the recorder locks them.
            mark_buried(&mut tx, &rows).await?;
            let found: Vec<(Uuid, i64)> = upsert(&mut tx, &rows, self.shared.clock.now()).await?;
            tx.commit().await?;
            session.finish();
            Ok::<_, StoreError>(found)
        })
        .await
        .map(|found| {
            replaced.extend(found.into_iter().map(settled));
            replaced
        })
    }

    /// Letters that are settled and wait for nothing, at most `limit`.
    pub async fn settled_letters(&self, limit: u32) -> Result<Vec<SettledLetter>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<(Uuid, i64)> = sqlx::query_as(
                "SELECT id, stream_sequence FROM dead_letters
                 WHERE settled_at IS NOT NULL AND replay_id IS NULL ORDER BY settled_at LIMIT $1",
            )
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok(rows.into_iter().map(settled).collect())
        })
        .await
    }

    /// Forgets letters that are no longer in the stream, unless another was buried in their place meanwhile.
    pub async fn forget_letters(&self, letters: &[SettledLetter]) -> Result<(), StoreError> {
        let ids: Vec<Uuid> = letters.iter().map(|letter| letter.id.as_uuid()).collect();
        let sequences: Vec<i64> = letters
            .iter()
            .map(|letter| sequence(letter.stream_sequence))
            .collect();
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query(
                "DELETE FROM dead_letters USING UNNEST($1::uuid[], $2::bigint[]) AS gone(id, stream_sequence)
                 WHERE dead_letters.id = gone.id AND dead_letters.stream_sequence = gone.stream_sequence
                     AND settled_at IS NOT NULL AND replay_id IS NULL",
            )
            .bind(&ids)
            .bind(&sequences)
            .execute(&mut *session)
            .await?;
            session.finish();
            Ok(())
        })
        .await
    }
}

/// Settles the letters of deliveries that succeeded after all.
pub(crate) async fn settle_delivered(
    connection: &mut PgConnection,
    deliveries: &[Uuid],
) -> Result<(), StoreError> {
    if deliveries.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE dead_letters SET settled_at = now() WHERE id = ANY($1) AND settled_at IS NULL",
    )
    .bind(deliveries)
    .execute(connection)
    .await?;
    Ok(())
}

fn settled((id, stream_sequence): (Uuid, i64)) -> SettledLetter {
    SettledLetter {
        id: DeadLetterId::from_uuid(id),
        stream_sequence: stream_sequence.unsigned_abs(),
    }
}

fn sequence(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}

/// Notes at the deliveries that their letters are stored, unless they have gone on since. The letters' rows are forgotten
/// when they are settled, and a message that comes again asks after that.
async fn mark_buried(
    connection: &mut PgConnection,
    rows: &[&DeadLetter],
) -> Result<(), StoreError> {
    let (mut ids, mut attempts, mut stored_at) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        if let LetterContent::Delivery {
            attempts: count, ..
        } = row.content
        {
            ids.push(row.id.as_uuid());
            attempts.push(stored_count(count));
            stored_at.push(row.created_at);
        }
    }
    // Rows come sorted by id.
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
        return Ok(());
    };
    sqlx::query(
        "WITH letters AS (
             SELECT * FROM UNNEST($1::uuid[], $2::integer[], $3::timestamptz[]) AS l(id, attempts, stored_at)
         ), failed AS MATERIALIZED (
             SELECT d.id, l.stored_at FROM deliveries d JOIN letters l USING (id)
             WHERE d.id BETWEEN $4 AND $5 AND d.status = 3 AND d.attempt_count = l.attempts
             ORDER BY d.id FOR NO KEY UPDATE OF d
         )
         UPDATE deliveries SET buried_at = failed.stored_at FROM failed
         WHERE deliveries.id = failed.id AND deliveries.id BETWEEN $4 AND $5",
    )
    .persistent(false)
    .bind(&ids)
    .bind(&attempts)
    .bind(&stored_at)
    .bind(first)
    .bind(last)
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the rows, and answers those that they took the place of.
async fn upsert(
    connection: &mut PgConnection,
    rows: &[&DeadLetter],
    now: Timestamp,
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let column = |of: fn(&DeadLetter) -> Option<Uuid>| -> Vec<Option<Uuid>> {
        rows.iter().map(|row| of(row)).collect()
    };
    let webhook = |row: &DeadLetter| match row.content {
        LetterContent::Delivery { webhook, .. } => Some(webhook.as_uuid()),
        LetterContent::Malformed { .. } => None,
    };
    let event = |row: &DeadLetter| match row.content {
        LetterContent::Delivery { event, .. } => Some(event.as_uuid()),
        LetterContent::Malformed { .. } => None,
    };
    let of_delivery = |row: &DeadLetter| match &row.content {
        LetterContent::Delivery {
            event_type,
            attempts,
            last_status,
            ..
        } => (
            Some(event_type.to_string()),
            stored_count(*attempts),
            last_status.map(stored_code),
        ),
        LetterContent::Malformed { .. } => (None, 0, None),
    };
    let subject = |row: &DeadLetter| match &row.content {
        LetterContent::Delivery { .. } => None,
        LetterContent::Malformed { subject } => Some(clean(subject).into_owned()),
    };
    let replaced = sqlx::query_as(
        "WITH new AS (
             SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::integer[],
                 $7::smallint[], $8::text[], $9::text[], $10::text[], $11::text[])
                 AS n(id, stream_sequence, created_at, webhook_id, event_id, attempts, last_status, tenant, event_type,
                     subject, reason)
         ), replaced AS (
             SELECT old.id, old.stream_sequence FROM dead_letters old JOIN new USING (id)
             WHERE new.created_at > old.created_at AND new.stream_sequence <> old.stream_sequence
         ), written AS (
             INSERT INTO dead_letters AS l (id, stream_sequence, created_at, webhook_id, event_id, attempts, last_status,
                 tenant, event_type, subject, reason, settled_at)
             SELECT new.*, CASE WHEN webhook_id IS NOT NULL AND (
                     EXISTS (SELECT FROM deliveries d WHERE d.id = new.id AND d.status = 1)
                     OR EXISTS (SELECT FROM erased_events e WHERE e.event_id = new.event_id)
                     OR NOT EXISTS (SELECT FROM webhooks w WHERE w.id = webhook_id AND w.deleted_at IS NULL))
                 THEN $12::timestamptz END
             FROM new
             ON CONFLICT (id) DO UPDATE SET position = nextval('dead_letter_positions'),
                 stream_sequence = excluded.stream_sequence, created_at = excluded.created_at,
                 attempts = excluded.attempts, last_status = excluded.last_status, reason = excluded.reason,
                 settled_at = excluded.settled_at, replay_id = NULL
             WHERE excluded.created_at > l.created_at
         )
         SELECT id, stream_sequence FROM replaced",
    )
    .persistent(false)
    .bind(rows.iter().map(|row| row.id.as_uuid()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| sequence(row.stream_sequence)).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.created_at).collect::<Vec<_>>())
    .bind(column(webhook))
    .bind(column(event))
    .bind(rows.iter().map(|row| of_delivery(row).1).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| of_delivery(row).2).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.tenant.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| of_delivery(row).0).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| subject(row)).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| clean(&row.reason).into_owned()).collect::<Vec<_>>())
    .bind(now)
    .fetch_all(connection)
    .await?;
    Ok(replaced)
}
