use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use posthorn_domain::{DeliveryId, ReplayId};
use tokio::time::Instant;

/// A replay that was not in this process's hands for so long is somebody else's, or over: a deliverer that ends a
/// replay tells nobody.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(300);

/// Of each replay what was handed over here and not attempted when somebody looked, with the attempts that it had then.
#[derive(Debug, Default)]
pub(super) struct UnderWay(Mutex<HashMap<ReplayId, HandedOver>>);

#[derive(Debug)]
struct HandedOver {
    attempts: HashMap<DeliveryId, u32>,
    used_at: Instant,
}

impl UnderWay {
    fn lock(&self) -> MutexGuard<'_, HashMap<ReplayId, HandedOver>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is under way of a replay.
    pub(super) fn of(&self, replay: ReplayId) -> Vec<DeliveryId> {
        let now = Instant::now();
        let mut replays = self.lock();
        replays.retain(|_, handed_over| now - handed_over.used_at < FORGOTTEN_AFTER);
        replays
            .get_mut(&replay)
            .map_or_else(Vec::new, |handed_over| {
                handed_over.used_at = now;
                handed_over.attempts.keys().copied().collect()
            })
    }

    /// Keeps of a replay what is still under way; how much that is.
    pub(super) fn retain(
        &self,
        replay: ReplayId,
        mut is_under_way: impl FnMut(&DeliveryId, u32) -> bool,
    ) -> usize {
        self.lock().get_mut(&replay).map_or(0, |handed_over| {
            let attempts = &mut handed_over.attempts;
            attempts.retain(|delivery, attempts| is_under_way(delivery, *attempts));
            attempts.len()
        })
    }

    /// Adds what was handed over now.
    pub(super) fn add(
        &self,
        replay: ReplayId,
        deliveries: impl Iterator<Item = (DeliveryId, u32)>,
    ) {
        let now = Instant::now();
        let mut replays = self.lock();
        let handed_over = replays.entry(replay).or_insert_with(|| HandedOver {
            attempts: HashMap::new(),
            used_at: now,
        });
        handed_over.used_at = now;
        handed_over.attempts.extend(deliveries);
    }

    /// The replay is over, or in other hands.
    pub(super) fn remove(&self, replay: ReplayId) {
        self.lock().remove(&replay);
    }
}

#[cfg(test)]
mod tests {
    use posthorn_domain::EventId;

    use super::*;
    use crate::tests_support::webhook;

    fn deliveries(count: u64) -> impl Iterator<Item = (DeliveryId, u32)> {
        let webhook = webhook(1, "a", &serde_json::json!({})).id;
        (0..count)
            .map(move |n| DeliveryId::derive(EventId::from_stream_position(1, n), webhook))
            .map(|delivery| (delivery, 0))
    }

    #[tokio::test(start_paused = true)]
    async fn a_replay_that_others_went_on_with_is_forgotten() {
        let under_way = UnderWay::default();
        let [one, other] = [1, 2].map(|n| {
            let number = EventId::from_stream_position(1, n);
            ReplayId::from_uuid(number.as_uuid())
        });
        under_way.add(one, deliveries(3));
        under_way.add(other, deliveries(2));
        tokio::time::advance(FORGOTTEN_AFTER / 2).await;
        assert_eq!(under_way.of(one).len(), 3);
        tokio::time::advance(FORGOTTEN_AFTER / 2).await;
        assert_eq!(under_way.of(one).len(), 3, "it was looked at meanwhile");
        assert!(under_way.of(other).is_empty());
        assert_eq!(under_way.lock().len(), 1);
        assert_eq!(under_way.retain(one, |_, attempts| attempts > 0), 0);
    }
}
