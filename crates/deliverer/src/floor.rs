//! Notes up to where every event is settled, outside of NATS: where its consumer has to be made again, it begins behind
//! that ([`posthorn_bus::FloorSource`]).

use std::time::Duration;

use posthorn_bus::{Bus, subject::EVENTS_STREAM};
use posthorn_domain::StreamPosition;
use posthorn_store::Store;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::debug;

/// What was settled since the last note is looked up again when the consumer is lost.
const NOTE_EVERY: Duration = Duration::from_secs(2);

/// Notes until told to stop. While NATS or the database is away the last note stays, which is true as well.
pub(crate) async fn keep(bus: Bus, store: Store, stop: CancellationToken) {
    let mut noted = None;
    let mut ticks = interval(NOTE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let Some(floor) = stop.run_until_cancelled(note(&bus, &store, noted)).await else {
            break;
        };
        noted = floor;
    }
}

/// The sequence that is noted now; `None` if that is not certain.
async fn note(bus: &Bus, store: &Store, noted: Option<u64>) -> Option<u64> {
    let StreamPosition { sequence, .. } = match bus.event_floor().await {
        Ok(floor) if noted == Some(floor.sequence) => return noted,
        Ok(floor) => match store.note_consumer_floor(EVENTS_STREAM, floor).await {
            Ok(()) => floor,
            Err(error) => {
                debug!("Noting the settled events again later: {error}");
                return None;
            }
        },
        Err(error) => {
            debug!("Asking for the settled events again later: {error}");
            return noted;
        }
    };
    Some(sequence)
}
