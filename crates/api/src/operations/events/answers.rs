//! What became of each event that the stream acknowledged.

use futures::{StreamExt, TryStreamExt, stream};
use posthorn_bus::{Accepted, Bus, OutgoingEvent, Repeated};
use posthorn_domain::{EventId, FieldError};

use super::{
    publish::{PublishedEvent, refused},
    reused_keys::reused,
};
use crate::problem::Problem;

/// Of an array that is published again, so many of the first events are looked up at once.
const LOOKUPS_AT_ONCE: usize = 32;

/// Whether events were signed when they were published.
#[derive(Debug, Clone, Copy)]
pub(super) enum Signed {
    All,
    /// The installation's key was not known before they were published.
    Perhaps,
}

impl Signed {
    /// What will hold of events that are published from now on: a key that is known stays known.
    pub(super) fn by(bus: &Bus) -> Self {
        if bus.knows_own_messages() {
            Self::All
        } else {
            Self::Perhaps
        }
    }
}

/// What one event is answered with, or why its key is refused.
type Answered = Result<PublishedEvent, FieldError>;

/// The answer for each event, in their order. A key that belongs to another event refuses the request.
pub(super) async fn answers(
    bus: &Bus,
    outgoing: Vec<OutgoingEvent>,
    accepted: Vec<Accepted>,
    signed: Signed,
    is_array: bool,
) -> Result<Vec<PublishedEvent>, Problem> {
    let answered: Vec<Answered> = stream::iter(outgoing.into_iter().zip(accepted).enumerate())
        .map(|(index, (outgoing, accepted))| {
            answer(bus, outgoing, accepted, signed, is_array.then_some(index))
        })
        .buffered(LOOKUPS_AT_ONCE)
        .try_collect()
        .await?;
    let mut events = Vec::with_capacity(answered.len());
    let mut errors = Vec::new();
    for answer in answered {
        match answer {
            Ok(event) => events.push(event),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() {
        Ok(events)
    } else {
        Err(reused(errors))
    }
}

/// A duplicate is answered with what was accepted before it.
async fn answer(
    bus: &Bus,
    outgoing: OutgoingEvent,
    accepted: Accepted,
    signed: Signed,
    index: Option<usize>,
) -> Result<Answered, Problem> {
    let repeated = if accepted.duplicate {
        let repeated = bus.repeated(&outgoing, accepted).await;
        repeated.map_err(|failure| refused(&failure))?
    } else {
        Repeated::Stored(accepted)
    };
    let event = outgoing.event;
    Ok(match repeated {
        Repeated::Stored(accepted) => Ok(PublishedEvent {
            id: id_of(bus, event.id, accepted, signed).await?,
            r#type: event.event_type,
            duplicate: false,
        }),
        Repeated::Same(first) => Ok(PublishedEvent {
            id: first.id,
            r#type: first.event_type,
            duplicate: true,
        }),
        Repeated::Other(first) => {
            let detail = format!(
                "belongs to the event {}, which has {}",
                first.id,
                if first.event_type == event.event_type {
                    "other data"
                } else {
                    "another type"
                }
            );
            let field = index.map_or_else(
                || "idempotency_key".to_owned(),
                |index| format!("[{index}].idempotency_key"),
            );
            Err(FieldError::new(field, detail))
        }
    })
}

/// The id that receivers will see. Of an event that is not signed it follows from where that is stored.
async fn id_of(
    bus: &Bus,
    given: EventId,
    accepted: Accepted,
    signed: Signed,
) -> Result<EventId, Problem> {
    match signed {
        Signed::All => return Ok(given),
        Signed::Perhaps => {}
    }
    let stored = bus.event_at(accepted.sequence).await;
    let unknown = || Problem::queue_unavailable("an event that was stored cannot be read");
    Ok(stored
        .map_err(Problem::queue_unavailable)?
        .ok_or_else(unknown)?
        .id)
}
