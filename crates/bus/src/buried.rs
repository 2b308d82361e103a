//! A dead letter as it lies in POSTHORN_DEAD_LETTERS: read back, published again, thrown away.

use async_nats::{HeaderMap, jetstream::stream::DeleteMessageErrorKind};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use posthorn_domain::{
    DeadLetterId, DeliveryId, Event, EventId, EventType, JsonText, TenantId, Timestamp, WebhookId,
};

use crate::{
    bus::Bus,
    claim::Malformed,
    claims::Claims,
    error::{BusError, PublishError},
    event_message::StoredMessage,
    header, subject,
};

/// A dead letter, without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuriedLetter {
    /// Its id: that of its delivery, or one that follows from when and where it was buried.
    pub id: DeadLetterId,
    /// Whose it is.
    pub tenant: TenantId,
    /// Why it was buried, in words for an operator.
    pub reason: String,
    /// What was not delivered; `None` for a message that could not be read.
    pub delivery: Option<BuriedDelivery>,
    /// Where a message that could not be read was published.
    pub subject: Option<String>,
    /// Its place in the stream.
    pub stream_sequence: u64,
    /// When it was buried.
    pub buried_at: Timestamp,
}

/// The delivery of a dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuriedDelivery {
    /// To whom.
    pub webhook: WebhookId,
    /// What.
    pub event: EventId,
    /// Its type.
    pub event_type: EventType,
    /// Attempts made.
    pub attempts: u32,
    /// The last HTTP status, if any answer came.
    pub last_status: Option<u16>,
}

/// A dead letter with its payload.
#[derive(Debug, Clone)]
pub struct LetterBody {
    /// The event's data, or the message as it came; cut off where it was too large to be buried.
    pub payload: Bytes,
    /// The event, where it is one and the payload is whole.
    pub event: Option<Event>,
    /// The headers that a message which could not be read came with; `None` where it is not whole any more.
    originals: Option<HeaderMap>,
}

/// A payload as a person can read it.
#[derive(Debug, Clone)]
pub enum ReadablePayload {
    /// One JSON value, byte for byte.
    Json(JsonText),
    /// Text that is no JSON.
    Text(String),
    /// What is no text, in base64.
    Base64(String),
}

impl From<Bytes> for ReadablePayload {
    fn from(payload: Bytes) -> Self {
        if let Ok(json) = JsonText::parse(payload.clone()) {
            return Self::Json(json);
        }
        match std::str::from_utf8(&payload) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64(STANDARD.encode(&payload)),
        }
    }
}

impl StoredMessage<'_> {
    pub(crate) fn buried_letter(&self) -> Result<BuriedLetter, Malformed> {
        let tenant = subject::parse_dead_letter(self.subject)
            .ok_or_else(|| self.malformed(None, "it names no tenant".to_owned()))?;
        let delivery = self.buried_delivery();
        let at_ns = self.stored_at.timestamp_nanos_opt().unwrap_or(0);
        let id = match &delivery {
            Some(delivery) => DeliveryId::derive(delivery.event, delivery.webhook).into(),
            None => {
                DeadLetterId::from_stream_position(u64::try_from(at_ns).unwrap_or(0), self.sequence)
            }
        };
        let reason = header::get(self.headers, header::REASON).unwrap_or("no reason was given");
        let subject = header::get(self.headers, header::SUBJECT).unwrap_or(self.subject);
        Ok(BuriedLetter {
            id,
            tenant,
            reason: reason.to_owned(),
            subject: delivery.is_none().then(|| subject.to_owned()),
            delivery,
            stream_sequence: self.sequence,
            buried_at: self.stored_at,
        })
    }

    fn buried_delivery(&self) -> Option<BuriedDelivery> {
        Some(BuriedDelivery {
            webhook: self.parsed(header::WEBHOOK_ID).ok()?,
            event: self.parsed(header::EVENT_ID).ok()?,
            event_type: self.parsed(header::EVENT_TYPE).ok()?,
            attempts: self.parsed(header::ATTEMPTS).ok()?,
            last_status: self.parsed(header::LAST_STATUS).ok(),
        })
    }
}

impl Bus {
    /// Claims dead letters for the index of them. The durable consumer is shared by all deliverers, and brings no
    /// payloads.
    pub async fn dead_letter_claims(&self) -> Result<Claims<BuriedLetter>, BusError> {
        Claims::subscribe(
            self.clone(),
            subject::DEAD_LETTERS_STREAM,
            subject::INDEX_CONSUMER,
            |message| message.buried_letter(),
        )
        .await
    }

    /// The payload of a dead letter; `None` when it is no longer kept, or another letter lies in its place (the
    /// stream was made again).
    pub async fn dead_letter(
        &self,
        id: DeadLetterId,
        sequence: u64,
    ) -> Result<Option<LetterBody>, BusError> {
        let stream = subject::DEAD_LETTERS_STREAM;
        let Some(message) = self.message_at(stream, sequence).await? else {
            return Ok(None);
        };
        let stored = StoredMessage {
            subject: &message.subject,
            headers: Some(&message.headers),
            payload: &message.payload,
            sequence: message.sequence,
            stored_at: message.time,
        };
        if stored.buried_letter().map(|letter| letter.id).ok() != Some(id) {
            return Ok(None);
        }
        let whole = header::get(Some(&message.headers), header::TRUNCATED).is_none();
        let event = stored.event_of_headers().ok().filter(|_| whole);
        Ok(Some(LetterBody {
            event,
            originals: whole.then(|| header::read_originals(&message.headers)),
            payload: message.payload,
        }))
    }

    /// Throws a dead letter away. One that is not there any more, or another in its place, is left alone.
    pub async fn discard_dead_letter(
        &self,
        id: DeadLetterId,
        sequence: u64,
    ) -> Result<(), BusError> {
        if self.dead_letter(id, sequence).await?.is_none() {
            return Ok(());
        }
        let stream = self.dead_letters().await?;
        match stream.delete_message(sequence).await {
            Ok(_) => Ok(()),
            Err(error) => match error.kind() {
                // Somebody else was quicker.
                DeleteMessageErrorKind::JetStream(_) => Ok(()),
                _ => Err(BusError::Unavailable(error.to_string())),
            },
        }
    }

    /// Publishes a message that could not be read once more where it was published, as it came; a genuine operational
    /// event is signed again, at `now`. The letter's id makes a repetition harmless within the duplicate window. False
    /// for what is not whole any more: it is left alone.
    pub async fn publish_again(
        &self,
        id: DeadLetterId,
        subject: &str,
        letter: LetterBody,
        now: Timestamp,
    ) -> Result<bool, PublishError> {
        let Some(mut headers) = letter.originals else {
            return Ok(false);
        };
        self.sign_again(subject, &mut headers, &letter.payload, now);
        headers.insert(header::MSG_ID, format!("letter.{id}"));
        self.publish(subject.to_owned(), headers, letter.payload)
            .await
            .map(|_| true)
    }

    async fn dead_letters(&self) -> Result<async_nats::jetstream::stream::Stream<()>, BusError> {
        self.jetstream
            .get_stream_no_info(subject::DEAD_LETTERS_STREAM)
            .await
            .map_err(|error| BusError::Unavailable(error.to_string()))
    }
}
