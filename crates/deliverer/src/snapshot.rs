//! The webhooks, in memory, never stale.
//!
//! A change makes a new snapshot that shares with the one before it whatever did not change: it costs the same
//! among a hundred thousand webhooks as among ten, give or take.
//!
//! Beside what webhooks want now it knows what they wanted before they were changed or disabled, for events that were
//! accepted before that; and of those that this process cannot read, what stands in the clear.

use std::{collections::HashSet, sync::Arc};

use posthorn_domain::{
    Event, EventContext, FilterFailed, Subscription, TenantId, Timestamp, Wanted, Webhook,
    WebhookId,
};
use posthorn_store::{Changes, FormerSubscription, UnreadableWebhook};
use tracing::warn;

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

/// For whom an event is that was accepted at some moment. Each webhook is in one of the lists, once.
#[derive(Debug, Default)]
pub(crate) struct Matching {
    /// Get it.
    pub(crate) webhooks: Vec<Arc<Webhook>>,
    /// Wanted it when it was accepted, and were disabled since.
    pub(crate) disabled: Vec<Arc<Webhook>>,
    /// Cannot be read here.
    pub(crate) unreadable: Vec<UnreadableMatch>,
}

/// A webhook that cannot be read here, and that wants the event or may want it.
#[derive(Debug)]
pub(crate) struct UnreadableMatch {
    pub(crate) webhook: WebhookId,
    /// Whether it is known that it wants the event.
    pub(crate) decided: bool,
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

    /// For whom an event is that was accepted at `accepted_at`: for those that want it now, and for those that wanted it
    /// then, whatever was changed since.
    ///
    /// That moment is the clock of NATS, and the end of a former subscription that of PostgreSQL: what lies closer
    /// together than the two clocks agree may be taken for later.
    pub(crate) fn matching_since(&self, event: &Event, accepted_at: Timestamp) -> Matching {
        let Some(index) = self.by_tenant.get(&event.tenant) else {
            return Matching::default();
        };
        let mut found = Matching {
            webhooks: matching(index, event),
            ..Matching::default()
        };
        if !index.is_plain(accepted_at) {
            self.add_others(&mut found, index, event, accepted_at);
        }
        found
    }

    /// Adds those that cannot be read, and those that wanted the event when it was accepted.
    fn add_others(
        &self,
        found: &mut Matching,
        index: &TenantIndex,
        event: &Event,
        accepted_at: Timestamp,
    ) {
        let mut context: Option<EventContext> = None;
        for webhook in index.unreadable() {
            let current = webhook.enabled.then_some(&webhook.subscription);
            let wanted_then = index.former(webhook.id, accepted_at);
            let subscriptions = current.into_iter().chain(wanted_then);
            let wanted = wanted(subscriptions, event, webhook.id, &mut context);
            if wanted != Wanted::No {
                found.unreadable.push(UnreadableMatch {
                    webhook: webhook.id,
                    decided: wanted == Wanted::Yes,
                });
            }
        }
        let known: HashSet<WebhookId> = found.webhooks.iter().map(|webhook| webhook.id).collect();
        for id in index.changed_since(accepted_at) {
            let Some(webhook) = self.get(id).filter(|_| !known.contains(&id)) else {
                continue;
            };
            let wanted_then = index.former(id, accepted_at).into_iter();
            // A filter of then that cannot be read any more holds nothing back: better too much than too little.
            if wanted(wanted_then, event, id, &mut context) != Wanted::No {
                if webhook.enabled {
                    found.webhooks.push(webhook.clone());
                } else {
                    found.disabled.push(webhook.clone());
                }
            }
        }
    }
}

