//! Every tenant's event types in memory, so that `POST /events` checks events without the database.
//!
//! [`Catalogue::refresh`] reads what has changed: once a second, as the keys are, and at once after a change made
//! here. Before the first refresh nothing is known and nothing refused, unless unknown types are ([`Knowledge`]).
//!
//! A schema is weighed when it is entered, and data with it before it is checked ([`posthorn_schema`]). What takes more
//! than a moment runs beside the requests, a tenant's share of it at a time ([`jobs`]); schemas are compiled when they
//! are first used, and kept within a budget of memory ([`compiled`]).

mod compiled;
mod jobs;
mod unknown_types;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use arc_swap::ArcSwapOption;
use posthorn_domain::{EventType, JsonText, TenantId};
use posthorn_schema::Misfit;
use posthorn_store::{Store, StoreError};
use tokio::sync::Mutex;

use crate::problem::Problem;
use compiled::CompiledSchemas;
pub(crate) use compiled::StoredSchema;
use jobs::SchemaJobs;
use unknown_types::UnknownTypes;

/// The types of one tenant, those that have one with their schema.
type Types = HashMap<EventType, Option<Arc<StoredSchema>>>;
type Known = HashMap<TenantId, Arc<Types>>;

/// The catalogues of all tenants.
pub(crate) struct Catalogue {
    known: ArcSwapOption<Known>,
    /// The version that is known; one refresh at a time.
    version: Mutex<i64>,
    unknown: UnknownTypes,
    compiled: Arc<CompiledSchemas>,
    jobs: SchemaJobs,
    /// Whether a type that is not in the catalogue is refused.
    strict: bool,
}

/// What is known of an event's type.
pub(crate) enum Knowledge {
    /// Its data may be anything.
    Free,
    /// Its data must satisfy this.
    Schema(Arc<StoredSchema>),
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
            compiled: Arc::default(),
            jobs: SchemaJobs::default(),
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

    /// Checks data of an event against its type's schema: here if that is little, else beside the requests.
    pub(crate) async fn check(
        &self,
        tenant: &TenantId,
        event_type: &EventType,
        stored: &Arc<StoredSchema>,
        data: &JsonText,
    ) -> Result<Result<(), Vec<Misfit>>, Problem> {
        if stored.is_left_out() {
            return Ok(Ok(()));
        }
        if let Some(schema) = self.compiled.get(stored)
            && let Some(checked) = schema.check_if_small(data.as_str())
        {
            return Ok(checked);
        }
        let compiled = self.compiled.clone();
        let (owner, name) = (tenant.clone(), event_type.clone());
        let (stored, data) = (stored.clone(), data.clone());
        self.run(tenant, move || {
            match compiled.compile(&owner, &name, &stored) {
                Some(schema) => schema.check(data.as_str()),
                None => Ok(()),
            }
        })
        .await
    }

    /// Does work with schemas for a tenant, beside the requests, when it is the tenant's turn.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        tenant: &TenantId,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.jobs.run(tenant, job).await
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
                (Some(text), _) => Some(Arc::new(StoredSchema::new(&text))),
                (None, _) => None,
            };
            (name, schema)
        });
        let types = Arc::new(types.collect());
        known.insert(tenant, types);
    }
}
