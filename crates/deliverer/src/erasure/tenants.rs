use posthorn_bus::{EventAt, Overwrite};
use posthorn_domain::DeliveryId;
use posthorn_store::DeletingTenant;
use tracing::info;

use super::{Eraser, LEASE};

/// Events and deliveries of one round.
const ROUND: u32 = 500;
/// Who does what Posthorn does by itself.
const POSTHORN: &str = "posthorn";

impl Eraser {
    /// Deletes what is left of a tenant that is being deleted; whether there was one.
    pub(super) async fn tenant_round(&self) -> anyhow::Result<bool> {
        let Some(tenant) = self.store.take_deleting_tenant(LEASE).await? else {
            return Ok(false);
        };
        let deleted = self.delete_tenant(&tenant).await;
        if deleted.is_err() {
            // Not for the whole lease: a server that is away may be back in a moment.
            let rest = super::REST_AFTER_FAILURE;
            self.store.keep_deleting_tenant(&tenant, rest).await?;
        }
        deleted?;
        info!(tenant = %tenant.id, "Deleted everything of tenant {}", tenant.id);
        Ok(true)
    }

    async fn delete_tenant(&self, tenant: &DeletingTenant) -> anyhow::Result<()> {
        while self.store.entomb_some(&tenant.id, POSTHORN).await? > 0 {}
        loop {
            let round = self.store.deletion_round(tenant, ROUND).await?;
            if round.is_empty() {
                break;
            }
            let events: Vec<EventAt> = round
                .events
                .iter()
                .map(|(id, sequence)| EventAt {
                    id: *id,
                    sequence: *sequence,
                })
                .collect();
            self.bus.erase_events(&events, Overwrite::Yes).await?;
            let waiting: Vec<DeliveryId> = round
                .deliveries
                .iter()
                .filter(|(_, waits)| *waits)
                .map(|(id, _)| *id)
                .collect();
            self.bus.erase_schedules(&waiting).await?;
            self.store.delete_round(&round).await?;
            self.store.keep_deleting_tenant(tenant, LEASE).await?;
        }
        for webhook in self.store.webhooks_of_deleting(tenant).await? {
            self.bus.erase_due(webhook).await?;
        }
        // What comes after this end comes of whoever takes the name next.
        let end = self.bus.end_of_events().await?;
        self.bus.erase_tenant(&tenant.id).await?;
        self.store.finish_tenant(tenant, end).await?;
        Ok(())
    }
}
