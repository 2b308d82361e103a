//! Messages that the client library cannot parse.
//!
//! nats-server stores whatever bytes a publisher sends as headers. The client parses them as text, and where it cannot,
//! as with a name in ISO-8859-1, it gives up the connection without a word on the message. The server would give the
//! message out again after the acknowledgement wait, and it would end the next connection, for as long as the stream
//! keeps it.
//!
//! So after every pull that ended with its connection, what the consumer has given out and nobody has acknowledged is
//! looked at another way: the API answers with the stored message in base64, which any client can read. What the client
//! cannot parse is claimed in the place of the lost delivery, as malformed. Each message is looked at once; what was
//! found before is claimed again when nothing new explains the loss, because its acknowledgement may have been lost.

use std::{collections::BTreeSet, ops::RangeInclusive, str::FromStr};

use async_nats::{HeaderMap, HeaderName, StatusCode, Subject};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    api::{self, StoredRaw},
    bus::Bus,
    claim::{ClaimHandle, Malformed},
    consumers::ACK_PENDING_MAX,
    error::BusError,
    event_message::StoredMessage,
    subject,
};

/// Messages asked for at the same time.
const REQUESTS_AT_ONCE: usize = 32;
/// Most messages looked at after one lost connection, the newest ones. No more than this can be unacknowledged.
const MESSAGES_MAX: u64 = ACK_PENDING_MAX.unsigned_abs();

/// How far messages were looked at already.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    up_to: u64,
    /// What was found and is not known to be acknowledged.
    found: BTreeSet<u64>,
}

/// A message that was found.
pub(crate) struct Unreadable {
    pub(crate) malformed: Malformed,
    pub(crate) handle: ClaimHandle,
    pub(crate) bytes: usize,
}

impl Looked {
    /// What to look at: given out, not known to be acknowledged, and not looked at.
    fn range(&self, floor: u64, delivered: u64) -> RangeInclusive<u64> {
        // A stream that was made again counts from the beginning.
        let looked = if self.up_to <= delivered {
            self.up_to
        } else {
            0
        };
        let behind = floor
            .max(looked)
            .max(delivered.saturating_sub(MESSAGES_MAX));
        behind.saturating_add(1)..=delivered
    }

    /// Finds what the client cannot parse among the messages that this consumer has given out.
    pub(crate) async fn find(
        &mut self,
        bus: &Bus,
        stream: &'static str,
        consumer: &'static str,
    ) -> Result<Vec<Unreadable>, BusError> {
        let info = api::consumer_info(&bus.jetstream, stream, consumer).await?;
        let floor = info.ack_floor.stream_seq;
        let range = self.range(floor, info.delivered.stream_seq);
        let up_to = *range.end();
        let mut found = look_at(bus, stream, range).await?;
        self.found.retain(|sequence| *sequence > floor);
        if found.is_empty() {
            found = look_at(bus, stream, self.found.iter().copied()).await?;
        }
        let mut claims = Vec::with_capacity(found.len());
        for raw in found {
            self.found.insert(raw.seq);
            claims.push(claim(
                bus,
                stream,
                consumer,
                info.delivered.consumer_seq,
                &raw,
            )?);
        }
        claims.sort_by_key(|found| found.handle.stream_sequence);
        self.up_to = up_to;
        Ok(claims)
    }
}

/// Those of these messages that the client cannot parse.
async fn look_at(
    bus: &Bus,
    stream: &'static str,
    sequences: impl Iterator<Item = u64>,
) -> Result<Vec<StoredRaw>, BusError> {
    let found: Vec<Option<StoredRaw>> = stream::iter(sequences)
        .map(|sequence| unreadable_at(bus, stream, sequence))
        .buffer_unordered(REQUESTS_AT_ONCE)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn unreadable_at(
    bus: &Bus,
    stream: &str,
    sequence: u64,
) -> Result<Option<StoredRaw>, BusError> {
    let found = api::stored_raw(&bus.jetstream, stream, sequence).await?;
    Ok(found.filter(|raw| subject::is_claimed(&raw.subject) && fault(raw).is_some()))
}

/// The claim that the client could not read.
fn claim(
    bus: &Bus,
    stream: &'static str,
    consumer: &str,
    consumer_sequence: u64,
    raw: &StoredRaw,
) -> Result<Unreadable, BusError> {
    let payload = Bytes::from(decoded(raw.data.as_deref()));
    let headers = decoded(raw.hdrs.as_deref());
    let stored_at = raw.stored_at()?;
    let sequence = raw.seq;
    let stored_ns = stored_at.timestamp_nanos_opt().unwrap_or(0);
    let readable = readable_part(&headers);
    let stored = StoredMessage {
        subject: &raw.subject,
        headers: Some(&readable),
        payload: &payload,
        sequence,
        stored_at,
    };
    let tenant = match subject::parse_event(&raw.subject) {
        Ok((tenant, _)) => Some(tenant),
        Err((tenant, _)) => tenant,
    };
    let reason = fault(raw).unwrap_or("it cannot be parsed").to_owned();
    Ok(Unreadable {
        malformed: stored.malformed(tenant, reason),
        handle: ClaimHandle {
            stream,
            link: bus.link.clone(),
            // The server goes by the place in the stream; the other numbers are for the client's information.
            reply: Subject::from(format!(
                "$JS.ACK.{stream}.{consumer}.2.{sequence}.{consumer_sequence}.{stored_ns}.0"
            )),
            stream_sequence: sequence,
            delivery_count: 2,
            may_have_been_seen: true,
            stored_at,
        },
        bytes: payload.len() + headers.len() + raw.subject.len(),
    })
}

/// What is no base64 is not the server's.
fn decoded(text: Option<&str>) -> Vec<u8> {
    text.and_then(|text| STANDARD.decode(text).ok())
        .unwrap_or_default()
}

/// Why the client cannot parse a message; `None` where it can.
fn fault(raw: &StoredRaw) -> Option<&'static str> {
    // The server writes U+FFFD for what is no UTF-8. No event has such a subject, however it came.
    if raw.subject.contains([char::REPLACEMENT_CHARACTER])
        || raw.subject.contains(char::is_whitespace)
    {
        return Some("its subject is not one word of UTF-8 text");
    }
    let headers = decoded(raw.hdrs.as_deref());
    if headers.is_empty() {
        return None;
    }
    headers_fault(&headers)
}

