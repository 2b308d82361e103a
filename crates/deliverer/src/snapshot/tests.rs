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
fn a_filter_of_then_that_cannot_be_read_is_that_of_now() {
    let webhook = webhook(1, "a", &json!({"filter": "data > 1"}));
    let former = FormerSubscription {
        ended_at: at(10),
        subscription: subscription("old.*", SubscriptionFilter::Unreadable),
    };
    let mut snapshot = Snapshot::default();
    snapshot.apply(Changes {
        version: 1,
        former: [(webhook.id, vec![former])].into(),
        upserts: vec![webhook],
        ..Changes::default()
    });
    for (data, count) in [("1", 0), ("2", 1)] {
        let found = snapshot.matching_since(&event("a", "old.x", data), at(9));
        assert_eq!(found.webhooks.len(), count, "{data}");
    }
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
