//! Rate limits that are exact across replicas.
//!
//! For each limited webhook the database keeps its next free moment. Whoever wants to send moves it forward by as many
//! intervals as it has requests, in one statement, and owns the moments in between. All moments are the database's, so
//! it does not matter how far the clocks of replicas are apart.

use std::{collections::HashMap, num::NonZeroU32, time::Duration};

use posthorn_domain::{Timestamp, WebhookId};
use uuid::Uuid;

use crate::{error::StoreError, session::bounded, store::Store};

/// How many requests one webhook is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotsWanted {
    /// Whose limit it is.
    pub webhook: WebhookId,
    /// The limit.
    pub per_second: NonZeroU32,
    /// Requests.
    pub count: u32,
}

/// Moments at which a webhook may be sent to, one for each request that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// The first; hardly before [`ReservedSlots::now`].
    pub first: Timestamp,
    /// How far each is behind the one before it.
    pub interval: Duration,
}

/// What one call reserved.
#[derive(Debug)]
pub struct ReservedSlots {
    /// The database's clock.
    pub now: Timestamp,
    /// By webhook.
    pub slots: HashMap<WebhookId, Slots>,
}

/// Time between two requests; rounded up, so that the limit is never passed.
fn interval(per_second: NonZeroU32) -> Duration {
    Duration::from_micros(1_000_000_u64.div_ceil(per_second.get().into()))
}

impl Store {
    /// Reserves moments for requests to limited webhooks, each named once. `None` if none is named.
    pub async fn reserve_slots(
        &self,
        mut wanted: Vec<SlotsWanted>,
    ) -> Result<Option<ReservedSlots>, StoreError> {
        // Locked in one order, so that replicas wait for each other and never in a circle.
        wanted.sort_unstable_by_key(|wanted| wanted.webhook);
        let spans: HashMap<WebhookId, Duration> = wanted
            .iter()
            .map(|w| (w.webhook, interval(w.per_second) * w.count))
            .collect();
        let (mut ids, mut limits, mut spans_us) = (Vec::new(), Vec::new(), Vec::new());
        for w in &wanted {
            ids.push(w.webhook.as_uuid());
            limits.push(i32::try_from(w.per_second.get()).unwrap_or(i32::MAX));
            spans_us.push(i64::try_from(spans[&w.webhook].as_micros()).unwrap_or(i64::MAX));
        }
        let rows: Vec<(Uuid, Timestamp, Timestamp)> = bounded(async {
            let mut session = self.session().await?;
            // What is inserted carries the span: it lies that far behind the start of the statement.
            let rows = sqlx::query_as(
                "INSERT INTO rate_limits AS r (webhook_id, per_second, next_slot)
                 SELECT id, per_second, statement_timestamp() + span * interval '1 microsecond'
                 FROM UNNEST($1::uuid[], $2::integer[], $3::bigint[]) AS wanted (id, per_second, span)
                 ON CONFLICT (webhook_id) DO UPDATE SET per_second = excluded.per_second,
                     next_slot = (excluded.next_slot - statement_timestamp())
                         + CASE WHEN r.per_second = excluded.per_second THEN greatest(r.next_slot, clock_timestamp())
                                ELSE clock_timestamp() END
                 RETURNING webhook_id, next_slot, clock_timestamp()",
            )
            .bind(&ids)
            .bind(&limits)
            .bind(&spans_us)
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok::<_, StoreError>(rows)
        })
        .await?;
        let Some(now) = rows.iter().map(|(_, _, now)| *now).max() else {
            return Ok(None);
        };
        let limits: HashMap<WebhookId, NonZeroU32> =
            wanted.iter().map(|w| (w.webhook, w.per_second)).collect();
        let slots = rows.into_iter().map(|(id, next, _)| {
            let id = WebhookId::from_uuid(id);
            let slots = Slots {
                first: next - spans[&id],
                interval: interval(limits[&id]),
            };
            (id, slots)
        });
        let slots = slots.collect();
        Ok(Some(ReservedSlots { now, slots }))
    }
}
