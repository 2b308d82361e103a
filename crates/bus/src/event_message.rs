//! An event as a message on POSTHORN_EVENTS: written by the api, read by the deliverer, and written by
//! anybody who publishes straight to NATS.

use std::sync::Arc;

use async_nats::HeaderMap;
use bytes::Bytes;
use chrono::{SubsecRound, TimeDelta};
use posthorn_domain::{
    CloudEventAttributes, Event, EventId, EventType, JsonText, OPERATIONAL_SOURCE, PlainFormat,
    Timestamp, WebhookId,
    cloud_event::{base64_data, bytes_of, published_bytes, says_json},
};
use uuid::Uuid;

use crate::{
    claim::{Beside, Malformed},
    cloud_event::{self, CloudEvent},
    config::BusConfig,
    header,
    idempotency_key::IdempotencyKey,
    subject,
};

/// An id that the api gave must carry the time at which the stream stored it, give or take this: an api whose clock
/// is off has promised its id, and partitions stand ready for the days around.
const EVENT_ID_SKEW_MAX: TimeDelta = TimeDelta::days(1);

/// An event that is about to be published.
#[derive(Debug, Clone)]
pub struct OutgoingEvent {
    /// The event. Its id and timestamp travel as headers; the id does so where the installation's key is known
    /// ([`OwnMessages`](crate::OwnMessages)), else the event gets another one.
    pub event: Event,
    /// Makes the server drop what repeats the key within the stream's window, for the same tenant:
    /// [`Bus::repeated`](crate::Bus::repeated) tells what it was dropped for.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The request that brought it, for whoever looks for both in the logs.
    pub request_id: Option<Arc<str>>,
}

/// What the server said of a published event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// Where the event is in the stream; of a duplicate, where the first one is.
    pub sequence: u64,
    /// The server already had an event with this key and dropped this one.
    pub duplicate: bool,
}

/// An event that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingEvent {
    /// The event, whoever published it.
    pub event: Event,
    /// The request that brought it, if the api says so.
    pub request_id: Option<Box<str>>,
}

impl OutgoingEvent {
    pub(crate) fn subject(&self) -> String {
        subject::event(&self.event.tenant, &self.event.event_type)
    }

    /// The data as it was published.
    pub(crate) fn body(&self) -> Bytes {
        let event = &self.event;
        match &event.cloud_event {
            Some(attributes) if attributes.data_is_bytes() => bytes_of(&event.data),
            Some(_) | None => event.data.as_bytes().clone(),
        }
    }

    /// Those of Posthorn itself. They are believed where the message is signed.
    pub(crate) fn headers(&self) -> HeaderMap {
        let event = &self.event;
        let mut headers = self.common_headers();
        if let Some(attributes) = &event.cloud_event
            && cloud_event::headers::has_types(attributes)
        {
            cloud_event::headers::insert_typed(&mut headers, attributes);
        }
        headers.insert(header::EVENT_ID, event.id.to_string());
        headers.insert(header::TIMESTAMP, header::rfc3339(event.timestamp));
        if let Some(id) = &self.request_id {
            header::insert_request_id(&mut headers, id);
        }
        headers
    }

    /// Headers and body that anybody may send. The event's id is not among them: it follows from where the message is
    /// stored. Types of attributes are kept by structured mode alone.
    pub(crate) fn of_anybody(&self) -> (HeaderMap, Bytes) {
        let event = &self.event;
        if let Some(attributes) = &event.cloud_event
            && cloud_event::headers::has_types(attributes)
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, "application/cloudevents+json");
            if let Some(trace) = &event.trace {
                header::insert_trace(&mut headers, trace);
            }
            // No webhook is named in a CloudEvent.
            let nobody = WebhookId::from_uuid(Uuid::nil());
            return (headers, PlainFormat::Cloudevents.body(event, nobody));
        }
        let mut headers = self.common_headers();
        headers.insert(header::CE_TIME, header::rfc3339(event.timestamp));
        (headers, self.body())
    }

    fn common_headers(&self) -> HeaderMap {
        let event = &self.event;
        let mut headers = HeaderMap::new();
        if let Some(attributes) = &event.cloud_event {
            headers.insert(header::CE_SPECVERSION, "1.0");
            headers.insert(header::CE_TYPE, event.event_type.as_str());
            cloud_event::headers::insert(&mut headers, attributes);
            cloud_event::headers::insert_more(&mut headers, attributes);
        }
        if let Some(trace) = &event.trace {
            header::insert_trace(&mut headers, trace);
        }
        headers
    }
}

