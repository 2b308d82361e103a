//! Events as anybody may publish them over NATS: subject, headers and body, plain or as CloudEvents.

use arbitrary::Arbitrary;
use bytes::Bytes;
use posthorn_bus::{CloudEvent, fuzzing::read_event};
use posthorn_domain::{CloudEventAttributes, cloud_event::published_bytes};

use crate::read;

/// Small enough to be met.
const DATA_BYTES_MAX: usize = 512;

/// The headers that mean something, so that they need not be guessed.
#[derive(Arbitrary, Debug, Clone, Copy)]
enum Name {
    ContentType,
    CeSpecversion,
    CeId,
    CeSource,
    CeType,
    CeTime,
    CeSubject,
    EventId,
    Timestamp,
    Traceparent,
    Tracestate,
    MsgId,
}

impl Name {
    fn text(self) -> &'static str {
        match self {
            Self::ContentType => "Content-Type",
            Self::CeSpecversion => "ce-specversion",
            Self::CeId => "ce-id",
            Self::CeSource => "CE-Source",
            Self::CeType => "ce-type",
            Self::CeTime => "ce-time",
            Self::CeSubject => "ce-subject",
            Self::EventId => "Posthorn-Event-Id",
            Self::Timestamp => "Posthorn-Timestamp",
            Self::Traceparent => "traceparent",
            Self::Tracestate => "tracestate",
            Self::MsgId => "Nats-Msg-Id",
        }
    }
}

#[derive(Arbitrary, Debug)]
struct Message<'a> {
    subject: Option<&'a str>,
    structured: bool,
    headers: Vec<(Name, &'a str)>,
    sequence: u64,
    stored_at_seconds: u32,
    payload: &'a [u8],
}

/// Panics where something that must hold does not.
pub fn check(bytes: &[u8]) {
    if let Some(message) = read(bytes) {
        judge(&message);
    }
}

fn judge(message: &Message<'_>) {
    let _ = CloudEvent::parse(message.payload);
    let subject = match message.subject {
        Some(rest) => format!("posthorn.events.{rest}"),
        None => "posthorn.events.default.user.created".to_owned(),
    };
    let mut headers: Vec<(&str, &str)> = message
        .headers
        .iter()
        .map(|(name, value)| (name.text(), *value))
        .collect();
    if message.structured {
        let is_batch = message.payload.starts_with(b"[");
        let content_type = if is_batch {
            "application/cloudevents-batch+json"
        } else {
            "application/cloudevents+json"
        };
        headers.push(("content-type", content_type));
    }
    let stored_at = chrono::DateTime::from_timestamp(i64::from(message.stored_at_seconds), 0)
        .expect("every 32 bits of seconds are a moment");
    let read = || {
        let payload = Bytes::copy_from_slice(message.payload);
        read_event(
            &subject,
            &headers,
            &payload,
            message.sequence,
            stored_at,
            DATA_BYTES_MAX,
        )
    };
    let first = read();
    match &first {
        Ok(event) => {
            let attributes = event.cloud_event.as_ref();
            let is_bytes = attributes.is_some_and(CloudEventAttributes::data_is_bytes);
            assert!(published_bytes(&event.data, is_bytes) <= DATA_BYTES_MAX);
            serde_json::from_slice::<&serde_json::value::RawValue>(event.data.as_bytes())
                .expect("data is JSON");
            if let Some(trace) = &event.trace {
                let line = format!(
                    "{}{}",
                    trace.traceparent,
                    trace.tracestate.as_deref().unwrap_or("")
                );
                assert!(
                    line.bytes().all(|b| b.is_ascii_graphic() || b == b' '),
                    "{line:?}"
                );
            }
        }
        Err(malformed) => assert!(!malformed.reason.is_empty()),
    }
    // A message that comes again is the same event.
    assert_eq!(first, read());
}
