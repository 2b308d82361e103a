//! A batch of CloudEvents that was published to NATS as one message.
//!
//! Everything after the stream knows one event for each message: its place, its acknowledgement, its erasure. So a deliverer
//! that claims a batch publishes each of its events as a message of its own, to the same subject, and takes the batch out of
//! the stream before it acknowledges it. Each event's id follows from where the batch was stored and its index there, and
//! travels as an api's would, so that it stays the same however often this is begun again; what is published again within
//! the stream's window is dropped by its name. What comes later is a second copy of the same event, as after a lost answer.
//!
//! An event of a batch that cannot be read becomes a dead letter of its own, which can be retried by itself; the others are
//! not held up by it. A message that is no array of at most [`EVENTS_PER_REQUEST_MAX`] values is one dead letter.

use async_nats::HeaderMap;
use bytes::Bytes;
use chrono::SubsecRound;
use posthorn_domain::{
    Event, EventId, EventType, OPERATIONAL_SOURCE, TenantId, cloud_event::published_bytes,
    limits::EVENTS_PER_REQUEST_MAX, without_bom,
};
use serde_json::value::RawValue;

use crate::{
    bus::Bus,
    claim::{Beside, Malformed},
    cloud_event::CloudEvent,
    error::PublishError,
    event_message::{OutgoingEvent, StoredMessage, check_type},
    header, subject,
};

/// The events of a batch, and what of it is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    members: Vec<Member>,
    malformed: Vec<Malformed>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    event: Event,
    /// What the server is to call it. Nobody else has a key with a space.
    name: String,
    /// As a dead letter, should it not fit.
    too_large: Malformed,
}

impl StoredMessage<'_> {
    /// What is claimed in place of an event where the message is a batch.
    pub(crate) fn batch(&self, data_bytes_max: usize) -> Malformed {
        let (tenant, event_type) = match subject::parse_event(self.subject) {
            Ok(parsed) => parsed,
            Err((tenant, reason)) => return self.malformed(tenant, reason),
        };
        let malformed = |reason| self.malformed(Some(tenant.clone()), reason);
        if event_type.is_operational() {
            return malformed(format!("only Posthorn itself publishes {event_type}"));
        }
        let elements: Vec<&RawValue> = match serde_json::from_slice(without_bom(self.payload)) {
            Ok(elements) => elements,
            Err(error) => return malformed(format!("not a batch of CloudEvents: {error}")),
        };
        if elements.len() > EVENTS_PER_REQUEST_MAX {
            return malformed(format!(
                "a batch has at most {EVENTS_PER_REQUEST_MAX} events, and this one {}",
                elements.len()
            ));
        }
        let mut batch = Batch {
            members: Vec::with_capacity(elements.len()),
            malformed: Vec::new(),
        };
        for (index, element) in (0..).zip(elements) {
            let raw = self.payload.slice_ref(element.get().as_bytes());
            match self.member(&raw, index, &tenant, &event_type, data_bytes_max) {
                Ok(member) => batch.members.push(member),
                Err(reason) => {
                    let malformed = self.malformed_member(&tenant, raw, index, &reason);
                    batch.malformed.push(malformed);
                }
            }
        }
        Malformed {
            beside: Box::new(Beside {
                batch: Some(batch),
                ..Beside::default()
            }),
            ..malformed("a batch of events".to_owned())
        }
    }

    fn member(
        &self,
        raw: &Bytes,
        index: u16,
        tenant: &TenantId,
        event_type: &EventType,
        data_bytes_max: usize,
    ) -> Result<Member, String> {
        let event = CloudEvent::parse(raw).map_err(|error| error.to_string())?;
        check_type(&event.event_type, event_type)?;
        if event.attributes.source == OPERATIONAL_SOURCE {
            return Err(format!(
                "only Posthorn itself publishes events of the source {OPERATIONAL_SOURCE}"
            ));
        }
        let bytes = published_bytes(&event.data, event.attributes.data_is_bytes());
        if bytes > data_bytes_max {
            return Err(format!(
                "the data has {bytes} bytes, more than the {data_bytes_max} that are allowed"
            ));
        }
        event
            .data
            .check_depth()
            .map_err(|too_deep| format!("the data {too_deep}"))?;
        let stored_at_ns = self.stored_at.timestamp_nanos_opt().unwrap_or(0);
        let stored_at_ns = u64::try_from(stored_at_ns).unwrap_or(0);
        Ok(Member {
            event: Event {
                id: EventId::of_batch_member(stored_at_ns, self.sequence, index),
                tenant: tenant.clone(),
                event_type: event_type.clone(),
                timestamp: event.time.unwrap_or(self.stored_at).trunc_subsecs(6),
                data: event.data,
                cloud_event: Some(event.attributes),
                trace: header::trace(self.headers),
            },
            name: format!("batch {stored_at_ns} {} {index}", self.sequence),
            too_large: self.malformed_member(
                tenant,
                raw.clone(),
                index,
                "it is larger than the NATS server takes",
            ),
        })
    }

    /// A dead letter that can be published again by itself.
    fn malformed_member(
        &self,
        tenant: &TenantId,
        raw: Bytes,
        index: u16,
        reason: &str,
    ) -> Malformed {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/cloudevents+json");
        if let Some(trace) = header::trace(self.headers) {
            header::insert_trace(&mut headers, &trace);
        }
        Malformed {
            raw,
            beside: Box::new(Beside {
                headers,
                batch: None,
                member: Some(index),
            }),
            ..self.malformed(
                Some(tenant.clone()),
                format!("[{index}] of a batch: {reason}"),
            )
        }
    }
}

impl Bus {
    /// Publishes the events of a batch and returns, when all are stored, what of it is to be buried. May be done again.
    ///
    /// # Errors
    /// [`PublishError::Unavailable`] also while it is not known what the installation signs its messages with.
    pub async fn publish_batch(&self, batch: &Batch) -> Result<Vec<Malformed>, PublishError> {
        let own = &self.config.own_messages;
        if !own.are_known() {
            return Err(PublishError::Unavailable(
                "what signs messages was not read yet".to_owned(),
            ));
        }
        let mut malformed = batch.malformed.clone();
        let mut messages = Vec::with_capacity(batch.members.len());
        for member in &batch.members {
            let outgoing = OutgoingEvent {
                event: member.event.clone(),
                idempotency_key: None,
                request_id: None,
            };
            if self.check_size(&outgoing).is_err() {
                malformed.push(member.too_large.clone());
                continue;
            }
            let (subject, mut headers, body) = self.message(&outgoing, 0);
            if let Some(name) = own.name(&member.event.tenant, &member.name) {
                headers.insert(header::MSG_ID, name);
            }
            messages.push((subject, headers, body));
        }
        if !messages.is_empty() {
            self.publish_all(messages.into_iter(), &mut Vec::new())
                .await?;
        }
        Ok(malformed)
    }
}
