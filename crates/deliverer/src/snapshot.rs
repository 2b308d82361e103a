//! The webhooks, in memory, never stale.
//!
//! A change makes a new snapshot that shares with the one before it whatever did not change: it costs the same
//! among a hundred thousand webhooks as among ten, give or take.
//!
//! Beside what webhooks want now it knows what they wanted before they were changed or disabled, for events that were
//! accepted before that; and of those that this process cannot read, what stands in the clear.

use std::sync::Arc;

use posthorn_domain::{TenantId, Webhook, WebhookId};
use posthorn_store::{Changes, FormerSubscription, UnreadableWebhook};

use crate::{shared_map::SharedMap, tenant_index::TenantIndex};

/// All webhooks at one version of the configuration. Immutable; a change makes a new one.
#[derive(Debug, Default, Clone)]
pub(crate) struct Snapshot {
    version: i64,
    by_id: SharedMap<WebhookId, Known>,
    by_tenant: SharedMap<TenantId, TenantIndex>,
    unreadable: usize,
}

/// A webhook as this process knows it. One that is not known at all is deleted.
#[derive(Debug, Clone)]
pub(crate) enum Known {
    /// All of it.
    Readable(Arc<Webhook>),
    /// What stands in the clear. Nothing of it may be settled here: another process can read it, or will.
    Unreadable(Arc<UnreadableWebhook>),
}

impl Known {
    pub(crate) fn enabled(&self) -> bool {
        match self {
            Self::Readable(webhook) => webhook.enabled,
            Self::Unreadable(webhook) => webhook.enabled,
        }
    }

    pub(crate) fn readable(&self) -> Option<&Arc<Webhook>> {
        match self {
            Self::Readable(webhook) => Some(webhook),
            Self::Unreadable(_) => None,
        }
    }

    fn tenant(&self) -> Option<&TenantId> {
        match self {
            Self::Readable(webhook) => Some(&webhook.tenant),
            Self::Unreadable(webhook) => webhook.tenant.as_ref(),
        }
    }
}

impl Snapshot {
    /// The configuration version that this snapshot shows.
    pub(crate) fn version(&self) -> i64 {
        self.version
    }

    /// How many webhooks cannot be read here.
    pub(crate) fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// Those that cannot be read here.
    pub(crate) fn unreadable_ids(&self) -> impl Iterator<Item = WebhookId> {
        self.by_id.values().filter_map(|known| match known {
            Known::Readable(_) => None,
            Known::Unreadable(webhook) => Some(webhook.id),
        })
    }

    /// What is known of a webhook, enabled or not; `None` if it is deleted.
    pub(crate) fn known(&self, id: WebhookId) -> Option<&Known> {
        self.by_id.get(&id)
    }

    /// The webhook of this id, enabled or not, if it can be read.
    pub(crate) fn get(&self, id: WebhookId) -> Option<&Arc<Webhook>> {
        self.known(id).and_then(Known::readable)
    }

    /// Every webhook that can be read, enabled or not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Webhook>> {
        self.by_id.values().filter_map(Known::readable)
    }

    /// Applies changes. What this snapshot shares with others stays as it is for them.
    pub(crate) fn apply(&mut self, mut changes: Changes) {
        self.version = changes.version;
        for id in changes.removed {
            self.take_out(id);
        }
        for webhook in changes.upserts {
            let former = changes.former.remove(&webhook.id).unwrap_or_default();
            let known = Known::Readable(Arc::new(webhook.lean()));
            self.put_in(known, former);
        }
        for webhook in changes.unreadable {
            let former = changes.former.remove(&webhook.id).unwrap_or_default();
            self.put_in(Known::Unreadable(Arc::new(webhook)), former);
        }
    }

    fn put_in(&mut self, known: Known, former: Vec<FormerSubscription>) {
        let id = match &known {
            Known::Readable(webhook) => webhook.id,
            Known::Unreadable(webhook) => webhook.id,
        };
        self.take_out(id);
        if let Some(tenant) = known.tenant() {
            let insert = |index: &mut TenantIndex| index.insert(&known, former);
            self.by_tenant.change(tenant, insert, TenantIndex::is_empty);
        }
        self.unreadable += usize::from(known.readable().is_none());
        self.by_id.insert(id, known);
    }

    fn take_out(&mut self, id: WebhookId) {
        let Some(old) = self.by_id.remove(&id) else {
            return;
        };
        self.unreadable -= usize::from(old.readable().is_none());
        if let Some(tenant) = old.tenant() {
            let remove = |index: &mut TenantIndex| index.remove(&old);
            self.by_tenant.change(tenant, remove, TenantIndex::is_empty);
        }
    }

    /// What is compared with the events of a tenant.
    pub(crate) fn of_tenant(&self, tenant: &TenantId) -> Option<&TenantIndex> {
        self.by_tenant.get(tenant)
    }
}

#[cfg(test)]
mod tests {
    use posthorn_domain::{Event, Timestamp};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::tests_support::{event, filter_failures, webhook};

    impl Snapshot {
        fn wanted(&self, event: &Event) -> Vec<Arc<Webhook>> {
            let found = self.matching(event, Timestamp::MAX_UTC, &filter_failures());
            found.wanted
        }

