use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use posthorn_domain::{ApiKeyId, TenantId, Timestamp};
use rand::{Rng, RngExt};
use secrecy::SecretString;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    audit::{NewAuditEntry, write_audit},
    error::StoreError,
    page::{Listed, Page, Total},
    role::Role,
    session::bounded,
    store::Store,
    tenants::ensure_tenant,
    text::clean,
};

/// SHA-256 of a key: enough to recognise it, useless to whoever reads the database. A key holds 256 random
/// bits, so a slow password hash would protect nothing more.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ApiKeyHash([u8; 32]);

impl ApiKeyHash {
    /// The hash of a key as its holder presents it.
    pub fn of(key: &str) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// The 32 bytes, for a comparison in constant time.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ApiKeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeyHash")
    }
}

/// A key to issue.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// What its holder may do.
    pub role: Role,
    /// Whose it is; `None` for an admin alone.
    pub tenant: Option<TenantId>,
    /// When it stops working, if ever.
    pub expires_at: Option<Timestamp>,
}

/// A key as it is kept: everything but the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// What its holder may do.
    pub role: Role,
    /// Whose it is; `None` for an admin alone.
    pub tenant: Option<TenantId>,
    /// The first characters of the key, to recognise it by.
    pub hint: String,
    /// When it stops working, if ever.
    pub expires_at: Option<Timestamp>,
    /// Who issued it.
    pub created_by: String,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it was last used, about a minute behind; `None` before that was first noted.
    pub last_used_at: Option<Timestamp>,
}

/// Every key, for a cache in memory.
#[derive(Debug)]
pub struct LoadedApiKeys {
    /// Those that can be read.
    pub keys: Vec<(ApiKeyHash, ApiKey)>,
    /// Those that cannot: they open nothing.
    pub unreadable: Vec<ApiKeyId>,
}

/// A key at the only moment when it can be read.
#[derive(Debug)]
pub struct IssuedApiKey {
    /// What is kept of it.
    pub api_key: ApiKey,
    /// `phk_` and base64url of 32 random bytes.
    pub key: SecretString,
}

/// Random bytes in a key.
const KEY_BYTES: usize = 32;
/// What a key begins with, so that people and scanners for leaked secrets recognise it.
const KEY_PREFIX: &str = "phk_";
/// Characters of a key that are kept in the clear: the prefix and 24 bits of 256.
const HINT_CHARS: usize = KEY_PREFIX.len() + 4;

/// The columns of [`ApiKeyRow`], for `concat!`.
macro_rules! api_key_columns {
    () => {
        "id, hash, hint, name, role, tenant, created_by, created_at, expires_at, last_used_at"
    };
}

#[derive(sqlx::FromRow)]
struct ApiKeyRow {
    id: Uuid,
    hash: [u8; 32],
    hint: String,
    name: String,
    role: String,
    tenant: Option<String>,
    created_by: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> Result<Self, StoreError> {
        let id = ApiKeyId::from_uuid(row.id);
        let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of API key {id}"));
        Ok(Self {
            id,
            name: row.name,
            role: row.role.parse().map_err(|_| corrupt("the role"))?,
            tenant: row
                .tenant
                .map(|tenant| tenant.parse())
                .transpose()
                .map_err(|_| corrupt("the tenant"))?,
            hint: row.hint,
            expires_at: row.expires_at,
            created_by: row.created_by,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
    }
}

fn entry<'a>(actor: &'a str, tenant: Option<&'a TenantId>, action: &'a str) -> NewAuditEntry<'a> {
    NewAuditEntry {
        actor,
        tenant,
        action,
        target_kind: "api_key",
        target_id: "",
        details: json!({}),
    }
}

