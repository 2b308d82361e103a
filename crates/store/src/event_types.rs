//! The catalogue: what each tenant says of its event types.
//!
//! A change raises the version of the configuration and stamps the tenant's row in `catalogues` with it, so that
//! whoever knows version n and asks for everything after it ([`Store::catalogue_changes_since`]) misses nothing.

use std::borrow::Cow;

use posthorn_domain::{
    EventType, TenantId, Timestamp,
    limits::{EVENT_TYPE_SCHEMAS_BYTES_MAX, EVENT_TYPES_PER_TENANT_MAX},
};
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    audit::{NewAuditEntry, write_audit, write_audit_of_many},
    configuration::raise_version,
    error::StoreError,
    session::{Session, bounded},
    store::Store,
    tenants::ensure_tenant,
    text::clean,
};

/// What is said of an event type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTypeEntry {
    /// Its name.
    pub name: EventType,
    /// For people.
    pub label: String,
    /// A group of types.
    pub category: Option<String>,
    /// When it is published, and what it holds.
    pub description: Option<String>,
    /// An example of its data, as JSON text.
    pub example: Option<String>,
    /// The JSON Schema of its data, as JSON text.
    pub schema: Option<String>,
}

/// An event type in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEventType {
    /// What is said of it.
    pub entry: EventTypeEntry,
    /// When it was first entered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// How many event types an import brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// That were new.
    pub created: u64,
    /// That were there already.
    pub updated: u64,
}

/// Which actions there are, as the audit log calls them.
const CREATED: &str = "event_type.created";
const UPDATED: &str = "event_type.updated";

pub(crate) const COLUMNS: &str =
    "name, label, category, description, example, schema, created_at, updated_at";

#[derive(sqlx::FromRow)]
pub(crate) struct EventTypeRow {
    name: String,
    label: String,
    category: Option<String>,
    description: Option<String>,
    example: Option<String>,
    schema: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl TryFrom<EventTypeRow> for StoredEventType {
    type Error = StoreError;

    fn try_from(row: EventTypeRow) -> Result<Self, StoreError> {
        let name = row
            .name
            .parse()
            .map_err(|_| StoreError::Corrupt("an event type has an impossible name".to_owned()))?;
        Ok(Self {
            entry: EventTypeEntry {
                name,
                label: row.label,
                category: row.category,
                description: row.description,
                example: row.example,
                schema: row.schema,
            },
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// What a change of one entry begins with.
#[derive(Clone, Copy)]
enum Expected<'a> {
    Absent,
    Present(&'a ExpectedEntry),
}

/// Tells one state of an entry from every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryTag {
    /// When it was made, in microseconds of Unix time.
    pub created_us: i64,
    /// When it was changed last, in microseconds of Unix time.
    pub updated_us: i64,
}

/// Which state of an entry a change was decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedEntry {
    /// Whatever it is now: the last change wins.
    Any,
    /// One of these states.
    OneOf(Vec<EntryTag>),
}

impl StoredEventType {
    /// The tag of this state.
    pub fn tag(&self) -> EntryTag {
        EntryTag {
            created_us: self.created_at.timestamp_micros(),
            updated_us: self.updated_at.timestamp_micros(),
        }
    }
}

impl Store {
    /// Enters a new event type. It is there already: [`StoreError::Conflict`]; the catalogue is full:
    /// [`StoreError::Full`].
    pub async fn create_event_type(
        &self,
        tenant: &TenantId,
        entry: &EventTypeEntry,
        actor: &str,
    ) -> Result<StoredEventType, StoreError> {
        self.write_event_type(tenant, entry, actor, Expected::Absent)
            .await
    }

    /// Replaces what is said of an event type that is there, if it is as expected ([`StoreError::Changed`]).
    pub async fn replace_event_type(
        &self,
        tenant: &TenantId,
        entry: &EventTypeEntry,
        expected: &ExpectedEntry,
        actor: &str,
    ) -> Result<StoredEventType, StoreError> {
        self.write_event_type(tenant, entry, actor, Expected::Present(expected))
            .await
    }

    async fn write_event_type(
        &self,
        tenant: &TenantId,
        entry: &EventTypeEntry,
        actor: &str,
        expected: Expected<'_>,
    ) -> Result<StoredEventType, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let result = self
                .write_entry(&mut session, tenant, entry, actor, expected)
                .await;
            finish(session, result)
        })
        .await
    }