/// A message of the stream, however it was read.
pub(crate) struct StoredMessage<'a> {
    pub(crate) subject: &'a str,
    pub(crate) headers: Option<&'a HeaderMap>,
    pub(crate) payload: &'a Bytes,
    pub(crate) sequence: u64,
    pub(crate) stored_at: Timestamp,
}

impl StoredMessage<'_> {
    /// The event that a deliverer claims.
    pub(crate) fn incoming(
        &self,
        config: &BusConfig,
        data_bytes_max: usize,
    ) -> Result<IncomingEvent, Malformed> {
        if self.content() == Ok(Content::Batch) {
            return Err(self.batch(data_bytes_max));
        }
        let is_own = config.own_messages.contain(self);
        let event = self.read(is_own, data_bytes_max)?;
        let request_id = header::request_id(self.headers).filter(|_| is_own);
        Ok(IncomingEvent {
            event: self.genuine(event, config)?,
            request_id: request_id.map(Box::from),
        })
    }

    pub(crate) fn event(
        &self,
        config: &BusConfig,
        data_bytes_max: usize,
    ) -> Result<Event, Malformed> {
        self.read(config.own_messages.contain(self), data_bytes_max)
    }

    /// The id of the event that it is, if it can be read.
    pub(crate) fn id(&self, config: &BusConfig) -> EventId {
        let is_operational =
            subject::parse_event(self.subject).is_ok_and(|(_, of_type)| of_type.is_operational());
        self.event_id(config.own_messages.contain(self) || is_operational)
    }

    /// Reads it, believing the headers that Posthorn makes for itself where an api published it.
    fn read(&self, is_own: bool, data_bytes_max: usize) -> Result<Event, Malformed> {
        let (tenant, event_type) = subject::parse_event(self.subject)
            .map_err(|(tenant, reason)| self.malformed(tenant, reason))?;
        // Of an operational event nothing is believed before its own signature is verified.
        let is_own = is_own || event_type.is_operational();
        let body = self
            .body(&event_type, is_own, data_bytes_max)
            .map_err(|reason| self.malformed(Some(tenant.clone()), reason))?;
        if !event_type.is_operational()
            && let Some(attributes) = &body.cloud_event
            && attributes.source == OPERATIONAL_SOURCE
        {
            let reason =
                format!("only Posthorn itself publishes events of the source {OPERATIONAL_SOURCE}");
            return Err(self.malformed(Some(tenant), reason));
        }
        Ok(Event {
            id: self.event_id(is_own),
            tenant,
            event_type,
            // What the record of the delivery can keep: the body is rendered from it again.
            timestamp: body.timestamp.unwrap_or(self.stored_at).trunc_subsecs(6),
            data: body.data,
            cloud_event: body.cloud_event,
            trace: header::trace(self.headers),
        })
    }

    pub(crate) fn malformed(
        &self,
        tenant: Option<posthorn_domain::TenantId>,
        reason: String,
    ) -> Malformed {
        Malformed {
            reason,
            raw: self.payload.clone(),
            subject: self.subject.to_owned(),
            tenant,
            stream_sequence: self.sequence,
            readable_elsewhere: false,
            beside: Box::new(Beside {
                headers: header::originals(self.headers),
                ..Beside::default()
            }),
        }
    }

    /// The id that the api gave, else one that follows from the message's place in the stream.
    fn event_id(&self, is_own: bool) -> EventId {
        header::get(self.headers, header::EVENT_ID)
            .filter(|_| is_own)
            .and_then(|text| Uuid::try_parse(text).ok())
            .filter(|uuid| uuid.get_version_num() == 7)
            .map(EventId::from_uuid)
            .filter(|id| (id.time() - self.stored_at).abs() <= EVENT_ID_SKEW_MAX)
            .unwrap_or_else(|| {
                let stored_at_ns = self.stored_at.timestamp_nanos_opt().unwrap_or(0);
                EventId::from_stream_position(
                    u64::try_from(stored_at_ns).unwrap_or(0),
                    self.sequence,
                )
            })
    }

    fn body(
        &self,
        event_type: &EventType,
        is_own: bool,
        data_bytes_max: usize,
    ) -> Result<EventBody, String> {
        let body = match self.content()? {
            Content::Event => self.structured(event_type)?,
            Content::Data => self.plain_or_binary(event_type, is_own)?,
            Content::Batch => return Err("a batch of events is no event".to_owned()),
        };
        let is_bytes = body.cloud_event.as_ref();
        let is_bytes = is_bytes.is_some_and(CloudEventAttributes::data_is_bytes);
        let bytes = published_bytes(&body.data, is_bytes);
        if bytes > data_bytes_max {
            return Err(format!(
                "the data has {bytes} bytes, more than the {data_bytes_max} that are allowed"
            ));
        }
        body.data
            .check_depth()
            .map_err(|too_deep| format!("the data {too_deep}"))?;
        Ok(body)
    }

    fn structured(&self, event_type: &EventType) -> Result<EventBody, String> {
        let event = CloudEvent::parse(self.payload).map_err(|error| error.to_string())?;
        check_type(&event.event_type, event_type)?;
        Ok(EventBody {
            timestamp: event.time,
            data: event.data,
            cloud_event: Some(event.attributes),
        })
    }

    fn plain_or_binary(&self, event_type: &EventType, is_own: bool) -> Result<EventBody, String> {
        if let Some(ce_type) = header::get(self.headers, header::CE_TYPE) {
            check_type(&header::decode(ce_type), event_type)?;
        }
        let mut cloud_event = cloud_event::headers::read(self.headers, is_own)?;
        let data = match &mut cloud_event {
            Some(attributes) => self.binary(attributes)?,
            None => JsonText::parse(self.payload.clone()).map_err(|error| error.to_string())?,
        };
        Ok(EventBody {
            timestamp: self.header_timestamp(is_own)?,
            data,
            cloud_event,
        })
    }

    /// The data of a CloudEvent in binary mode: what is not said to be JSON is taken as bytes.
    fn binary(&self, attributes: &mut CloudEventAttributes) -> Result<JsonText, String> {
        let media_type = attributes.data_content_type();
        if media_type.is_none_or(says_json) {
            return if self.payload.is_empty() {
                Ok(cloud_event::null())
            } else {
                let said = match media_type {
                    Some(media_type) => format!("which its content type says ({media_type})"),
                    None => "and no content type says what else it is".to_owned(),
                };
                JsonText::parse(self.payload.clone()).map_err(|error| format!("{error}, {said}"))
            };
        }
        attributes.more.get_or_insert_default().data_is_bytes = true;
        Ok(base64_data(self.payload))
    }

    fn header_timestamp(&self, is_own: bool) -> Result<Option<Timestamp>, String> {
        let own = is_own.then_some(header::TIMESTAMP);
        for name in own.into_iter().chain([header::CE_TIME]) {
            if let Some(text) = header::get(self.headers, name) {
                return cloud_event::parse_time(&header::decode(text))
                    .map(Some)
                    .map_err(|_| format!("{name} is not an RFC 3339 timestamp"));
            }
        }
        Ok(None)
    }
}

