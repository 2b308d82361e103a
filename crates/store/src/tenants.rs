use posthorn_domain::{TenantId, Timestamp};
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    audit::{NewAuditEntry, write_audit},
    error::StoreError,
    event_types::empty_catalogue,
    page::{Listed, Page, Total},
    session::bounded,
    statistics_fold::forget_tenant_statistics,
    store::Store,
    webhook_delete::entomb,
};

/// A tenant that somebody named, or that used something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its name.
    pub id: TenantId,
    /// When it was first used.
    pub created_at: Timestamp,
}

/// Creates a tenant that is used for the first time.
pub(crate) async fn ensure_tenant(
    connection: &mut PgConnection,
    id: &TenantId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done =
        sqlx::query("INSERT INTO tenants (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(id.as_str())
            .bind(now)
            .execute(connection)
            .await?;
    Ok(done.rows_affected() > 0)
}

impl TryFrom<(String, Timestamp)> for Tenant {
    type Error = StoreError;

    fn try_from((id, created_at): (String, Timestamp)) -> Result<Self, StoreError> {
        let id = id
            .parse()
            .map_err(|_| StoreError::Corrupt("a tenant has an impossible name".to_owned()))?;
        Ok(Self { id, created_at })
    }
}

fn entry<'a>(actor: &'a str, tenant: &'a TenantId, action: &'a str) -> NewAuditEntry<'a> {
    NewAuditEntry {
        actor,
        tenant: Some(tenant),
        action,
        target_kind: "tenant",
        target_id: tenant.as_str(),
        details: json!({}),
    }
}

impl Store {
    /// Creates a tenant. It exists already: [`StoreError::Conflict`].
    pub async fn create_tenant(&self, id: &TenantId, actor: &str) -> Result<Tenant, StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let created = ensure_tenant(&mut tx, id, now).await?;
            if created {
                write_audit(&mut tx, now, entry(actor, id, "tenant.created")).await?;
            }
            tx.commit().await?;
            session.finish();
            if !created {
                return Err(StoreError::Conflict(format!("tenant {id}")));
            }
            Ok(Tenant {
                id: id.clone(),
                created_at: now,
            })
        })
        .await
    }

    /// All tenants by name. `page.before` is the name that the page comes behind.
    pub async fn list_tenants(
        &self,
        page: &Page<TenantId>,
    ) -> Result<Listed<Tenant, TenantId>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<(String, Timestamp)> = sqlx::query_as(
                "SELECT id, created_at FROM tenants WHERE $3::text IS NULL OR id > $3
                 ORDER BY id LIMIT $1 OFFSET $2",
            )
            .bind(i64::from(page.limit) + 1)
            .bind(i64::try_from(page.offset).unwrap_or(i64::MAX))
            .bind(page.before.as_ref().map(TenantId::as_str))
            .fetch_all(&mut *session)
            .await?;
            let total: i64 = sqlx::query_scalar("SELECT count(*) FROM tenants")
                .fetch_one(&mut *session)
                .await?;
            session.finish();
            let total = Total::exactly(total.unsigned_abs());
            Listed::of(page, rows, total, |tenant: &Tenant| tenant.id.clone())
        })
        .await
    }

    /// One tenant.
    pub async fn get_tenant(&self, id: &TenantId) -> Result<Tenant, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row: Option<(String, Timestamp)> =
                sqlx::query_as("SELECT id, created_at FROM tenants WHERE id = $1")
                    .bind(id.as_str())
                    .fetch_optional(&mut *session)
                    .await?;
            session.finish();
            row.ok_or(StoreError::NotFound)?.try_into()
        })
        .await
    }

    /// Deletes a tenant with its webhooks and API keys, and the deliveries by and by ([`Store::purge_deleted`]).
    /// Its events go when their retention ends. Whoever uses the name again creates it anew.
    pub async fn delete_tenant(&self, id: &TenantId, actor: &str) -> Result<(), StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let webhooks = entomb(&mut tx, id, None, now, actor).await?.len();
            empty_catalogue(&mut tx, id).await?;
            let keys = sqlx::query("DELETE FROM api_keys WHERE tenant = $1")
                .bind(id.as_str())
                .execute(&mut *tx)
                .await?
                .rows_affected();
            let deleted = sqlx::query("DELETE FROM tenants WHERE id = $1")
                .bind(id.as_str())
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if deleted == 0 {
                tx.rollback().await?;
                session.finish();
                return Err(StoreError::NotFound);
            }
            forget_tenant_statistics(&mut tx, id).await?;
            write_audit(
                &mut tx,
                now,
                NewAuditEntry {
                    details: json!({ "webhooks": webhooks, "api_keys": keys }),
                    ..entry(actor, id, "tenant.deleted")
                },
            )
            .await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await
    }
}
