//! How much is left to do, as the server sees it.

use std::{collections::HashSet, time::Duration};

use async_nats::jetstream::{
    account::Limits,
    consumer::Info,
    stream::{DirectGetErrorKind, Stream},
};
use chrono::TimeDelta;
use futures::{TryStreamExt, future};
use posthorn_domain::{Clock, DeliveryId};

use crate::{
    bus::Bus,
    error::BusError,
    limits,
    stream_info::{self, StreamInfo},
    subject::{
        self, DEAD_LETTERS_STREAM, DELIVERER_CONSUMER, DELIVERIES_STREAM, EVENTS, EVENTS_STREAM,
        READY,
    },
    topology,
};

/// Questions to the server that wait for their answer together.
const QUESTIONS_AT_ONCE: usize = 50;

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
    /// Limits that somebody else has put on it.
    pub limits: usize,
}

/// What JetStream keeps for the account that Posthorn signs in to, whoever else's streams are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Storage {
    /// What all its streams take, in bytes.
    pub bytes: u64,
    /// What the account may take, in bytes; 0: as much as the servers have.
    pub bytes_max: u64,
}

/// How far the deliverers are behind on one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsumerLag {
    /// The stream that they share.
    pub stream: &'static str,
    /// Messages that no deliverer has claimed yet.
    pub pending: u64,
    /// Messages that are claimed and not acknowledged.
    pub unacknowledged: u64,
    /// How long ago the oldest message was stored that is not settled; `None` if there is none.
    pub oldest_age: Option<Duration>,
    /// Whether somebody has paused the consumer: then nobody gets anything.
    pub paused: bool,
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

    /// Those of the deliveries that have a schedule: a message that waits for its time.
    ///
    /// # Errors
    /// As [`Bus::backlog`].
    pub async fn scheduled(
        &self,
        deliveries: &[DeliveryId],
    ) -> Result<HashSet<DeliveryId>, BusError> {
        let stream = self
            .jetstream
            .get_stream_no_info(DELIVERIES_STREAM)
            .await
            .map_err(unavailable)?;
        let mut scheduled = HashSet::new();
        for together in deliveries.chunks(QUESTIONS_AT_ONCE) {
            let questions = together
                .iter()
                .map(|delivery| is_scheduled(stream.clone(), *delivery));
            for found in future::try_join_all(questions).await? {
                scheduled.extend(found);
            }
        }
        Ok(scheduled)
    }

    /// How large each stream is. Notes on the way how far the server's clock is ahead of `clock`, which is the time of
    /// everything that is handed over from then on.
    ///
    /// # Errors
    /// As [`Bus::backlog`].
    pub async fn stream_sizes(&self, clock: &dyn Clock) -> Result<Vec<StreamSize>, BusError> {
        let mut sizes = Vec::new();
        let streams = topology::streams(&self.config);
        for (stream, wanted) in [EVENTS_STREAM, DELIVERIES_STREAM, DEAD_LETTERS_STREAM]
            .into_iter()
            .zip(&streams)
        {
            let StreamInfo { info, .. } =
                stream_info::ask_with_time(&self.jetstream, stream, clock, &self.server_clock)
                    .await
                    .map_err(|error| error.about(stream))?;
            sizes.push(StreamSize {
                stream,
                messages: info.state.messages,
                bytes: info.state.bytes,
                limits: limits::of_stream(wanted, &info.config).len(),
            });
        }
        Ok(sizes)
    }

    /// How much of the account's storage is taken. The servers' own bound (`max_file_store`) is told to nobody here.
    ///
    /// # Errors
    /// As [`Bus::backlog`].
    pub async fn storage(&self) -> Result<Storage, BusError> {
        let account = self.jetstream.query_account().await.map_err(unavailable)?;
        // An account may have a bound for each number of copies instead of one for all: the fullest counts.
        let tiers = account.tiers.values();
        let fullest = tiers
            .map(|tier| Storage::of(tier.storage, tier.limits))
            .max_by_key(|storage| storage.per_mille());
        Ok(fullest.unwrap_or_else(|| Storage::of(account.storage, account.limits)))
    }

    /// How far the deliverers are behind: one request for each consumer that they share, and one more for the oldest
    /// message of a consumer that is behind. `clock` is that of [`Bus::stream_sizes`].
    ///
    /// # Errors
    /// As [`Bus::backlog`].
    pub async fn consumer_lags(&self, clock: &dyn Clock) -> Result<Vec<ConsumerLag>, BusError> {
        let mut lags = Vec::new();
        for (name, subjects) in [(EVENTS_STREAM, EVENTS), (DELIVERIES_STREAM, READY)] {
            let stream = self
                .jetstream
                .get_stream_no_info(name)
                .await
                .map_err(unavailable)?;
            let info = stream
                .consumer_info(DELIVERER_CONSUMER)
                .await
                .map_err(unavailable)?;
            let oldest_age = if unsettled(&info) == 0 {
                None
            } else {
                let first = info.ack_floor.stream_sequence.saturating_add(1);
                match stream
                    .direct_get_next_for_subject(subjects, Some(first))
                    .await
                {
                    Ok(oldest) => {
                        let now = self.server_clock.theirs(clock.now());
                        Some((now - oldest.time).to_std().unwrap_or_default())
                    }
                    // Settled meanwhile.
                    Err(error) if error.kind() == DirectGetErrorKind::NotFound => None,
                    Err(error) => return Err(unavailable(error)),
                }
            };
            lags.push(ConsumerLag {
                stream: name,
                pending: info.num_pending,
                unacknowledged: claimed(&info),
                oldest_age,
                paused: info.paused,
            });
        }
        Ok(lags)
    }

    /// How far the server's clock is ahead of the one that [`Bus::stream_sizes`] was given.
    pub fn server_clock_ahead(&self) -> TimeDelta {
        self.server_clock.ahead()
    }
}

impl Storage {
    fn of(bytes: u64, limits: Limits) -> Self {
        let bytes_max = limits.max_storage.and_then(|max| u64::try_from(max).ok());
        Self {
            bytes,
            bytes_max: bytes_max.unwrap_or(0),
        }
    }

    fn per_mille(self) -> u64 {
        let scaled = self.bytes.saturating_mul(1_000);
        scaled.checked_div(self.bytes_max).unwrap_or(0)
    }
}

/// The delivery, if it has a schedule. The server names the subjects that match, without their messages.
async fn is_scheduled(
    stream: Stream<()>,
    delivery: DeliveryId,
) -> Result<Option<DeliveryId>, BusError> {
    let mut found = stream
        .info_with_subjects(subject::later(delivery))
        .await
        .map_err(unavailable)?;
    let subject = found.try_next().await.map_err(unavailable)?;
    Ok(subject.map(|_| delivery))
}

fn unsettled(consumer: &Info) -> u64 {
    consumer.num_pending.saturating_add(claimed(consumer))
}

fn claimed(consumer: &Info) -> u64 {
    u64::try_from(consumer.num_ack_pending).unwrap_or(u64::MAX)
}

fn unavailable(error: impl std::fmt::Display) -> BusError {
    BusError::Unavailable(error.to_string())
}
