//! Pulling messages from a durable consumer.

use std::time::Duration;

use async_nats::{Message, StatusCode, Subscriber, jetstream};
use futures::{FutureExt, StreamExt};
use serde::Serialize;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use crate::{
    bus::Bus,
    claim::{Claim, ClaimHandle, Malformed},
    error::BusError,
    event_message::StoredMessage,
    link::backoff,
    subject::DELIVERER_CONSUMER,
};

/// A pull that found nothing ends after this.
const PULL_EXPIRES: Duration = Duration::from_secs(10);
/// While it waits, the server says that often that it still knows of the pull.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// Without a word for this long the pull is taken for lost.
const SILENCE_MAX: Duration = Duration::from_secs(5);

type Read<T> = Box<dyn Fn(&StoredMessage<'_>) -> Result<T, Malformed> + Send + Sync>;

/// The claims of one consumer, pulled in batches.
pub struct Claims<T> {
    bus: Bus,
    stream: &'static str,
    read: Read<T>,
    inbox: String,
    messages: Subscriber,
    /// Numbers the pulls, so that the end of an old one is not taken for that of the present one.
    pull: u64,
    /// Failed pulls since the last that worked.
    failures: usize,
    /// The next message is larger than the last pull had room for: take it alone, whatever it weighs.
    oversized: bool,
}

/// One request for messages.
pub struct Pull<'a, T> {
    claims: &'a mut Claims<T>,
    wanted: usize,
    open: bool,
    connection: u64,
    heard: Instant,
}

#[derive(Serialize)]
struct Request {
    batch: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_bytes: Option<usize>,
    expires: u128,
    idle_heartbeat: u128,
}

enum Received<T> {
    Claim(Claim<T>),
    Alive,
    End,
}

impl<T> Claims<T> {
    pub(crate) async fn subscribe(
        bus: Bus,
        stream: &'static str,
        read: impl Fn(&StoredMessage<'_>) -> Result<T, Malformed> + Send + Sync + 'static,
    ) -> Result<Self, BusError> {
        let inbox = bus.link.client.new_inbox();
        let messages = bus
            .link
            .client
            .subscribe(format!("{inbox}.*"))
            .await
            .map_err(|error| BusError::Unavailable(error.to_string()))?;
        Ok(Self {
            bus,
            stream,
            read: Box::new(read),
            inbox,
            messages,
            pull: 0,
            failures: 0,
            oversized: false,
        })
    }

    /// Asks for at most `max` messages of together `max_bytes`, and waits up to 10 s for the first.
    ///
    /// Whatever is wrong with NATS, this waits with backoff, sets up again what is missing, and goes on.
    /// A single message larger than `max_bytes` is given out nevertheless, alone.
    pub async fn pull(&mut self, max: usize, max_bytes: usize) -> Pull<'_, T> {
        loop {
            self.pause_after_failures().await;
            let connection = self.wait_until_connected().await;
            match self.request(max, max_bytes).await {
                Ok(wanted) => {
                    return Pull {
                        wanted,
                        open: true,
                        connection,
                        heard: Instant::now(),
                        claims: self,
                    };
                }
                Err(error) => {
                    self.failures += 1;
                    debug!("A pull from {} could not be sent: {error}", self.stream);
                }
            }
        }
    }

    async fn request(
        &mut self,
        max: usize,
        max_bytes: usize,
    ) -> Result<usize, async_nats::PublishError> {
        self.pull += 1;
        let alone = std::mem::take(&mut self.oversized);
        let request = Request {
            batch: if alone { 1 } else { max.max(1) },
            max_bytes: (!alone).then_some(max_bytes.max(1)),
            expires: PULL_EXPIRES.as_nanos(),
            idle_heartbeat: HEARTBEAT.as_nanos(),
        };
        let payload = serde_json::to_vec(&request).unwrap_or_default();
        let subject = format!(
            "$JS.API.CONSUMER.MSG.NEXT.{}.{DELIVERER_CONSUMER}",
            self.stream
        );
        let reply = format!("{}.{}", self.inbox, self.pull);
        self.bus
            .link
            .client
            .publish_with_reply(subject, reply, payload.into())
            .await?;
        Ok(request.batch)
    }

