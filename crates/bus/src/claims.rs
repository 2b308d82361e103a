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
//! | the consumer or its stream is gone | the server's word | made again, after a pause |
//! | nobody leads the consumer for a moment | nobody answers | the next pull, after a pause |
//! | the server forgot the pull | not a word for 3 s | the next pull, after a pause |
//!
//! Messages that were on their way when a pull ended are not lost: the next pull gives them out. What the server
//! sends to an open pull that nobody reads any more is given out again only after the consumer's acknowledgement
//! wait, so who stops lets the last pull come to its end.
//!
//! Each consumer is pulled from through a connection of its own. A message that the client library cannot parse ends the
//! connection that it comes on ([`crate::unreadable`]); acknowledgements, publishes and other consumers do not notice.

use std::{collections::VecDeque, time::Duration};

use async_nats::{Message, StatusCode, Subscriber, jetstream};
use futures::{FutureExt, StreamExt};
use serde::Serialize;
use tokio::time::Instant;
use tracing::{debug, info, warn};

use crate::{
    api::{self, PullLimits},
    bus::Bus,
    claim::{Claim, ClaimHandle, Malformed},
    error::BusError,
    event_message::StoredMessage,
    horizon::Horizon,
    line::Line,
    link::{Connection, backoff},
    stream_info,
    subject::ACKNOWLEDGEMENTS,
    unreadable::{Looked, Unreadable},
};

/// A pull that is not filled ends after this. As short as that because a stop waits for it; one request a second
/// is what it costs where nothing happens.
const PULL_EXPIRES: Duration = Duration::from_secs(1);
/// Who stops waits so much longer than that for the server's word that the last pull has ended.
const PULL_END_LATE_MAX: Duration = Duration::from_secs(1);
/// Without a word for this long a pull is taken for lost.
const SILENCE_MAX: Duration = Duration::from_secs(3);

