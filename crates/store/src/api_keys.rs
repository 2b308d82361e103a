use std::{fmt, str::FromStr};

use posthorn_domain::{ApiKeyId, Clock, TenantId, Timestamp};
use rand::Rng;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    error::StoreError,
    store::{Store, unfinished},
};

/// What the holder of a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything, for every tenant.
    Admin,
    /// Everything of its tenant.
    Manager,
    /// Publishing events of its tenant.
    Publisher,
    /// Reading what its tenant has.
    Viewer,
}

/// Not one of the four.
#[derive(Debug, Clone, thiserror::Error)]
#[error("a role is one of admin, manager, publisher, viewer")]
pub struct UnknownRole;

impl Role {
    /// The name in the API and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Publisher => "publisher",
            Self::Viewer => "viewer",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Admin, Self::Manager, Self::Publisher, Self::Viewer]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}

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
}

/// A key at the only moment when it can be read.
#[derive(Debug)]
pub struct IssuedApiKey {
    /// What is kept of it.
    pub api_key: ApiKey,
    /// `phk_` and base64url of 32 random bytes.
    pub key: SecretString,
}

impl Store {
    /// Issues a key and, if need be, creates its tenant.
    pub async fn create_api_key(
        &self,
        new: NewApiKey,
        actor: &str,
        rng: &mut (impl Rng + Send),
    ) -> Result<IssuedApiKey, StoreError> {
        let _: &dyn Clock = &*self.shared.clock;
        let _ = (new, actor, rng);
        unfinished()
    }

    /// Keys, newest first, and how many there are on all pages. `tenant`: of this tenant alone.
    pub async fn list_api_keys(
        &self,
        tenant: Option<&TenantId>,
        limit: u32,
        offset: u64,
    ) -> Result<(Vec<ApiKey>, u64), StoreError> {
        let _ = (tenant, limit, offset);
        unfinished()
    }

    /// Deletes a key. Caches of [`Store::load_api_keys`] forget it when they load again.
    pub async fn delete_api_key(&self, id: ApiKeyId, actor: &str) -> Result<(), StoreError> {
        let _ = (id, actor);
        unfinished()
    }

    /// Every key that has not expired, for a cache in memory.
    pub async fn load_api_keys(&self) -> Result<Vec<(ApiKeyHash, ApiKey)>, StoreError> {
        unfinished()
    }

    /// The key of this hash, if there is one and it has not expired.
    pub async fn find_api_key(&self, hash: &ApiKeyHash) -> Result<Option<ApiKey>, StoreError> {
        let _ = hash;
        unfinished()
    }
}
