//! Schemas of event types as they are kept: their text always, compiled for as long as there is memory.
//!
//! A schema is compiled when the first event of its type comes, so that what is stored never keeps an api from
//! starting. What is compiled has a budget of memory, of the process and of each tenant; what was not used for the
//! longest time makes room, first of the tenant itself, then of the one that has most.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use arc_swap::ArcSwapOption;
use posthorn_domain::{
    EventType, TenantId,
    limits::{SCHEMAS_COMPILED_BYTES_MAX, SCHEMAS_COMPILED_BYTES_PER_TENANT_MAX},
};
use posthorn_schema::EventSchema;
use tracing::error;

/// The schema of one event type.
pub(crate) struct StoredSchema {
    text: Box<str>,
    compiled: ArcSwapOption<EventSchema>,
    /// It cannot be compiled; that has been said.
    left_out: AtomicBool,
    /// When it was used last, in uses of all.
    used: AtomicU64,
}

impl StoredSchema {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            compiled: ArcSwapOption::empty(),
            left_out: AtomicBool::new(false),
            used: AtomicU64::new(0),
        }
    }

    /// As it was given.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether events go unchecked, because it cannot be compiled.
    pub(super) fn is_left_out(&self) -> bool {
        self.left_out.load(Relaxed)
    }

    fn is_compiled(&self) -> bool {
        self.compiled.load().is_some()
    }
}

/// What is compiled, in the order of its use.
#[derive(Default)]
pub(super) struct CompiledSchemas {
    uses: AtomicU64,
    kept: Mutex<HashMap<TenantId, Kept>>,
}

/// What is compiled of one tenant.
#[derive(Default)]
struct Kept {
    schemas: Vec<(Weak<StoredSchema>, u64)>,
    bytes: u64,
}

impl CompiledSchemas {
    /// The compiled schema, if it is there.
    pub(super) fn get(&self, stored: &StoredSchema) -> Option<Arc<EventSchema>> {
        stored
            .used
            .store(self.uses.fetch_add(1, Relaxed) + 1, Relaxed);
        stored.compiled.load_full()
    }

    /// The compiled schema, compiled now if it is not there. `None` if it cannot be: then it is left out from now on.
    ///
    /// It needs a thread with much stack.
    pub(super) fn compile(
        &self,
        tenant: &TenantId,
        name: &EventType,
        stored: &Arc<StoredSchema>,
    ) -> Option<Arc<EventSchema>> {
        if let Some(schema) = self.get(stored) {
            return Some(schema);
        }
        match EventSchema::compile(&stored.text) {
            Ok(schema) => {
                let schema = Arc::new(schema);
                self.keep(tenant, stored, &schema);
                Some(schema)
            }
            Err(mistake) => {
                // It was taken when it was entered; a later version has other bounds.
                if !stored.left_out.swap(true, Relaxed) {
                    error!(
                        %tenant, event.type = %name,
                        "Left out the schema of {name} (tenant {tenant}), whose events are not checked any more: {mistake}"
                    );
                }
                None
            }
        }
    }

    fn keep(&self, tenant: &TenantId, stored: &Arc<StoredSchema>, schema: &Arc<EventSchema>) {
        let bytes = schema.compiled_bytes();
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.entry(tenant.clone()).or_default();
        own.forget_dropped();
        own.make_room(SCHEMAS_COMPILED_BYTES_PER_TENANT_MAX.saturating_sub(bytes));
        let room = SCHEMAS_COMPILED_BYTES_MAX.saturating_sub(bytes);
        if sum(&all) > room {
            all.values_mut().for_each(Kept::forget_dropped);
            all.retain(|_, kept| !kept.schemas.is_empty());
        }
        while sum(&all) > room {
            let Some(largest) = all.values_mut().max_by_key(|kept| kept.bytes) else {
                break;
            };
            largest.make_room(largest.bytes.saturating_sub(1));
        }
        stored.compiled.store(Some(schema.clone()));
        let own = all.entry(tenant.clone()).or_default();
        own.schemas.push((Arc::downgrade(stored), bytes));
        own.bytes += bytes;
    }
}

fn sum(all: &HashMap<TenantId, Kept>) -> u64 {
    all.values().map(|kept| kept.bytes).sum()
}

impl Kept {
    /// Those that the catalogue does not hold any more.
    fn forget_dropped(&mut self) {
        self.schemas
            .retain(|(stored, _)| stored.upgrade().is_some_and(|stored| stored.is_compiled()));
        self.bytes = self.schemas.iter().map(|(_, bytes)| bytes).sum();
    }

    /// Drops what was not used for the longest time, until no more than so many bytes are left.
    fn make_room(&mut self, bytes_max: u64) {
        while self.bytes > bytes_max {
            let used = |(stored, _): &(Weak<StoredSchema>, u64)| {
                stored
                    .upgrade()
                    .map_or(0, |stored| stored.used.load(Relaxed))
            };
            let oldest = (0..self.schemas.len()).min_by_key(|index| used(&self.schemas[*index]));
            let Some(oldest) = oldest else {
                self.bytes = 0;
                return;
            };
            let (stored, bytes) = self.schemas.swap_remove(oldest);
            self.bytes = self.bytes.saturating_sub(bytes);
            if let Some(stored) = stored.upgrade() {
                stored.compiled.store(None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A schema that takes about a megabyte.
    fn large(n: usize) -> Arc<StoredSchema> {
        let properties: Vec<_> = (0..500)
            .map(|m| format!(r#""property_{n}_{m}":{{"type":"string","maxLength":100}}"#))
            .collect();
        let text = format!(r#"{{"properties":{{{}}}}}"#, properties.join(","));
        Arc::new(StoredSchema::new(&text))
    }

    #[test]
    fn what_was_not_used_for_long_makes_room_first_of_the_same_tenant() {
        let compiled = CompiledSchemas::default();
        let (greedy, modest): (TenantId, TenantId) =
            ("greedy".parse().unwrap(), "modest".parse().unwrap());
        let name: EventType = "a.b".parse().unwrap();
        let small = Arc::new(StoredSchema::new("{}"));
        compiled.compile(&modest, &name, &small).unwrap();
        let schemas: Vec<_> = (0..30).map(large).collect();
        for schema in &schemas {
            compiled.compile(&greedy, &name, schema).unwrap();
            compiled.get(&schemas[0]);
        }
        let bytes = compiled.kept.lock().unwrap()[&greedy].bytes;
        assert!(bytes <= SCHEMAS_COMPILED_BYTES_PER_TENANT_MAX, "{bytes}");
        assert!(small.is_compiled());
        assert!(schemas[0].is_compiled() && !schemas[1].is_compiled());
        assert!(schemas[29].is_compiled());
        // Many tenants together have a budget too; whoever has most gives first.
        for n in 0..5 {
            let tenant: TenantId = format!("t{n}").parse().unwrap();
            let schemas: Vec<_> = (0..30).map(large).collect();
            for schema in &schemas {
                compiled.compile(&tenant, &name, schema).unwrap();
            }
            assert!(sum(&compiled.kept.lock().unwrap()) <= SCHEMAS_COMPILED_BYTES_MAX);
            assert!(small.is_compiled());
        }
    }

    #[test]
    fn what_cannot_be_compiled_is_left_out() {
        let compiled = CompiledSchemas::default();
        let stored = Arc::new(StoredSchema::new(r##"{"$ref":"#"}"##));
        let (tenant, name) = ("t".parse().unwrap(), "a.b".parse().unwrap());
        assert!(compiled.compile(&tenant, &name, &stored).is_none());
        assert!(stored.is_left_out());
    }
}
