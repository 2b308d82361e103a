use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use posthorn_bus::{EventAt, Overwrite};
use posthorn_domain::{EventId, StreamPosition, TenantId, Timestamp};
use posthorn_store::RetentionTime;
use tracing::info;

use super::Eraser;

/// Events that are dropped together.
const PAGE: u32 = 500;
/// So much older than a moment that is known to be settled an event must be: its id was made before it was accepted.
const ID_BEFORE_ACCEPTED_MAX: TimeDelta = TimeDelta::seconds(15);

/// Up to which moment everything that was accepted is recorded.
#[derive(Debug, Default)]
pub(crate) struct Settled(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Where the stream ended when it was asked last, and that is not settled yet.
    asked: Option<StreamPosition>,
    settled_before: Option<Timestamp>,
}

impl Eraser {
    /// Looks for settled payloads of the tenants that do not keep them; whether there may be more.
    pub(super) async fn payload_round(&self) -> anyhow::Result<bool> {
        let tenants = self.store.tenants_keeping_unsettled().await?;
        if tenants.is_empty() {
            return Ok(false);
        }
        let Some(before) = self.settled_before().await? else {
            return Ok(false);
        };
        let mut more = false;
        for tenant in tenants {
            more |= self.store.erase_settled(&tenant, before).await?;
        }
        Ok(more)
    }

    /// Everything that was accepted before this has its record. It is some seconds behind, and advances when the consumer
    /// of events has come to where the stream ended when it was asked.
    async fn settled_before(&self) -> anyhow::Result<Option<Timestamp>> {
        let end = self.bus.end_of_events().await?;
        let floor = self.bus.event_floor().await?;
        let mut known = self
            .settled
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(asked) = known.asked
            && floor.sequence >= asked.sequence
        {
            known.settled_before = Some(asked.at - ID_BEFORE_ACCEPTED_MAX);
            known.asked = None;
        }
        known.asked.get_or_insert(end);
        Ok(known.settled_before)
    }

    /// Drops what tenants keep for fewer days than the installation.
    pub(super) async fn age_round(&self) -> anyhow::Result<bool> {
        let tenants = self.store.tenants_keeping_less(self.kept_days).await?;
        if tenants.is_empty() {
            return Ok(false);
        }
        // While the clocks are apart nothing is dropped for its age; the maintenance says so.
        let Ok(time) = self.store.retention_time(&*self.own_clock).await? else {
            return Ok(false);
        };
        for (tenant, days) in tenants {
            self.drop_old_of(&tenant, time, days).await?;
        }
        Ok(false)
    }

    async fn drop_old_of(
        &self,
        tenant: &TenantId,
        time: RetentionTime,
        days: u32,
    ) -> anyhow::Result<()> {
        let mut deliveries = 0;
        loop {
            let dropped = self.store.drop_old_deliveries(tenant, time, days).await?;
            deliveries += dropped;
            if dropped == 0 {
                break;
            }
        }
        let (mut after, mut events): (Option<EventId>, usize) = (None, 0);
        loop {
            let old = self
                .store
                .old_events(tenant, time, days, after, PAGE)
                .await?
                .events;
            let Some((last, _)) = old.last() else { break };
            after = Some(*last);
            let in_stream: Vec<EventAt> = old
                .iter()
                .map(|(id, sequence)| EventAt {
                    id: *id,
                    sequence: *sequence,
                })
                .collect();
            self.bus.erase_events(&in_stream, Overwrite::No).await?;
            let ids: Vec<EventId> = old.iter().map(|(id, _)| *id).collect();
            self.store.drop_old_events(&ids).await?;
            events += ids.len();
        }
        if deliveries > 0 || events > 0 {
            info!(tenant = %tenant, "Dropped {events} events and {deliveries} deliveries of tenant {tenant}: older than {days} days");
        }
        Ok(())
    }
}
