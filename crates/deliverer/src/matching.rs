//! For whom an event is.
//!
//! For those that want it now, and for those that wanted it when it was accepted, whatever was changed since. That moment is
//! by the clock of NATS, and the end of a former subscription by that of PostgreSQL: what lies closer together than the two
//! clocks agree may be taken for later.

use std::{collections::HashSet, sync::Arc};

use posthorn_domain::{
    Event, EventContext, FilterFailed, Subscription, Timestamp, Wanted, Webhook, WebhookId,
};
use posthorn_store::UnreadableWebhook;

use crate::{filter_failures::FilterFailures, snapshot::Snapshot, tenant_index::TenantIndex};

/// The webhooks that an event concerns. Each is in one of the lists, once.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// Get it.
    pub(crate) wanted: Vec<Arc<Webhook>>,
    /// Wanted it when it was accepted, and were disabled since.
    pub(crate) disabled: Vec<Arc<Webhook>>,
    /// Cannot be read here.
    pub(crate) unreadable: Vec<UnreadableMatch>,
    /// Their filters could not be asked for want of fuel.
    pub(crate) undecided: Vec<Arc<Webhook>>,
}

/// A webhook that cannot be read here, and that wants the event or may want it.
#[derive(Debug)]
pub(crate) struct UnreadableMatch {
    pub(crate) webhook: WebhookId,
    /// Whether it is known that it wants the event.
    pub(crate) decided: bool,
}

impl Decided {
    /// Adds a webhook with what came of asking it.
    pub(crate) fn add(&mut self, webhook: &Arc<Webhook>, wants: Option<bool>) {
        match wants {
            Some(true) if webhook.enabled => self.wanted.push(webhook.clone()),
            Some(true) => self.disabled.push(webhook.clone()),
            Some(false) => {}
            None => self.undecided.push(webhook.clone()),
        }
    }
}

/// Asks webhooks whether they want one event.
pub(crate) struct Inquiry<'a> {
    event: &'a Event,
    accepted_at: Timestamp,
    failures: &'a FilterFailures,
    /// The webhook whose filter failed last.
    failed: Option<WebhookId>,
    context: Option<EventContext>,
}

impl<'a> Inquiry<'a> {
    /// About an event that was accepted at `accepted_at`.
    pub(crate) fn new(
        event: &'a Event,
        accepted_at: Timestamp,
        failures: &'a FilterFailures,
    ) -> Self {
        Self {
            event,
            accepted_at,
            failures,
            failed: None,
            context: None,
        }
    }

    /// Whether a webhook wants the event, now or when it was accepted; `None` if what is left of `fuel` is not enough to
    /// find out.
    pub(crate) fn wants(
        &mut self,
        snapshot: &Snapshot,
        webhook: &Webhook,
        fuel: &mut u64,
    ) -> Option<bool> {
        let wants_type = webhook.settings.wants_type(&self.event.event_type);
        if webhook.enabled && wants_type && self.passes(webhook, fuel)? {
            return Some(true);
        }
        let index = snapshot.of_tenant(&webhook.tenant);
        let Some(then) = index.and_then(|index| index.former(webhook.id, self.accepted_at)) else {
            return Some(false);
        };
        match self.wanted(then, webhook.id, fuel)? {
            Wanted::Yes => Some(true),
            Wanted::No => Some(false),
            // The row was damaged then and is mended now: the filter of now stands in for that of then.
            Wanted::Undecided => self.passes(webhook, fuel),
        }
    }

    /// Whether a webhook's filter lets the event pass.
    fn passes(&mut self, webhook: &Webhook, fuel: &mut u64) -> Option<bool> {
        let settings = &webhook.settings;
        match settings.filter_passes_within(self.event, &mut self.context, fuel)? {
            Ok(passes) => Some(passes),
            Err(error) => {
                self.note_failure(webhook.id, &error);
                Some(false)
            }
        }
    }

    fn wanted(
        &mut self,
        subscription: &Subscription,
        webhook: WebhookId,
        fuel: &mut u64,
    ) -> Option<Wanted> {
        match subscription.wants_within(self.event, &mut self.context, fuel)? {
            Ok(wanted) => Some(wanted),
            Err(error) => {
                self.note_failure(webhook, &error);
                Some(Wanted::No)
            }
        }
    }

    /// Counts a webhook once, although the filter that it has and the one that it had may both fail.
    fn note_failure(&mut self, webhook: WebhookId, error: &FilterFailed) {
        if self.failed.replace(webhook) != Some(webhook) {
            self.failures.note(webhook, self.event.id, error);
        }
    }

