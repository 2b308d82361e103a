//! How much is left to do, as the server sees it.

use async_nats::jetstream::{account::Limits, consumer::Info};

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

    /// How large each stream is.
    ///
    /// # Errors
    /// As [`Bus::backlog`].
    pub async fn stream_sizes(&self) -> Result<Vec<StreamSize>, BusError> {
        let mut sizes = Vec::new();
        for name in [EVENTS_STREAM, DELIVERIES_STREAM, DEAD_LETTERS_STREAM] {
            let stream = self.jetstream.get_stream(name).await.map_err(unavailable)?;
            let info = stream.cached_info();
            sizes.push(StreamSize {
                stream: name,
                messages: info.state.messages,
                bytes: info.state.bytes,
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

    /// How far the deliverers are behind: one request for each consumer that they share.
    ///
    /// # Errors
    /// As [`Bus::backlog`].
    pub async fn consumer_lags(&self) -> Result<Vec<ConsumerLag>, BusError> {
        let mut lags = Vec::new();
        for name in [EVENTS_STREAM, DELIVERIES_STREAM] {
            let stream = self
                .jetstream
                .get_stream_no_info(name)
                .await
                .map_err(unavailable)?;
            let info = stream
                .consumer_info(DELIVERER_CONSUMER)
                .await
                .map_err(unavailable)?;
            lags.push(ConsumerLag {
                stream: name,
                pending: info.num_pending,
                unacknowledged: claimed(&info),
                paused: info.paused,
            });
        }
        Ok(lags)
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

fn unsettled(consumer: &Info) -> u64 {
    consumer.num_pending.saturating_add(claimed(consumer))
}

fn claimed(consumer: &Info) -> u64 {
    u64::try_from(consumer.num_ack_pending).unwrap_or(u64::MAX)
}

fn unavailable(error: impl std::fmt::Display) -> BusError {
    BusError::Unavailable(error.to_string())
}
