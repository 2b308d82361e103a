use std::{sync::Arc, time::Duration};

use async_nats::jetstream;
use posthorn_domain::{ClockOffset, DeliveryId, Event};
use tokio::{
    sync::{Mutex, Semaphore},
    task::JoinSet,
};

use crate::{
    claims::Claims,
    config::BusConfig,
    consumers,
    delivery_message::DueDelivery,
    error::BusError,
    event_message::{IncomingEvent, StoredMessage},
    floor::Floor,
    line::Line,
    link::Link,
    subject::{self, ACKNOWLEDGEMENTS},
    topology,
};

/// How long a request to the server and a publish acknowledgement may take.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Publishes that may wait for their acknowledgement at once; more wait for their turn.
pub(crate) const PUBLISHES_IN_FLIGHT_MAX: usize = 8_192;
/// Room for the headers of a hand-over in the server's largest payload, in bytes.
const HEADERS_BYTES_MAX: usize = 32 * 1024;

/// The connection to NATS. Clones share it.
#[derive(Clone, Debug)]
pub struct Bus {
    pub(crate) link: Link,
    pub(crate) jetstream: jetstream::Context,
    pub(crate) config: Arc<BusConfig>,
    /// Room for publishes that wait for their acknowledgement.
    pub(crate) publishes: Arc<Semaphore>,
    /// How far the server's clock is ahead of the one that the moments of hand-overs are told by.
    pub(crate) server_clock: Arc<ClockOffset>,
    pub(crate) floor: Floor,
    /// One repair at a time: who waits for it finds that nothing is missing any more.
    repairing: Arc<Mutex<()>>,
    /// Ends with the last clone.
    _watch: Arc<JoinSet<()>>,
}

impl Bus {
    /// Connects, trying for ever while nobody answers.
    ///
    /// # Errors
    /// [`BusError::Unusable`] only: what waiting cannot cure, such as wrong credentials, a server older
    /// than 2.12, or one without JetStream.
    pub async fn connect(config: BusConfig) -> Result<Self, BusError> {
        let line = Box::pin(Line::open(&config)).await?;
        Ok(Self {
            link: line.link,
            jetstream: line.jetstream,
            config: Arc::new(config),
            publishes: Arc::new(Semaphore::new(PUBLISHES_IN_FLIGHT_MAX)),
            server_clock: Arc::default(),
            floor: Floor::default(),
            repairing: Arc::default(),
            _watch: Arc::new(line.watch),
        })
    }

    /// Creates the streams and consumers that are missing and updates those that differ. Safe when
    /// several services do it at once.
    pub async fn ensure_topology(&self) -> Result<(), BusError> {
        topology::ensure(&self.jetstream, &self.config, &self.floor).await
    }

    /// Finds out whether this user may acknowledge messages, which the server tells nobody who does not try:
    /// [`Bus::may_acknowledge`] has the answer as soon as it comes. Says of no message that it is worked on.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] where there is no connection.
    pub async fn try_acknowledging(&self) -> Result<(), BusError> {
        for (stream, consumer) in consumers::wanted() {
            let consumer = consumer.durable_name.unwrap_or_default();
            // The message before the first: there is none, and nobody waits for an answer.
            let subject = format!("{ACKNOWLEDGEMENTS}{stream}.{consumer}.1.0.0.0.0");
            let tried = self.link.client.publish(subject, "+WPI".into()).await;
            tried.map_err(|error| BusError::Unavailable(error.to_string()))?;
        }
        Ok(())
    }

    /// Whether this user may acknowledge messages, as far as the server has said; if not, its words. Who may not gets every
    /// message again and again.
    pub fn may_acknowledge(&self) -> Result<(), String> {
        match self.link.denied() {
            None => Ok(()),
            Some(words) => Err(format!(
                "NATS does not let this user acknowledge, so all messages come again: {words}"
            )),
        }
    }

    /// Creates the streams and consumers that are missing, and touches nothing that is there: it only asks, where
    /// nothing is missing.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] too while nobody can say whether something is missing, as during an election.
    pub async fn restore_topology(&self) -> Result<(), BusError> {
        let _one = self.repairing.lock().await;
        topology::restore(&self.jetstream, &self.config, &self.floor, None).await
    }

    /// The same for one stream and its consumer.
    pub(crate) async fn restore_stream(&self, stream: &str) -> Result<(), BusError> {
        let _one = self.repairing.lock().await;
        topology::restore(&self.jetstream, &self.config, &self.floor, Some(stream)).await
    }

    /// Whether this process knows what tells an api's messages from those of others. If not, events that it publishes
    /// are like anybody's: their ids are others than they were given, and their idempotency keys can be occupied.
    pub fn knows_own_messages(&self) -> bool {
        self.config.own_messages.are_known()
    }

    /// Whether the connection stands at this moment.
    pub fn is_connected(&self) -> bool {
        self.link.is_connected()
    }

    /// The event at a place of the stream; `None` when it has expired or cannot be read.
    pub async fn event_at(&self, sequence: u64) -> Result<Option<Event>, BusError> {
        let found = self.message_at(subject::EVENTS_STREAM, sequence).await?;
        Ok(found.and_then(|message| {
            StoredMessage {
                subject: &message.subject,
                headers: Some(&message.headers),
                payload: &message.payload,
                sequence: message.sequence,
                stored_at: message.time,
            }
            .event(&self.config, self.event_data_bytes_max())
            .ok()
        }))
    }

    /// Takes back what waits for its time; a delivery that is already due, or none, is no error.
    pub async fn cancel_schedule(&self, delivery: DeliveryId) -> Result<(), BusError> {
        let stream = self
            .jetstream
            .get_stream_no_info(subject::DELIVERIES_STREAM)
            .await
            .map_err(|error| BusError::Unavailable(error.to_string()))?;
        stream
            .purge()
            .filter(subject::later(delivery))
            .await
            .map(|_| ())
            .map_err(|error| BusError::Unavailable(error.to_string()))
    }

    /// Claims events. The durable consumer is shared by all deliverers.
    pub async fn event_claims(&self) -> Result<Claims<IncomingEvent>, BusError> {
        let data_bytes_max = self.event_data_bytes_max();
        let config = self.config.clone();
        Claims::subscribe(
            self.clone(),
            subject::EVENTS_STREAM,
            subject::DELIVERER_CONSUMER,
            move |message| message.incoming(&config, data_bytes_max),
        )
        .await
    }

    /// Claims deliveries that are due. The durable consumer is shared by all deliverers.
    pub async fn delivery_claims(&self) -> Result<Claims<DueDelivery>, BusError> {
        Claims::subscribe(
            self.clone(),
            subject::DELIVERIES_STREAM,
            subject::DELIVERER_CONSUMER,
            |message| message.due_delivery(),
        )
        .await
    }

    /// Waits until every acknowledgement and publish so far has left this process; at most 5 s.
    pub async fn drain(&self) {
        if self.is_connected() {
            let _ = tokio::time::timeout(REQUEST_TIMEOUT, self.link.client.flush()).await;
        }
    }

    /// An event that is read must also fit into the hand-overs made of it.
    pub(crate) fn event_data_bytes_max(&self) -> usize {
        self.config
            .event_data_bytes_max
            .min(self.hand_over_data_bytes_max())
    }

    /// The largest data of a hand-over, as far as the server's bound goes.
    pub(crate) fn hand_over_data_bytes_max(&self) -> usize {
        let payload_max = self.link.client.max_payload();
        payload_max.saturating_sub(HEADERS_BYTES_MAX)
    }
}