type Read<T> = Box<dyn Fn(&StoredMessage<'_>) -> Result<T, Malformed> + Send + Sync>;

/// The claims of one consumer.
pub struct Claims<T> {
    bus: Bus,
    /// The connection that messages come on.
    line: Line,
    stream: &'static str,
    consumer: &'static str,
    read: Read<T>,
    inbox: String,
    messages: Subscriber,
    /// Numbers the pulls, so that the end of an old one is not taken for that of the present one.
    pull: u64,
    /// Messages that the present pull may still bring; 0 when it has ended.
    awaited: usize,
    /// Pulls in a row that failed.
    failures: usize,
    /// The next message is larger than a whole pull.
    oversized: bool,
    /// The consumer or its stream seems to be gone.
    missing: bool,
    /// Which messages may have been seen.
    horizon: Horizon,
    /// What a pull may ask for.
    limits: PullLimits,
    /// The connection of the last pull.
    connection: Option<Connection>,
    /// A pull ended with its connection, and it is not known why.
    is_unexplained: bool,
    /// Where messages were looked for that the client cannot parse, and those that were found and not given out.
    looked: Looked,
    unreadable: VecDeque<Unreadable>,
}

/// One request for messages.
pub struct Pull<'a, T> {
    claims: &'a mut Claims<T>,
    has_brought: bool,
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
        // In boxes, like all that happens once in a while: whoever claims keeps a small future.
        let line = Box::pin(Line::open(&bus.config)).await?;
        let inbox = line.link.client.new_inbox();
        let messages = line
            .link
            .client
            .subscribe(format!("{inbox}.*"))
            .await
            .map_err(|error| BusError::Unavailable(error.to_string()))?;
        Ok(Self {
            bus,
            line,
            stream,
            consumer,
            read: Box::new(read),
            inbox,
            messages,
            pull: 0,
            awaited: 0,
            failures: 0,
            oversized: false,
            missing: false,
            horizon: Horizon::unknown(),
            limits: PullLimits::default(),
            connection: None,
            is_unexplained: false,
            looked: Looked::default(),
            unreadable: VecDeque::new(),
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
            let connection = self.line.link.connected().await;
            if self.connection.replace(connection) != Some(connection) {
                self.horizon.lose();
            }
            let prepared = if self.missing || self.horizon.is_stale() || self.is_unexplained {
                Box::pin(self.prepare()).await
            } else {
                Ok(())
            };
            let sent = match prepared {
                // What was found takes no request.
                Ok(()) if !self.unreadable.is_empty() => Ok(self.unreadable.len().min(max.max(1))),
                Ok(()) => self
                    .request(max, max_bytes)
                    .await
                    .map_err(|error| error.to_string()),
                Err(error) => Err(error.to_string()),
            };
            match sent {
                Ok(awaited) => {
                    self.awaited = awaited;
                    return Pull {
                        has_brought: false,
                        connection,
                        heard: Instant::now(),
                        claims: self,
                    };
                }
                Err(error) => {
                    self.failures += 1;
                    debug!("Cannot pull from {} now: {error}", self.stream);
                }
            }
        }
    }

    /// Does what has to be done before the next pull.
    async fn prepare(&mut self) -> Result<(), BusError> {
        if self.missing {
            self.restore().await?;
        }
        if self.horizon.is_stale() {
            let consumer =
                api::consumer_info(&self.bus.jetstream, self.stream, self.consumer).await;
            let consumer = consumer.inspect_err(|error| self.missing |= error.says_missing())?;
            let end = stream_info::end(&self.bus.jetstream, self.stream).await?;
            self.limits = consumer.limits;
            self.horizon
                .renew(end.sequence, consumer.delivered.consumer_seq);
        }
        if self.is_unexplained {
            let looked = self.looked.find(&self.bus, self.stream, self.consumer);
            let found = looked.await.inspect_err(|_| self.horizon.lose())?;
            self.unreadable.extend(found);
            self.is_unexplained = false;
        }
        Ok(())
    }

    /// Ends the claiming: what arrives until the last pull has ended and was not taken goes back to the server, for
    /// another deliverer to have at once.
    pub async fn stop(mut self) {
        let deadline = Instant::now() + PULL_EXPIRES + PULL_END_LATE_MAX;
        let mut not_taken = Vec::new();
        while self.awaited > 0 {
            let next = tokio::time::timeout_at(deadline, self.messages.next()).await;
            let Ok(Some(message)) = next else { break };
            if is_stored(&message) {
                self.awaited -= 1;
                not_taken.extend(self.claim(message));
            } else if self.is_of_present_pull(&message) {
                self.awaited = 0;
            }
        }
        let _ = self.messages.unsubscribe().await;
        while let Some(message) = self.messages.next().await {
            not_taken.extend(self.claim(message));
        }
        // Not before: an open pull would be given them again.
        for claim in not_taken {
            claim.handle.release().await;
        }
    }

    async fn request(
        &mut self,
        max: usize,
        max_bytes: usize,
    ) -> Result<usize, async_nats::PublishError> {
        let PullLimits {
            max_batch,
            max_bytes: bytes_limit,
            max_expires,
        } = self.limits;
        let request = Request {
            batch: within(if self.oversized { 1 } else { max.max(1) }, max_batch),
            max_bytes: (!self.oversized).then_some(within(max_bytes.max(1), bytes_limit)),
            expires: within(nanoseconds(PULL_EXPIRES), max_expires),
        };
        self.pull += 1;
        self.oversized = false;
        let (stream, consumer) = (self.stream, self.consumer);
        let subject = format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}");
        let reply = format!("{}.{}", self.inbox, self.pull);
        // Numbers and nothing else: it cannot fail to serialize.
        let payload = serde_json::to_vec(&request).unwrap_or_default();
        self.line
            .link
            .client
            .publish_with_reply(subject, reply, payload.into())
            .await?;
        Ok(request.batch)
    }

    /// Makes the consumer and its stream again, if they are missing.
    async fn restore(&mut self) -> Result<(), BusError> {
        let restored = self.bus.restore_stream(self.stream).await;
        match &restored {
            Ok(()) => {
                info!("The consumer of {} is in place", self.stream);
                self.missing = false;
            }
            Err(error) if self.failures <= 1 => {
                warn!(error = %error, "The consumer of {} cannot be made again: {error}", self.stream);
            }
            Err(error) => debug!("The consumer of {} is still missing: {error}", self.stream),
        }
        restored
    }

    /// What was found that the client cannot parse, as a claim.
    fn claim_unreadable(&mut self) -> Option<Claim<T>> {
        let found = self.unreadable.pop_front()?;
        Some(Claim {
            message: Err(found.malformed),
            handle: found.handle,
            bytes: found.bytes,
        })
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
        let (stream_sequence, delivery_count, stored_at, may_have_been_seen) = match message.info()
        {
            Ok(info) => {
                let (sequence, given) = (info.stream_sequence, info.consumer_sequence);
                let seen = self.horizon.may_have_been_seen(sequence, given);
                (sequence, info.delivered, info.published, seen)
            }
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
                stream: self.stream,
                link: self.bus.link.clone(),
                reply: message.reply?,
                stream_sequence,
                delivery_count,
                may_have_been_seen,
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
        while self.claims.awaited > 0 {
            if let Some(claim) = self.claims.claim_unreadable() {
                self.count();
                chunk.push(claim);
                continue;
            }
            let next = if chunk.is_empty() {
                self.wait_for_message().await
            } else {
                self.claims.messages.next().now_or_never().flatten()
            };
            let Some(message) = next else {
                break;
            };
            self.heard = Instant::now();
            // A publisher may send a status too.
            if let Some(status) = message.status.filter(|_| !is_stored(&message)) {
                self.on_status(status, &message);
            } else if let Some(claim) = self.claims.claim(message) {
                self.count();
                self.claims.failures = 0;
                chunk.push(claim);
            }
        }
        (!chunk.is_empty()).then_some(chunk)
    }

    /// One of the messages has come.
    fn count(&mut self) {
        self.has_brought = true;
        self.claims.awaited -= 1;
    }

    async fn wait_for_message(&mut self) -> Option<Message> {
        let link = self.claims.line.link.clone();
        tokio::select! {
            biased;
            message = self.claims.messages.next() => message,
            () = link.lost(self.connection) => {
                self.claims.awaited = 0;
                self.claims.is_unexplained = true;
                None
            }
            () = tokio::time::sleep_until(self.heard + SILENCE_MAX) => {
                self.claims.awaited = 0;
                self.claims.failures += 1;
                self.claims.horizon.lose();
                None
            }
        }
    }

    /// What the server says of a pull. It tells some ends apart only by their words.
    fn on_status(&mut self, status: StatusCode, message: &Message) {
        if !self.claims.is_of_present_pull(message) {
            return;
        }
        self.claims.awaited = 0;
        let words = message.description.as_deref().unwrap_or_default();
        let in_order = status == StatusCode::TIMEOUT
            || status == StatusCode::NOT_FOUND
            || (status == StatusCode::REQUEST_TERMINATED
                && (words == "Batch Completed" || words == "Message Size Exceeds MaxBytes"));
        if in_order {
            self.claims.failures = 0;
            self.claims.oversized = !self.has_brought && words == "Message Size Exceeds MaxBytes";
            return;
        }
        self.claims.failures += 1;
        self.claims.missing = true;
        self.claims.horizon.lose();
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

/// Whether it is a message of the stream, to be acknowledged, and not what the server says of a pull.
fn is_stored(message: &Message) -> bool {
    let reply = message.reply.as_deref();
    reply.is_some_and(|to| to.starts_with(ACKNOWLEDGEMENTS))
}

/// The value, or its bound if there is one and it is less.
fn within<N: Ord + Default>(value: N, bound: N) -> N {
    if bound == N::default() {
        value
    } else {
        value.min(bound)
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
