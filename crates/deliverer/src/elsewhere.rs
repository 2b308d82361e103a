//! Messages that this process cannot read, and another replica perhaps can.
//!
//! An operational event that was signed with a master key which this process does not have is either genuine, and this
//! process has the wrong list of keys, or a forgery that names a key nobody has. So it is given back for a while, for
//! another replica to take. What nobody took by then becomes a dead letter, whose reason names the key; retried when
//! the keys are right, it is delivered.
//!
//! The server gives a message to whoever has asked longest, and then asks that one last. So a message that comes back at
//! once goes to another replica, while one that comes back after a fixed time may meet the same replica each time: all
//! of them ask in a rhythm of their own. Every other time it comes back soon, and in between after a time by chance.
//!
//! A flood of forgeries must not hold up what follows it: the server counts each message that was given back as
//! unacknowledged. So this process gives few of them back at a time, and buries the others at once.

use std::{sync::Arc, time::Duration};

use posthorn_service::randomness::SharedRng;
use rand::RngExt;
use tokio::sync::Semaphore;

use crate::claim::Share;

/// How long a message waits before it goes to the next in turn.
const NEXT_AFTER: Duration = Duration::from_millis(50);
/// How long it waits at most where nobody could read it, in milliseconds; at least half of that.
const LATER_AFTER_MS: u64 = 2_500;
/// How often a message is offered before it is buried: for about a minute, as long as a replica takes to be replaced.
const OFFERS_MAX: i64 = 60;
/// Messages of this process that wait to be offered again.
const WAITING_MAX: usize = 64;

/// Room for messages that wait to be offered again.
#[derive(Clone)]
pub(crate) struct Elsewhere(Arc<Semaphore>);

impl Default for Elsewhere {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(WAITING_MAX)))
    }
}

impl Elsewhere {
    /// Gives the message back; returns it where it was offered too often, or too many wait.
    pub(crate) async fn offer(
        &self,
        share: Share,
        delivery_count: i64,
        rng: &SharedRng,
    ) -> Result<(), Share> {
        if delivery_count >= OFFERS_MAX {
            return Err(share);
        }
        let Ok(room) = self.0.clone().try_acquire_owned() else {
            return Err(share);
        };
        let delay = if delivery_count % 2 == 1 {
            NEXT_AFTER
        } else {
            let range = LATER_AFTER_MS / 2..LATER_AFTER_MS;
            Duration::from_millis(rng.with(|rng| rng.random_range(range)))
        };
        share.give_back_after(delay).await;
        tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            drop(room);
        });
        Ok(())
    }
}