/// The enabled webhooks that want this event now, each once, as far as they can be read.
fn matching(index: &TenantIndex, event: &Event) -> Vec<Arc<Webhook>> {
    let mut context: Option<EventContext> = None;
    let mut matching: Vec<Arc<Webhook>> = Vec::new();
    let mut seen: HashSet<WebhookId> = HashSet::new();
    for webhook in index.subscribers(event) {
        // Only a webhook with several patterns can be listed twice.
        if webhook.settings.event_types.len() > 1 && !seen.insert(webhook.id) {
            continue;
        }
        match webhook.settings.filter_passes(event, &mut context) {
            Ok(true) => matching.push(webhook.clone()),
            Ok(false) => {}
            Err(error) => skipped(webhook.id, event, &error),
        }
    }
    matching
}

/// Whether one of the subscriptions wants the event.
fn wanted<'a>(
    subscriptions: impl Iterator<Item = &'a Subscription>,
    event: &Event,
    webhook: WebhookId,
    context: &mut Option<EventContext>,
) -> Wanted {
    let mut best = Wanted::No;
    for subscription in subscriptions {
        match subscription.wants(event, webhook, context) {
            Ok(Wanted::Yes) => return Wanted::Yes,
            Ok(Wanted::Undecided) => best = Wanted::Undecided,
            Ok(Wanted::No) => {}
            Err(error) => skipped(webhook, event, &error),
        }
    }
    best
}

fn skipped(webhook: WebhookId, event: &Event, error: &FilterFailed) {
    warn!(webhook.id = %webhook, event.id = %event.id, "Skipped webhook {webhook}: {error}");
}

#[cfg(test)]
mod tests {
    use posthorn_domain::SubscriptionFilter;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::tests_support::{event, webhook};

    impl Snapshot {
        /// Those that want an event which is accepted after every change.
        fn matching(&self, event: &Event) -> Vec<Arc<Webhook>> {
            self.matching_since(event, Timestamp::MAX_UTC).webhooks
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
            .matching(event)
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
        assert_eq!(snapshot.matching(&event("a", "user.created", "1")).len(), 1);
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
        assert_eq!(snapshot.matching(&event("a", "old.x", "1")).len(), 0);
        assert_eq!(snapshot.matching(&event("a", "new", "1")).len(), 1);
        let snapshot = snapshot.with_changes(3, Vec::new(), &[id]);
        assert_eq!((snapshot.version(), snapshot.by_id.len()), (3, 0));
        assert!(snapshot.matching(&event("a", "new", "1")).is_empty());
        assert!(snapshot.by_tenant.is_empty(), "nothing stays behind");
    }

