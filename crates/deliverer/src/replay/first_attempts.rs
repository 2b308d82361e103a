//! First attempts that are under way.
//!
//! A first attempt goes straight from its event, and its record is written when it has ended or is slow. Until then
//! nothing tells it from a delivery that was never made, but that its event is not acknowledged. A replay that meets such
//! an event comes back for it, rather than send a second request beside the first.

use std::time::Duration;

use posthorn_bus::BusError;
use posthorn_domain::ReplayId;
use posthorn_store::StoredEvent;
use tokio::time::Instant;

use super::Replayer;

/// How long a replay waits for what has no record. No first attempt takes longer, so what waits then is held up by
/// other events, or the stream was made again and counts from the beginning.
const WAITED_MAX: Duration = Duration::from_secs(300);

/// Which events may have first attempts under way: those behind this place in the stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct SettledThrough(u64);

impl SettledThrough {
    pub(super) fn may_be_under_way(self, event: &StoredEvent) -> bool {
        event.stream_sequence > self.0
    }
}

impl Replayer {
    /// Asks NATS how far all events are settled.
    pub(super) async fn settled_through(
        &self,
        replay: ReplayId,
    ) -> Result<SettledThrough, BusError> {
        let waited = self.waiting().get(&replay).map(Instant::elapsed);
        if waited.is_some_and(|waited| waited > WAITED_MAX) {
            return Ok(SettledThrough(u64::MAX));
        }
        let floor = self.bus.event_floor().await?;
        Ok(SettledThrough(floor.sequence))
    }

    /// Notes whether a replay waits, from when it begins to.
    pub(super) fn note_waiting(&self, replay: ReplayId, waits: bool) {
        let mut waiting = self.waiting();
        if waits {
            waiting.entry(replay).or_insert_with(Instant::now);
        } else {
            waiting.remove(&replay);
        }
    }
}
