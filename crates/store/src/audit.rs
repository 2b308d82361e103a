use posthorn_domain::{TenantId, Timestamp};
use sqlx::{PgConnection, Postgres, QueryBuilder, types::Json};

use crate::{
    error::StoreError,
    page::{Listed, Page, total},
    session::bounded,
    store::Store,
    text::clean,
};

/// Something that somebody did. Changes write their own entry in the same transaction;
/// [`Store::audit`] is for what changes nothing here, such as the reading of a secret.
#[derive(Debug, Clone)]
pub struct NewAuditEntry<'a> {
    /// Who did it.
    pub actor: &'a str,
    /// Whose thing it was; `None` for what belongs to no tenant.
    pub tenant: Option<&'a TenantId>,
    /// What was done, such as `webhook.created`.
    pub action: &'a str,
    /// What kind of thing it was done to, such as `webhook`.
    pub target_kind: &'a str,
    /// Its id or name.
    pub target_id: &'a str,
    /// What else is worth knowing, without secrets.
    pub details: serde_json::Value,
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Grows with time.
    pub id: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub actor: String,
    /// Whose thing it was.
    pub tenant: Option<TenantId>,
    /// What was done.
    pub action: String,
    /// What kind of thing it was done to.
    pub target_kind: String,
    /// Its id or name.
    pub target_id: String,
    /// What else is worth knowing.
    pub details: serde_json::Value,
}

/// Which entries are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of this tenant.
    pub tenant: Option<TenantId>,
    /// Of this action.
    pub action: Option<String>,
    /// About the thing of this id or name.
    pub target_id: Option<String>,
    /// From this moment on.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct AuditRow {
    id: i64,
    at: Timestamp,
    actor: String,
    tenant: Option<String>,
    action: String,
    target_kind: String,
    target_id: String,
    details: Json<serde_json::Value>,
}

impl TryFrom<AuditRow> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            at: row.at,
            actor: row.actor,
            tenant: row
                .tenant
                .map(|tenant| tenant.parse())
                .transpose()
                .map_err(|_| StoreError::Corrupt(format!("tenant of audit entry {}", row.id)))?,
            action: row.action,
            target_kind: row.target_kind,
            target_id: row.target_id,
            details: row.details.0,
        })
    }
}

/// Writes an entry in the transaction of the change that it tells of.
pub(crate) async fn write_audit(
    connection: &mut PgConnection,
    at: Timestamp,
    entry: NewAuditEntry<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit_log (at, actor, tenant, action, target_kind, target_id, details)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(at)
    .bind(clean(entry.actor))
    .bind(entry.tenant.map(TenantId::as_str))
    .bind(entry.action)
    .bind(entry.target_kind)
    .bind(clean(entry.target_id))
    .bind(Json(entry.details))
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the entries of one change in one statement.
pub(crate) async fn write_audit_of_many(
    connection: &mut PgConnection,
    at: Timestamp,
    entries: &[NewAuditEntry<'_>],
) -> Result<(), StoreError> {
    let column =
        |of: fn(&NewAuditEntry<'_>) -> String| -> Vec<String> { entries.iter().map(of).collect() };
    let tenants: Vec<Option<&str>> = entries
        .iter()
        .map(|entry| entry.tenant.map(TenantId::as_str))
        .collect();
    sqlx::query(
        "INSERT INTO audit_log (at, actor, tenant, action, target_kind, target_id, details)
         SELECT $1, unnest($2::text[]), unnest($3::text[]), unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
             unnest($7::text[])::jsonb",
    )
    .bind(at)
    .bind(column(|entry| clean(entry.actor).into_owned()))
    .bind(tenants)
    .bind(column(|entry| entry.action.to_owned()))
    .bind(column(|entry| entry.target_kind.to_owned()))
    .bind(column(|entry| clean(entry.target_id).into_owned()))
    .bind(column(|entry| entry.details.to_string()))
    .execute(connection)
    .await?;
    Ok(())
}

impl AuditFilter {
    fn push(&self, query: &mut QueryBuilder<Postgres>) {
        query.push(" FROM audit_log WHERE true");
        if let Some(tenant) = &self.tenant {
            query
                .push(" AND tenant = ")
                .push_bind(tenant.as_str().to_owned());
        }
        if let Some(action) = &self.action {
            query
                .push(" AND action = ")
                .push_bind(clean(action).into_owned());
        }
        if let Some(target) = &self.target_id {
            query
                .push(" AND target_id = ")
                .push_bind(clean(target).into_owned());
        }
        if let Some(since) = self.since {
            query.push(" AND at >= ").push_bind(since);
        }
        if let Some(until) = self.until {
            query.push(" AND at < ").push_bind(until);
        }
    }
}

impl Store {
    /// Writes an entry.
    pub async fn audit(&self, entry: NewAuditEntry<'_>) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            write_audit(&mut session, self.shared.clock.now(), entry).await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// The entries that pass the filter.
    pub async fn list_audit(
        &self,
        filter: &AuditFilter,
        page: &Page<i64>,
    ) -> Result<Listed<AuditEntry, i64>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut query = QueryBuilder::new(
                "SELECT id, at, actor, tenant, action, target_kind, target_id, details",
            );
            filter.push(&mut query);
            if let Some(before) = page.before {
                query.push(" AND id < ").push_bind(before);
            }
            query.push(" ORDER BY id DESC");
            page.push_limit(&mut query);
            let rows: Vec<AuditRow> = query
                .build_query_as()
                .persistent(false)
                .fetch_all(&mut *session)
                .await?;
            let total = total(&mut session, page, rows.len(), |query| filter.push(query)).await?;
            session.finish();
            Listed::of(page, rows, total, |entry: &AuditEntry| entry.id)
        })
        .await
    }
}