    async fn write_entry(
        &self,
        session: &mut Session,
        tenant: &TenantId,
        entry: &EventTypeEntry,
        actor: &str,
        expected: Expected<'_>,
    ) -> Result<StoredEventType, StoreError> {
        let now = self.shared.clock.now();
        let mut tx = session.transaction().await?;
        begin_change(&mut tx, tenant, now).await?;
        if let Expected::Present(state) = expected
            && !is_expected(&mut tx, tenant, &entry.name, state).await?
        {
            tx.rollback().await?;
            return Err(StoreError::Changed);
        }
        let (stored, created) = upsert(&mut tx, tenant, entry, now).await?;
        let action = match (expected, created) {
            (Expected::Absent, true) => CREATED,
            (Expected::Present(_), false) => UPDATED,
            (Expected::Absent, false) => {
                tx.rollback().await?;
                return Err(StoreError::Conflict(format!("event type {}", entry.name)));
            }
            (Expected::Present(_), true) => {
                tx.rollback().await?;
                return Err(StoreError::NotFound);
            }
        };
        refuse_excess(&mut tx, tenant).await?;
        audit(&mut tx, now, tenant, &entry.name, action, actor).await?;
        tx.commit().await?;
        Ok(stored)
    }

    /// Enters or replaces event types, each named once, all of them or, if anything is wrong, none.
    pub async fn import_event_types(
        &self,
        tenant: &TenantId,
        entries: &[EventTypeEntry],
        actor: &str,
    ) -> Result<Imported, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let result = self.import(&mut session, tenant, entries, actor).await;
            finish(session, result)
        })
        .await
    }

    async fn import(
        &self,
        session: &mut Session,
        tenant: &TenantId,
        entries: &[EventTypeEntry],
        actor: &str,
    ) -> Result<Imported, StoreError> {
        let now = self.shared.clock.now();
        let mut tx = session.transaction().await?;
        begin_change(&mut tx, tenant, now).await?;
        // Few statements, however many types there are: all changes of all tenants wait meanwhile.
        let created = upsert_all(&mut tx, tenant, entries, now).await?;
        refuse_excess(&mut tx, tenant).await?;
        let audited: Vec<_> = created
            .iter()
            .map(|(name, created)| {
                let action = if *created { CREATED } else { UPDATED };
                audit_entry(tenant, name, action, actor)
            })
            .collect();
        write_audit_of_many(&mut tx, now, &audited).await?;
        tx.commit().await?;
        let all = u64::try_from(created.len()).unwrap_or(u64::MAX);
        let new = created.iter().filter(|(_, created)| *created).count();
        let new = u64::try_from(new).unwrap_or(u64::MAX);
        Ok(Imported {
            created: new,
            updated: all - new,
        })
    }

    /// Takes an event type out of the catalogue, if it is as expected. Its events, deliveries and webhooks stay.
    pub async fn delete_event_type(
        &self,
        tenant: &TenantId,
        name: &EventType,
        expected: &ExpectedEntry,
        actor: &str,
    ) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let result = self
                .delete_entry(&mut session, tenant, name, expected, actor)
                .await;
            finish(session, result)
        })
        .await
    }

    async fn delete_entry(
        &self,
        session: &mut Session,
        tenant: &TenantId,
        name: &EventType,
        expected: &ExpectedEntry,
        actor: &str,
    ) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        let mut tx = session.transaction().await?;
        begin_change(&mut tx, tenant, now).await?;
        if !is_expected(&mut tx, tenant, name, expected).await? {
            tx.rollback().await?;
            return Err(StoreError::Changed);
        }
        let deleted = sqlx::query("DELETE FROM event_types WHERE tenant = $1 AND name = $2")
            .bind(tenant.as_str())
            .bind(name.as_str())
            .execute(&mut *tx)
            .await?
            .rows_affected();
        if deleted == 0 {
            tx.rollback().await?;
            return Err(StoreError::NotFound);
        }
        audit(&mut tx, now, tenant, name, "event_type.deleted", actor).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The connection can serve the next one, unless the operation broke off in the middle.