impl Store {
    /// Issues a key and, if need be, creates its tenant.
    pub async fn create_api_key(
        &self,
        new: NewApiKey,
        actor: &str,
        rng: &mut (impl Rng + Send),
    ) -> Result<IssuedApiKey, StoreError> {
        let now = self.shared.clock.now();
        let random = Zeroizing::new(rng.random::<[u8; KEY_BYTES]>());
        let key = format!("{KEY_PREFIX}{}", URL_SAFE_NO_PAD.encode(*random));
        let api_key = ApiKey {
            id: ApiKeyId::generate(&*self.shared.clock, rng),
            name: clean(&new.name).into_owned(),
            role: new.role,
            tenant: new.tenant,
            hint: key.chars().take(HINT_CHARS).collect(),
            expires_at: new.expires_at,
            created_by: clean(actor).into_owned(),
            created_at: now,
            last_used_at: None,
        };
        bounded(async {
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            if let Some(tenant) = &api_key.tenant {
                ensure_tenant(&mut tx, tenant, now).await?;
            }
            sqlx::query(
                "INSERT INTO api_keys (id, hash, hint, name, role, tenant, created_by, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(api_key.id.as_uuid())
            .bind(ApiKeyHash::of(&key).as_bytes())
            .bind(&api_key.hint)
            .bind(&api_key.name)
            .bind(api_key.role.as_str())
            .bind(api_key.tenant.as_ref().map(TenantId::as_str))
            .bind(&api_key.created_by)
            .bind(now)
            .bind(api_key.expires_at)
            .execute(&mut *tx)
            .await?;
            write_audit(
                &mut tx,
                now,
                NewAuditEntry {
                    target_id: &api_key.id.to_string(),
                    details: json!({ "name": api_key.name, "role": api_key.role }),
                    ..entry(actor, api_key.tenant.as_ref(), "api_key.created")
                },
            )
            .await?;
            tx.commit().await?;
            session.finish();
            Ok::<_, StoreError>(())
        })
        .await?;
        Ok(IssuedApiKey {
            api_key,
            key: key.into(),
        })
    }

    /// Keys, newest first. `tenant`: of this tenant alone. One that cannot be read is left out.
    pub async fn list_api_keys(
        &self,
        tenant: Option<&TenantId>,
        page: &Page<ApiKeyId>,
    ) -> Result<Listed<ApiKey, ApiKeyId>, StoreError> {
        let tenant = tenant.map(TenantId::as_str);
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<ApiKeyRow> = sqlx::query_as(concat!(
                "SELECT ",
                api_key_columns!(),
                " FROM api_keys WHERE ($1::text IS NULL OR tenant = $1) AND ($4::uuid IS NULL OR id < $4)
                 ORDER BY id DESC LIMIT $2 OFFSET $3"
            ))
            .bind(tenant)
            .bind(i64::from(page.limit) + 1)
            .bind(i64::try_from(page.offset).unwrap_or(i64::MAX))
            .bind(page.before.map(|id| id.as_uuid()))
            .fetch_all(&mut *session)
            .await?;
            let total: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM api_keys WHERE $1::text IS NULL OR tenant = $1",
            )
            .bind(tenant)
            .fetch_one(&mut *session)
            .await?;
            session.finish();
            let total = Total::exactly(total.unsigned_abs());
            Ok(Listed::of_readable(page, rows, total, |key: &ApiKey| key.id))
        })
        .await
    }

    /// One key.
    pub async fn get_api_key(&self, id: ApiKeyId) -> Result<ApiKey, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row: Option<ApiKeyRow> = sqlx::query_as(concat!(
                "SELECT ",
                api_key_columns!(),
                " FROM api_keys WHERE id = $1"
            ))
            .bind(id.as_uuid())
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            row.ok_or(StoreError::NotFound)?.try_into()
        })
        .await
    }

    /// Deletes a key. Caches of [`Store::load_api_keys`] forget it when they load again.
    pub async fn delete_api_key(&self, id: ApiKeyId, actor: &str) -> Result<(), StoreError> {
        bounded(async {
            let now = self.shared.clock.now();
            let mut session = self.session().await?;
            let mut tx = session.transaction().await?;
            let row: Option<ApiKeyRow> = sqlx::query_as(concat!(
                "DELETE FROM api_keys WHERE id = $1 RETURNING ",
                api_key_columns!()
            ))
            .bind(id.as_uuid())
            .fetch_optional(&mut *tx)
            .await?;
            // As it stands: what cannot be read can be deleted.
            let Some(deleted) = row else {
                tx.rollback().await?;
                session.finish();
                return Err(StoreError::NotFound);
            };
            let tenant = deleted.tenant.and_then(|tenant| tenant.parse().ok());
            write_audit(
                &mut tx,
                now,
                NewAuditEntry {
                    target_id: &id.to_string(),
                    details: json!({ "name": deleted.name, "role": deleted.role }),
                    ..entry(actor, tenant.as_ref(), "api_key.deleted")
                },
            )
            .await?;
            tx.commit().await?;
            session.finish();
            Ok(())
        })
        .await
    }

    /// Every key that has not expired, for a cache in memory. One that cannot be read does not hide the others.
    pub async fn load_api_keys(&self) -> Result<LoadedApiKeys, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<ApiKeyRow> = sqlx::query_as(concat!(
                "SELECT ",
                api_key_columns!(),
                " FROM api_keys WHERE expires_at IS NULL OR expires_at > $1"
            ))
            .bind(self.shared.clock.now())
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            let mut loaded = LoadedApiKeys {
                keys: Vec::with_capacity(rows.len()),
                unreadable: Vec::new(),
            };
            for row in rows {
                let (id, hash) = (ApiKeyId::from_uuid(row.id), ApiKeyHash(row.hash));
                match ApiKey::try_from(row) {
                    Ok(key) => loaded.keys.push((hash, key)),
                    Err(_) => loaded.unreadable.push(id),
                }
            }
            Ok(loaded)
        })
        .await
    }

    /// The key of this hash, if there is one and it has not expired.
    pub async fn find_api_key(&self, hash: &ApiKeyHash) -> Result<Option<ApiKey>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row: Option<ApiKeyRow> = sqlx::query_as(concat!(
                "SELECT ",
                api_key_columns!(),
                " FROM api_keys WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)"
            ))
            .bind(hash.as_bytes())
            .bind(self.shared.clock.now())
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            row.map(ApiKey::try_from).transpose()
        })
        .await
    }
}
