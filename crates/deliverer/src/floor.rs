//! Notes up to where every event is settled, outside of NATS: where its consumer has to be made again, it begins behind
//! that ([`posthorn_bus::FloorSource`]).

use std::{sync::Arc, time::Duration};

use posthorn_bus::{Bus, subject::EVENTS_STREAM};
use posthorn_store::Store;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::claim::Held;

/// What was settled since the last note is looked up again when the consumer is lost.
const NOTE_EVERY: Duration = Duration::from_secs(2);

/// Notes until told to stop. While NATS or the database is away the last note stays, which is true as well. While this
/// process settles nothing there is nothing to note: what others settle they note themselves.
pub(crate) async fn keep(bus: Bus, store: Store, events: Arc<Held>, stop: CancellationToken) {
    let (mut noted, mut noted_at) = (None, None);
    let mut ticks = interval(NOTE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let settled = events.taken_and_settled();
        if settled.is_some() && settled == noted_at {
            continue;
        }
        noted_at = match stop.run_until_cancelled(note(&bus, &store, noted)).await {
            None => break,
            Some(None) => None,
            Some(floor) => {
                noted = floor;
                settled
            }
        };
    }
}

/// The sequence that is noted now; `None` if that failed.
async fn note(bus: &Bus, store: &Store, noted: Option<u64>) -> Option<u64> {
    let floor = bus.event_floor().await;
    let floor = floor.inspect_err(|error| debug!("Asking for the settled events later: {error}"));
    let floor = floor.ok()?;
    if noted != Some(floor.sequence) {
        let done = store.note_consumer_floor(EVENTS_STREAM, floor).await;
        let done = done.inspect_err(|error| debug!("Noting the settled events later: {error}"));
        done.ok()?;
    }
    Some(floor.sequence)
}
