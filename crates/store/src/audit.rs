use posthorn_domain::{TenantId, Timestamp};

use crate::{
    error::StoreError,
    store::{Store, unfinished},
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

/// One page of the audit log, newest first.
#[derive(Debug, Clone)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// How many pass the filter, on all pages, up to 10,001.
    pub total: u64,
    /// Whether [`Self::total`] was counted to its end.
    pub total_exact: bool,
}

impl Store {
    /// Writes an entry.
    pub async fn audit(&self, entry: NewAuditEntry<'_>) -> Result<(), StoreError> {
        let _ = entry;
        unfinished()
    }

    /// The entries that pass the filter.
    pub async fn list_audit(
        &self,
        filter: &AuditFilter,
        limit: u32,
        offset: u64,
    ) -> Result<AuditPage, StoreError> {
        let _ = (filter, limit, offset);
        unfinished()
    }
}
