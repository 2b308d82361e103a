use std::sync::Arc;

use posthorn_domain::{ApiKeyId, TenantId, Timestamp};
use posthorn_store::{ApiKey, Role};
use tokio::time::Instant;

use super::usage::Usage;

/// Whose share something is: a key's, by its id; `None` for the bootstrap key.
pub(crate) type KeyHolder = Option<ApiKeyId>;

/// Who has a key.
#[derive(Debug)]
pub(crate) struct Holder {
    pub(crate) id: KeyHolder,
    /// The key's name and id: what the audit log and `created_by` say.
    pub(crate) actor: Arc<str>,
    pub(crate) role: Role,
    /// `None`: every tenant.
    pub(crate) tenant: Option<TenantId>,
    pub(crate) expires_at: Option<Timestamp>,
    /// When the database was asked for it.
    pub(super) known_at: Instant,
    pub(super) usage: Arc<Usage>,
}

/// Who sent a request, as far as is known. Every request carries one.
#[derive(Debug, Clone)]
pub(crate) enum Identity {
    /// Somebody with a key.
    Holder(Arc<Holder>),
    /// Nobody that is known.
    Nobody(Nobody),
}

/// Why nobody is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nobody {
    /// There is no key in the request.
    NoKey,
    /// There is no such key.
    UnknownKey,
    /// Whether there is such a key, only the database knows, and it is away.
    Undecided,
    /// Whether there is such a key, only the database knows, and it is asked often enough.
    NotAsked,
}

impl Holder {
    pub(super) fn of(key: ApiKey, known_at: Instant, usage: Arc<Usage>) -> Self {
        Self {
            id: Some(key.id),
            actor: format!("{} ({})", key.name, key.id).into(),
            role: key.role,
            tenant: key.tenant,
            expires_at: key.expires_at,
            known_at,
            usage,
        }
    }

    pub(super) fn is_valid_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}
