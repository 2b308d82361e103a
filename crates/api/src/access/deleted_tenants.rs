use std::collections::HashSet;

use arc_swap::ArcSwap;
use posthorn_domain::TenantId;
use posthorn_store::{Store, StoreError};

/// The tenants that are being deleted, as the database had them a second ago: an event that is published for one of them
/// would be accepted and reach nobody. Whatever else is made in such a tenant, the database refuses.
#[derive(Debug, Default)]
pub(crate) struct DeletedTenants(ArcSwap<HashSet<TenantId>>);

impl DeletedTenants {
    /// Whether a tenant is being deleted.
    pub(crate) fn contains(&self, tenant: &TenantId) -> bool {
        self.0.load().contains(tenant)
    }

    /// Notes that the deletion of a tenant has just begun. Other replicas notice when they refresh.
    pub(crate) fn add(&self, tenant: &TenantId) {
        self.0.rcu(|known| {
            let mut known = HashSet::clone(known);
            known.insert(tenant.clone());
            known
        });
    }

    /// Reads them again.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let deleting = store.tenants_being_deleted().await?;
        self.0
            .store(std::sync::Arc::new(deleting.into_iter().collect()));
        Ok(())
    }
}
