//! The sweeper: deliveries that wait for a message that is gone.
//!
//! Messages do not get lost while everybody keeps to the rules. But NATS can lose them with its disk, an operator can
//! purge or restore a stream, and the database can be restored to a moment when deliveries waited that have long been
//! settled. The record remains, and says when the next attempt was due. A delivery that is overdue for longer than
//! `POSTHORN_STRANDED_AFTER_SECONDS`, that nobody is attempting, and that has no schedule, is handed over again: the same
//! attempt of the same run.
//!
//! What is overdue and has a schedule only waits for its webhook; its row calls the earliest moment the due time. What
//! has a message that has fired and was not taken up yet is handed over all the same, which costs a message and no
//! request: the claim and the record decide ([`posthorn_domain::delivery_lifecycle`]).
//!
//! One replica at a time does this, for a round in turn. A round is at most [`PAGES_PER_ROUND`] pages; the next one goes on
//! behind the last of them, and begins again at the end. Not healed: a delivery whose event is no longer kept.

use std::{sync::Arc, time::Duration};

use opentelemetry::metrics::{Counter, Meter};
use posthorn_bus::{Bus, Cause, HandOver, PublishError};
use posthorn_domain::{Clock, EventId, TenantId};
use posthorn_service::lifecycle::Lifecycle;
use posthorn_store::{RecordBatch, Standing, Store, SweepCursor};
use tracing::{debug, warn};

/// A round comes this long after the one before, whichever replica makes it.
const ROUND_EVERY_MAX: Duration = Duration::from_secs(60);
/// Deliveries looked at together.
const PAGE: u32 = 500;
/// Pages of one round.
const PAGES_PER_ROUND: usize = 10;
/// How far ahead "at once" lies: the queue looks for moments that have passed only four times a second.
const AT_ONCE: Duration = Duration::from_millis(20);

/// Finds what is stranded.
pub(crate) struct Sweeper {
    bus: Bus,
    store: Store,
    clock: Arc<dyn Clock>,
    /// What is overdue for longer may have lost its message.
    after: Duration,
    handed_over: Counter<u64>,
}

impl Sweeper {
    pub(crate) fn new(
        bus: Bus,
        store: Store,
        clock: Arc<dyn Clock>,
        after: Duration,
        meter: &Meter,
    ) -> Self {
        let handed_over = meter
            .u64_counter("posthorn.deliveries.stranded")
            .with_description("Deliveries whose message was gone, handed over again")
            .build();
        // Who watches its rise sees the first one too.
        handed_over.add(0, &[]);
        Self {
            bus,
            store,
            clock,
            after,
            handed_over,
        }
    }

    /// Makes rounds until the soft stop. The first one comes a while after the start: what waited for a deliverer to be
    /// there has been taken up by then.
    pub(crate) async fn run(self, lifecycle: Lifecycle) -> anyhow::Result<()> {
        let period = self.after.min(ROUND_EVERY_MAX);
        let mut every = tokio::time::interval_at(tokio::time::Instant::now() + period, period / 2);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let stop = lifecycle.soft_stop();
        while stop.run_until_cancelled(every.tick()).await.is_some() {
            if let Some(Err(error)) = stop.run_until_cancelled(self.round(period)).await {
                warn!("Could not look for stranded deliveries, trying again later: {error:#}");
            }
        }
        Ok(())
    }

    async fn round(&self, period: Duration) -> anyhow::Result<()> {
        let Some(mut cursor) = self.store.take_sweep(period).await? else {
            return Ok(());
        };
        self.store.drop_lapsed_claims().await?;
        let mut stranded = 0;
        for _ in 0..PAGES_PER_ROUND {
            let overdue = self.store.overdue_deliveries(cursor, self.after, PAGE);
            let overdue = overdue.await?;
            let is_last = overdue.len() < usize::try_from(PAGE).unwrap_or_default();
            cursor = if is_last {
                SweepCursor::default()
            } else {
                overdue.iter().fold(cursor, SweepCursor::behind)
            };
            stranded += self.hand_over(overdue).await?;
            self.store.note_sweep(cursor).await?;
            if is_last {
                break;
            }
        }
        if stranded > 0 {
            warn!("Handed {stranded} deliveries over again whose messages were gone");
        }
        Ok(())
    }

    /// Hands over what is stranded of a page; how many that were.
    async fn hand_over(&self, overdue: Vec<Standing>) -> anyhow::Result<u64> {
        let idle: Vec<Standing> = overdue.into_iter().filter(|s| !s.under_way).collect();
        let ids: Vec<_> = idle.iter().map(|standing| standing.delivery.id).collect();
        let scheduled = self.bus.scheduled(&ids).await?;
        let mut stranded: Vec<Standing> = idle
            .into_iter()
            .filter(|standing| !scheduled.contains(&standing.delivery.id))
            .collect();
        stranded.sort_by(|a, b| a.delivery.tenant.as_str().cmp(b.delivery.tenant.as_str()));
        let mut handed_over = 0;
        for of_tenant in stranded.chunk_by(|a, b| a.delivery.tenant == b.delivery.tenant) {
            if let Some(first) = of_tenant.first() {
                handed_over += self.hand_over_of(&first.delivery.tenant, of_tenant).await?;
            }
        }
        Ok(handed_over)
    }

    async fn hand_over_of(&self, tenant: &TenantId, stranded: &[Standing]) -> anyhow::Result<u64> {
        let ids: Vec<EventId> = stranded.iter().map(|s| s.delivery.event).collect();
        let events = self.store.events_by_id(tenant, &ids).await?;
        let due = self.clock.now() + AT_ONCE;
        let mut batch = RecordBatch::default();
        for standing in stranded {
            let id = standing.delivery.id;
            let Some(stored) = events.get(&standing.delivery.event) else {
                debug!(delivery.id = %id, "Left delivery {id} as it is: its event is no longer kept");
                continue;
            };
            let hand_over = HandOver {
                event: Arc::new(stored.event.clone()),
                webhook: standing.delivery.webhook,
                attempt: standing.delivery.attempt_count.saturating_add(1),
                hop: 0,
                run_start: (standing.run_start > 0).then_some(standing.run_start),
                rate_slot: None,
                due: Some(due),
                not_before: None,
                cause: Cause::Request,
                trace: None,
            };
            match self.bus.hand_over(&hand_over).await {
                Ok(_) => batch.deliveries.push(standing.due_at(due)),
                Err(error @ PublishError::TooLarge) => {
                    warn!(delivery.id = %id, "Left delivery {id} as it is: {error}");
                }
                Err(error) => return Err(error.into()),
            }
        }
        let count = u64::try_from(batch.deliveries.len()).unwrap_or(u64::MAX);
        if count > 0 {
            batch.seen.deliveries = batch.deliveries.iter().map(|row| row.id).collect();
            // With the new due time it is not overdue any more.
            self.store.write(&batch).await?;
            self.handed_over.add(count, &[]);
        }
        Ok(count)
    }
}
