//! The webhooks, in memory, never stale.
//!
//! A change makes a new snapshot that shares with the one before it whatever did not change: it costs the same
//! among a hundred thousand webhooks as among ten, give or take.

use std::{collections::HashSet, sync::Arc};

use posthorn_domain::{
    Event, EventContext, EventType, EventTypePattern, TenantId, Webhook, WebhookId,
};

use crate::{filter_failures::FilterFailures, shared_map::SharedMap};

/// All webhooks at one version of the configuration. Immutable; a change makes a new one.
#[derive(Debug, Default, Clone)]
pub(crate) struct Snapshot {
    version: i64,
    by_id: Listed,
    by_tenant: SharedMap<TenantId, TenantIndex>,
}

/// The webhooks that an event concerns.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// They want it.
    pub(crate) wanted: Vec<Arc<Webhook>>,
    /// Their filters could not be asked for want of fuel.
    pub(crate) undecided: Vec<Arc<Webhook>>,
}

/// Webhooks in the order of their ids.
type Listed = SharedMap<WebhookId, Arc<Webhook>>;

/// The enabled webhooks of one tenant by what they subscribe to, so that an event costs as many look-ups
/// as its type has segments, however many webhooks want something else.
#[derive(Debug, Default, Clone)]
struct TenantIndex {
    all: Listed,
    by_type: SharedMap<EventType, Listed>,
    by_prefix: SharedMap<EventType, Listed>,
}

impl TenantIndex {
    fn is_empty(&self) -> bool {
        self.all.is_empty() && self.by_type.is_empty() && self.by_prefix.is_empty()
    }

    fn insert(&mut self, webhook: &Arc<Webhook>) {
        for pattern in &webhook.settings.event_types {
            self.change(pattern, |list| list.insert(webhook.id, webhook.clone()));
        }
    }

    fn remove(&mut self, webhook: &Webhook) {
        for pattern in &webhook.settings.event_types {
            self.change(pattern, |list| {
                list.remove(&webhook.id);
            });
        }
    }

    fn change(&mut self, pattern: &EventTypePattern, change: impl FnOnce(&mut Listed)) {
        match pattern {
            EventTypePattern::All => change(&mut self.all),
            EventTypePattern::Exact(name) => self.by_type.change(name, change, Listed::is_empty),
            EventTypePattern::Prefix(prefix) => {
                self.by_prefix.change(prefix, change, Listed::is_empty);
            }
        }
    }

    /// Those that want everything do not get what Posthorn says of itself; see [`posthorn_domain::OperationalEvent`].
    fn subscribers<'a>(&'a self, event: &'a Event) -> impl Iterator<Item = &'a Arc<Webhook>> {
        let all = (!event.is_operational()).then_some(&self.all);
        let exact = self.by_type.get(&event.event_type);
        let prefixes = event
            .event_type
            .prefixes()
            .filter_map(|prefix| self.by_prefix.get(prefix));
        let lists = all.into_iter().chain(exact).chain(prefixes);
        lists.flat_map(Listed::values)
    }
}

impl Snapshot {
    /// The configuration version that this snapshot shows.
    pub(crate) fn version(&self) -> i64 {
        self.version
    }

    /// The webhook of this id, enabled or not.
    pub(crate) fn get(&self, id: WebhookId) -> Option<&Arc<Webhook>> {
        self.by_id.get(&id)
    }

    /// Every webhook, enabled or not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Webhook>> {
        self.by_id.values()
    }

    /// Applies changes. What this snapshot shares with others stays as it is for them.
    pub(crate) fn apply(&mut self, version: i64, upserts: Vec<Webhook>, removed: &[WebhookId]) {
        self.version = version;
        for id in removed {
            self.take_out(*id);
        }
        for webhook in upserts {
            self.take_out(webhook.id);
            let webhook = Arc::new(webhook.lean());
            if webhook.enabled {
                let index = |index: &mut TenantIndex| index.insert(&webhook);
                self.by_tenant
                    .change(&webhook.tenant, index, TenantIndex::is_empty);
            }
            self.by_id.insert(webhook.id, webhook);
        }
    }

    fn take_out(&mut self, id: WebhookId) {
        if let Some(old) = self.by_id.remove(&id)
            && old.enabled
        {
            let index = |index: &mut TenantIndex| index.remove(&old);
            self.by_tenant
                .change(&old.tenant, index, TenantIndex::is_empty);
        }
    }

    /// The webhooks that want this event, each once.
    pub(crate) fn matching(&self, event: &Event, failures: &FilterFailures) -> Vec<Arc<Webhook>> {
        let mut enough = u64::MAX;
        self.decide(event, &mut enough, failures).wanted
    }

    /// The same as far as `fuel` goes for their filters.
    pub(crate) fn decide(
        &self,
        event: &Event,
        fuel: &mut u64,
        failures: &FilterFailures,
    ) -> Decided {
        let mut decided = Decided::default();
        let Some(index) = self.by_tenant.get(&event.tenant) else {
            return decided;
        };
        let mut context: Option<EventContext> = None;
        let mut seen: HashSet<WebhookId> = HashSet::new();
        for webhook in index.subscribers(event) {
            // Only a webhook with several patterns can be listed twice.
            if webhook.settings.event_types.len() > 1 && !seen.insert(webhook.id) {
                continue;
            }
            let settings = &webhook.settings;
            match settings.filter_passes_within(event, &mut context, fuel) {
                Some(Ok(true)) => decided.wanted.push(webhook.clone()),
                Some(Ok(false)) => {}
                Some(Err(error)) => failures.note(webhook, event.id, &error),
                None => decided.undecided.push(webhook.clone()),
            }
        }
        decided
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::tests_support::{event, filter_failures, webhook};

    impl Snapshot {
        fn wanted(&self, event: &Event) -> Vec<Arc<Webhook>> {
            self.matching(event, &filter_failures())
        }

        pub(crate) fn with_changes(
            &self,
            version: i64,
            upserts: Vec<Webhook>,
            removed: &[WebhookId],
        ) -> Self {
            let mut next = self.clone();
            next.apply(version, upserts, removed);
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

    #[test]
    fn filters_that_take_much_are_left_for_later_and_nobody_else_is() {
        let dear = "range(5000) | map('string') | join | length > 1";
        let mut webhooks: Vec<_> = (0..30)
            .map(|n| webhook(n, "a", &json!({"name": "dear", "filter": dear})))
            .collect();
        webhooks.push(webhook(100, "a", &json!({"name": "any"})));
        let snapshot = Snapshot::default().with_changes(1, webhooks, &[]);
        let mut fuel = 500_000;
        let decided = snapshot.decide(&event("a", "x", "1"), &mut fuel, &filter_failures());
        let any = |w: &&Arc<Webhook>| w.settings.name == "any";
        assert_eq!(decided.wanted.iter().filter(any).count(), 1);
        assert_eq!(decided.wanted.len() + decided.undecided.len(), 31);
        assert!((20..30).contains(&decided.undecided.len()));
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
