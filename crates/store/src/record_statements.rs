//! The recorder's statements. Each takes its rows sorted by key: that order is the order of its locks.

use std::{borrow::Cow, collections::HashSet};

use posthorn_domain::{CloudEventAttributes, DeliveryId, FailureCode, PlainFormat, TraceContext};
use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::Query};
use uuid::Uuid;

use crate::{
    error::StoreError,
    record_rows::{
        DeliveryRow, payload_bytes, pieces, present, stored_code, stored_count, stored_micros,
    },
    records::{AttemptRecord, EventRecord},
    text::clean,
};

/// Payload that one statement carries, in bytes. The protocol's bound is 1 GiB; memory's comes sooner.
const STATEMENT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What is known of rows that are to be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Nobody has written them. One that somebody has written fails the statement; in return the server looks up no
    /// key before it inserts, and writes no row twice into its log: 23 instead of 28 µs for the three rows of a delivery.
    New,
    /// Some may be there already, and are passed over.
    MaybeKnown,
}

// Macros, because `concat!` takes no constants.
// UNNEST stands in the list of values, where it gives one row at a time. In FROM each array would first be written to a
// store of its own: 0.6 µs for a delivery.
macro_rules! events {
    () => {
        "INSERT INTO events (id, tenant, event_type, \"timestamp\", accepted_at, stream_sequence, data,
                 ce_id, ce_source, ce_subject, traceparent, tracestate, ce_attributes)
             SELECT unnest($1::uuid[]), unnest($2::text[]), unnest($3::text[]), unnest($4::timestamptz[]),
                 unnest($5::timestamptz[]), unnest($6::bigint[]), unnest($7::bytea[]), unnest($8::text[]),
                 unnest($9::text[]), unnest($10::text[]), unnest($11::text[]), unnest($12::text[]),
                 unnest($13::text[])"
    };
}

macro_rules! deliveries {
    () => {
        "INSERT INTO deliveries (id, status, status_code, response_time_ms, error_message, attempt_count,
             next_retry_at, delivered_at, run_start, failure, tenant, webhook_id, event_id, event_type, created_at)
         SELECT unnest($1::uuid[]), unnest($2::smallint[]), unnest($3::smallint[]), unnest($4::integer[]),
             unnest($5::text[]), unnest($6::integer[]), unnest($7::timestamptz[]), unnest($8::timestamptz[]),
             unnest($9::integer[]), unnest($10::text[]), unnest($11::text[]), unnest($12::uuid[]), unnest($13::uuid[]),
             unnest($14::text[]), unnest($15::timestamptz[])"
    };
}

macro_rules! attempts {
    () => {
        "INSERT INTO attempts (delivery_id, number, started_at, status_code, response_time_ms, dns_us, connect_us, tls_us,
                 first_byte_us, error_message, manual, request_headers, response_headers, response_body, request_body,
                 failure, request_format)
             SELECT unnest($1::uuid[]), unnest($2::integer[]), unnest($3::timestamptz[]), unnest($4::smallint[]),
                 unnest($5::integer[]), unnest($6::integer[]), unnest($7::integer[]), unnest($8::integer[]),
                 unnest($9::integer[]), unnest($10::text[]), unnest($11::boolean[]), unnest($12::bytea[]),
                 unnest($13::bytea[]), unnest($14::bytea[]), unnest($15::bytea[]), unnest($16::text[]),
                 unnest($17::smallint[])"
    };
}

/// The values of one column.
fn column<'a, T, V>(rows: &'a [T], value: impl FnMut(&'a T) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}

/// The values of one column that has none in most batches. Where no row has one the array is empty: beside longer ones
/// `unnest` gives NULL for what is missing, and costs the server nothing.
fn nullable<'a, T, V>(rows: &'a [T], value: impl FnMut(&'a T) -> Option<V>) -> Vec<Option<V>> {
    let values = column(rows, value);
    if values.iter().all(Option::is_none) {
        return Vec::new();
    }
    values
}

fn optional_text(text: Option<&str>) -> Option<Cow<'_, str>> {
    text.map(clean)
}

