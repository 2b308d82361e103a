//! The webhooks of one tenant, by what they subscribe to.

use std::sync::Arc;

use posthorn_domain::{
    Event, EventType, EventTypePattern, Subscription, Timestamp, Webhook, WebhookId,
};
use posthorn_store::{FormerSubscription, UnreadableWebhook};

use crate::{shared_map::SharedMap, snapshot::Known};

/// Webhooks in the order of their ids.
type Listed = SharedMap<WebhookId, Arc<Webhook>>;

/// What an event has to be compared with. The enabled webhooks lie by what they subscribe to, so that an event costs as
/// many look-ups as its type has segments, however many webhooks want something else.
#[derive(Debug, Default, Clone)]
pub(crate) struct TenantIndex {
    all: Listed,
    by_type: SharedMap<EventType, Listed>,
    by_prefix: SharedMap<EventType, Listed>,
    unreadable: SharedMap<WebhookId, Arc<UnreadableWebhook>>,
    /// What webhooks wanted before.
    former: SharedMap<WebhookId, (WebhookId, Arc<Vec<FormerSubscription>>)>,
    /// When the last of those ended: an event that was accepted later is not compared with them.
    former_until: Option<Timestamp>,
}

impl TenantIndex {
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
            && self.by_type.is_empty()
            && self.by_prefix.is_empty()
            && self.unreadable.is_empty()
            && self.former.is_empty()
    }

    pub(crate) fn insert(&mut self, known: &Known, former: Vec<FormerSubscription>) {
        let id = match known {
            Known::Readable(webhook) => {
                if webhook.enabled {
                    for pattern in &webhook.settings.event_types {
                        self.change(pattern, |list| list.insert(webhook.id, webhook.clone()));
                    }
                }
                webhook.id
            }
            Known::Unreadable(webhook) => {
                self.unreadable.insert(webhook.id, webhook.clone());
                webhook.id
            }
        };
        if let Some(last) = former.iter().map(|one| one.ended_at).max() {
            self.former_until = self.former_until.max(Some(last));
            self.former.insert(id, (id, Arc::new(former)));
        }
    }

    pub(crate) fn remove(&mut self, known: &Known) {
        let id = match known {
            Known::Readable(webhook) => {
                if webhook.enabled {
                    for pattern in &webhook.settings.event_types {
                        self.change(pattern, |list| drop(list.remove(&webhook.id)));
                    }
                }
                webhook.id
            }
            Known::Unreadable(webhook) => {
                self.unreadable.remove(&webhook.id);
                webhook.id
            }
        };
        self.former.remove(&id);
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

    /// The enabled webhooks that want this type. Those that want everything do not get what Posthorn says of itself; see
    /// [`posthorn_domain::OperationalEvent`].
    pub(crate) fn subscribers<'a>(
        &'a self,
        event: &'a Event,
    ) -> impl Iterator<Item = &'a Arc<Webhook>> {
        let all = (!event.is_operational()).then_some(&self.all);
        let exact = self.by_type.get(&event.event_type);
        let prefixes = event
            .event_type
            .prefixes()
            .filter_map(|prefix| self.by_prefix.get(prefix));
        let lists = all.into_iter().chain(exact).chain(prefixes);
        lists.flat_map(Listed::values)
    }

    /// Whether nobody but [`Self::subscribers`] can want an event that was accepted then. It is so for nearly all.
    pub(crate) fn is_plain(&self, accepted_at: Timestamp) -> bool {
        self.unreadable.is_empty() && self.former_until.is_none_or(|until| until <= accepted_at)
    }

    /// Those that cannot be read.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = &Arc<UnreadableWebhook>> {
        self.unreadable.values()
    }

    /// Those that were changed or disabled after this moment.
    pub(crate) fn changed_since(&self, moment: Timestamp) -> impl Iterator<Item = WebhookId> {
        let changed = move |former: &&(WebhookId, Arc<Vec<FormerSubscription>>)| {
            former.1.iter().any(|one| one.ended_at > moment)
        };
        self.former.values().filter(changed).map(|(id, _)| *id)
    }

    /// What a webhook wanted at this moment, if it was changed or disabled since.
    pub(crate) fn former(&self, webhook: WebhookId, moment: Timestamp) -> Option<&Subscription> {
        let (_, former) = self.former.get(&webhook)?;
        former
            .iter()
            // They come in the order of their ends.
            .find(move |one| one.ended_at > moment)
            .map(|one| &one.subscription)
    }
}
