use posthorn_domain::{TenantId, Timestamp};
use serde_json::json;
use sqlx::PgConnection;

use crate::{
    audit::{NewAuditEntry, write_audit},
    error::StoreError,
    page::{Listed, Page, Total},
    record_rows::stored_count,
    session::bounded,
    store::Store,
};

/// What a tenant keeps of its events' payloads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeepPayload {
    /// As long as the event's record.
    #[default]
    Always,
    /// Until every delivery of the event is settled; then it is erased.
    UntilSettled,
}

impl KeepPayload {
    /// The name in the API and in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::UntilSettled => "until_settled",
        }
    }
}

/// What holds for one tenant alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TenantSettings {
    /// Days for which its events and deliveries are kept; `None`: as long as the installation keeps them.
    pub retention_days: Option<u32>,
    /// How long payloads are kept.
    pub keep_payload: KeepPayload,
}

/// A tenant that somebody named, or that used something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its name.
    pub id: TenantId,
    /// When it was first used.
    pub created_at: Timestamp,
    /// What holds for it alone.
    pub settings: TenantSettings,
}

#[derive(sqlx::FromRow)]
struct TenantRow {
    id: String,
    created_at: Timestamp,
    retention_days: Option<i32>,
    keep_payload: Option<String>,
}

/// The columns of [`TenantRow`], for `concat!`.
macro_rules! tenant_columns {
    () => {
        "id, created_at, retention_days, keep_payload"
    };
}

/// How often a name is tried that another transaction makes or deletes meanwhile.
const TRIES: usize = 3;

/// Creates a tenant that is used for the first time; whether it did. One that is being deleted is an error, and stays one
/// until nothing is left of it: whoever takes the name then finds nothing.
pub(crate) async fn ensure_tenant(
    connection: &mut PgConnection,
    id: &TenantId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    for _ in 0..TRIES {
        let done = sqlx::query(
            "INSERT INTO tenants (id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(id.as_str())
        .bind(now)
        .execute(&mut *connection)
        .await?;
        if done.rows_affected() > 0 {
            return Ok(true);
        }
        // Locked, so that no deletion begins before this transaction has ended.
        let is_deleting: Option<bool> = sqlx::query_scalar(
            "SELECT deleting_since IS NOT NULL FROM tenants WHERE id = $1 FOR SHARE",
        )
        .bind(id.as_str())
        .fetch_optional(&mut *connection)
        .await?;
        match is_deleting {
            Some(true) => return Err(StoreError::TenantBeingDeleted(id.to_string())),
            Some(false) => return Ok(false),
            // Its deletion has just ended.
            None => {}
        }
    }
    Err(StoreError::Unavailable(format!(
        "tenant {id} is made and deleted at the same time"
    )))
}

impl TryFrom<TenantRow> for Tenant {
    type Error = StoreError;

    fn try_from(row: TenantRow) -> Result<Self, StoreError> {
        let id: TenantId = row
            .id
            .parse()
            .map_err(|_| StoreError::Corrupt("a tenant has an impossible name".to_owned()))?;
        let keep_payload = match row.keep_payload.as_deref() {
            None | Some("always") => KeepPayload::Always,
            Some("until_settled") => KeepPayload::UntilSettled,
            Some(_) => return Err(StoreError::Corrupt(format!("keep_payload of tenant {id}"))),
        };
        Ok(Self {
            settings: TenantSettings {
                retention_days: row.retention_days.map(i32::unsigned_abs),
                keep_payload,
            },
            id,
            created_at: row.created_at,
        })
    }
}

pub(crate) fn entry<'a>(
    actor: &'a str,
    tenant: &'a TenantId,
    action: &'a str,
) -> NewAuditEntry<'a> {
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
                settings: TenantSettings::default(),
            })
        })
        .await
    }

    /// All tenants by name, without those that are being deleted. `page.before` is the name that the page comes behind.
    pub async fn list_tenants(
        &self,
        page: &Page<TenantId>,
    ) -> Result<Listed<Tenant, TenantId>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<TenantRow> = sqlx::query_as(concat!(
                "SELECT ",
                tenant_columns!(),
                " FROM tenants WHERE deleting_since IS NULL AND ($3::text IS NULL OR id > $3)
                 ORDER BY id LIMIT $1 OFFSET $2"
            ))
            .bind(i64::from(page.limit) + 1)
            .bind(i64::try_from(page.offset).unwrap_or(i64::MAX))
            .bind(page.before.as_ref().map(TenantId::as_str))
            .fetch_all(&mut *session)
            .await?;
            let total: i64 =
                sqlx::query_scalar("SELECT count(*) FROM tenants WHERE deleting_since IS NULL")
                    .fetch_one(&mut *session)
                    .await?;
            session.finish();
            let total = Total::exactly(total.unsigned_abs());
            Listed::of(page, rows, total, |tenant: &Tenant| tenant.id.clone())
        })
        .await
    }

    /// One tenant; one that is being deleted is not there any more.
    pub async fn get_tenant(&self, id: &TenantId) -> Result<Tenant, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row: Option<TenantRow> = sqlx::query_as(concat!(
                "SELECT ",
                tenant_columns!(),
                " FROM tenants WHERE id = $1 AND deleting_since IS NULL"
            ))
            .bind(id.as_str())
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            row.ok_or(StoreError::NotFound)?.try_into()
        })
        .await
    }

    /// Changes what holds for a tenant alone, by what it was.
    pub async fn change_tenant(
        &self,
        id: &TenantId,
        actor: &str,
        change: impl FnOnce(TenantSettings) -> TenantSettings + Send,
    ) -> Result<Tenant, StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let row: Option<TenantRow> = sqlx::query_as(concat!(
                "SELECT ",
                tenant_columns!(),
                " FROM tenants WHERE id = $1 AND deleting_since IS NULL FOR NO KEY UPDATE"
            ))
            .bind(id.as_str())
            .fetch_optional(&mut *tx)
            .await?;
            let Some(row) = row else {
                tx.rollback().await?;
                session.finish();
                return Err(StoreError::NotFound);
            };
            let before = Tenant::try_from(row)?;
            let settings = change(before.settings);
            let kept = settings.keep_payload;
            sqlx::query("UPDATE tenants SET retention_days = $2, keep_payload = $3 WHERE id = $1")
                .bind(id.as_str())
                .bind(settings.retention_days.map(stored_count))
                .bind(Some(kept.as_str()).filter(|_| kept != KeepPayload::Always))
                .execute(&mut *tx)
                .await?;
            if settings != before.settings {
                let entry = NewAuditEntry {
                    details: json!({
                        "retention_days": settings.retention_days,
                        "keep_payload": settings.keep_payload.as_str(),
                    }),
                    ..entry(actor, id, "tenant.updated")
                };
                write_audit(&mut tx, now, entry).await?;
            }
            tx.commit().await?;
            session.finish();
            Ok(Tenant { settings, ..before })
        })
        .await
    }

    /// The tenants that are being deleted: few, for a cache in memory.
    pub async fn tenants_being_deleted(&self) -> Result<Vec<TenantId>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let ids: Vec<String> =
                sqlx::query_scalar("SELECT id FROM tenants WHERE deleting_since IS NOT NULL")
                    .fetch_all(&mut *session)
                    .await?;
            session.finish();
            Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
        })
        .await
    }
}
