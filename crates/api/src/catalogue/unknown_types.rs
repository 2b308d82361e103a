use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, RwLock},
};

use posthorn_domain::{EventType, TenantId};
use tracing::info;

/// Types that are remembered; further ones are not logged.
const TYPES_MAX: usize = 10_000;

/// Types that were published although no catalogue holds them: each is worth one line in the log.
#[derive(Default)]
pub(super) struct UnknownTypes(RwLock<Noted>);

#[derive(Default)]
struct Noted {
    types: HashMap<TenantId, HashSet<EventType>>,
    count: usize,
}

impl UnknownTypes {
    /// Logs the first event of this type.
    pub(super) fn note(&self, tenant: &TenantId, event_type: &EventType) {
        let is_noted = {
            let noted = self.0.read().unwrap_or_else(PoisonError::into_inner);
            noted.count >= TYPES_MAX
                || noted
                    .types
                    .get(tenant)
                    .is_some_and(|types| types.contains(event_type))
        };
        if is_noted {
            return;
        }
        let mut noted = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let types = noted.types.entry(tenant.clone()).or_default();
        if types.insert(event_type.clone()) {
            noted.count += 1;
            info!(
                %tenant, event.type = %event_type,
                "Accepted an event of the type {event_type}, which the catalogue of tenant {tenant} does not hold (said once)"
            );
        }
    }
}
