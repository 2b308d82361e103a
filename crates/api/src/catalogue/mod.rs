//! Every tenant's event types in memory, so that `POST /events` checks events without the database.
//!
//! [`Catalogue::refresh`] reads what has changed: once a second, as the keys are, and at once after a change made
//! here. Before the first refresh nothing is known and nothing refused, unless unknown types are ([`Knowledge`]).
//!
//! Checking an event is linear in its size, whatever the schema: a schema that could make it more is refused when
//! it is entered ([`expansion`]), and what would still take too long is not checked but refused ([`EventSchema`]).

mod expansion;
mod schema;
mod unknown_types;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use arc_swap::ArcSwapOption;
use posthorn_domain::{EventType, TenantId};
use posthorn_store::{Store, StoreError};
use tokio::sync::Mutex;
use tracing::error;

pub(crate) use schema::{EventSchema, Misfit};
use unknown_types::UnknownTypes;

/// The types of one tenant, those that have one with their schema.
type Types = HashMap<EventType, Option<Arc<EventSchema>>>;
type Known = HashMap<TenantId, Arc<Types>>;

/// The catalogues of all tenants.
pub(crate) struct Catalogue {
    known: ArcSwapOption<Known>,
    /// The version that is known; one refresh at a time.
    version: Mutex<i64>,
    unknown: UnknownTypes,
    /// Whether a type that is not in the catalogue is refused.
    strict: bool,
}

/// What is known of an event's type.
pub(crate) enum Knowledge {
    /// Its data may be anything.
    Free,
    /// Its data must satisfy this.
    Schema(Arc<EventSchema>),
    /// It is not in the catalogue, and must be.
    Refused,
    /// It must be in the catalogue, which was not read yet.
    Undecided,
}

impl Catalogue {
    pub(crate) fn new(strict: bool) -> Self {
        Self {
            known: ArcSwapOption::empty(),
            version: Mutex::new(0),
            unknown: UnknownTypes::default(),
            strict,
        }
    }

    /// What is known of a type. One that is accepted although nobody entered it is logged, once.
    pub(crate) fn look_up(&self, tenant: &TenantId, event_type: &EventType) -> Knowledge {
        let known = self.known.load();
        let Some(known) = known.as_ref() else {
            return if self.strict {
                Knowledge::Undecided
            } else {
                Knowledge::Free
            };
        };
        match known.get(tenant).and_then(|types| types.get(event_type)) {
            Some(Some(schema)) => Knowledge::Schema(schema.clone()),
            Some(None) => Knowledge::Free,
            None if self.strict => Knowledge::Refused,
            None => {
                self.unknown.note(tenant, event_type);
                Knowledge::Free
            }
        }
    }

    /// Reads what has changed, some catalogues at a time. What is read is known when all is.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let mut version = self.version.lock().await;
        let before = self.known.load_full();
        let mut changes = store.catalogue_changes_since(*version).await?;
        if changes.tenants.is_empty() && before.is_some() {
            return Ok(());
        }
        let mut known = before.as_deref().cloned().unwrap_or_default();
        loop {
            apply(&mut known, changes.tenants);
            if !changes.more {
                break;
            }
            changes = store.catalogue_changes_since(changes.version).await?;
        }
        self.known.store(Some(Arc::new(known)));
        *version = changes.version;
        Ok(())
    }
}

fn apply(known: &mut Known, tenants: BTreeMap<TenantId, Vec<(EventType, Option<String>)>>) {
    for (tenant, types) in tenants {
        let before = known.remove(&tenant).unwrap_or_default();
        if types.is_empty() {
            continue;
        }
        let types = types.into_iter().map(|(name, text)| {
            let same = before.get(&name).cloned().flatten();
            let schema = match (text, same) {
                (Some(text), Some(same)) if same.text() == text => Some(same),
                (Some(text), _) => compile(&tenant, &name, &text),
                (None, _) => None,
            };
            (name, schema)
        });
        let types = Arc::new(types.collect());
        known.insert(tenant, types);
    }
}

/// It compiled when it was entered. If a later version does not like it, events go on being accepted.
fn compile(tenant: &TenantId, name: &EventType, text: &str) -> Option<Arc<EventSchema>> {
    match EventSchema::compile(text) {
        Ok(schema) => Some(Arc::new(schema)),
        Err(mistake) => {
            error!(
                %tenant, event.type = %name,
                "The schema of {name} (tenant {tenant}) cannot be used any more, and its events are not checked: {mistake}"
            );
            None
        }
    }
}
