use posthorn_domain::{
    DisabledReason, EventType, TenantId, Timestamp, UrlPolicy, Webhook, WebhookId,
};
use sqlx::{PgConnection, Postgres, QueryBuilder};
use tracing::error;

use crate::{
    counted_page::CountedPage,
    error::StoreError,
    session::bounded,
    store::Store,
    text::clean,
    webhook_row::{WebhookRow, webhook_columns},
};

/// Which webhooks are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default)]
pub struct WebhookFilter {
    /// Enabled, or not.
    pub enabled: Option<bool>,
    /// With a pattern that matches this type.
    pub event_type: Option<EventType>,
    /// With this text in their name or URL, whatever the case.
    pub search: Option<String>,
    /// Most to return.
    pub limit: u32,
    /// How many to skip.
    pub offset: u64,
}

/// A webhook of a list.
#[derive(Debug)]
pub enum ListedWebhook {
    /// As any other answer shows it.
    Readable(Box<Webhook>),
    /// What its row says of it.
    Unreadable(Box<SealedWebhook>),
}

/// A webhook of which something cannot be read here: its secrets are sealed with another master key, a newer release
/// wrote it, or its row is damaged.
#[derive(Debug, Clone)]
pub struct SealedWebhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What it is called.
    pub name: String,
    /// Where its requests go.
    pub url: String,
    /// The patterns of the event types that it wants, as they were written.
    pub event_types: Vec<String>,
    /// Whether events are delivered.
    pub enabled: bool,
    /// Why Posthorn disabled it, if it did.
    pub disabled_reason: Option<DisabledReason>,
    /// Who created it.
    pub created_by: String,
    /// Who changed it last.
    pub updated_by: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

impl ListedWebhook {
    /// Its id.
    pub fn id(&self) -> WebhookId {
        match self {
            Self::Readable(webhook) => webhook.id,
            Self::Unreadable(webhook) => webhook.id,
        }
    }
}

/// A row with what can be shown without reading it.
#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    row: WebhookRow,
    name: String,
    url: String,
    event_types: Vec<String>,
}

impl WebhookFilter {
    fn push(&self, query: &mut QueryBuilder<Postgres>, tenant: &TenantId) {
        query
            .push(" FROM webhooks WHERE deleted_at IS NULL AND tenant = ")
            .push_bind(tenant.as_str().to_owned());
        if let Some(enabled) = self.enabled {
            query.push(" AND enabled = ").push_bind(enabled);
        }
        if let Some(event_type) = &self.event_type {
            query
                .push(" AND event_types && ")
                .push_bind(matching_patterns(event_type));
        }
        if let Some(search) = &self.search {
            let search = clean(search).into_owned();
            query
                .push(" AND (position(lower(")
                .push_bind(search.clone())
                .push(") IN lower(name)) > 0 OR position(lower(")
                .push_bind(search)
                .push(") IN lower(url)) > 0)");
        }
    }
}

/// Every pattern that matches the type.
fn matching_patterns(event_type: &EventType) -> Vec<String> {
    let all = (!event_type.is_operational()).then(|| "*".to_owned());
    let prefixes = event_type.prefixes().map(|prefix| format!("{prefix}.*"));
    all.into_iter()
        .chain([event_type.to_string()])
        .chain(prefixes)
        .collect()
}