pub(crate) async fn insert_events(
    connection: &mut PgConnection,
    events: &[&EventRecord],
    way: Way,
) -> Result<(), StoreError> {
    for rows in pieces(events, STATEMENT_BYTES_MAX, |row| {
        row.event.data.as_bytes().len()
    }) {
        let cloud = |of: fn(&CloudEventAttributes) -> Option<&str>| {
            nullable(rows, |row| {
                optional_text(row.event.cloud_event.as_ref().and_then(of))
            })
        };
        let trace = |of: fn(&TraceContext) -> Option<&str>| {
            nullable(rows, |row| {
                optional_text(row.event.trace.as_ref().and_then(of))
            })
        };
        sqlx::query(match way {
            Way::New => events!(),
            Way::MaybeKnown => concat!(events!(), " ON CONFLICT (id) DO NOTHING"),
        })
        .bind(column(rows, |row| row.event.id.as_uuid()))
        .bind(column(rows, |row| row.event.tenant.as_str()))
        .bind(column(rows, |row| row.event.event_type.as_str()))
        .bind(column(rows, |row| row.event.timestamp))
        .bind(column(rows, |row| row.accepted_at))
        .bind(column(rows, |row| {
            i64::try_from(row.stream_sequence).unwrap_or(i64::MAX)
        }))
        .bind(column(rows, |row| row.event.data.as_bytes().as_ref()))
        .bind(cloud(|ce| Some(&ce.id)))
        .bind(cloud(|ce| Some(&ce.source)))
        .bind(cloud(|ce| ce.subject.as_deref()))
        .bind(trace(|trace| Some(&trace.traceparent)))
        .bind(trace(|trace| trace.tracestate.as_deref()))
        .bind(column(rows, |row| {
            let attributes = row.event.cloud_event.as_ref()?;
            // JSON has an escape for the character that PostgreSQL keeps no text with.
            attributes.more.as_ref().map(|more| more.to_stored())
        }))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Inserts deliveries that nobody has written before.
pub(crate) async fn insert_new_deliveries(
    connection: &mut PgConnection,
    rows: &[&DeliveryRow<'_>],
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        let query = sqlx::query(deliveries!());
        bind_delivery(query, rows).execute(connection).await?;
    }
    Ok(())
}

/// Inserts the deliveries that are new and says which those are.
pub(crate) async fn insert_deliveries(
    connection: &mut PgConnection,
    rows: &[&DeliveryRow<'_>],
) -> Result<HashSet<DeliveryId>, StoreError> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let query = sqlx::query(concat!(
        deliveries!(),
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    ));
    let inserted = bind_delivery(query, rows).fetch_all(connection).await?;
    inserted
        .iter()
        .map(|row| {
            Ok(DeliveryId::from_uuid(sqlx::Row::try_get::<Uuid, _>(
                row, 0,
            )?))
        })
        .collect()
}

pub(crate) async fn update_deliveries(
    connection: &mut PgConnection,
    rows: &[&DeliveryRow<'_>],
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(());
    };
    let query = sqlx::query(
        "UPDATE deliveries SET status = new.status, status_code = new.status_code,
             response_time_ms = new.response_time_ms, error_message = new.error_message,
             attempt_count = new.attempt_count, next_retry_at = new.next_retry_at, delivered_at = new.delivered_at,
             run_start = GREATEST(deliveries.run_start, new.run_start), failure = new.failure, buried_at = NULL
         FROM UNNEST($1::uuid[], $2::smallint[], $3::smallint[], $4::integer[], $5::text[], $6::integer[],
             $7::timestamptz[], $8::timestamptz[], $9::integer[], $10::text[])
             AS new(id, status, status_code, response_time_ms, error_message, attempt_count, next_retry_at, delivered_at,
                 run_start, failure)
         WHERE deliveries.id = new.id AND deliveries.id BETWEEN $11 AND $12",
    );
    bind_progress(query.persistent(false), rows)
        .bind(first.record.id.as_uuid())
        .bind(last.record.id.as_uuid())
        .execute(connection)
        .await?;
    Ok(())
}

type PgQuery<'q> = Query<'q, Postgres, PgArguments>;

/// Binds $1 to $15: all of a delivery.
fn bind_delivery<'q>(query: PgQuery<'q>, rows: &[&DeliveryRow<'_>]) -> PgQuery<'q> {
    bind_progress(query, rows)
        .bind(column(rows, |row| row.record.tenant.as_str()))
        .bind(column(rows, |row| row.record.webhook.as_uuid()))
        .bind(column(rows, |row| row.record.event.as_uuid()))
        .bind(column(rows, |row| {
            row.record.event_type.as_str().to_owned()
        }))
        .bind(column(rows, |row| row.record.created_at))
}

/// Binds $1 to $10: the id, and what changes in the life of a delivery.
fn bind_progress<'q>(query: PgQuery<'q>, rows: &[&DeliveryRow<'_>]) -> PgQuery<'q> {
    query
        .bind(column(rows, |row| row.record.id.as_uuid()))
        .bind(column(rows, |row| row.record.status.code()))
        .bind(nullable(rows, |row| {
            row.record.status_code.map(stored_code)
        }))
        .bind(nullable(rows, |row| {
            row.record.response_time_ms.map(stored_count)
        }))
        .bind(nullable(rows, |row| {
            optional_text(row.record.error_message.as_deref())
        }))
        .bind(column(rows, |row| stored_count(row.record.attempt_count)))
        .bind(nullable(rows, |row| {
            row.record
                .next_retry_at
                .filter(|_| !row.record.status.is_settled())
        }))
        .bind(nullable(rows, |row| row.delivered_at))
        .bind(column(rows, |row| stored_count(row.record.run_start)))
        .bind(nullable(rows, |row| {
            row.record.failure.as_ref().map(FailureCode::as_str)
        }))
}

/// Inserts attempts, and says which were there already: another request under the same number, or the same once more.
pub(crate) async fn insert_attempts<'a>(
    connection: &mut PgConnection,
    rows: &[&'a AttemptRecord],
    way: Way,
) -> Result<Vec<&'a AttemptRecord>, StoreError> {
    let mut known = Vec::new();
    for rows in pieces(rows, STATEMENT_BYTES_MAX, |row| payload_bytes(row)) {
        match way {
            Way::New => {
                bind_attempts(sqlx::query(attempts!()), rows)
                    .execute(&mut *connection)
                    .await?;
            }
            Way::MaybeKnown => {
                let query = sqlx::query(concat!(
                    attempts!(),
                    " ON CONFLICT (delivery_id, number) DO NOTHING RETURNING delivery_id, number"
                ));
                let inserted = bind_attempts(query, rows)
                    .fetch_all(&mut *connection)
                    .await?;
                let inserted = inserted
                    .iter()
                    .map(|row| Ok((sqlx::Row::try_get(row, 0)?, sqlx::Row::try_get(row, 1)?)))
                    .collect::<Result<HashSet<(Uuid, i32)>, sqlx::Error>>()?;
                let key = |row: &AttemptRecord| (row.delivery.as_uuid(), stored_count(row.number));
                known.extend(rows.iter().filter(|row| !inserted.contains(&key(row))));
            }
        }
    }
    Ok(known)
}

/// Binds $1 to $17: all of an attempt.
fn bind_attempts<'q>(query: PgQuery<'q>, rows: &[&'q AttemptRecord]) -> PgQuery<'q> {
    query
        .bind(column(rows, |row| row.delivery.as_uuid()))
        .bind(column(rows, |row| stored_count(row.number)))
        .bind(column(rows, |row| row.started_at))
        .bind(nullable(rows, |row| row.status_code.map(stored_code)))
        .bind(nullable(rows, |row| row.response_time_ms.map(stored_count)))
        .bind(nullable(rows, |row| row.phases.dns.map(stored_micros)))
        .bind(nullable(rows, |row| row.phases.connect.map(stored_micros)))
        .bind(nullable(rows, |row| row.phases.tls.map(stored_micros)))
        .bind(nullable(rows, |row| {
            row.phases.first_byte.map(stored_micros)
        }))
        .bind(nullable(rows, |row| {
            optional_text(row.error_message.as_deref())
        }))
        .bind(column(rows, |row| row.manual))
        .bind(column(rows, |row| row.request_headers.as_ref()))
        .bind(nullable(rows, |row| present(&row.response_headers)))
        .bind(nullable(rows, |row| present(&row.response_body)))
        .bind(nullable(rows, |row| row.request_body.as_deref()))
        .bind(nullable(rows, |row| {
            row.failure.as_ref().map(FailureCode::as_str)
        }))
        .bind(nullable(rows, |row| {
            row.request_format.map(PlainFormat::code)
        }))
}
