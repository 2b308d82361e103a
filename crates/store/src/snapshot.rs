use futures::TryStreamExt;
use posthorn_domain::{Webhook, WebhookId};
use sqlx::{FromRow, Row};
use tracing::error;

use crate::{
    error::StoreError,
    session::bounded,
    store::Store,
    webhook_row::{WebhookRow, webhook_columns},
};

/// Changes that one call brings.
const PAGE_ROWS: i64 = 1_000;

/// What has changed in the webhooks of all tenants since a version; a page of it.
#[derive(Debug)]
pub struct Changes {
    /// The version that applying these changes leads to. A change committed meanwhile may be among them already,
    /// and is then seen once more by the next call.
    pub version: i64,
    /// Whether more has changed than fits into one page: it comes with the changes since [`Self::version`].
    pub more: bool,
    /// Webhooks that are new or changed, enabled or not.
    pub upserts: Vec<Webhook>,
    /// Webhooks that are deleted, or whose row cannot be used (logged): to be forgotten.
    pub removed: Vec<WebhookId>,
}

impl Store {
    /// What changed after `version`, in its order; after 0 that is every live webhook.
    ///
    /// What was deleted long ago is forgotten ([`Store::forget_deleted`]): a `version` that is as old misses it.
    pub async fn changes_since(&self, version: i64) -> Result<Changes, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            // Read before the rows: what is committed between the two comes twice, never not at all.
            let current = sqlx::query_scalar("SELECT version FROM configuration")
                .fetch_one(&mut *session)
                .await?;
            let mut changes = Changes {
                version: current,
                more: false,
                upserts: Vec::new(),
                removed: Vec::new(),
            };
            let mut rows = sqlx::query(concat!(
                "SELECT ",
                webhook_columns!(),
                ", deleted_at IS NOT NULL AS deleted FROM webhooks
                 WHERE version > $1 AND ($1 > 0 OR deleted_at IS NULL) ORDER BY version LIMIT $2"
            ))
            .bind(version)
            .bind(PAGE_ROWS)
            .fetch(&mut *session);
            let (mut count, mut last) = (0, version);
            while let Some(row) = rows.try_next().await? {
                count += 1;
                last = row.try_get("version")?;
                let deleted: bool = row.try_get("deleted")?;
                let row = WebhookRow::from_row(&row)?;
                let id = WebhookId::from_uuid(row.id);
                if deleted {
                    changes.removed.push(id);
                    continue;
                }
                match row.into_webhook(&self.shared.master_keys, self.shared.url_policy) {
                    Ok(webhook) => changes.upserts.push(webhook),
                    Err(error) => {
                        error!(webhook.id = %id, %error, "Webhook {id} gets no deliveries until it is changed: {error}");
                        changes.removed.push(id);
                    }
                }
            }
            drop(rows);
            if count == PAGE_ROWS {
                // Changes are committed in the order of their versions, so none before the last is still to come.
                (changes.version, changes.more) = (last, true);
            }
            session.finish();
            Ok(changes)
        })
        .await
    }
}
