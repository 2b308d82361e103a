use posthorn_domain::{Webhook, WebhookId};

use crate::{
    error::StoreError,
    store::{Store, unfinished},
};

/// What has changed in the webhooks of all tenants since a version.
#[derive(Debug)]
pub struct Changes {
    /// The version that applying these changes leads to.
    pub version: i64,
    /// Webhooks that are new or changed, enabled or not.
    pub upserts: Vec<Webhook>,
    /// Webhooks that are deleted, or whose row cannot be used (logged): to be forgotten.
    pub removed: Vec<WebhookId>,
}

impl Store {
    /// The version of the configuration: every change of a webhook raises it. One tiny query.
    ///
    /// A webhook whose creation was answered before this call is in `changes_since` any older version.
    pub async fn config_version(&self) -> Result<i64, StoreError> {
        unfinished()
    }

    /// What changed after `version`; after 0 that is every live webhook.
    pub async fn changes_since(&self, version: i64) -> Result<Changes, StoreError> {
        let _ = version;
        unfinished()
    }
}