        pub(crate) fn with_changes(
            &self,
            version: i64,
            upserts: Vec<Webhook>,
            removed: &[WebhookId],
        ) -> Self {
            let mut next = self.clone();
            next.apply(Changes {
                version,
                upserts,
                removed: removed.to_vec(),
                ..Changes::default()
            });
            next
        }
    }

    fn names(snapshot: &Snapshot, event: &Event) -> Vec<String> {
        let mut names: Vec<_> = snapshot
            .wanted(event)
            .iter()
            .map(|w| w.settings.name.clone())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_webhook_is_matched_once_whatever_lists_it() {
        let many = webhook(
            1,
            "a",
            &json!({"event_types": ["*", "user.*", "user.created", "user.created.x"]}),
        );
        let snapshot = Snapshot::default().with_changes(1, vec![many], &[]);
        assert_eq!(snapshot.wanted(&event("a", "user.created", "1")).len(), 1);
    }

    #[test]
    fn tenants_and_disabled_webhooks_are_apart() {
        let snapshot = Snapshot::default().with_changes(
            3,
            vec![
                webhook(1, "a", &json!({"name": "mine"})),
                webhook(2, "b", &json!({"name": "theirs"})),
                webhook(3, "a", &json!({"name": "off", "enabled": false})),
            ],
            &[],
        );
        assert_eq!(names(&snapshot, &event("a", "x", "1")), ["mine"]);
        assert!(names(&snapshot, &event("c", "x", "1")).is_empty());
        assert_eq!(snapshot.by_id.len(), 3);
    }

    #[test]
    fn a_change_replaces_and_a_removal_removes() {
        let old = webhook(1, "a", &json!({"event_types": ["old.*"]}));
        let id = old.id;
        let snapshot = Snapshot::default().with_changes(1, vec![old], &[]);
        let snapshot = snapshot.with_changes(
            2,
            vec![webhook(1, "a", &json!({"event_types": ["new"]}))],
            &[],
        );
        assert_eq!(snapshot.wanted(&event("a", "old.x", "1")).len(), 0);
        assert_eq!(snapshot.wanted(&event("a", "new", "1")).len(), 1);
        let snapshot = snapshot.with_changes(3, Vec::new(), &[id]);
        assert_eq!((snapshot.version(), snapshot.by_id.len()), (3, 0));
        assert!(snapshot.wanted(&event("a", "new", "1")).is_empty());
        assert!(snapshot.by_tenant.is_empty(), "nothing stays behind");
    }

    #[test]
    fn what_posthorn_says_of_itself_goes_to_those_who_name_it() {
        let snapshot = Snapshot::default().with_changes(
            1,
            vec![
                webhook(1, "a", &json!({"name": "all"})),
                webhook(
                    2,
                    "a",
                    &json!({"name": "exact", "event_types": ["*", "webhook.failing"]}),
                ),
                webhook(
                    3,
                    "a",
                    &json!({"name": "prefix", "event_types": ["webhook.*"]}),
                ),
                webhook(
                    4,
                    "a",
                    &json!({"name": "another", "event_types": ["webhook.disabled"]}),
                ),
            ],
            &[],
        );
        let of_type = |event_type| names(&snapshot, &event("a", event_type, "1"));
        assert_eq!(of_type("webhook.failing"), ["exact", "prefix"]);
        assert_eq!(of_type("webhook.created"), ["all", "exact", "prefix"]);
        assert!(of_type("delivery.exhausted").is_empty());
    }

    #[test]
    fn a_filter_that_fails_matches_nothing_and_harms_nobody() {
        let snapshot = Snapshot::default().with_changes(
            1,
            vec![
                webhook(
                    1,
                    "a",
                    &json!({"name": "large", "filter": "data.amount > 100"}),
                ),
                webhook(
                    2,
                    "a",
                    &json!({"name": "broken", "filter": "data.absent.key > 1"}),
                ),
                webhook(3, "a", &json!({"name": "any"})),
            ],
            &[],
        );
        assert_eq!(
            names(&snapshot, &event("a", "x", r#"{"amount":101}"#)),
            ["any", "large"]
        );
        assert_eq!(
            names(&snapshot, &event("a", "x", r#"{"amount":100}"#)),
            ["any"]
        );
        assert_eq!(names(&snapshot, &event("a", "x", "[]")), ["any"]);
    }

    proptest! {
        /// The index finds exactly what trying every pattern finds.
        #[test]
        fn the_index_agrees_with_the_patterns(
            patterns in prop::collection::vec(prop::collection::vec(
                "(\\*|[ab](\\.[ab]){0,2}(\\.\\*)?|webhook\\.(\\*|failing))", 1..4), 1..12),
            event_type in "([ab](\\.[ab]){0,3}|webhook\\.(failing|created))",
        ) {
            let webhooks: Vec<_> = patterns
                .iter()
                .enumerate()
                .map(|(i, patterns)| webhook(i as u128, "a", &json!({"name": format!("{i:02}"), "event_types": patterns})))
                .collect();
            let event = event("a", &event_type, "1");
            let mut expected: Vec<_> = webhooks
                .iter()
                .filter(|w| w.settings.wants_type(&event.event_type))
                .map(|w| w.settings.name.clone())
                .collect();
            expected.sort();
            let snapshot = Snapshot::default().with_changes(1, webhooks, &[]);
            prop_assert_eq!(names(&snapshot, &event), expected);
        }
    }
}