impl StoredMessage<'_> {
    /// What the message's body is, by its `content-type`.
    pub(crate) fn content(&self) -> Result<Content, String> {
        let Some(value) = header::get(self.headers, header::CONTENT_TYPE) else {
            return Ok(Content::Data);
        };
        let media_type = value.split(';').next().unwrap_or_default().trim();
        if !header::has_prefix(media_type, CLOUD_EVENTS) {
            return Ok(Content::Data);
        }
        let is = |known: &str| media_type.eq_ignore_ascii_case(known);
        if is("application/cloudevents+json") {
            Ok(Content::Event)
        } else if is("application/cloudevents-batch+json") {
            Ok(Content::Batch)
        } else {
            Err(format!(
                "{media_type} cannot be read: of CloudEvents' formats only JSON can"
            ))
        }
    }
}

/// Begins the media type of every event and batch in structured mode.
const CLOUD_EVENTS: &str = "application/cloudevents";

/// What the body of a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// An event's data.
    Data,
    /// A CloudEvent.
    Event,
    /// Many of them.
    Batch,
}

struct EventBody {
    timestamp: Option<Timestamp>,
    data: JsonText,
    cloud_event: Option<CloudEventAttributes>,
}

pub(crate) fn check_type(ce_type: &str, event_type: &EventType) -> Result<(), String> {
    if ce_type == event_type.as_str() {
        Ok(())
    } else {
        Err("the CloudEvent's type differs from the event type in the subject".to_owned())
    }
}
