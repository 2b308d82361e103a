use posthorn_domain::{TenantId, Timestamp};

use crate::{
    error::StoreError,
    store::{Store, unfinished},
};

/// A tenant that somebody named, or that used something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its name.
    pub id: TenantId,
    /// When it was first used.
    pub created_at: Timestamp,
}

impl Store {
    /// Creates a tenant. It exists already: [`StoreError::Conflict`].
    pub async fn create_tenant(&self, id: &TenantId, actor: &str) -> Result<Tenant, StoreError> {
        let _ = (id, actor);
        unfinished()
    }

    /// All tenants by name, and how many there are on all pages.
    pub async fn list_tenants(
        &self,
        limit: u32,
        offset: u64,
    ) -> Result<(Vec<Tenant>, u64), StoreError> {
        let _ = (limit, offset);
        unfinished()
    }

    /// One tenant.
    pub async fn get_tenant(&self, id: &TenantId) -> Result<Tenant, StoreError> {
        let _ = id;
        unfinished()
    }

    /// Deletes a tenant with its webhooks and API keys. Its events go when their retention ends.
    pub async fn delete_tenant(&self, id: &TenantId, actor: &str) -> Result<(), StoreError> {
        let _ = (id, actor);
        unfinished()
    }
}
