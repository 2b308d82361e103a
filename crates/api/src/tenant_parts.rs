use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use posthorn_domain::{TenantId, limits::DATABASE_PART_PERCENT_MAX};
use posthorn_store::StoreError;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long an operation waits for others of its tenant: as long as for a connection.
const WAIT: Duration = Duration::from_secs(3);

/// What each tenant may have of the connections to the database at the same time.
///
/// Who names no tenant, which only an admin can, has a part like a tenant's. Within its part operations come in the order
/// in which they were asked for.
pub(crate) struct TenantParts {
    /// Operations of one tenant at the same time.
    part: usize,
    /// Of those tenants for whom something is under way.
    tenants: Mutex<HashMap<Option<TenantId>, Arc<Semaphore>>>,
}

/// An operation that is under way.
pub(crate) struct Turn {
    parts: Arc<TenantParts>,
    tenant: Option<TenantId>,
    permit: Option<OwnedSemaphorePermit>,
}

impl TenantParts {
    /// Parts of so many connections.
    pub(crate) fn of(connections_max: u32) -> Self {
        let part = u64::from(connections_max) * u64::from(DATABASE_PART_PERCENT_MAX) / 100;
        Self {
            part: usize::try_from(part.max(1)).unwrap_or(1),
            tenants: Mutex::default(),
        }
    }

    /// Waits until the tenant has less than its part under way.
    pub(crate) async fn enter(
        self: Arc<Self>,
        tenant: Option<TenantId>,
    ) -> Result<Turn, StoreError> {
        let semaphore = self
            .lock()
            .entry(tenant.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(self.part)))
            .clone();
        // From here on it is let go, whatever becomes of the wait.
        let part = self.part;
        let mut turn = Turn {
            parts: self,
            tenant,
            permit: None,
        };
        let entered = timeout(WAIT, semaphore.acquire_owned()).await;
        turn.permit = entered.ok().and_then(Result::ok);
        if turn.permit.is_none() {
            return Err(StoreError::Unavailable(format!(
                "this tenant has {part} operations under way, which is its part"
            )));
        }
        Ok(turn)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Option<TenantId>, Arc<Semaphore>>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut tenants = self.parts.lock();
        self.permit = None;
        // Whoever is under way or waits holds it too.
        if tenants
            .get(&self.tenant)
            .is_some_and(|semaphore| Arc::strong_count(semaphore) == 1)
        {
            tenants.remove(&self.tenant);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tenant(name: &str) -> Option<TenantId> {
        Some(name.parse().unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn a_tenant_waits_for_itself_and_nobody_else() {
        let parts = Arc::new(TenantParts::of(10));
        let mut turns = Vec::new();
        for _ in 0..4 {
            turns.push(parts.clone().enter(tenant("a")).await.unwrap());
        }
        assert!(parts.clone().enter(tenant("a")).await.is_err(), "a fifth");
        assert!(parts.clone().enter(tenant("b")).await.is_ok());
        assert!(parts.clone().enter(None).await.is_ok());
        let ((), entered) = tokio::join!(
            async {
                tokio::task::yield_now().await;
                drop(turns.pop());
            },
            parts.clone().enter(tenant("a")),
        );
        assert!(entered.is_ok(), "one that waits enters when another leaves");
        drop((turns, entered));
        assert!(parts.lock().is_empty(), "nobody is remembered");
    }

    #[test]
    fn the_smallest_pool_has_parts_too() {
        assert_eq!(TenantParts::of(2).part, 1);
        assert_eq!(TenantParts::of(10).part, 4);
    }
}
