use std::{collections::VecDeque, time::Duration};

use async_nats::{
    HeaderMap,
    jetstream::{
        self,
        context::{self, PublishAckFuture, PublishErrorKind},
        message::PublishMessage,
        publish::PublishAck,
    },
};
use bytes::Bytes;
use posthorn_domain::ClockOffset;
use tokio::time::timeout;

use crate::{
    bus::{Bus, REQUEST_TIMEOUT},
    cloud_event,
    dead_letter::DeadLetter,
    delivery_message::HandOver,
    error::{PartlyStored, PublishError},
    event_message::{Accepted, OutgoingEvent},
    header,
    refusal::{Verdict, verdict},
    stream_info,
    subject::DELIVERIES_STREAM,
};

/// How far ahead "at once" lies. The server puts a moment that is still to come into effect at that moment, but one that
/// has passed only at its next look around, up to 250 ms later.
const AT_ONCE: Duration = Duration::from_millis(20);
/// Publishes of one array that wait for their acknowledgement together.
const PIPELINE_MAX: u32 = 256;
/// Their bodies, in bytes, so that the last of them is on its way within seconds even where the line is slow.
const PIPELINE_BYTES_MAX: usize = 4 * 1024 * 1024;

impl Bus {
    /// Publishes an event and returns when the server has stored it.
    pub async fn publish_event(&self, event: &OutgoingEvent) -> Result<Accepted, PublishError> {
        self.publish_named(event, 0).await
    }

    /// The same under one of the names of its idempotency key.
    pub(crate) async fn publish_named(
        &self,
        event: &OutgoingEvent,
        place: u8,
    ) -> Result<Accepted, PublishError> {
        self.check_size(event)?;
        let (subject, headers, body) = self.message(event, place);
        let ack = self.publish(subject, headers, body).await?;
        Ok(accepted(&ack))
    }

    /// Publishes many events, in their order. After an error some may have been stored.
    pub async fn publish_events(
        &self,
        events: &[OutgoingEvent],
    ) -> Result<Vec<Accepted>, PublishError> {
        events.iter().try_for_each(|event| self.check_size(event))?;
        let messages = events.iter().map(|event| self.message(event, 0));
        let mut stored = Vec::with_capacity(events.len());
        self.publish_all(messages, &mut stored).await?;
        Ok(stored)
    }

    /// An event as it is published: signed, where the installation's key is known.
    pub(crate) fn message(&self, event: &OutgoingEvent, place: u8) -> (String, HeaderMap, Bytes) {
        let own = &self.config.own_messages;
        let subject = event.subject();
        let (mut headers, body) = if own.are_known() {
            (event.headers(), event.body())
        } else {
            event.of_anybody()
        };
        if let Some(signature) = own.sign(&subject, &headers, &body) {
            headers.insert(header::SIGNATURE, signature);
        }
        if let Some(id) = own.message_id(event, place) {
            headers.insert(header::MSG_ID, id);
        }
        (subject, headers, body)
    }

    /// An event that the stream takes must also fit into the hand-overs that are made of it: what does not would be
    /// accepted, and be malformed.
    pub(crate) fn check_size(&self, event: &OutgoingEvent) -> Result<(), PublishError> {
        let attributes = event.event.cloud_event.as_ref();
        let bytes = event.event.data.as_bytes().len()
            + attributes.map_or(0, |attributes| {
                cloud_event::headers::beyond_room(attributes)
            });
        if bytes > self.hand_over_data_bytes_max() {
            return Err(PublishError::TooLarge);
        }
        Ok(())
    }

