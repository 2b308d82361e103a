//! Two requests under one number.
//!
//! One request of a delivery is made at a time, and each has the number after the last that was recorded. Only a crash,
//! or a process that stood still for longer than its message's acknowledgement wait, makes two under one number. Both
//! were made: the one that is recorded later gets the next number.

use posthorn_domain::Timestamp;
use sqlx::PgConnection;

use crate::{
    error::StoreError,
    record_rows::stored_count,
    record_statements::{Way, insert_attempts},
    records::AttemptRecord,
};

/// Keeps those of the attempts that are not the ones that have their numbers. Their deliveries are locked.
pub(crate) async fn keep_second_attempts(
    connection: &mut PgConnection,
    known: &[&AttemptRecord],
) -> Result<(), StoreError> {
    for attempt in known {
        // Whole microseconds, as they are stored.
        let (last, is_kept): (Option<i32>, Option<bool>) = sqlx::query_as(
            "SELECT max(number), bool_or(started_at = $2) FROM attempts WHERE delivery_id = $1",
        )
        .persistent(false)
        .bind(attempt.delivery.as_uuid())
        .bind(whole_microseconds(attempt.started_at))
        .fetch_one(&mut *connection)
        .await?;
        if is_kept.unwrap_or(false) {
            continue;
        }
        let number = last.unwrap_or_default().unsigned_abs().saturating_add(1);
        let second = AttemptRecord {
            number,
            ..(*attempt).clone()
        };
        insert_attempts(connection, &[&second], Way::MaybeKnown).await?;
        sqlx::query(
            "UPDATE deliveries SET attempt_count = GREATEST(attempt_count, $2) WHERE id = $1",
        )
        .persistent(false)
        .bind(attempt.delivery.as_uuid())
        .bind(stored_count(number))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn whole_microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}