    async fn pause_after_failures(&mut self) {
        if self.failures > 0 {
            tokio::time::sleep(backoff(self.failures)).await;
        }
    }

    /// Returns which connection it is.
    async fn wait_until_connected(&self) -> u64 {
        let mut connections = self.bus.link.connections.clone();
        while !self.bus.is_connected() {
            // The sender lives as long as the client; the sleep is for the moment between its state
            // and its event.
            let _ = tokio::time::timeout(Duration::from_millis(100), connections.changed()).await;
        }
        *connections.borrow()
    }

    async fn ensure_topology(&mut self) {
        match self.bus.ensure_topology().await {
            Ok(()) => info!("Set up the consumer of {} again", self.stream),
            Err(error) => warn!(error = %error, "{} has no consumer: {error}", self.stream),
        }
    }

    /// Tells claims from words of the server about the pull.
    async fn received(&mut self, message: Message) -> Received<T> {
        let Some(status) = message.status else {
            return match self.claim(message) {
                Some(claim) => Received::Claim(claim),
                None => Received::Alive,
            };
        };
        if !self.is_of_present_pull(&message) || status == StatusCode::IDLE_HEARTBEAT {
            return Received::Alive;
        }
        let words = message.description.as_deref().unwrap_or_default();
        if status == StatusCode::TIMEOUT || status == StatusCode::NOT_FOUND {
            self.failures = 0;
        } else if words.contains("MaxBytes") {
            self.failures = 0;
            self.oversized = true;
        } else if words.eq_ignore_ascii_case("Batch Completed") {
            self.failures = 0;
        } else {
            self.failures += 1;
            warn!(
                "The pull from {} ended: {} {words}",
                self.stream,
                status.as_u16()
            );
            self.ensure_topology().await;
        }
        Received::End
    }

    fn is_of_present_pull(&self, message: &Message) -> bool {
        message
            .subject
            .rsplit_once('.')
            .is_some_and(|(_, number)| number.parse() == Ok(self.pull))
    }

    fn claim(&mut self, message: Message) -> Option<Claim<T>> {
        let bytes = message.length;
        let message = jetstream::Message {
            message,
            context: self.bus.jetstream.clone(),
        };
        let (stream_sequence, delivery_count, stored_at) = match message.info() {
            Ok(info) => (info.stream_sequence, info.delivered, info.published),
            Err(error) => {
                warn!(error = %error, "A message is not from a stream: {error}");
                return None;
            }
        };
        let message = message.message;
        self.failures = 0;
        let read = (self.read)(&StoredMessage {
            subject: &message.subject,
            headers: message.headers.as_ref(),
            payload: &message.payload,
            sequence: stream_sequence,
            stored_at,
        });
        Some(Claim {
            message: read,
            handle: ClaimHandle {
                link: self.bus.link.clone(),
                reply: message.reply?,
                stream_sequence,
                delivery_count,
                stored_at,
            },
            bytes,
        })
    }
}

impl<T> Pull<'_, T> {
    /// Everything that has arrived and is not yet taken, after waiting for the first; `None` when this
    /// pull is finished and the next may be made.
    pub async fn next_chunk(&mut self) -> Option<Vec<Claim<T>>> {
        let mut chunk = Vec::new();
        while self.open && self.wanted > 0 {
            let Some(message) = self.next_message(chunk.is_empty()).await else {
                break;
            };
            self.heard = Instant::now();
            match self.claims.received(message).await {
                Received::Claim(claim) => {
                    self.wanted -= 1;
                    chunk.push(claim);
                }
                Received::Alive => {}
                Received::End => self.open = false,
            }
        }
        (!chunk.is_empty()).then_some(chunk)
    }

    async fn next_message(&mut self, wait: bool) -> Option<Message> {
        if !wait {
            return self.claims.messages.next().now_or_never().flatten();
        }
        let mut connections = self.claims.bus.link.connections.clone();
        let connection = self.connection;
        tokio::select! {
            biased;
            message = self.claims.messages.next() => message,
            // The server that knew of this pull is gone.
            _ = connections.wait_for(|current| *current != connection) => {
                self.open = false;
                None
            }
            () = tokio::time::sleep_until(self.heard + SILENCE_MAX) => {
                self.open = false;
                self.claims.failures += 1;
                None
            }
        }
    }
}
