//! One request of a delivery at a time, within this process.
//!
//! A delivery that is retried by hand while its own retry is about to be made has two messages. The second waits here
//! until the first is recorded, and finds what came of it. What another replica is doing shows the message's claim
//! ([`posthorn_store::AttemptClaim`]), which goes along with the lock and is released with the record.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use posthorn_domain::{DeliveryId, Webhook};
use posthorn_store::{AttemptClaim, MessageKey};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// An attempt begins so soon after its delivery was claimed, or not at all.
const BEGINS_WITHIN: Duration = Duration::from_secs(15);
/// How long a claim outlasts the longest request that may begin in time: what else belongs to the attempt (a token
/// for it, its record) has this much time.
const RECORDED_WITHIN: Duration = Duration::from_secs(15);

/// The deliveries that this process is about to attempt again, or attempts.
#[derive(Debug, Default, Clone)]
pub(crate) struct Turns(Arc<Mutex<HashMap<DeliveryId, CancellationToken>>>);

/// The right to attempt a delivery, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Turns,
    delivery: DeliveryId,
    claim: Option<(MessageKey, Instant)>,
}

/// The claim of a message on a delivery of this webhook.
pub(crate) fn claim(delivery: DeliveryId, message: MessageKey, webhook: &Webhook) -> AttemptClaim {
    AttemptClaim {
        delivery,
        message,
        lease: BEGINS_WITHIN + webhook.settings.timeout + RECORDED_WITHIN,
    }
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
                    claim: None,
                })
            }
        }
    }
}

impl Turn {
    /// With a claim that was asked for at `asked_at`.
    pub(crate) fn with_claim(mut self, message: MessageKey, asked_at: Instant) -> Self {
        self.claim = Some((message, asked_at));
        self
    }

    /// The claim that is to be released.
    pub(crate) fn claim(&self) -> Option<(DeliveryId, MessageKey)> {
        self.claim.map(|(message, _)| (self.delivery, message))
    }

    /// Whether the attempt may begin: its claim outlasts it.
    pub(crate) fn may_begin(&self) -> bool {
        self.claim
            .is_none_or(|(_, asked_at)| asked_at.elapsed() <= BEGINS_WITHIN)
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