    /// Publishes many messages, in their order, and adds to `stored` what the server has stored. After an error some
    /// behind these may be stored too.
    pub(crate) async fn publish_all(
        &self,
        messages: impl ExactSizeIterator<Item = (String, HeaderMap, Bytes)>,
        stored: &mut Vec<Accepted>,
    ) -> Result<(), PublishError> {
        let count = u32::try_from(messages.len()).unwrap_or(u32::MAX);
        self.with_room(count.clamp(1, PIPELINE_MAX), async {
            let mut unanswered = Unanswered::default();
            let mut failed = None;
            // Sent one after the other, which keeps their order; the acknowledgements come meanwhile.
            for (subject, headers, body) in messages {
                let bytes = body.len();
                while !unanswered.has_room_for(bytes) {
                    stored.extend(unanswered.next().await?);
                }
                match in_time(self.send(subject, headers, body)).await {
                    Ok(ack) => unanswered.push(ack, bytes),
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
            }
            // Those before a message that failed are answered for first: so it is known which one that is.
            while let Some(answered) = unanswered.next().await? {
                stored.push(answered);
            }
            failed.map_or(Ok(()), Err)
        })
        .await
    }

    /// Makes a delivery a message of its own, due later or at once, and returns when it is stored.
    ///
    /// A delivery has one schedule: handing it over again replaces the one that waits.
    pub async fn hand_over(&self, hand_over: &HandOver) -> Result<Accepted, PublishError> {
        self.hand_over_by(hand_over, &self.server_clock).await
    }

    /// The same for a delivery that is due at once, for whoever does not measure the server's clock all the time: it is
    /// asked for its time, and the schedule fires then, whatever [`HandOver::due`] says.
    pub async fn hand_over_at_once(&self, hand_over: &HandOver) -> Result<Accepted, PublishError> {
        let found = stream_info::ask(&self.jetstream, DELIVERIES_STREAM)
            .await
            .map_err(|error| {
                PublishError::Unavailable(error.about(DELIVERIES_STREAM).to_string())
            })?;
        let offset = ClockOffset::default();
        if let (Some(server), Some(due)) = (found.server_time, hand_over.due) {
            // As if the server's clock showed the moment at which it is due.
            offset.heard(server + AT_ONCE, due, due);
        }
        self.hand_over_by(hand_over, &offset).await
    }

    async fn hand_over_by(
        &self,
        hand_over: &HandOver,
        server_clock: &ClockOffset,
    ) -> Result<Accepted, PublishError> {
        let body = hand_over.event.data.as_bytes().clone();
        let headers = hand_over.headers(server_clock);
        self.publish(hand_over.subject(), headers, body)
            .await
            .map(|ack| accepted(&ack))
    }

    /// Hands many deliveries over, for about half of what each costs by itself, and returns when all are stored.
    ///
    /// What was handed over before for the same cause has no effect within the duplicate window, and does not
    /// hinder the others.
    pub async fn hand_over_all(&self, hand_overs: &[HandOver]) -> Result<(), PartlyStored> {
        let messages = hand_overs.iter().map(|hand_over| {
            let body = hand_over.event.data.as_bytes().clone();
            (
                hand_over.subject(),
                hand_over.headers(&self.server_clock),
                body,
            )
        });
        let mut stored = Vec::with_capacity(hand_overs.len());
        let all = self.publish_all(messages, &mut stored).await;
        all.map_err(|error| PartlyStored {
            stored: stored.len(),
            error,
        })
    }

    /// Buries what could not be delivered or read, and returns when it is stored.
    ///
    /// What does not fit is cut: first to what the server takes of any message, then, if the stream takes less, again and
    /// again. Better cut than lost.
    ///
    /// # Errors
    /// [`PublishError::TooLarge`] only where not even an empty letter fits.
    pub async fn bury(&self, dead_letter: &DeadLetter) -> Result<(), PublishError> {
        let whole = dead_letter.body();
        let mut headers = dead_letter.headers();
        let mut bytes = whole.len();
        loop {
            bytes = bytes.min(self.payload_room(&headers));
            if bytes < whole.len() {
                headers.insert(header::TRUNCATED, whole.len().to_string());
                bytes = bytes.min(self.payload_room(&headers));
            }
            let subject = dead_letter.subject();
            match self
                .publish(subject, headers.clone(), whole.slice(..bytes))
                .await
            {
                Err(PublishError::TooLarge) if bytes > 0 => bytes /= 4,
                // Not the body, so the headers: those by which a person finds it must do.
                Err(PublishError::TooLarge) if header::keep_needed(&mut headers) => {}
                done => return done.map(|_| ()),
            }
        }
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
    pub(crate) async fn publish(
        &self,
        subject: String,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<PublishAck, PublishError> {
        self.with_room(1, async {
            let sent = in_time(self.send(subject, headers, body)).await?;
            in_time(answer(sent)).await
        })
        .await
    }

    async fn send(
        &self,
        subject: String,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<PublishAckFuture, PublishError> {
        let message = PublishMessage::build().headers(headers).payload(body);
        self.jetstream
            .send_publish(subject, message)
            .await
            .map_err(|error| classify(&error))
    }

    /// Publishes with room for `count` more among those that wait, for as long as the present connection stands: an
    /// answer to the old one never comes. `publish` bounds its own time, message by message: what a slow line takes for
    /// many says nothing of one, and the wait for room says nothing of either.
    async fn with_room<T>(
        &self,
        count: u32,
        publish: impl Future<Output = Result<T, PublishError>>,
    ) -> Result<T, PublishError> {
        let connection = self.link.check()?;
        let publish = async {
            // Taken at once for a whole array: arrays that took it bit by bit could wait for each other.
            let room = self.publishes.acquire_many(count);
            let _room = timeout(REQUEST_TIMEOUT, room).await.map_err(|_| {
                PublishError::Unavailable("too many messages wait for an answer".to_owned())
            })?;
            publish.await
        };
        tokio::select! {
            biased;
            result = publish => result,
            () = self.link.lost(connection) => {
                Err(PublishError::Unavailable("the connection was lost".to_owned()))
            }
        }
    }
}

/// Messages that were sent and not answered for, oldest first.
#[derive(Default)]
struct Unanswered {
    sent: VecDeque<(PublishAckFuture, usize)>,
    bytes: usize,
}

impl Unanswered {
    fn has_room_for(&self, bytes: usize) -> bool {
        self.sent.is_empty()
            || (self.sent.len() < PIPELINE_MAX as usize
                && self.bytes.saturating_add(bytes) <= PIPELINE_BYTES_MAX)
    }

    fn push(&mut self, sent: PublishAckFuture, bytes: usize) {
        self.bytes += bytes;
        self.sent.push_back((sent, bytes));
    }

    /// The answer for the oldest; `None` if there is none. The time begins with each, so it is that since the one
    /// before.
    async fn next(&mut self) -> Result<Option<Accepted>, PublishError> {
        let Some((oldest, bytes)) = self.sent.pop_front() else {
            return Ok(None);
        };
        self.bytes -= bytes;
        let ack = in_time(answer(oldest)).await?;
        Ok(Some(accepted(&ack)))
    }
}

/// What one message may take.
async fn in_time<T>(
    step: impl Future<Output = Result<T, PublishError>>,
) -> Result<T, PublishError> {
    timeout(REQUEST_TIMEOUT, step)
        .await
        .unwrap_or_else(|_| Err(PublishError::Unavailable("no answer in time".to_owned())))
}

async fn answer(sent: PublishAckFuture) -> Result<PublishAck, PublishError> {
    sent.await.map_err(|error| classify(&error))
}

fn accepted(ack: &PublishAck) -> Accepted {
    Accepted {
        sequence: ack.sequence,
        duplicate: ack.duplicate,
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
            Some(refusal) => refused(refusal),
            None => PublishError::Unavailable(words),
        },
    }
}

/// What a refusal of the server means for a message.
pub(crate) fn refused(refusal: &jetstream::Error) -> PublishError {
    match verdict(refusal) {
        Verdict::Unavailable | Verdict::Missing => PublishError::Unavailable(refusal.to_string()),
        Verdict::TooLarge => PublishError::TooLarge,
        Verdict::Configuration => PublishError::Refused(refusal.to_string()),
    }
}

/// The server's own words, if it was the server that refused.
fn refusal(error: &context::PublishError) -> Option<&jetstream::Error> {
    std::error::Error::source(error)?.downcast_ref()
}