/// Reads a live webhook of the tenant and locks it for the transaction.
pub(crate) async fn lock_webhook(
    connection: &mut PgConnection,
    tenant: &TenantId,
    id: WebhookId,
) -> Result<Option<WebhookRow>, StoreError> {
    let row = sqlx::query_as(concat!(
        "SELECT ",
        webhook_columns!(),
        " FROM webhooks WHERE id = $1 AND tenant = $2 AND deleted_at IS NULL FOR NO KEY UPDATE"
    ))
    .bind(id.as_uuid())
    .bind(tenant.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(row)
}

impl Store {
    /// A row for its owner's eyes. A URL that the policy no longer allows is shown, so that it can be changed.
    pub(crate) fn readable(&self, row: WebhookRow) -> Result<Webhook, StoreError> {
        row.into_webhook(&self.shared.master_keys, UrlPolicy::HttpAllowed)
    }

    /// One webhook of the tenant.
    pub async fn get_webhook(
        &self,
        tenant: &TenantId,
        id: WebhookId,
    ) -> Result<Webhook, StoreError> {
        let row: Option<WebhookRow> = bounded(async {
            let mut session = self.session().await?;
            let row = sqlx::query_as(concat!(
                "SELECT ",
                webhook_columns!(),
                " FROM webhooks WHERE id = $1 AND tenant = $2 AND deleted_at IS NULL"
            ))
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            Ok::<_, StoreError>(row)
        })
        .await?;
        self.readable(row.ok_or(StoreError::NotFound)?)
    }

    /// The tenant's webhooks that pass the filter, newest first, and how many do on all pages.
    ///
    /// One that cannot be read (its master key is missing, say) is among them as far as it can be shown, and logged.
    pub async fn list_webhooks(
        &self,
        tenant: &TenantId,
        filter: &WebhookFilter,
    ) -> Result<(Vec<ListedWebhook>, u64), StoreError> {
        let (rows, total) = bounded(async {
            let mut session = self.session().await?;
            let page = CountedPage {
                columns: concat!(webhook_columns!(), ", name, url, event_types"),
                order: "id DESC",
                limit: filter.limit,
                offset: filter.offset,
            };
            let found = page
                .read::<ListedRow>(&mut session, |query| filter.push(query, tenant))
                .await?;
            session.finish();
            Ok::<_, StoreError>(found)
        })
        .await?;
        let store = self.clone();
        // Secrets are opened and templates compiled: with the largest that a tenant may have, work for seconds.
        let listed = tokio::task::spawn_blocking(move || {
            let listed = rows.into_iter().map(|row| store.listed(row));
            listed.collect::<Result<Vec<_>, _>>()
        });
        let listed = listed
            .await
            .map_err(|error| StoreError::Other(Box::new(error)))??;
        Ok((listed, total))
    }

    fn listed(&self, row: ListedRow) -> Result<ListedWebhook, StoreError> {
        let shown = SealedWebhook {
            id: WebhookId::from_uuid(row.row.id),
            // Of the tenant that was asked for.
            tenant: row.row.tenant.parse().map_err(|_| {
                StoreError::Corrupt(format!("the tenant of webhook {}", row.row.id))
            })?,
            name: row.name,
            url: row.url,
            event_types: row.event_types,
            enabled: row.row.enabled,
            disabled_reason: row
                .row
                .disabled_reason
                .as_ref()
                .and_then(|reason| reason.parse().ok()),
            created_by: row.row.created_by.clone(),
            updated_by: row.row.updated_by.clone(),
            created_at: row.row.created_at,
            updated_at: row.row.updated_at,
        };
        Ok(match self.readable(row.row) {
            Ok(webhook) => ListedWebhook::Readable(Box::new(webhook)),
            Err(error) => {
                let id = shown.id;
                error!(webhook.id = %id, %error, "Cannot read webhook {id} of a list: {error}");
                ListedWebhook::Unreadable(Box::new(shown))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use posthorn_domain::EventTypePattern;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_patterns_are_those_that_match(
            event_type in "([ab](\\.[ab]){0,3}|webhook\\.(failing|created))",
            pattern in "(\\*|[ab](\\.[ab]){0,3}(\\.\\*)?|webhook(\\.(\\*|failing))?)",
        ) {
            let event_type: EventType = event_type.parse().unwrap();
            let matches = pattern.parse::<EventTypePattern>().unwrap().matches(&event_type);
            prop_assert_eq!(matching_patterns(&event_type).contains(&pattern), matches);
        }
    }
}