    /// The same of a webhook that cannot be read, as far as it is known.
    fn unreadable(
        &mut self,
        index: &TenantIndex,
        webhook: &UnreadableWebhook,
        fuel: &mut u64,
    ) -> Wanted {
        let current = webhook.enabled.then_some(&webhook.subscription);
        let then = index.former(webhook.id, self.accepted_at);
        let mut best = Wanted::No;
        for subscription in current.into_iter().chain(then) {
            // Whoever can read it decides what there is no fuel for.
            match self.wanted(subscription, webhook.id, fuel) {
                Some(Wanted::Yes) => return Wanted::Yes,
                Some(Wanted::No) => {}
                Some(Wanted::Undecided) | None => best = Wanted::Undecided,
            }
        }
        best
    }
}

impl Snapshot {
    /// For whom an event is that was accepted at `accepted_at`.
    pub(crate) fn matching(
        &self,
        event: &Event,
        accepted_at: Timestamp,
        failures: &FilterFailures,
    ) -> Decided {
        let mut enough = u64::MAX;
        self.decide(event, accepted_at, &mut enough, failures)
    }

    /// The same as far as `fuel` goes for filters.
    pub(crate) fn decide(
        &self,
        event: &Event,
        accepted_at: Timestamp,
        fuel: &mut u64,
        failures: &FilterFailures,
    ) -> Decided {
        let mut decided = Decided::default();
        let Some(index) = self.of_tenant(&event.tenant) else {
            return decided;
        };
        let mut inquiry = Inquiry::new(event, accepted_at, failures);
        let is_plain = index.is_plain(accepted_at);
        let mut seen: HashSet<WebhookId> = HashSet::new();
        for webhook in index.subscribers(event) {
            // Only a webhook with several patterns can be listed twice, or one that was changed.
            let may_come_again = !is_plain || webhook.settings.event_types.len() > 1;
            if may_come_again && !seen.insert(webhook.id) {
                continue;
            }
            let wants = if is_plain {
                inquiry.passes(webhook, fuel)
            } else {
                inquiry.wants(self, webhook, fuel)
            };
            decided.add(webhook, wants);
        }
        if is_plain {
            return decided;
        }
        for id in index.changed_since(accepted_at) {
            if let Some(webhook) = self.get(id)
                && seen.insert(id)
            {
                decided.add(webhook, inquiry.wants(self, webhook, fuel));
            }
        }
        for webhook in index.unreadable() {
            let wanted = inquiry.unreadable(index, webhook, fuel);
            if wanted != Wanted::No {
                decided.unreadable.push(UnreadableMatch {
                    webhook: webhook.id,
                    decided: wanted == Wanted::Yes,
                });
            }
        }
        decided
    }
}

#[cfg(test)]
mod tests {
    use posthorn_domain::SubscriptionFilter;
    use posthorn_store::{Changes, FormerSubscription};
    use serde_json::json;

    use super::*;
    use crate::tests_support::{event, filter_failures, webhook};

    #[test]
    fn filters_that_take_much_are_left_for_later_and_nobody_else_is() {
        let dear = "range(12000) | map('string') | join | length > 1";
        let mut webhooks: Vec<_> = (0..30)
            .map(|n| webhook(n, "a", &json!({"name": "dear", "filter": dear})))
            .collect();
        webhooks.push(webhook(100, "a", &json!({"name": "any"})));
        let snapshot = Snapshot::default().with_changes(1, webhooks, &[]);
        let mut fuel = 500_000;
        let decided = snapshot.decide(&event("a", "x", "1"), at(1), &mut fuel, &filter_failures());
        let any = |w: &&Arc<Webhook>| w.settings.name == "any";
        assert_eq!(decided.wanted.iter().filter(any).count(), 1);
        assert_eq!(decided.wanted.len() + decided.undecided.len(), 31);
        assert!((20..30).contains(&decided.undecided.len()));
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
            let found = snapshot.matching(
                &event("a", event_type, "1"),
                at(accepted_ms),
                &filter_failures(),
            );
            (found.wanted.len(), found.disabled.len())
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
        assert!(
            gone.of_tenant(&"a".parse().unwrap()).is_none(),
            "nothing stays behind"
        );
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
            let found = snapshot.matching(&event("a", "old.x", data), at(9), &filter_failures());
            assert_eq!(found.wanted.len(), count, "{data}");
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
            let found = snapshot.matching(&event("a", event_type, "1"), at(0), &filter_failures());
            assert!(found.wanted.is_empty() && found.disabled.is_empty());
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
        assert_eq!(
            mended
                .matching(&event("a", "a.b", "1"), at(0), &filter_failures())
                .wanted
                .len(),
            1
        );
    }
}
