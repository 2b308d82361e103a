use std::collections::BTreeMap;

use posthorn_domain::{EventType, TenantId};
use sqlx::{Postgres, QueryBuilder};

use crate::{
    counted_page::CountedPage,
    error::StoreError,
    event_types::{COLUMNS, EventTypeRow, StoredEventType},
    session::bounded,
    store::Store,
    text::clean,
};

/// Which event types are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default)]
pub struct EventTypeFilter {
    /// Of this category.
    pub category: Option<String>,
    /// With this text in their name, label or description, whatever the case.
    pub search: Option<String>,
    /// Most to return.
    pub limit: u32,
    /// How many to skip.
    pub offset: u64,
}

impl EventTypeFilter {
    fn push(&self, query: &mut QueryBuilder<Postgres>, tenant: &TenantId) {
        query
            .push(" FROM event_types WHERE tenant = ")
            .push_bind(tenant.as_str().to_owned());
        if let Some(category) = &self.category {
            query
                .push(" AND category = ")
                .push_bind(clean(category).into_owned());
        }
        if let Some(search) = &self.search {
            query
                .push(" AND position(lower(")
                .push_bind(clean(search).into_owned())
                .push(") IN lower(concat_ws(E'\\n', name, label, description))) > 0");
        }
    }
}

/// Catalogues that are read together. With the largest schemas they are some 100 MB.
const CATALOGUES_PER_READ_MAX: i64 = 20;

/// The catalogues that have changed since a version, or the first of them.
#[derive(Debug)]
pub struct CatalogueChanges {
    /// The version that applying these changes leads to.
    pub version: i64,
    /// Whether more have changed since.
    pub more: bool,
    /// For each tenant whose catalogue has changed all of its types, with their JSON Schemas as text.
    pub tenants: BTreeMap<TenantId, Vec<(EventType, Option<String>)>>,
}

impl Store {
    /// One event type of the tenant.
    pub async fn get_event_type(
        &self,
        tenant: &TenantId,
        name: &EventType,
    ) -> Result<StoredEventType, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut query = QueryBuilder::new("SELECT ");
            query
                .push(COLUMNS)
                .push(" FROM event_types WHERE tenant = ")
                .push_bind(tenant.as_str())
                .push(" AND name = ")
                .push_bind(name.as_str());
            let row: Option<EventTypeRow> =
                query.build_query_as().fetch_optional(&mut *session).await?;
            session.finish();
            row.ok_or(StoreError::NotFound)?.try_into()
        })
        .await
    }

    /// The tenant's event types that pass the filter, by name, and how many do on all pages.
    pub async fn list_event_types(
        &self,
        tenant: &TenantId,
        filter: &EventTypeFilter,
    ) -> Result<(Vec<StoredEventType>, u64), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let page = CountedPage {
                columns: COLUMNS,
                order: "name",
                limit: filter.limit,
                offset: filter.offset,
            };
            let (rows, total) = page
                .read::<EventTypeRow>(&mut session, |query| filter.push(query, tenant))
                .await?;
            session.finish();
            let types = rows.into_iter().map(StoredEventType::try_from);
            Ok((types.collect::<Result<_, _>>()?, total))
        })
        .await
    }

    /// The names of all of the tenant's event types.
    pub async fn event_type_names(&self, tenant: &TenantId) -> Result<Vec<EventType>, StoreError> {
        let names: Vec<String> = bounded(async {
            let mut session = self.session().await?;
            let names = sqlx::query_scalar("SELECT name FROM event_types WHERE tenant = $1")
                .bind(tenant.as_str())
                .fetch_all(&mut *session)
                .await?;
            session.finish();
            Ok::<_, StoreError>(names)
        })
        .await?;
        names.iter().map(|text| type_name(text)).collect()
    }

    /// The catalogues that changed after `version`, those that changed first; after 0 all have. As changes commit in the
    /// order of their versions, nothing is missed by going on from the version that this leads to.
    pub async fn catalogue_changes_since(
        &self,
        version: i64,
    ) -> Result<CatalogueChanges, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let changed: Vec<(String, i64)> =
                sqlx::query_as(
                    "SELECT tenant, version FROM catalogues WHERE version > $1 ORDER BY version LIMIT $2",
                )
                .bind(version)
                .bind(CATALOGUES_PER_READ_MAX)
                .fetch_all(&mut *session)
                .await?;
            let mut changes = CatalogueChanges {
                version,
                more: i64::try_from(changed.len()).is_ok_and(|count| count == CATALOGUES_PER_READ_MAX),
                tenants: BTreeMap::new(),
            };
            if changed.is_empty() {
                session.finish();
                return Ok(changes);
            }
            let mut tenants = Vec::with_capacity(changed.len());
            for (tenant, version) in changed {
                changes.version = changes.version.max(version);
                changes.tenants.insert(parse(&tenant)?, Vec::new());
                tenants.push(tenant);
            }
            // What is committed between the two statements is read now, and once more by the next call.
            let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
                "SELECT tenant, name, schema FROM event_types WHERE tenant = ANY($1)",
            )
            .bind(&tenants)
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            for (tenant, name, schema) in rows {
                if let Some(types) = changes.tenants.get_mut(&parse(&tenant)?) {
                    types.push((type_name(&name)?, schema));
                }
            }
            Ok(changes)
        })
        .await
    }
}

pub(crate) fn type_name(text: &str) -> Result<EventType, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Corrupt("an event type has an impossible name".to_owned()))
}

fn parse(tenant: &str) -> Result<TenantId, StoreError> {
    tenant
        .parse()
        .map_err(|_| StoreError::Corrupt("a catalogue has an impossible tenant".to_owned()))
}
