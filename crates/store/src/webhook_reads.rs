use posthorn_domain::{EventType, TenantId, UrlPolicy, Webhook, WebhookId};
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
    /// One that cannot be read (its master key is missing) is left out and logged, so that the others can be seen.
    pub async fn list_webhooks(
        &self,
        tenant: &TenantId,
        filter: &WebhookFilter,
    ) -> Result<(Vec<Webhook>, u64), StoreError> {
        let (rows, total) = bounded(async {
            let mut session = self.session().await?;
            let page = CountedPage {
                columns: webhook_columns!(),
                order: "id DESC",
                limit: filter.limit,
                offset: filter.offset,
            };
            let found = page
                .read::<WebhookRow>(&mut session, |query| filter.push(query, tenant))
                .await?;
            session.finish();
            Ok::<_, StoreError>(found)
        })
        .await?;
        let store = self.clone();
        // Secrets are opened and templates compiled: with the largest that a tenant may have, work for seconds.
        let webhooks = tokio::task::spawn_blocking(move || store.readable_of(rows));
        let webhooks = webhooks
            .await
            .map_err(|error| StoreError::Other(Box::new(error)))?;
        Ok((webhooks, total))
    }

    /// Those rows that can be read.
    fn readable_of(&self, rows: Vec<WebhookRow>) -> Vec<Webhook> {
        let mut webhooks = Vec::with_capacity(rows.len());
        for row in rows {
            let id = WebhookId::from_uuid(row.id);
            match self.readable(row) {
                Ok(webhook) => webhooks.push(webhook),
                Err(error) => {
                    error!(webhook.id = %id, %error, "Left webhook {id} out of a list: {error}");
                }
            }
        }
        webhooks
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