fn finish<T>(session: Session, result: Result<T, StoreError>) -> Result<T, StoreError> {
    let came_to_its_end = matches!(
        result,
        Ok(_)
            | Err(StoreError::NotFound
                | StoreError::Conflict(_)
                | StoreError::Full(_)
                | StoreError::Changed)
    );
    if came_to_its_end {
        session.finish();
    }
    result
}

/// Whether an entry is in a state that the change was decided on; one that is not there is nobody's surprise.
///
/// Asked for after the version was raised, which keeps every other change waiting.
async fn is_expected(
    connection: &mut PgConnection,
    tenant: &TenantId,
    name: &EventType,
    expected: &ExpectedEntry,
) -> Result<bool, StoreError> {
    let ExpectedEntry::OneOf(tags) = expected else {
        return Ok(true);
    };
    let found: Option<(Timestamp, Timestamp)> = sqlx::query_as(
        "SELECT created_at, updated_at FROM event_types WHERE tenant = $1 AND name = $2",
    )
    .bind(tenant.as_str())
    .bind(name.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(found.is_none_or(|(created_at, updated_at)| {
        tags.contains(&EntryTag {
            created_us: created_at.timestamp_micros(),
            updated_us: updated_at.timestamp_micros(),
        })
    }))
}

/// Raises the version and stamps the tenant's catalogue with it.
async fn begin_change(
    connection: &mut PgConnection,
    tenant: &TenantId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let version = raise_version(&mut *connection, 1).await?;
    ensure_tenant(&mut *connection, tenant, now).await?;
    stamp(connection, tenant, version).await
}

async fn stamp(
    connection: &mut PgConnection,
    tenant: &TenantId,
    version: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO catalogues (tenant, version) VALUES ($1, $2)
         ON CONFLICT (tenant) DO UPDATE SET version = EXCLUDED.version",
    )
    .bind(tenant.as_str())
    .bind(version)
    .execute(connection)
    .await?;
    Ok(())
}

/// Empties a catalogue, in the transaction that deletes its tenant.
pub(crate) async fn empty_catalogue(
    connection: &mut PgConnection,
    tenant: &TenantId,
) -> Result<(), StoreError> {
    let deleted = sqlx::query("DELETE FROM event_types WHERE tenant = $1")
        .bind(tenant.as_str())
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if deleted > 0 {
        let version = raise_version(&mut *connection, 1).await?;
        stamp(connection, tenant, version).await?;
    }
    Ok(())
}

/// Writes an entry, and says whether it is new.
async fn upsert(
    connection: &mut PgConnection,
    tenant: &TenantId,
    entry: &EventTypeEntry,
    now: Timestamp,
) -> Result<(StoredEventType, bool), StoreError> {
    // A row that this statement inserted was updated by nobody: its xmax is 0.
    let (created_at, created): (Timestamp, bool) = sqlx::query_as(
        "INSERT INTO event_types (tenant, name, label, category, description, example, schema, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
         ON CONFLICT (tenant, name) DO UPDATE SET label = EXCLUDED.label, category = EXCLUDED.category,
             description = EXCLUDED.description, example = EXCLUDED.example, schema = EXCLUDED.schema,
             updated_at = EXCLUDED.updated_at
         RETURNING created_at, xmax = 0",
    )
    .bind(tenant.as_str())
    .bind(entry.name.as_str())
    .bind(clean(&entry.label))
    .bind(entry.category.as_deref().map(clean))
    .bind(entry.description.as_deref().map(clean))
    .bind(&entry.example)
    .bind(&entry.schema)
    .bind(now)
    .fetch_one(connection)
    .await?;
    Ok((
        StoredEventType {
            entry: entry.clone(),
            created_at,
            updated_at: now,
        },
        created,
    ))
}

