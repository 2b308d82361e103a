use std::{collections::VecDeque, time::Duration};

use tokio::sync::oneshot;

/// How long a delivery waits in memory at most. A schedule costs as much as the delivery itself; to wait costs next to
/// nothing, but the event's message is held meanwhile.
pub(crate) const WAITED_MAX: Duration = Duration::from_millis(250);
/// Deliveries of one webhook that wait at the same time.
const WAITING_MAX: usize = 1_024;

/// Deliveries of one webhook that wait in memory, in the order of their coming. One is called for each request that
/// ends.
#[derive(Debug, Default)]
pub(super) struct Waiting(VecDeque<oneshot::Sender<()>>);

impl Waiting {
    pub(super) fn is_anybody(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether who joins now is likely to be called in time, when one is called every `spacing`.
    pub(super) fn is_short(&self, spacing: Duration) -> bool {
        let ahead = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.len() < WAITING_MAX && spacing.saturating_mul(ahead.saturating_add(1)) <= WAITED_MAX
    }

    pub(super) fn join(&mut self) -> oneshot::Receiver<()> {
        let (caller, called) = oneshot::channel();
        self.0.push_back(caller);
        called
    }

    /// Calls the first who is still there.
    pub(super) fn call(&mut self) {
        while let Some(caller) = self.0.pop_front() {
            if caller.send(()).is_ok() {
                return;
            }
        }
    }
}
