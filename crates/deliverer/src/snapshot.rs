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
            let is_wanted = match wanted(wanted_then, event, id, &mut context) {
                Wanted::Yes => true,
                Wanted::No => false,
                // The row was damaged then and is mended now: the filter of now stands in for that of then.
                Wanted::Undecided => passes(webhook, event, &mut context),
            };
            if is_wanted {
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
        if passes(webhook, event, &mut context) {
            matching.push(webhook.clone());
        }
    }
    matching
}

/// Whether a webhook's filter lets the event pass. One that fails counts as no match.
fn passes(webhook: &Webhook, event: &Event, context: &mut Option<EventContext>) -> bool {
    match webhook.settings.filter_passes(event, context) {
        Ok(passes) => passes,
        Err(error) => {
            skipped(webhook.id, event, &error);
            false
        }
    }
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
mod tests;
