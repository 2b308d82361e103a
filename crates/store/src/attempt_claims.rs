//! Claims: one request of a delivery at a time, across replicas. How they fit in: [`posthorn_domain::delivery_lifecycle`].
//!
//! A claim belongs to a message. JetStream has each message with one replica at a time, so a message that is given out
//! again takes over the claim that it had. Another message of the same delivery is refused until the claim is released,
//! which happens in the transaction that records the attempt, or until it lapses, which it does only when its message
//! is gone.
//!
//! The claim is taken first and the record read after that, in a statement with a snapshot of its own: a record that was
//! committed together with the release of the claim before is then seen.

use std::{collections::HashSet, time::Duration};

use posthorn_domain::DeliveryId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    deliveries::{DeliveryStates, read_states},
    error::StoreError,
    session::bounded,
    store::Store,
};

/// Claims that one statement deletes.
const LAPSED_PER_ROUND: i64 = 10_000;

/// Identifies a message of either stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageKey(i64);

impl MessageKey {
    /// A message of POSTHORN_DELIVERIES, by its sequence.
    pub fn of_delivery(sequence: u64) -> Self {
        Self(i64::try_from(sequence).unwrap_or(i64::MAX))
    }

    /// A message of POSTHORN_EVENTS, by its sequence.
    pub fn of_event(sequence: u64) -> Self {
        Self(-Self::of_delivery(sequence).0)
    }
}

/// A claim that a message has, or wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptClaim {
    /// The delivery that is attempted.
    pub delivery: DeliveryId,
    /// By which message.
    pub message: MessageKey,
    /// When it lapses, if nobody releases it.
    pub lease: Duration,
}

/// What [`Store::claim_attempts`] found.
#[derive(Debug, Default)]
pub struct ClaimedAttempts {
    /// The records of those deliveries that could be claimed and are recorded.
    pub states: DeliveryStates,
    /// Another message has these.
    pub refused: HashSet<DeliveryId>,
}

impl Store {
    /// Claims deliveries, each at most once, and reads how far those have come that could be claimed.
    pub async fn claim_attempts(
        &self,
        wanted: &[AttemptClaim],
    ) -> Result<ClaimedAttempts, StoreError> {
        if wanted.is_empty() {
            return Ok(ClaimedAttempts::default());
        }
        bounded(async {
            let mut session = self.session().await?;
            let claimed = claim(&mut session, wanted, IfClaimed::TakeOver).await?;
            let ids: Vec<DeliveryId> = claimed.iter().copied().collect();
            let states = read_states(&mut session, &ids).await?;
            session.finish();
            let refused = wanted.iter().map(|claim| claim.delivery);
            Ok(ClaimedAttempts {
                states,
                refused: refused.filter(|id| !claimed.contains(id)).collect(),
            })
        })
        .await
    }

    /// Deletes claims that lapsed an hour ago: their messages are gone.
    pub async fn drop_lapsed_claims(&self) -> Result<u64, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let dropped = sqlx::query(
                "DELETE FROM attempt_claims WHERE delivery_id = ANY (ARRAY(
                     SELECT delivery_id FROM attempt_claims WHERE claimed_until < now() - interval '1 hour'
                     ORDER BY delivery_id LIMIT $1 FOR UPDATE SKIP LOCKED))",
            )
            .bind(LAPSED_PER_ROUND)
            .execute(&mut *session)
            .await?
            .rows_affected();
            session.finish();
            Ok(dropped)
        })
        .await
    }
}

/// What happens where another message has the claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IfClaimed {
    /// One that has lapsed, or is the message's own, is taken over.
    TakeOver,
    /// It is left alone.
    Leave,
}

/// Says which of the claims were taken. Rows are locked in the order of their ids, as in [`release`].
async fn claim(
    connection: &mut PgConnection,
    wanted: &[AttemptClaim],
    if_claimed: IfClaimed,
) -> Result<HashSet<DeliveryId>, StoreError> {
    let mut wanted: Vec<&AttemptClaim> = wanted.iter().collect();
    wanted.sort_unstable_by_key(|claim| claim.delivery);
    wanted.dedup_by_key(|claim| claim.delivery);
    let milliseconds =
        |claim: &&AttemptClaim| i64::try_from(claim.lease.as_millis()).unwrap_or(i64::MAX);
    macro_rules! insert {
        () => {
            "INSERT INTO attempt_claims AS held (delivery_id, message, claimed_until)
             SELECT unnest($1::uuid[]), unnest($2::bigint[]),
                 clock_timestamp() + unnest($3::bigint[]) * interval '1 millisecond'
             ON CONFLICT (delivery_id) DO "
        };
    }
    let rows: Vec<Uuid> = sqlx::query_scalar(match if_claimed {
        IfClaimed::TakeOver => concat!(
            insert!(),
            "UPDATE SET message = excluded.message, claimed_until = excluded.claimed_until
             WHERE held.message = excluded.message OR held.claimed_until < clock_timestamp() RETURNING delivery_id"
        ),
        IfClaimed::Leave => concat!(insert!(), "NOTHING RETURNING delivery_id"),
    })
    .bind(wanted.iter().map(|c| c.delivery.as_uuid()).collect::<Vec<_>>())
    .bind(wanted.iter().map(|c| c.message.0).collect::<Vec<_>>())
    .bind(wanted.iter().map(milliseconds).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(DeliveryId::from_uuid).collect())
}

/// Notes attempts that are under way and became slow; nobody else had a message of them until now.
pub(crate) async fn claim_under_way(
    connection: &mut PgConnection,
    claims: &[AttemptClaim],
) -> Result<(), StoreError> {
    if !claims.is_empty() {
        claim(connection, claims, IfClaimed::Leave).await?;
    }
    Ok(())
}

/// Releases those of the claims that still belong to their messages.
pub(crate) async fn release(
    connection: &mut PgConnection,
    claims: &[(DeliveryId, MessageKey)],
) -> Result<(), StoreError> {
    if claims.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "DELETE FROM attempt_claims WHERE delivery_id = ANY (ARRAY(
             SELECT held.delivery_id FROM attempt_claims held
             JOIN UNNEST($1::uuid[], $2::bigint[]) AS done(id, message)
                 ON held.delivery_id = done.id AND held.message = done.message
             ORDER BY held.delivery_id FOR UPDATE OF held))",
    )
    .bind(
        claims
            .iter()
            .map(|(id, _)| id.as_uuid())
            .collect::<Vec<_>>(),
    )
    .bind(
        claims
            .iter()
            .map(|(_, message)| message.0)
            .collect::<Vec<_>>(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
