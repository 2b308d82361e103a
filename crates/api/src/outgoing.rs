//! Requests to receivers that somebody waits for: tests and probes.

use std::{sync::Arc, time::Duration};

use posthorn_domain::{EndpointUrl, Tls, limits::HAND_MADE_REQUESTS_MAX};
use posthorn_egress::{Exchange, Sender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Code, Problem};

/// After how many seconds a client may try again when too many are under way.
const RETRY_AFTER_SECONDS: u64 = 1;

/// What sends them, and how many at once. Clones share both.
#[derive(Clone)]
pub(crate) struct Outgoing {
    sender: Sender,
    slots: Arc<Semaphore>,
}

impl Outgoing {
    pub(crate) fn new(sender: Sender) -> Self {
        Self {
            sender,
            slots: Arc::new(Semaphore::new(HAND_MADE_REQUESTS_MAX)),
        }
    }

    /// The sender, for as long as the slot beside it is held. A receiver may take two minutes for its answer, so
    /// whoever finds every slot taken is sent away rather than kept waiting.
    pub(crate) fn take(&self) -> Result<(&Sender, OwnedSemaphorePermit), Problem> {
        match self.slots.clone().try_acquire_owned() {
            Ok(slot) => Ok((&self.sender, slot)),
            Err(_) => Err(Problem::new(
                Code::RateLimited,
                "too many tests and probes are under way: try again later",
            )
            .retry_after(RETRY_AFTER_SECONDS)),
        }
    }

    /// Asks whether anybody answers at a URL.
    pub(crate) async fn probe(
        &self,
        url: EndpointUrl,
        tls: Option<Arc<Tls>>,
    ) -> Result<Exchange, Problem> {
        let (sender, _slot) = self.take()?;
        Ok(sender.probe(url, tls).await)
    }
}

/// Whole milliseconds, as answers show them.
pub(crate) fn milliseconds(elapsed: Duration) -> u32 {
    u32::try_from(elapsed.as_millis()).unwrap_or(u32::MAX)
}
