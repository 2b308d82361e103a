use std::time::Duration;

use posthorn_bus::{Bus, EventAt, Overwrite};
use posthorn_domain::EventId;
use posthorn_store::{ErasedEvent, HeldErasure, Store};
use tokio::time::Instant;
use tracing::{info, warn};

use super::{Eraser, LEASE, REST};

/// Events of an erasure that become tombstones together, and are scrubbed together.
const PAGE: u32 = 1_000;
/// Events that are taken out of the streams together.
const STREAM_PAGE: u32 = 200;
/// How long a process works at one erasure before others have their turn.
const TURN: Duration = Duration::from_secs(2);
/// How long an erasure waits for events that have no record yet. What waits then is held up by others, or the stream was
/// made again and counts from the beginning.
const WAITED_MAX: chrono::TimeDelta = chrono::TimeDelta::seconds(300);

impl Eraser {
    /// Works at an erasure for its turn; whether there was one.
    pub(super) async fn filter_round(&self) -> anyhow::Result<bool> {
        let Some(mut held) = self.store.take_erasure(LEASE).await? else {
            return Ok(false);
        };
        if held.up_to.is_none() {
            // While NATS is away everything is done but the last pass.
            match self.bus.end_of_events().await {
                Ok(end) => {
                    self.store
                        .note_erasure_up_to(&mut held, end.sequence)
                        .await?;
                }
                Err(error) => {
                    warn!(erasure.id = %held.id, "Erasure {} goes on without NATS: {error}", held.id);
                }
            }
        }
        let began = Instant::now();
        loop {
            let Some(page) = self.store.erase_page(&mut held, LEASE, PAGE).await? else {
                return Ok(true);
            };
            let events: Vec<EventId> = page.events.iter().map(|event| event.id).collect();
            self.store.scrub_erased(&events, true).await?;
            if !page.more {
                return self.end_pass(&mut held).await;
            }
            if began.elapsed() > TURN {
                self.store.give_erasure_back(&held, Duration::ZERO).await?;
                return Ok(true);
            }
        }
    }

    /// What follows a pass that found nothing more.
    async fn end_pass(&self, held: &mut HeldErasure) -> anyhow::Result<bool> {
        if held.is_last_pass {
            if self.store.end_erasure(held).await? {
                info!(erasure.id = %held.id, "Erasure {} is done", held.id);
            } else {
                // Its events are being taken out of the streams.
                self.store.give_erasure_back(held, REST).await?;
            }
        } else if self.all_is_recorded(held).await? {
            self.store.begin_last_pass(held).await?;
            self.store.give_erasure_back(held, Duration::ZERO).await?;
        } else {
            self.store.give_erasure_back(held, REST).await?;
        }
        Ok(true)
    }

    /// Whether everything has its record that was accepted before the erasure began.
    async fn all_is_recorded(&self, held: &HeldErasure) -> anyhow::Result<bool> {
        if self.store.database_time().await? - held.started_at > WAITED_MAX {
            return Ok(true);
        }
        let Some(up_to) = held.up_to else {
            return Ok(false);
        };
        Ok(self
            .bus
            .event_floor()
            .await
            .is_ok_and(|floor| floor.sequence >= up_to))
    }

    /// Scrubs some of what was decided on and left; whether there was any.
    pub(super) async fn table_round(&self) -> anyhow::Result<bool> {
        let left = self.store.take_unfinished(false, LEASE, PAGE).await?;
        let events: Vec<EventId> = left.iter().map(|event| event.id).collect();
        self.store.scrub_erased(&events, true).await?;
        Ok(!left.is_empty())
    }

    /// Takes some of what is scrubbed out of the streams; whether there was any.
    pub(super) async fn stream_round(&self) -> anyhow::Result<bool> {
        let scrubbed = self.store.take_unfinished(true, LEASE, STREAM_PAGE).await?;
        if scrubbed.is_empty() {
            return Ok(false);
        }
        take_out_of_streams(&self.bus, &self.store, &scrubbed).await?;
        Ok(true)
    }
}

/// Takes events that are scrubbed out of the streams, with what waits of them and their dead letters.
async fn take_out_of_streams(
    bus: &Bus,
    store: &Store,
    events: &[ErasedEvent],
) -> anyhow::Result<()> {
    let ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
    let left = store.erased_in_streams(&ids).await?;
    for overwrite in [Overwrite::Yes, Overwrite::No] {
        let of_kind: Vec<EventAt> = events
            .iter()
            .filter(|event| event.is_overwritten == (overwrite == Overwrite::Yes))
            .map(|event| EventAt {
                id: event.id,
                sequence: event.stream_sequence,
            })
            .collect();
        bus.erase_events(&of_kind, overwrite).await?;
    }
    bus.erase_schedules(&left.deliveries).await?;
    for letter in left.letters {
        bus.discard_dead_letter(letter.id, letter.stream_sequence)
            .await?;
    }
    store.finish_erased(&ids).await?;
    Ok(())
}
