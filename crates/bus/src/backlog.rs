//! How much is left to do, as the server sees it.

use async_nats::jetstream::consumer::Info;

use crate::{
    bus::Bus,
    error::BusError,
    subject::{DEAD_LETTERS_STREAM, DELIVERER_CONSUMER, DELIVERIES_STREAM, EVENTS_STREAM},
};

/// What waits at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Events of which some delivery is neither recorded nor handed over.
    pub events: u64,
    /// Deliveries that wait for their time, or are due and not settled.
    pub deliveries: u64,
    /// Those of them that are due.
    pub due: u64,
}

/// How large one stream is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamSize {
    /// Its name.
    pub stream: &'static str,
    /// Messages in it.
    pub messages: u64,
    /// What they take on the server's disk, in bytes.
    pub bytes: u64,
}

impl Bus {
    /// What is not acknowledged: zero events means that every delivery of each is recorded or handed over.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] when NATS does not answer or has no Posthorn on it.
    pub async fn backlog(&self) -> Result<Backlog, BusError> {
        let events = self
            .jetstream
            .get_stream_no_info(EVENTS_STREAM)
            .await
            .map_err(unavailable)?;
        let consumer = events
            .consumer_info(DELIVERER_CONSUMER)
            .await
            .map_err(unavailable)?;
        // What is acknowledged leaves a work queue, so its length is what waits there.
        let deliveries = self
            .jetstream
            .get_stream(DELIVERIES_STREAM)
            .await
            .map_err(unavailable)?;
        let due = deliveries
            .consumer_info(DELIVERER_CONSUMER)
            .await
            .map_err(unavailable)?;
        Ok(Backlog {
            events: unsettled(&consumer),
            deliveries: deliveries.cached_info().state.messages,
            due: unsettled(&due),
        })
    }

    /// How large each stream is.
    ///
    /// # Errors
    /// As [`Bus::backlog`].
    pub async fn stream_sizes(&self) -> Result<Vec<StreamSize>, BusError> {
        let mut sizes = Vec::new();
        for name in [EVENTS_STREAM, DELIVERIES_STREAM, DEAD_LETTERS_STREAM] {
            let stream = self.jetstream.get_stream(name).await.map_err(unavailable)?;
            let state = &stream.cached_info().state;
            sizes.push(StreamSize {
                stream: name,
                messages: state.messages,
                bytes: state.bytes,
            });
        }
        Ok(sizes)
    }
}

fn unsettled(consumer: &Info) -> u64 {
    let claimed = u64::try_from(consumer.num_ack_pending).unwrap_or(u64::MAX);
    consumer.num_pending.saturating_add(claimed)
}

fn unavailable(error: impl std::fmt::Display) -> BusError {
    BusError::Unavailable(error.to_string())
}
