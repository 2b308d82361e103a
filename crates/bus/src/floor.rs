//! Where the consumer of POSTHORN_EVENTS begins when it has to be made.
//!
//! A consumer that somebody deleted, or that a stream was restored without, is made again. From the stream's first
//! message it would give out again whatever the stream still holds, thirty days of events that were delivered long ago.
//! So deliverers note now and then, outside of NATS, up to where every event is settled, the *floor*, and the consumer
//! is made behind it.
//!
//! The floor is trusted only where the stream is the one that it was noted of. A stream that was made again, or restored
//! from an older backup, counts the same numbers for other messages; then the message at the floor is missing at the
//! stream's end, or was stored after the floor was noted. Whenever there is doubt the consumer begins at the first
//! message: each is looked up before it is sent, so this costs time and no request.

use std::sync::{Arc, OnceLock};

use async_nats::jetstream::{Context, consumer::DeliverPolicy};
use futures::future::BoxFuture;
use posthorn_domain::StreamPosition;
use tokio::time::timeout;
use tracing::{info, warn};

use crate::{
    api,
    bus::{Bus, REQUEST_TIMEOUT},
    error::BusError,
    stream_info,
    subject::{DELIVERER_CONSUMER, EVENTS_STREAM},
};

/// Reads the floor that was noted last; `None` where none was ever noted. The error is for the log.
pub type FloorSource =
    Box<dyn Fn() -> BoxFuture<'static, Result<Option<StreamPosition>, String>> + Send + Sync>;

/// Who knows the floor. Without anybody a consumer begins at the stream's first message.
#[derive(Clone, Default)]
pub(crate) struct Floor(Arc<OnceLock<FloorSource>>);

impl std::fmt::Debug for Floor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Floor")
            .field(&self.0.get().is_some())
            .finish()
    }
}

impl Bus {
    /// Says who knows up to where events are settled, once and before the consumer is made.
    pub fn know_floor_from(&self, source: FloorSource) {
        // A second one would say the same.
        let _ = self.floor.0.set(source);
    }

    /// Up to where every event is settled: each of its deliveries is recorded or handed over. By the consumer that all
    /// deliverers share; the time is NATS's.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] when NATS does not answer or has no such consumer.
    pub async fn event_floor(&self) -> Result<StreamPosition, BusError> {
        api::consumer_info(&self.jetstream, EVENTS_STREAM, DELIVERER_CONSUMER)
            .await?
            .floor()
    }

    /// Where the stream of events ends now: what is accepted from now on comes after it. The time is NATS's.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] when NATS does not answer or has no such stream.
    pub async fn end_of_events(&self) -> Result<StreamPosition, BusError> {
        stream_info::end(&self.jetstream, EVENTS_STREAM).await
    }
}

impl Floor {
    /// Where a new consumer of POSTHORN_EVENTS begins. An error says that the floor cannot be read now.
    pub(crate) async fn begin(&self, jetstream: &Context) -> Result<DeliverPolicy, BusError> {
        let end = stream_info::end(jetstream, EVENTS_STREAM).await?;
        let Some(source) = self.0.get().filter(|_| end.sequence > 0) else {
            return Ok(DeliverPolicy::All);
        };
        let noted = match timeout(REQUEST_TIMEOUT, source()).await {
            Ok(Ok(noted)) => noted,
            Ok(Err(why)) => return Err(BusError::Unavailable(why)),
            Err(_) => {
                return Err(BusError::Unavailable(
                    "nobody tells where the settled events end".to_owned(),
                ));
            }
        };
        let Some(floor) = noted else {
            info!(
                "Nothing is noted of where the settled events end: \
                 the consumer begins at the first message, and each is looked up"
            );
            return Ok(DeliverPolicy::All);
        };
        if floor.sequence == 0 {
            return Ok(DeliverPolicy::All);
        }
        if !is_of_this_stream(jetstream, floor, end).await? {
            warn!(
                floor = floor.sequence,
                end = end.sequence,
                "{EVENTS_STREAM} was made again or restored from a backup: it ends at message {}, and up to {} all was \
                 settled before. The consumer begins at the first message, and each is looked up",
                end.sequence,
                floor.sequence
            );
            return Ok(DeliverPolicy::All);
        }
        info!(
            "The consumer of {EVENTS_STREAM} begins behind message {}: up to there all was settled",
            floor.sequence
        );
        Ok(DeliverPolicy::ByStartSequence {
            start_sequence: floor.sequence + 1,
        })
    }
}

/// Whether the floor was noted of the stream as it is: its message, where it is still kept, is older than the note.
async fn is_of_this_stream(
    jetstream: &Context,
    floor: StreamPosition,
    end: StreamPosition,
) -> Result<bool, BusError> {
    if floor.sequence > end.sequence {
        return Ok(false);
    }
    let Some(message) = api::stored_raw(jetstream, EVENTS_STREAM, floor.sequence).await? else {
        return Ok(true);
    };
    Ok(message.stored_at()? <= floor.at)
}
