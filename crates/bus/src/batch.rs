//! Many hand-overs stored together, or none of them.
//!
//! An atomic batch (ADR-50) is a run of messages with one id, numbered from 1. The server keeps them aside until
//! the last one says so, and then stores all. It costs one acknowledgement. What nats-server 2.15 makes of it
//! (`tests/batches.rs` asks it):
//! - A key that the stream has seen within its duplicate window refuses the whole batch. So a batch whose answer was
//!   lost cannot be stored twice; and as nobody knows then which of its messages are there, each is published
//!   by itself, and those that are there are dropped.
//! - A batch that is not finished within 10 s is forgotten.

use async_nats::{HeaderMap, jetstream::ErrorCode, jetstream::message::PublishMessage};

use crate::{
    bus::Bus,
    delivery_message::HandOver,
    error::PublishError,
    header,
    publish::{answer_or_refusal, classify, classify_publish},
};

/// Messages that the server takes in one batch.
pub const BATCH_MESSAGES_MAX: usize = 1_000;

impl Bus {
    /// Makes each of these deliveries a message of its own, due at once or later, and returns when all are stored.
    ///
    /// What was handed over before for the same cause has no effect within the duplicate window, and does not
    /// hinder the others. After an error some may have been stored.
    pub async fn hand_over_all(&self, hand_overs: &[HandOver]) -> Result<(), PublishError> {
        for batch in hand_overs.chunks(BATCH_MESSAGES_MAX) {
            if !self.hand_over_batch(batch).await? {
                self.hand_over_each(batch).await?;
            }
        }
        Ok(())
    }

    /// Whether the batch was stored; if not, one of it is there already.
    async fn hand_over_batch(&self, batch: &[HandOver]) -> Result<bool, PublishError> {
        let Some((last, others)) = batch.split_last() else {
            return Ok(true);
        };
        // One acknowledgement is awaited, whatever the size of the batch.
        self.with_room(1, async {
            let id = self.batch_id();
            let mut sequence = 0_usize;
            let mut headers = |hand_over: &HandOver| {
                sequence += 1;
                let mut headers = hand_over.headers();
                headers.insert(header::BATCH_ID, id.as_str());
                headers.insert(header::BATCH_SEQUENCE, sequence.to_string());
                headers
            };
            for hand_over in others {
                let body = hand_over.event.data.as_bytes().clone();
                self.link
                    .client
                    .publish_with_headers(hand_over.subject(), headers(hand_over), body)
                    .await
                    .map_err(|error| classify_publish(&error))?;
            }
            let mut headers = headers(last);
            headers.insert(header::BATCH_COMMIT, "1");
            self.commit(last, headers).await
        })
        .await
    }

    async fn commit(&self, last: &HandOver, headers: HeaderMap) -> Result<bool, PublishError> {
        let body = last.event.data.as_bytes().clone();
        let message = PublishMessage::build().headers(headers).payload(body);
        let sent = self
            .jetstream
            .send_publish(last.subject(), message)
            .await
            .map_err(|error| classify(&error))?;
        match answer_or_refusal(sent).await? {
            Ok(_) => Ok(true),
            Err(ErrorCode::ATOMIC_PUBLISH_CONTAINS_DUPLICATE_MESSAGE) => Ok(false),
            // The server has too many batches open, or lost one of the messages on the way: again later.
            Err(code) => Err(PublishError::Unavailable(format!(
                "the batch was refused: {}",
                code.0
            ))),
        }
    }

    /// One after the other on the wire; the acknowledgements come meanwhile.
    async fn hand_over_each(&self, hand_overs: &[HandOver]) -> Result<(), PublishError> {
        let messages = hand_overs.iter().map(|hand_over| {
            let body = hand_over.event.data.as_bytes().clone();
            (hand_over.subject(), hand_over.headers(), body)
        });
        self.publish_all(messages).await.map(|_| ())
    }

    /// Batches are told apart by their ids, which the client's inboxes provide: no two are alike.
    fn batch_id(&self) -> String {
        let inbox = self.link.client.new_inbox();
        match inbox.rsplit_once('.') {
            Some((_, id)) => id.to_owned(),
            None => inbox,
        }
    }
}
