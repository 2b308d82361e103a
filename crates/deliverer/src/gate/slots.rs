use std::{collections::HashMap, num::NonZeroU32, sync::Arc, time::Duration};

use chrono::TimeDelta;
use posthorn_domain::{Clock as _, RateSlot, Timestamp, Webhook, WebhookId};
use posthorn_service::randomness::SharedRng;
use posthorn_store::{Slots, SlotsWanted, Store};

use super::{Gate, line::put_off_max};
use crate::{moment::SCHEDULED_EARLIER, patience::Patience, shared_clock::SharedClock};

/// A moment that passed longer ago than this is worth nothing any more: those of a backlog would otherwise all be
/// used at once, when an outage is over.
const SLOT_KEPT: TimeDelta = TimeDelta::seconds(1);

/// Reserves moments for webhooks with a rate limit.
///
/// A chunk of messages is counted, and one statement reserves the moments of all its limited webhooks. A delivery
/// whose moment lies ahead is scheduled for it and takes it along, so that it needs no second one. It loses it only
/// when it comes too late, or when the limit has changed.
#[derive(Clone)]
pub(crate) struct RateLimits {
    pub(crate) gate: Arc<Gate>,
    pub(crate) store: Store,
    pub(crate) clock: Arc<SharedClock>,
    pub(crate) rng: Arc<SharedRng>,
}

/// Moments for the deliveries of one chunk.
#[derive(Default)]
pub(crate) struct Reserved(HashMap<WebhookId, (Slots, NonZeroU32)>);

impl RateLimits {
    /// Whether this delivery needs a moment, `slot` being what it came with. One that would be put off anyway gets
    /// its moment when it comes back.
    pub(crate) fn needs_slot(&self, webhook: &Webhook, slot: Option<RateSlot>) -> bool {
        webhook
            .settings
            .rate_limit_per_second
            .is_some_and(|per_second| {
                let now = self.clock.now();
                let kept = slot.is_some_and(|slot| counts_under(slot, per_second, now));
                !kept && !self.gate.is_shut(webhook.id)
            })
    }

    /// Reserves a moment for each of these deliveries, by webhook; waits for the database as long as it takes.
    pub(crate) async fn reserve<'a>(
        &self,
        deliveries: impl Iterator<Item = &'a Webhook>,
    ) -> Reserved {
        let mut wanted: HashMap<WebhookId, SlotsWanted> = HashMap::new();
        for webhook in deliveries {
            if let Some(per_second) = webhook.settings.rate_limit_per_second {
                let wanted = wanted.entry(webhook.id).or_insert(SlotsWanted {
                    webhook: webhook.id,
                    per_second,
                    count: 0,
                });
                wanted.count = wanted.count.saturating_add(1);
            }
        }
        if wanted.is_empty() {
            return Reserved::default();
        }
        let list: Vec<_> = wanted.values().copied().collect();
        let mut patience = Patience::new(&self.rng);
        let (asked, reserved) = loop {
            let asked = self.clock.own();
            match self.store.reserve_slots(list.clone()).await {
                Ok(reserved) => break (asked, reserved),
                Err(error) => {
                    let count = list.len();
                    let why = format!("Waiting for the rate limits of {count} webhooks: {error}");
                    patience.wait_out(&why).await;
                }
            }
        };
        let Some(reserved) = reserved else {
            return Reserved::default();
        };
        self.clock.heard(reserved.now, asked);
        let slots = reserved.slots.into_iter();
        Reserved(
            slots
                .map(|(id, slots)| (id, (slots, wanted[&id].per_second)))
                .collect(),
        )
    }
}

impl Reserved {
    /// The next moment of a webhook, if some were reserved for it.
    pub(crate) fn take(&mut self, webhook: WebhookId) -> Option<RateSlot> {
        if self.0.is_empty() {
            return None;
        }
        let (slots, per_second) = self.0.get_mut(&webhook)?;
        let at = slots.first;
        slots.first += slots.interval;
        Some(RateSlot {
            at,
            per_second: *per_second,
        })
    }
}

/// Whether a delivery to this webhook still waits for its reserved moment: it has not passed too long ago, and the
/// limit is the one under which it was reserved. Without a limit nobody waits.
pub(crate) fn still_counts(slot: RateSlot, webhook: &Webhook, now: Timestamp) -> bool {
    let limit = webhook.settings.rate_limit_per_second;
    limit.is_some_and(|per_second| counts_under(slot, per_second, now))
}

fn counts_under(slot: RateSlot, per_second: NonZeroU32, now: Timestamp) -> bool {
    slot.per_second == per_second && slot.at >= now - SLOT_KEPT
}

/// How long a delivery is put off whose reserved moment is `wait` away, and which was put off `hop` times before: it
/// comes a little early, and waits no longer than others do, because the limit may be raised or removed meanwhile.
pub(crate) fn put_off_for(wait: Duration, hop: u32) -> Duration {
    let early = wait.saturating_sub(SCHEDULED_EARLIER.to_std().unwrap_or_default());
    early.min(put_off_max(hop))
}

/// How long it is from `now` until a reserved moment; zero if it is past.
pub(crate) fn time_to(slot: RateSlot, now: Timestamp) -> Duration {
    (slot.at - now).to_std().unwrap_or_default()
}
