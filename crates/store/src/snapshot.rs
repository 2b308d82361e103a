use std::collections::HashMap;

use futures::TryStreamExt;
use posthorn_domain::{Webhook, WebhookId};
use sqlx::{FromRow, Row, postgres::PgRow};
use tracing::error;
use uuid::Uuid;

use crate::{
    error::StoreError,
    session::bounded,
    store::Store,
    subscriptions::{
        FormerSubscription, UnreadableWebhook, former_subscriptions, read_subscription,
    },
    webhook_row::{WebhookRow, webhook_columns},
};

/// Changes that one call brings.
const PAGE_ROWS: i64 = 1_000;

/// The columns that a row of [`Changes`] is made of, for `concat!`.
macro_rules! changed_columns {
    () => {
        concat!(
            webhook_columns!(),
            ", event_types, deleted_at IS NOT NULL AS deleted"
        )
    };
}

/// What has changed in the webhooks of all tenants since a version; a page of it.
#[derive(Debug, Default)]
pub struct Changes {
    /// The version that applying these changes leads to. A change committed meanwhile may be among them already,
    /// and is then seen once more by the next call.
    pub version: i64,
    /// Whether more has changed than fits into one page: it comes with the changes since [`Self::version`].
    pub more: bool,
    /// Webhooks that are new or changed, enabled or not.
    pub upserts: Vec<Webhook>,
    /// Webhooks that are new or changed, and cannot be read here (logged). They are not deleted: others may read them.
    pub unreadable: Vec<UnreadableWebhook>,
    /// Webhooks that are deleted: to be forgotten. Only a tombstone says so.
    pub removed: Vec<WebhookId>,
    /// What those that are new or changed wanted before, the oldest first.
    pub former: HashMap<WebhookId, Vec<FormerSubscription>>,
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
                ..Changes::default()
            };
            let mut rows = sqlx::query(concat!(
                "SELECT ",
                changed_columns!(),
                " FROM webhooks
                 WHERE version > $1 AND ($1 > 0 OR deleted_at IS NULL) ORDER BY version LIMIT $2"
            ))
            .bind(version)
            .bind(PAGE_ROWS)
            .fetch(&mut *session);
            let (mut count, mut last, mut changed) = (0, version, Vec::new());
            while let Some(row) = rows.try_next().await? {
                count += 1;
                last = row.try_get("version")?;
                if let Some(unreadable) = self.add(&row, &mut changes, &mut changed)? {
                    error!(webhook.id = %unreadable.id, "Its deliveries wait: {}", unreadable.reason);
                }
            }
            drop(rows);
            if count == PAGE_ROWS {
                // Changes are committed in the order of their versions, so none before the last is still to come.
                (changes.version, changes.more) = (last, true);
            }
            // Read after the rows: what is committed between the two comes with the next version.
            changes.former = former_subscriptions(&mut session, &changed).await?;
            session.finish();
            Ok(changes)
        })
        .await
    }

    /// Reads some webhooks again, whether they have changed or not: what could not be read may have been sealed under
    /// another key since, which is no change. [`Changes::version`] says nothing here.
    pub async fn read_again(&self, ids: &[WebhookId]) -> Result<Changes, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
        bounded(async {
            let mut session = self.session().await?;
            let rows = sqlx::query(concat!(
                "SELECT ",
                changed_columns!(),
                " FROM webhooks WHERE id = ANY($1)"
            ))
            .bind(&ids)
            .fetch_all(&mut *session)
            .await?;
            let (mut changes, mut changed) = (Changes::default(), Vec::new());
            for row in rows {
                self.add(&row, &mut changes, &mut changed)?;
            }
            changes.former = former_subscriptions(&mut session, &changed).await?;
            session.finish();
            Ok(changes)
        })
        .await
    }

    /// Adds a row to the changes, and its id to those that are not deleted; answers one that cannot be read.
    fn add<'a>(
        &self,
        row: &PgRow,
        changes: &'a mut Changes,
        changed: &mut Vec<Uuid>,
    ) -> Result<Option<&'a UnreadableWebhook>, StoreError> {
        let uuid: Uuid = row.try_get("id")?;
        let id = WebhookId::from_uuid(uuid);
        if row.try_get("deleted")? {
            changes.removed.push(id);
            return Ok(None);
        }
        changed.push(uuid);
        match self.webhook_of(row) {
            Ok(webhook) => {
                changes.upserts.push(webhook);
                Ok(None)
            }
            Err(error) => {
                changes.unreadable.push(in_the_clear(row, id, &error)?);
                Ok(changes.unreadable.last())
            }
        }
    }

    fn webhook_of(&self, row: &PgRow) -> Result<Webhook, StoreError> {
        WebhookRow::from_row(row)?.into_webhook(&self.shared.master_keys, self.shared.url_policy)
    }
}

/// What can be known of a webhook that cannot be read.
fn in_the_clear(
    row: &PgRow,
    id: WebhookId,
    error: &StoreError,
) -> Result<UnreadableWebhook, StoreError> {
    let tenant: String = row.try_get("tenant")?;
    let event_types: Vec<String> = row.try_get("event_types")?;
    let settings: String = row.try_get("settings")?;
    Ok(UnreadableWebhook {
        id,
        tenant: tenant.parse().ok(),
        enabled: row.try_get("enabled")?,
        subscription: read_subscription(&event_types, &settings),
        reason: error.to_string(),
    })
}
