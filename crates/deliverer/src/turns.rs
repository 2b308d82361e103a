//! One request of a delivery at a time.
//!
//! A delivery that is retried by hand while its own retry is about to be made has two messages. The second waits here
//! until the first is recorded, and finds what came of it. Two replicas may still send one each.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use posthorn_domain::DeliveryId;
use tokio_util::sync::CancellationToken;

/// The deliveries that this process is about to attempt again, or attempts.
#[derive(Debug, Default, Clone)]
pub(crate) struct Turns(Arc<Mutex<HashMap<DeliveryId, CancellationToken>>>);

/// The right to attempt a delivery, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Turns,
    delivery: DeliveryId,
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, HashMap<DeliveryId, CancellationToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the turn of a delivery; where somebody has it, what is cancelled when it is free.
    pub(crate) fn take(&self, delivery: DeliveryId) -> Result<Turn, CancellationToken> {
        match self.lock().entry(delivery) {
            Entry::Occupied(taken) => Err(taken.get().clone()),
            Entry::Vacant(free) => {
                free.insert(CancellationToken::new());
                Ok(Turn {
                    turns: self.clone(),
                    delivery,
                })
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(ended) = self.turns.lock().remove(&self.delivery) {
            ended.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use posthorn_domain::EventId;

    use super::*;
    use crate::tests_support::webhook;

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_nobody_for_another_delivery() {
        let turns = Turns::default();
        let event = EventId::from_stream_position(1, 1);
        let [one, other] = [1, 2].map(|number| {
            let webhook = webhook(number, "default", &serde_json::json!({}));
            DeliveryId::derive(event, webhook.id)
        });
        let first = turns.take(one).unwrap();
        let free = turns.take(one).unwrap_err();
        let _other = turns.take(other).unwrap();
        assert!(!free.is_cancelled());
        drop(first);
        free.cancelled().await;
        let _second = turns.take(one).unwrap();
    }
}
