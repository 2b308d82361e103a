//! What webhooks want and wanted: all that is needed to know for whom an event is.

use std::collections::HashMap;

use posthorn_domain::{
    EventTypePattern, Filter, Subscription, SubscriptionFilter, TenantId, Timestamp, WebhookId,
};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{error::StoreError, retention::RetentionTime, store::Store};

/// What a webhook wanted until it was changed or disabled.
#[derive(Debug)]
pub struct FormerSubscription {
    /// When that ended, by the database's clock.
    pub ended_at: Timestamp,
    /// What it was.
    pub subscription: Subscription,
}

/// A webhook of which only what stands in the clear could be read.
///
/// It is sealed under a master key that this process does not have, holds what a newer release wrote, or is damaged.
#[derive(Debug)]
pub struct UnreadableWebhook {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is; `None` if that is no tenant's name.
    pub tenant: Option<TenantId>,
    /// Whether events are delivered.
    pub enabled: bool,
    /// What it wants, as far as that can be read.
    pub subscription: Subscription,
    /// Why it cannot be read, in words for an operator.
    pub reason: String,
}

/// Reads the columns `event_types` and `settings`. Never fails: what cannot be read is left open.
pub(crate) fn read_subscription(event_types: &[String], settings: &str) -> Subscription {
    let patterns: Result<Vec<EventTypePattern>, _> = event_types
        .iter()
        .map(|pattern| pattern.parse::<EventTypePattern>())
        .collect();
    match patterns {
        Ok(event_types) => Subscription {
            event_types,
            filter: read_filter(settings),
        },
        Err(_) => Subscription {
            event_types: vec![EventTypePattern::All],
            filter: SubscriptionFilter::Unreadable,
        },
    }
}

fn read_filter(settings: &str) -> SubscriptionFilter {
    #[derive(Deserialize)]
    struct Settings {
        filter: Option<String>,
    }
    match serde_json::from_str(settings) {
        Ok(Settings { filter: None }) => SubscriptionFilter::None,
        Ok(Settings {
            filter: Some(source),
        }) => Filter::stored(&source).map_or(SubscriptionFilter::Unreadable, |filter| {
            SubscriptionFilter::Known(Box::new(filter))
        }),
        Err(_) => SubscriptionFilter::Unreadable,
    }
}

/// The former subscriptions of these webhooks, the oldest first.
pub(crate) async fn former_subscriptions(
    connection: &mut PgConnection,
    webhooks: &[Uuid],
) -> Result<HashMap<WebhookId, Vec<FormerSubscription>>, StoreError> {
    let mut former: HashMap<WebhookId, Vec<FormerSubscription>> = HashMap::new();
    if webhooks.is_empty() {
        return Ok(former);
    }
    let rows: Vec<(Uuid, Timestamp, Vec<String>, String)> = sqlx::query_as(
        "SELECT webhook_id, ended_at, event_types, settings FROM former_subscriptions
         WHERE webhook_id = ANY($1) ORDER BY webhook_id, ended_at",
    )
    .bind(webhooks)
    .fetch_all(connection)
    .await?;
    for (webhook, ended_at, event_types, settings) in rows {
        former
            .entry(WebhookId::from_uuid(webhook))
            .or_default()
            .push(FormerSubscription {
                ended_at,
                subscription: read_subscription(&event_types, &settings),
            });
    }
    Ok(former)
}

impl Store {
    /// Deletes former subscriptions that ended more than `days` ago, from when no event is kept; how many that were.
    pub async fn drop_former_subscriptions(
        &self,
        time: RetentionTime,
        days: u32,
    ) -> Result<u64, StoreError> {
        self.delete_in_rounds(
            "DELETE FROM former_subscriptions WHERE ctid = ANY (ARRAY(
                 SELECT ctid FROM former_subscriptions WHERE ended_at < $1 ORDER BY ended_at LIMIT $2))",
            time.days_before(days),
        )
        .await
    }
}
