//! What an event is, of which the server says that it has one of the same name.
//!
//! The server compares names and nothing else. An api's idempotency keys have names that nobody else can guess
//! ([`crate::own_messages`]); but one that was seen on the stream can be used again once the server has forgotten it, and
//! while the release before is being replaced its names, which can be guessed, are asked for first. So the first event is
//! read: if no api published it for the same tenant, somebody sits on the name, and the event gets the next one.

use posthorn_domain::{CloudEventAttributes, Event};

use crate::{
    bus::Bus,
    error::PublishError,
    event_message::{Accepted, OutgoingEvent, StoredMessage},
    subject,
};

/// Names that are tried for one event. Sitting on more than one takes knowing several that were never seen.
const NAMES_MAX: u8 = 3;

/// What became of an event whose name was taken.
#[derive(Debug)]
pub enum Repeated {
    /// It is in the stream already, as this one: the same tenant, type and data.
    Same(Event),
    /// Its idempotency key belongs to this one, of another type or with other data.
    Other(Event),
    /// Somebody else sat on the name. It is stored under another one.
    Stored(Accepted),
}

impl Bus {
    /// What became of an event that was accepted as a duplicate.
    ///
    /// # Errors
    /// [`PublishError::Unavailable`] while the first event cannot be read.
    pub async fn repeated(
        &self,
        event: &OutgoingEvent,
        accepted: Accepted,
    ) -> Result<Repeated, PublishError> {
        let mut accepted = accepted;
        for place in 1..=NAMES_MAX {
            if let Some(first) = self.own_event_at(accepted.sequence, event).await? {
                return Ok(if same(&first, &event.event) {
                    Repeated::Same(first)
                } else {
                    Repeated::Other(first)
                });
            }
            accepted = self.publish_named(event, place).await?;
            if !accepted.duplicate {
                return Ok(Repeated::Stored(accepted));
            }
        }
        Err(PublishError::Unavailable(
            "the names of the idempotency key are taken by messages of others".to_owned(),
        ))
    }

    /// The event at a place of the stream, if an api published it for the same tenant.
    async fn own_event_at(
        &self,
        sequence: u64,
        event: &OutgoingEvent,
    ) -> Result<Option<Event>, PublishError> {
        let found = self.message_at(subject::EVENTS_STREAM, sequence).await;
        let message = found
            .map_err(|error| PublishError::Unavailable(error.to_string()))?
            // Without it nobody can say whose it was.
            .ok_or_else(|| {
                let why = "the event with the same idempotency key cannot be read";
                PublishError::Unavailable(why.to_owned())
            })?;
        let stored = StoredMessage {
            subject: &message.subject,
            headers: Some(&message.headers),
            payload: &message.payload,
            sequence: message.sequence,
            stored_at: message.time,
        };
        if !self.config.own_messages.contain(&stored) {
            return Ok(None);
        }
        let first = stored.event(&self.config, self.event_data_bytes_max()).ok();
        Ok(first.filter(|first| first.tenant == event.event.tenant))
    }
}

/// Whether two events say the same. White space between the parts of the data does not matter: what builds the request
/// again may write it otherwise.
fn same(first: &Event, second: &Event) -> bool {
    first.event_type == second.event_type
        && is_bytes(first) == is_bytes(second)
        && (first.data == second.data || without_white_space(first).eq(without_white_space(second)))
}

fn is_bytes(event: &Event) -> bool {
    let attributes = event.cloud_event.as_ref();
    attributes.is_some_and(CloudEventAttributes::data_is_bytes)
}

/// The bytes of an event's data, but for white space outside of its texts.
fn without_white_space(event: &Event) -> impl Iterator<Item = u8> {
    let (mut in_text, mut is_escaped) = (false, false);
    event.data.as_bytes().iter().copied().filter(move |byte| {
        if !in_text {
            in_text = *byte == b'"';
            return !byte.is_ascii_whitespace();
        }
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        in_text = !ends;
        true
    })
}

#[cfg(test)]
mod tests {
    use posthorn_domain::{EventId, JsonText, TenantId};

    use super::*;

    fn event(event_type: &str, data: &'static str) -> Event {
        Event {
            id: EventId::from_stream_position(1, 1),
            tenant: TenantId::default_tenant(),
            event_type: event_type.parse().unwrap(),
            timestamp: "2026-03-06T08:00:00Z".parse().unwrap(),
            data: JsonText::from_trusted(bytes::Bytes::from_static(data.as_bytes())),
            cloud_event: None,
            trace: None,
        }
    }

    #[test]
    fn white_space_between_the_parts_does_not_matter_and_all_else_does() {
        let first = event("a", r#"{"t": "a \" b\\", "n":[1,2]}"#);
        for (data, is_same) in [
            (r#"{"t": "a \" b\\", "n":[1,2]}"#, true),
            ("{\"t\":\"a \\\" b\\\\\",\n\t\"n\" : [ 1 , 2 ] }", true),
            (r#"{"t": "a \"b\\", "n":[1,2]}"#, false),
            (r#"{"t": "a \" b\\", "n":[12]}"#, false),
            (r#"{"t": "a \" b\\", "n":[1,2.0]}"#, false),
            (r#"{"t": "a \" b\\ ", "n":[1,2]}"#, false),
        ] {
            assert_eq!(same(&first, &event("a", data)), is_same, "{data}");
        }
        assert!(!same(&event("a", "1"), &event("b", "1")));
        let (large, larger) = ("12345678901234567890123", "12345678901234567890124");
        assert!(!same(&event("a", large), &event("a", larger)));
    }
}
