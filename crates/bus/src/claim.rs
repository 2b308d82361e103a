use std::time::Duration;

use async_nats::{HeaderMap, Subject};
use bytes::Bytes;
use futures::FutureExt;
use posthorn_domain::{TenantId, Timestamp};

use crate::{batch::Batch, header, link::Link};

/// A message that this process holds: the server gives it to somebody else when it is neither settled
/// nor reported on within the consumer's ack wait.
#[derive(Debug)]
pub struct Claim<T> {
    /// What the message says, or why it cannot be read.
    pub message: Result<T, Malformed>,
    /// Settles the claim.
    pub handle: ClaimHandle,
    /// What the message weighs, in bytes, headers included.
    pub bytes: usize,
}

/// A message that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Why, in words for an operator.
    pub reason: String,
    /// The message's body.
    pub raw: Bytes,
    /// Where it was published.
    pub subject: String,
    /// Whose it is, if that much could be read.
    pub tenant: Option<TenantId>,
    /// Its place in its stream.
    pub stream_sequence: u64,
    /// Another replica may be able to read it: it was signed with a key that this process does not have.
    pub readable_elsewhere: bool,
    /// What else is known of it.
    pub(crate) beside: Box<Beside>,
}

/// What few look at of a message that cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// What its publisher said beside it.
    pub(crate) headers: HeaderMap,
    /// The events that it is, where it is a batch of them.
    pub(crate) batch: Option<Batch>,
    /// Its place in the batch that it came in.
    pub(crate) member: Option<u16>,
}

impl Malformed {
    /// The request that brought it, if the api says so.
    pub fn request_id(&self) -> Option<&str> {
        header::request_id(Some(&self.beside.headers))
    }

    /// Takes out the events that it is, where it is not one event but a batch of them: then there is nothing wrong with it,
    /// and they are to be published by [`Bus::publish_batch`](crate::Bus::publish_batch).
    pub fn take_batch(&mut self) -> Option<Batch> {
        self.beside.batch.take()
    }
}

/// Settles one claim.
///
/// Its messages to the server are sent and not confirmed: one that is lost lets the ack wait run out,
/// and the message comes again. Dropping the handle does nothing, which has the same effect.
#[derive(Debug, Clone)]
pub struct ClaimHandle {
    pub(crate) stream: &'static str,
    pub(crate) link: Link,
    pub(crate) reply: Subject,
    pub(crate) stream_sequence: u64,
    pub(crate) delivery_count: i64,
    pub(crate) may_have_been_seen: bool,
    pub(crate) stored_at: Timestamp,
}

impl ClaimHandle {
    /// The message's place in its stream.
    pub fn stream_sequence(&self) -> u64 {
        self.stream_sequence
    }

    /// The stream that it is of.
    pub fn stream(&self) -> &'static str {
        self.stream
    }

    /// How often the server has given the message out, this time included. Above 1, somebody may have
    /// worked on it.
    pub fn delivery_count(&self) -> i64 {
        self.delivery_count
    }

    /// Whether the message may have been given out before, whatever its count says: the server can lose its memory of that.
    pub fn may_have_been_seen(&self) -> bool {
        self.may_have_been_seen || self.delivery_count > 1
    }

    /// When the server stored the message.
    pub fn stored_at(&self) -> Timestamp {
        self.stored_at
    }

    /// Done: the server forgets the message.
    pub async fn ack(&self) {
        self.answer(&b"+ACK"[..]).await;
    }

    /// Still at it: the ack wait starts again.
    pub async fn progress(&self) {
        self.answer(&b"+WPI"[..]).await;
    }

    /// Given back untouched: the server offers it to any deliverer at once.
    pub async fn release(&self) {
        self.answer(&b"-NAK"[..]).await;
    }

    /// Given back untouched: the server offers it to any deliverer when `delay` has passed.
    pub async fn release_after(&self, delay: Duration) {
        let nanoseconds = delay.as_nanos();
        self.answer(format!("-NAK {{\"delay\": {nanoseconds}}}"))
            .await;
    }

    async fn answer(&self, word: impl Into<Bytes>) {
        let client = &self.link.client;
        let publish = client.publish(self.reply.clone(), word.into());
        if self.link.is_connected() {
            // Only fails when the client is gone for good, and then nothing is left to settle.
            let _ = publish.await;
        } else {
            // The client keeps a bounded number of commands for the next connection. When they are
            // full, waiting here would hold up a drain for as long as NATS is away.
            let _ = publish.now_or_never();
        }
    }
}