/// The rules of the client, in its order.
fn headers_fault(headers: &[u8]) -> Option<&'static str> {
    let Ok(text) = std::str::from_utf8(headers) else {
        return Some("its headers are not UTF-8 text");
    };
    let mut lines = text.lines().peekable();
    let Some(version) = lines.next().and_then(|line| line.strip_prefix("NATS/1.0")) else {
        return Some("its headers do not begin with NATS/1.0");
    };
    let status = version.trim().split(' ').next().unwrap_or_default();
    if !status.is_empty() && StatusCode::from_str(status).is_err() {
        return Some("its first header line has a status that is no number");
    }
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return Some("it has a header without a colon");
        };
        if HeaderName::from_str(name).is_err() {
            return Some("it has a header whose name is not printable ASCII");
        }
        while lines
            .next_if(|line| line.starts_with(char::is_whitespace))
            .is_some()
        {}
    }
    None
}

/// The headers as far as they can be read, so that a person sees them and the message can be published again. A value
/// that is no UTF-8 is taken as ISO-8859-1, which is what it is nearly always.
fn readable_part(headers: &[u8]) -> HeaderMap {
    let mut readable = HeaderMap::new();
    for line in headers.split(|byte| *byte == b'\n').skip(1) {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (parts.next(), parts.next()) else {
            continue;
        };
        let Some(name) = std::str::from_utf8(name)
            .ok()
            .and_then(|name| HeaderName::from_str(name).ok())
        else {
            continue;
        };
        let value = match std::str::from_utf8(value) {
            Ok(text) => text.to_owned(),
            Err(_) => value.iter().copied().map(char::from).collect(),
        };
        readable.append(name, value.replace('\r', " ").trim());
    }
    readable
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_the_client_refuses_is_found() {
        for (headers, fault) in [
            (&b"NATS/1.0\r\nA: b\r\n\r\n"[..], None),
            (b"NATS/1.0\r\nA: b\r\n continued\r\n\r\n", None),
            (b"NATS/1.0 503\r\n\r\n", None),
            (
                b"NATS/1.0\r\nName: J\xf6rg\r\n\r\n",
                Some("its headers are not UTF-8 text"),
            ),
            (
                b"HTTP/1.1\r\nA: b\r\n\r\n",
                Some("its headers do not begin with NATS/1.0"),
            ),
            (
                b"NATS/1.0\r\nno colon\r\n\r\n",
                Some("it has a header without a colon"),
            ),
            (
                b"NATS/1.0\r\na name: b\r\n\r\n",
                Some("it has a header whose name is not printable ASCII"),
            ),
            (
                b"NATS/1.0 x\r\n\r\n",
                Some("its first header line has a status that is no number"),
            ),
        ] {
            assert_eq!(headers_fault(headers), fault, "{}", headers.escape_ascii());
        }
    }

    #[test]
    fn a_value_in_latin_1_is_read_as_that() {
        let readable = readable_part(
            b"NATS/1.0\r\nce-source: J\xf6rg\r\nb\xe4d: x\r\nno colon\r\nLast: ok\r\n\r\n",
        );
        let get = |name: &str| readable.get(name).map(|value| value.as_str());
        assert_eq!(get("ce-source"), Some("Jörg"));
        assert_eq!(get("Last"), Some("ok"));
        assert_eq!(readable.len(), 2);
    }

    #[test]
    fn each_message_is_looked_at_once() {
        let looked = Looked::default();
        assert_eq!(looked.range(3, 10), 4..=10);
        assert!(looked.range(10, 10).is_empty());
        assert_eq!(looked.range(1, MESSAGES_MAX + 5), 6..=MESSAGES_MAX + 5);
        let looked = Looked {
            up_to: 8,
            ..Looked::default()
        };
        assert_eq!(looked.range(3, 10), 9..=10);
        // The stream was made again.
        assert_eq!(looked.range(0, 5), 1..=5);
    }

    proptest! {
        #[test]
        fn any_headers_are_read_as_far_as_they_go(headers in prop::collection::vec(any::<u8>(), 0..200)) {
            let readable = readable_part(&headers);
            for (_, values) in readable.iter() {
                for value in values {
                    prop_assert!(!value.as_str().contains(['\r', '\n']));
                }
            }
            headers_fault(&headers);
        }
    }
}
