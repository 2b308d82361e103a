use posthorn_domain::{TenantId, Timestamp};
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    audit::{NewAuditEntry, write_audit},
    error::StoreError,
    event_types::empty_catalogue,
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

fn tenant((id, created_at): (String, Timestamp)) -> Result<Tenant, StoreError> {
    let id = id
        .parse()
        .map_err(|_| StoreError::Corrupt("a tenant has an impossible name".to_owned()))?;
    Ok(Tenant { id, created_at })
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

    /// All tenants by name, and how many there are on all pages.
    pub async fn list_tenants(
        &self,
        limit: u32,
        offset: u64,
    ) -> Result<(Vec<Tenant>, u64), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<(String, Timestamp)> =
                sqlx::query_as("SELECT id, created_at FROM tenants ORDER BY id LIMIT $1 OFFSET $2")
                    .bind(i64::from(limit))
                    .bind(i64::try_from(offset).unwrap_or(i64::MAX))
                    .fetch_all(&mut *session)
                    .await?;
            let total: i64 = sqlx::query_scalar("SELECT count(*) FROM tenants")
                .fetch_one(&mut *session)
                .await?;
            session.finish();
            let tenants = rows.into_iter().map(tenant).collect::<Result<_, _>>()?;
            Ok((tenants, total.unsigned_abs()))
        })
        .await
    }

    /// One tenant.
    pub async fn get_tenant(&self, id: &TenantId) -> Result<Tenant, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row = sqlx::query_as("SELECT id, created_at FROM tenants WHERE id = $1")
                .bind(id.as_str())
                .fetch_optional(&mut *session)
                .await?;
            session.finish();
            tenant(row.ok_or(StoreError::NotFound)?)
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
