use async_nats::{
    HeaderMap,
    jetstream::{
        self,
        context::{self, PublishErrorKind},
        message::PublishMessage,
        publish::PublishAck,
    },
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    bus::{Bus, REQUEST_TIMEOUT},
    dead_letter::DeadLetter,
    delivery_message::HandOver,
    error::PublishError,
    event_message::{Accepted, OutgoingEvent},
    header, subject,
};

/// Publishes of one array that wait for their acknowledgement together.
const PIPELINE_MAX: usize = 256;

impl Bus {
    /// Publishes an event and returns when the server has stored it.
    pub async fn publish_event(&self, event: &OutgoingEvent) -> Result<Accepted, PublishError> {
        let subject = subject::event(&event.event.tenant, &event.event.event_type);
        let body = event.event.data.as_bytes().clone();
        let ack = self.publish(subject, event.headers(), body).await?;
        Ok(Accepted {
            sequence: ack.sequence,
            duplicate: ack.duplicate,
        })
    }

    /// Publishes many events at once, in their order. After an error some may have been stored.
    pub async fn publish_events(
        &self,
        events: &[OutgoingEvent],
    ) -> Result<Vec<Accepted>, PublishError> {
        // Collected first: a closure that borrows, kept across an await, is not `Send` enough for the api's handlers.
        let publishes: Vec<_> = events
            .iter()
            .map(|event| self.publish_event(event))
            .collect();
        stream::iter(publishes)
            .buffered(PIPELINE_MAX)
            .try_collect()
            .await
    }

    /// Makes a delivery a message of its own, due later or at once, and returns when it is stored.
    ///
    /// A delivery has one schedule: handing it over again replaces the one that waits.
    pub async fn hand_over(&self, hand_over: &HandOver) -> Result<(), PublishError> {
        let body = hand_over.event.data.as_bytes().clone();
        self.publish(hand_over.subject(), hand_over.headers(), body)
            .await
            .map(|_| ())
    }

    /// Buries what could not be delivered or read, and returns when it is stored.
    pub async fn bury(&self, dead_letter: &DeadLetter) -> Result<(), PublishError> {
        let mut headers = dead_letter.headers();
        let mut body = dead_letter.body().clone();
        // What fitted the server without our headers may not fit with them. Better cut than lost.
        let room = self.payload_room(&headers);
        if body.len() > room {
            headers.insert(header::TRUNCATED, body.len().to_string());
            body.truncate(self.payload_room(&headers));
        }
        self.publish(dead_letter.subject(), headers, body)
            .await
            .map(|_| ())
    }

    fn payload_room(&self, headers: &HeaderMap) -> usize {
        let headers_bytes: usize = headers
            .iter()
            .flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
            .map(|(name, value)| AsRef::<str>::as_ref(name).len() + value.as_str().len() + 4)
            .sum();
        self.link
            .client
            .max_payload()
            .saturating_sub(headers_bytes + 14)
    }

    /// Publishes are pipelined by running many of these at once: all share one connection and one
    /// subscription for their acknowledgements.
    async fn publish(
        &self,
        subject: String,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<PublishAck, PublishError> {
        let connection = self.link.check()?;
        let acknowledged = async {
            let message = PublishMessage::build().headers(headers).payload(body);
            self.jetstream.send_publish(subject, message).await?.await
        };
        tokio::select! {
            biased;
            result = tokio::time::timeout(REQUEST_TIMEOUT, acknowledged) => match result {
                Ok(Ok(ack)) => Ok(ack),
                Ok(Err(error)) => Err(classify(&error)),
                Err(_) => Err(PublishError::Unavailable("no answer in time".to_owned())),
            },
            // The answer went with the old connection.
            () = self.link.lost(connection) => {
                Err(PublishError::Unavailable("the connection was lost".to_owned()))
            }
        }
    }
}

fn classify(error: &context::PublishError) -> PublishError {
    let words = error.to_string();
    match error.kind() {
        PublishErrorKind::MaxPayloadExceeded => PublishError::TooLarge,
        PublishErrorKind::StreamNotFound
        | PublishErrorKind::TimedOut
        | PublishErrorKind::BrokenPipe
        | PublishErrorKind::MaxAckPending => PublishError::Unavailable(words),
        PublishErrorKind::WrongLastMessageId
        | PublishErrorKind::WrongLastSequence
        | PublishErrorKind::Other => match refusal(error) {
            // Out of storage, no leader, shutting down: the server's trouble, not the message's.
            Some(refusal) if refusal.code() >= 500 => {
                PublishError::Unavailable(refusal.to_string())
            }
            Some(refusal) => PublishError::Refused(refusal.to_string()),
            None => PublishError::Unavailable(words),
        },
    }
}

/// The server's own words, if it was the server that refused.
fn refusal(error: &context::PublishError) -> Option<&jetstream::Error> {
    std::error::Error::source(error)?.downcast_ref()
}
