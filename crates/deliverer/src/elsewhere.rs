//! Messages that this process cannot read, and another replica perhaps can.
//!
//! An operational event that was signed with a master key which this process does not have is either genuine, and this
//! process has the wrong list of keys, or a forgery that names a key nobody has. So it is given back for a while, for
//! another replica to take. What nobody took by then becomes a dead letter, whose reason names the key; retried when
//! the keys are right, it is delivered.
//!
//! A flood of forgeries must not hold up what follows it: the server counts each message that was given back as
//! unacknowledged. So this process gives few of them back at a time, and buries the others at once.

use std::{sync::Arc, time::Duration};

use tokio::sync::Semaphore;

use crate::claim::Share;

/// How long a message waits before it is offered again.
const OFFERED_AGAIN_AFTER: Duration = Duration::from_secs(2);
/// How often a message is offered before it is buried: for a minute, as long as a replica takes to be replaced.
const OFFERS_MAX: i64 = 30;
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
    pub(crate) async fn offer(&self, share: Share, delivery_count: i64) -> Result<(), Share> {
        if delivery_count >= OFFERS_MAX {
            return Err(share);
        }
        let Ok(room) = self.0.clone().try_acquire_owned() else {
            return Err(share);
        };
        share.give_back_after(OFFERED_AGAIN_AFTER).await;
        tokio::spawn(async move {
            tokio::time::sleep(OFFERED_AGAIN_AFTER).await;
            drop(room);
        });
        Ok(())
    }
}