    #[test]
    fn what_is_about_a_webhook_goes_to_it_only_if_it_asks_by_name() {
        let all = webhook(1, "a", &json!({"name": "all"}));
        let about = all.id;
        let named = json!({"name": "named", "event_types": ["*", "webhook.failing"]});
        for (settings, wanted) in [
            (json!({"name": "all"}), vec!["other"]),
            (named, vec!["named", "other"]),
        ] {
            let snapshot = Snapshot::default().with_changes(
                1,
                vec![
                    webhook(1, "a", &settings),
                    webhook(2, "a", &json!({"name": "other"})),
                ],
                &[],
            );
            let ordinary = event("a", "webhook.failing", "1");
            assert_eq!(snapshot.matching(&ordinary).len(), 2);
            let said = posthorn_domain::operational_event(
                ordinary.id,
                ordinary.tenant,
                posthorn_domain::OperationalType::WebhookFailing,
                about,
                ordinary.timestamp,
                ordinary.data,
            );
            assert_eq!(names(&snapshot, &said), wanted);
        }
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

    fn subscription(pattern: &str, filter: SubscriptionFilter) -> Subscription {
        Subscription {
            event_types: vec![pattern.parse().unwrap()],
            filter,
        }
    }

    fn at(ms: u64) -> Timestamp {
        posthorn_domain::from_unix_ms(ms)
    }

    /// A snapshot with one webhook that wanted other events until the 10th millisecond.
    fn changed(settings: &serde_json::Value) -> Snapshot {
        let webhook = webhook(1, "a", settings);
        let former = FormerSubscription {
            ended_at: at(10),
            subscription: subscription("old.*", SubscriptionFilter::None),
        };
        let mut snapshot = Snapshot::default();
        snapshot.apply(Changes {
            version: 1,
            former: [(webhook.id, vec![former])].into(),
            upserts: vec![webhook],
            ..Changes::default()
        });
        snapshot
    }

    #[test]
    fn what_was_wanted_when_the_event_was_accepted_counts() {
        let lists = |snapshot: &Snapshot, event_type: &str, accepted_ms: u64| {
            let found = snapshot.matching_since(&event("a", event_type, "1"), at(accepted_ms));
            (found.webhooks.len(), found.disabled.len())
        };
        let enabled = changed(&json!({"event_types": ["new.*", "old.y"]}));
        assert_eq!(lists(&enabled, "old.x", 9), (1, 0));
        assert_eq!(lists(&enabled, "old.y", 9), (1, 0), "once");
        assert_eq!(lists(&enabled, "old.x", 10), (0, 0));
        assert_eq!(lists(&enabled, "new.x", 9), (1, 0));
        let disabled = changed(&json!({"event_types": ["new.*"], "enabled": false}));
        assert_eq!(lists(&disabled, "old.x", 9), (0, 1));
        assert_eq!(lists(&disabled, "old.x", 10), (0, 0));
        assert_eq!(lists(&disabled, "new.x", 9), (0, 0));
        let id = webhook(1, "a", &json!({})).id;
        let gone = disabled.with_changes(2, Vec::new(), &[id]);
        assert_eq!(lists(&gone, "old.x", 9), (0, 0));
        assert!(gone.by_tenant.is_empty(), "nothing stays behind");
    }

    #[test]
    fn what_cannot_be_read_is_kept_apart_and_decided_as_far_as_it_can_be() {
        let id = webhook(1, "a", &json!({})).id;
        let with = |enabled, filter| {
            let mut snapshot = Snapshot::default();
            snapshot.apply(Changes {
                version: 1,
                unreadable: vec![UnreadableWebhook {
                    id,
                    tenant: "a".parse().ok(),
                    enabled,
                    subscription: subscription("a.*", filter),
                    reason: "no key".to_owned(),
                }],
                ..Changes::default()
            });
            snapshot
        };
        let decided = |snapshot: &Snapshot, event_type: &str| {
            let found = snapshot.matching_since(&event("a", event_type, "1"), at(0));
            assert!(found.webhooks.is_empty() && found.disabled.is_empty());
            found.unreadable.first().map(|one| one.decided)
        };
        let wants = with(true, SubscriptionFilter::None);
        assert_eq!(decided(&wants, "a.b"), Some(true));
        assert_eq!(decided(&wants, "b.b"), None);
        assert_eq!(wants.unreadable(), 1);
        assert!(wants.unreadable_ids().eq([id]));
        assert!(wants.known(id).is_some() && wants.get(id).is_none());
        let open = with(true, SubscriptionFilter::Unreadable);
        assert_eq!(decided(&open, "a.b"), Some(false));
        assert_eq!(decided(&with(false, SubscriptionFilter::None), "a.b"), None);
        // Somebody has mended it, or the key has come.
        let mended = wants.with_changes(2, vec![webhook(1, "a", &json!({}))], &[]);
        assert_eq!(mended.unreadable(), 0);
        assert_eq!(mended.matching(&event("a", "a.b", "1")).len(), 1);
    }

    proptest! {
        /// The index finds exactly what trying every pattern finds.
        #[test]
        fn the_index_agrees_with_the_patterns(
            patterns in prop::collection::vec(prop::collection::vec("(\\*|[ab](\\.[ab]){0,2}(\\.\\*)?)", 1..4), 1..12),
            event_type in "[ab](\\.[ab]){0,3}",
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
