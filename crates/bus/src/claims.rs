//! Claiming messages of a durable consumer.
//!
//! A pull asks the server for so many messages and bytes and stays open there until they have come or a second
//! has passed. What ends it, and what follows:
//!
//! | end | noticed by | then |
//! | --- | --- | --- |
//! | all messages came, or the time is up | the server's word | the next pull |
//! | the next message is larger than `max_bytes` | the server's word | it is pulled alone, whatever it weighs |
//! | the connection is lost | the client's event | wait for the next connection |
//! | the consumer or its stream is gone | the server's word, or nobody answers | set up again, after a pause |
//! | the server forgot the pull | not a word for 3 s | the next pull, after a pause |
//!
//! Messages that were on their way when a pull ended are not lost: the next pull gives them out. What the server
//! sends to an open pull that nobody reads any more is given out again only after the consumer's acknowledgement
//! wait, so whoever stops lets the last pull come to its end.

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
    link::{Connection, backoff},
};

/// A pull that is not filled ends after this. As short as that because a stop waits for it; one request a second
/// is what it costs where nothing happens.
const PULL_EXPIRES: Duration = Duration::from_secs(1);
/// Without a word for this long a pull is taken for lost.
const SILENCE_MAX: Duration = Duration::from_secs(3);

type Read<T> = Box<dyn Fn(&StoredMessage<'_>) -> Result<T, Malformed> + Send + Sync>;

/// The claims of one consumer.
pub struct Claims<T> {
    bus: Bus,
    stream: &'static str,
    consumer: &'static str,
    read: Read<T>,
    inbox: String,
    messages: Subscriber,
    /// Numbers the pulls, so that the end of an old one is not taken for that of the present one.
    pull: u64,
    /// Pulls in a row that failed.
    failures: usize,
    /// The next message is larger than a whole pull.
    oversized: bool,
    /// The consumer or its stream seems to be gone.
    missing: bool,
}

/// One request for messages.
pub struct Pull<'a, T> {
    claims: &'a mut Claims<T>,
    wanted: usize,
    got: usize,
    open: bool,
    connection: Connection,
    heard: Instant,
}

/// The server's `JSApiConsumerGetNextRequest` (ADR-13); durations in nanoseconds.
#[derive(Serialize)]
struct Request {
    batch: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_bytes: Option<usize>,
    expires: u64,
}

impl<T> Claims<T> {
    pub(crate) async fn subscribe(
        bus: Bus,
        stream: &'static str,
        consumer: &'static str,
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
            consumer,
            read: Box::new(read),
            inbox,
            messages,
            pull: 0,
            failures: 0,
            oversized: false,
            missing: false,
        })
    }

    /// Asks for at most `max` messages of together `max_bytes`; returns as soon as the request is sent.
    ///
    /// Whatever is wrong with NATS, this waits with backoff, sets up again what is missing, and goes on.
    /// A single message larger than `max_bytes` is given out nevertheless, alone.
    pub async fn pull(&mut self, max: usize, max_bytes: usize) -> Pull<'_, T> {
        loop {
            if self.failures > 0 {
                tokio::time::sleep(backoff(self.failures)).await;
            }
            let connection = self.bus.link.connected().await;
            if self.missing {
                self.set_up_again().await;
            }
            match self.request(max, max_bytes).await {
                Ok(wanted) => {
                    return Pull {
                        wanted,
                        got: 0,
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

    /// Ends the claiming: what arrived and was not taken goes back to the server, for another deliverer
    /// to have at once. Nothing is on its way any more if the last pull has come to its end before.
    pub async fn stop(mut self) {
        let _ = self.messages.unsubscribe().await;
        while let Some(message) = self.messages.next().await {
            if let Some(claim) = self.claim(message) {
                claim.handle.release().await;
            }
        }
    }

    async fn request(
        &mut self,
        max: usize,
        max_bytes: usize,
    ) -> Result<usize, async_nats::PublishError> {
        let request = Request {
            batch: if self.oversized { 1 } else { max.max(1) },
            max_bytes: (!self.oversized).then_some(max_bytes.max(1)),
            expires: nanoseconds(PULL_EXPIRES),
        };
        self.pull += 1;
        self.oversized = false;
        let (stream, consumer) = (self.stream, self.consumer);
        let subject = format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}");
        let reply = format!("{}.{}", self.inbox, self.pull);
        // Numbers and nothing else: it cannot fail to serialize.
        let payload = serde_json::to_vec(&request).unwrap_or_default();
        self.bus
            .link
            .client
            .publish_with_reply(subject, reply, payload.into())
            .await?;
        Ok(request.batch)
    }

    async fn set_up_again(&mut self) {
        match self.bus.ensure_topology().await {
            Ok(()) => info!("The consumer of {} is in place again", self.stream),
            Err(error) if self.failures <= 1 => {
                warn!(error = %error, "The consumer of {} cannot be set up again: {error}", self.stream);
            }
            Err(error) => debug!("The consumer of {} is still missing: {error}", self.stream),
        }
        self.missing = false;
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
            // Not the server's: somebody else published to our inbox.
            Err(_) => return None,
        };
        let message = message.message;
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
    ///
    /// Cancel safe: a call that is dropped while it waits has taken nothing.
    pub async fn next_chunk(&mut self) -> Option<Vec<Claim<T>>> {
        let mut chunk = Vec::new();
        while self.open && self.got < self.wanted {
            let next = if chunk.is_empty() {
                self.wait_for_message().await
            } else {
                self.claims.messages.next().now_or_never().flatten()
            };
            let Some(message) = next else {
                break;
            };
            self.heard = Instant::now();
            if let Some(status) = message.status {
                self.on_status(status, &message);
            } else if let Some(claim) = self.claims.claim(message) {
                self.got += 1;
                self.claims.failures = 0;
                chunk.push(claim);
            }
        }
        (!chunk.is_empty()).then_some(chunk)
    }

    async fn wait_for_message(&mut self) -> Option<Message> {
        let link = self.claims.bus.link.clone();
        tokio::select! {
            biased;
            message = self.claims.messages.next() => message,
            () = link.lost(self.connection) => {
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

    /// What the server says of a pull. It tells some ends apart only by their words.
    fn on_status(&mut self, status: StatusCode, message: &Message) {
        if !self.claims.is_of_present_pull(message) {
            return;
        }
        self.open = false;
        let words = message.description.as_deref().unwrap_or_default();
        let in_order = status == StatusCode::TIMEOUT
            || status == StatusCode::NOT_FOUND
            || (status == StatusCode::REQUEST_TERMINATED
                && (words == "Batch Completed" || words == "Message Size Exceeds MaxBytes"));
        if in_order {
            self.claims.failures = 0;
            self.claims.oversized = self.got == 0 && words == "Message Size Exceeds MaxBytes";
            return;
        }
        self.claims.failures += 1;
        self.claims.missing = true;
        if self.claims.failures == 1 {
            warn!(
                stream = self.claims.stream,
                "The server ended a pull from {}: {} {words}",
                self.claims.stream,
                status.as_u16(),
            );
        }
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