/// Writes entries that each have a name of their own, and says of each name whether it is new, in the order of the names.
async fn upsert_all(
    connection: &mut PgConnection,
    tenant: &TenantId,
    entries: &[EventTypeEntry],
    now: Timestamp,
) -> Result<Vec<(String, bool)>, StoreError> {
    let column = |of: fn(&EventTypeEntry) -> Option<&str>| -> Vec<Option<&str>> {
        entries.iter().map(of).collect()
    };
    let cleaned = |of: fn(&EventTypeEntry) -> Option<&str>| -> Vec<Option<Cow<'_, str>>> {
        entries.iter().map(|entry| of(entry).map(clean)).collect()
    };
    let mut written: Vec<(String, bool)> = sqlx::query_as(
        "INSERT INTO event_types (tenant, name, label, category, description, example, schema, created_at, updated_at)
         SELECT $1, unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
             unnest($7::text[]), $8, $8
         ON CONFLICT (tenant, name) DO UPDATE SET label = EXCLUDED.label, category = EXCLUDED.category,
             description = EXCLUDED.description, example = EXCLUDED.example, schema = EXCLUDED.schema,
             updated_at = EXCLUDED.updated_at
         RETURNING name, xmax = 0",
    )
    .bind(tenant.as_str())
    .bind(column(|entry| Some(entry.name.as_str())))
    .bind(cleaned(|entry| Some(&entry.label)))
    .bind(cleaned(|entry| entry.category.as_deref()))
    .bind(cleaned(|entry| entry.description.as_deref()))
    .bind(column(|entry| entry.example.as_deref()))
    .bind(column(|entry| entry.schema.as_deref()))
    .bind(now)
    .fetch_all(connection)
    .await?;
    written.sort();
    Ok(written)
}

/// The catalogue is held in the memory of every api, so it has a size.
async fn refuse_excess(connection: &mut PgConnection, tenant: &TenantId) -> Result<(), StoreError> {
    let (types, bytes): (i64, i64) = sqlx::query_as(
        "SELECT count(*), coalesce(sum(octet_length(schema)), 0)::bigint FROM event_types WHERE tenant = $1",
    )
    .bind(tenant.as_str())
    .fetch_one(connection)
    .await?;
    if usize::try_from(types).unwrap_or(usize::MAX) > EVENT_TYPES_PER_TENANT_MAX {
        return Err(StoreError::Full(format!(
            "a tenant has at most {EVENT_TYPES_PER_TENANT_MAX} event types"
        )));
    }
    if usize::try_from(bytes).unwrap_or(usize::MAX) > EVENT_TYPE_SCHEMAS_BYTES_MAX {
        return Err(StoreError::Full(format!(
            "the schemas of a tenant are at most {EVENT_TYPE_SCHEMAS_BYTES_MAX} bytes together"
        )));
    }
    Ok(())
}

async fn audit(
    connection: &mut PgConnection,
    now: Timestamp,
    tenant: &TenantId,
    name: &EventType,
    action: &str,
    actor: &str,
) -> Result<(), StoreError> {
    write_audit(
        connection,
        now,
        audit_entry(tenant, name.as_str(), action, actor),
    )
    .await
}

fn audit_entry<'a>(
    tenant: &'a TenantId,
    name: &'a str,
    action: &'a str,
    actor: &'a str,
) -> NewAuditEntry<'a> {
    NewAuditEntry {
        actor,
        tenant: Some(tenant),
        action,
        target_kind: "event_type",
        target_id: name,
        details: json!({}),
    }
}
