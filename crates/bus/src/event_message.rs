//! An event as a message on POSTHORN_EVENTS: written by the api, read by the deliverer, and written by
//! anybody who publishes straight to NATS.

use std::sync::Arc;

use async_nats::HeaderMap;
use bytes::Bytes;
use chrono::{SubsecRound, TimeDelta};
use posthorn_domain::{
    CloudEventAttributes, Event, EventId, EventType, JsonText, OPERATIONAL_SOURCE, Timestamp,
};
use uuid::Uuid;

use crate::{
    claim::Malformed,
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

    /// Those of Posthorn itself. They are believed where the message is signed.
    pub(crate) fn headers(&self) -> HeaderMap {
        let event = &self.event;
        let mut headers = self.common_headers();
        headers.insert(header::EVENT_ID, event.id.to_string());
        headers.insert(header::TIMESTAMP, header::rfc3339(event.timestamp));
        if let Some(id) = &self.request_id {
            header::insert_request_id(&mut headers, id);
        }
        headers
    }

    /// Those that anybody may send. The event's id is not among them: it follows from where the message is stored.
    pub(crate) fn headers_of_anybody(&self) -> HeaderMap {
        let mut headers = self.common_headers();
        headers.insert(header::CE_TIME, header::rfc3339(self.event.timestamp));
        headers
    }

    fn common_headers(&self) -> HeaderMap {
        let event = &self.event;
        let mut headers = HeaderMap::new();
        if let Some(attributes) = &event.cloud_event {
            headers.insert(header::CE_SPECVERSION, "1.0");
            headers.insert(header::CE_TYPE, event.event_type.as_str());
            header::insert_cloud_event(&mut headers, attributes);
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
            headers: Box::new(header::originals(self.headers)),
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
        let body = if self.is_structured() {
            self.structured(event_type)?
        } else {
            self.plain_or_binary(event_type, is_own)?
        };
        let bytes = body.data.as_bytes().len();
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

    fn is_structured(&self) -> bool {
        header::get(self.headers, header::CONTENT_TYPE).is_some_and(|value| {
            let media_type = value.split(';').next().unwrap_or_default().trim();
            media_type.eq_ignore_ascii_case("application/cloudevents+json")
        })
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
        let has = |name| header::get(self.headers, name).is_some();
        let cloud_event = header::cloud_event(self.headers);
        if cloud_event.is_none() && (has(header::CE_ID) || has(header::CE_SOURCE)) {
            return Err("ce-id and ce-source are required together".to_owned());
        }
        if let Some(attributes) = &cloud_event {
            cloud_event::check_lengths(attributes).map_err(|error| error.to_string())?;
        }
        let data = if cloud_event.is_some() && self.payload.is_empty() {
            cloud_event::null()
        } else {
            JsonText::parse(self.payload.clone()).map_err(|error| error.to_string())?
        };
        Ok(EventBody {
            timestamp: self.header_timestamp(is_own)?,
            data,
            cloud_event,
        })
    }

    fn header_timestamp(&self, is_own: bool) -> Result<Option<Timestamp>, String> {
        let own = is_own.then_some(header::TIMESTAMP);
        for name in own.into_iter().chain([header::CE_TIME]) {
            if let Some(text) = header::get(self.headers, name) {
                return cloud_event::parse_time(text)
                    .map(Some)
                    .map_err(|_| format!("{name} is not an RFC 3339 timestamp"));
            }
        }
        Ok(None)
    }
}

struct EventBody {
    timestamp: Option<Timestamp>,
    data: JsonText,
    cloud_event: Option<CloudEventAttributes>,
}

fn check_type(ce_type: &str, event_type: &EventType) -> Result<(), String> {
    if ce_type == event_type.as_str() {
        Ok(())
    } else {
        Err("the CloudEvent's type differs from the event type in the subject".to_owned())
    }
}
