//! Header names, and how text becomes a header value.

use async_nats::{HeaderMap, HeaderValue};
use posthorn_domain::{CloudEventAttributes, Timestamp, TraceContext};

pub(crate) const MSG_ID: &str = "Nats-Msg-Id";
pub(crate) const SCHEDULE: &str = "Nats-Schedule";
pub(crate) const SCHEDULE_TARGET: &str = "Nats-Schedule-Target";
pub(crate) const EVENT_ID: &str = "Posthorn-Event-Id";
pub(crate) const TIMESTAMP: &str = "Posthorn-Timestamp";
pub(crate) const TENANT: &str = "Posthorn-Tenant";
pub(crate) const EVENT_TYPE: &str = "Posthorn-Event-Type";
pub(crate) const WEBHOOK_ID: &str = "Posthorn-Webhook-Id";
pub(crate) const ATTEMPT: &str = "Posthorn-Attempt";
pub(crate) const HOP: &str = "Posthorn-Hop";
pub(crate) const RUN_START: &str = "Posthorn-Run-Start";
pub(crate) const RATE_SLOT: &str = "Posthorn-Rate-Slot";
pub(crate) const NOT_BEFORE: &str = "Posthorn-Not-Before";
pub(crate) const UNDECIDED: &str = "Posthorn-Undecided";
pub(crate) const REASON: &str = "Posthorn-Reason";
pub(crate) const ATTEMPTS: &str = "Posthorn-Attempts";
pub(crate) const LAST_STATUS: &str = "Posthorn-Last-Status";
pub(crate) const SUBJECT: &str = "Posthorn-Subject";
pub(crate) const TRUNCATED: &str = "Posthorn-Truncated";
pub(crate) const REQUEST_ID: &str = "Posthorn-Request-Id";
pub(crate) const SIGNATURE: &str = "Posthorn-Signature";
pub(crate) const ATTEMPT_BEFORE: &str = "Posthorn-Attempt-Before";
pub(crate) const CONTENT_TYPE: &str = "content-type";
pub(crate) const CE_SPECVERSION: &str = "ce-specversion";
pub(crate) const CE_ID: &str = "ce-id";
pub(crate) const CE_SOURCE: &str = "ce-source";
pub(crate) const CE_TYPE: &str = "ce-type";
pub(crate) const CE_TIME: &str = "ce-time";
pub(crate) const CE_SUBJECT: &str = "ce-subject";
pub(crate) const TRACEPARENT: &str = "traceparent";
pub(crate) const TRACESTATE: &str = "tracestate";

/// By these a message becomes an event.
const READ: [&str; 11] = [
    EVENT_ID,
    TIMESTAMP,
    SIGNATURE,
    CONTENT_TYPE,
    CE_ID,
    CE_SOURCE,
    CE_TYPE,
    CE_TIME,
    CE_SUBJECT,
    TRACEPARENT,
    TRACESTATE,
];
/// Begins the name of a header that a message had before it was buried.
const ORIGINAL: &str = "Posthorn-Original-";
/// Begins the name of a header that means something to the server.
const SERVERS: &str = "Nats-";
/// Most that is kept of a message's headers when it is buried, names and values, in bytes.
const ORIGINALS_BYTES_MAX: usize = 8 * 1_024;

/// Longest value of a header of a dead letter whose headers had to be cut, in bytes.
const NEEDED_BYTES_MAX: usize = 2 * 1_024;
/// Longest id of a request that is passed on, in bytes.
const REQUEST_ID_BYTES_MAX: usize = 128;
/// Longest `tracestate` that is passed on, in bytes (W3C Trace Context asks for at least 512).
const TRACESTATE_BYTES_MAX: usize = 1_024;

/// Reads one header, whatever the case of its name: publishers spell `ce-id` in several ways.
pub(crate) fn get<'a>(headers: Option<&'a HeaderMap>, name: &str) -> Option<&'a str> {
    let headers = headers?;
    if let Some(value) = headers.get(name) {
        return Some(value.as_str());
    }
    // Of several spellings always the same: the map's order is another in each process.
    headers
        .iter()
        .map(|(key, values)| (AsRef::<str>::as_ref(key), values))
        .filter(|(key, _)| key.eq_ignore_ascii_case(name))
        .min_by_key(|(key, _)| *key)
        .and_then(|(_, values)| values.first())
        .map(|value| value.as_str())
}

/// Whether a header is the server's: it acts upon it, or adds it to what it gives out.
pub(crate) fn is_servers(name: &str) -> bool {
    has_prefix(name, SERVERS)
}

fn has_prefix(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The headers that a message needs to be read again: all but those that the server acts upon, as far as there is room.
///
/// Those that an event is read by come first, then the others by name: the same message leaves the same headers
/// behind, whoever buries it.
pub(crate) fn originals(headers: Option<&HeaderMap>) -> HeaderMap {
    let (mut kept, mut room) = (HeaderMap::new(), ORIGINALS_BYTES_MAX);
    let mut by_name: Vec<(&str, &Vec<HeaderValue>)> = headers
        .into_iter()
        .flat_map(HeaderMap::iter)
        .map(|(name, values)| (name.as_ref(), values))
        .filter(|(name, _)| !is_servers(name))
        .collect();
    by_name.sort_unstable_by_key(|(name, _)| (!is_read(name), *name));
    for (name, values) in by_name {
        for value in values {
            let bytes = ORIGINAL.len() + name.len() + value.as_str().len();
            if bytes <= room {
                room -= bytes;
                kept.append(name, value.as_str());
            }
        }
    }
    kept
}

fn is_read(name: &str) -> bool {
    READ.iter().any(|read| read.eq_ignore_ascii_case(name))
}

/// Writes them beside those of a dead letter.
pub(crate) fn insert_originals(headers: &mut HeaderMap, originals: &HeaderMap) {
    for (name, values) in originals.iter() {
        let name = format!("{ORIGINAL}{}", AsRef::<str>::as_ref(name));
        for value in values {
            headers.append(name.as_str(), value.as_str());
        }
    }
}

/// Leaves those headers of a dead letter by which it is listed and found; whether there were others.
pub(crate) fn keep_needed(headers: &mut HeaderMap) -> bool {
    let mut needed = HeaderMap::new();
    for name in [
        MSG_ID,
        EVENT_ID,
        TIMESTAMP,
        TENANT,
        EVENT_TYPE,
        WEBHOOK_ID,
        ATTEMPTS,
        LAST_STATUS,
        REASON,
        SUBJECT,
        TRUNCATED,
    ] {
        if let Some(value) = headers.get(name) {
            let mut text = value.as_str().to_owned();
            text.truncate(text.floor_char_boundary(NEEDED_BYTES_MAX));
            needed.insert(name, text);
        }
    }
    let fewer = needed.len() < headers.len();
    *headers = needed;
    fewer
}

/// Reads them back.
pub(crate) fn read_originals(headers: &HeaderMap) -> HeaderMap {
    let mut originals = HeaderMap::new();
    for (name, values) in headers.iter() {
        let name: &str = name.as_ref();
        if has_prefix(name, ORIGINAL) {
            for value in values {
                originals.append(&name[ORIGINAL.len()..], value.as_str());
            }
        }
    }
    originals
}

/// Writes an attribute of a CloudEvent, which may hold anything: percent-encoded as CloudEvents' bindings
/// for headers ask, so that no value can end its line and begin another header.
pub(crate) fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_graphic() && b != b'%' && b != b'"';
    if text.bytes().all(plain) {
        return text.to_owned();
    }
    let mut encoded = String::with_capacity(text.len() + 16);
    for b in text.bytes() {
        if plain(b) {
            encoded.push(char::from(b));
        } else {
            encoded.push_str(&format!("%{b:02X}"));
        }
    }
    encoded
}

/// Writes words for a person on one line: control characters become spaces.
pub(crate) fn one_line(text: &str) -> String {
    let line = text.replace(|c: char| c.is_control(), " ");
    line.trim().to_owned()
}

/// Reads text that [`encode`] or a CloudEvents publisher wrote. What is no valid escape stays as it is.
pub(crate) fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = escape {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

/// RFC 3339 with as many fractional digits as needed.
pub(crate) fn rfc3339(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

pub(crate) fn insert_cloud_event(headers: &mut HeaderMap, attributes: &CloudEventAttributes) {
    headers.insert(CE_ID, encode(&attributes.id));
    headers.insert(CE_SOURCE, encode(&attributes.source));
    if let Some(subject) = &attributes.subject {
        headers.insert(CE_SUBJECT, encode(subject));
    }
}

pub(crate) fn cloud_event(headers: Option<&HeaderMap>) -> Option<CloudEventAttributes> {
    Some(CloudEventAttributes {
        id: decode(get(headers, CE_ID)?),
        source: decode(get(headers, CE_SOURCE)?),
        subject: get(headers, CE_SUBJECT).map(decode),
    })
}

/// Writes the trace context, leaving out what has not the shape that W3C gives it.
pub(crate) fn insert_trace(headers: &mut HeaderMap, trace: &TraceContext) {
    if !traceparent_fits(&trace.traceparent) {
        return;
    }
    headers.insert(TRACEPARENT, trace.traceparent.as_str());
    if let Some(tracestate) = trace.tracestate.as_deref().filter(|t| tracestate_fits(t)) {
        headers.insert(TRACESTATE, tracestate);
    }
}

/// Reads the trace context; a broken one is as good as none.
pub(crate) fn trace(headers: Option<&HeaderMap>) -> Option<TraceContext> {
    let traceparent = get(headers, TRACEPARENT).filter(|t| traceparent_fits(t))?;
    Some(TraceContext {
        traceparent: traceparent.to_owned(),
        tracestate: get(headers, TRACESTATE)
            .filter(|t| tracestate_fits(t))
            .map(str::to_owned),
    })
}

/// Writes where the attempt before was traced.
pub(crate) fn insert_attempt_before(headers: &mut HeaderMap, attempt: &TraceContext) {
    if traceparent_fits(&attempt.traceparent) {
        headers.insert(ATTEMPT_BEFORE, attempt.traceparent.as_str());
    }
}

/// Reads it back.
pub(crate) fn attempt_before(headers: Option<&HeaderMap>) -> Option<TraceContext> {
    let traceparent = headers?.get(ATTEMPT_BEFORE)?.as_str();
    traceparent_fits(traceparent).then(|| TraceContext {
        traceparent: traceparent.to_owned(),
        tracestate: None,
    })
}

/// Writes the id of the request that brought an event, leaving out what would not stay on its line.
pub(crate) fn insert_request_id(headers: &mut HeaderMap, id: &str) {
    if request_id_fits(id) {
        headers.insert(REQUEST_ID, id);
    }
}

/// Reads it back. It is looked for by its exact name, because only we write it.
pub(crate) fn request_id(headers: Option<&HeaderMap>) -> Option<&str> {
    let id = headers?.get(REQUEST_ID)?.as_str();
    request_id_fits(id).then_some(id)
}

fn request_id_fits(id: &str) -> bool {
    (1..=REQUEST_ID_BYTES_MAX).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic())
}

/// `version-trace id-parent id-flags` in hexadecimal; later versions may append.
fn traceparent_fits(text: &str) -> bool {
    (55..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

fn tracestate_fits(text: &str) -> bool {
    (1..=TRACESTATE_BYTES_MAX).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_attribute_is_read_as_it_was_written(text in any::<String>()) {
            let encoded = encode(&text);
            prop_assert!(encoded.bytes().all(|b| b.is_ascii_graphic()), "{encoded}");
            prop_assert_eq!(decode(&encoded), text);
        }

        #[test]
        fn words_stay_on_one_line(text in any::<String>()) {
            prop_assert!(!one_line(&text).contains(|c: char| c.is_control()));
        }
    }

    #[test]
    fn what_is_no_escape_stays_as_it_is() {
        for text in ["100%", "%", "%4", "%zz", "a%+1b", "%€x", "%ff"] {
            assert_eq!(decode(text), text);
        }
        assert_eq!(decode("%C3%A9%20"), "é ");
    }

    #[test]
    fn names_are_found_in_any_case() {
        let mut headers = HeaderMap::new();
        headers.insert("CE-Id", "1");
        assert_eq!(get(Some(&headers), CE_ID), Some("1"));
        assert_eq!(get(Some(&headers), CE_SOURCE), None);
        assert_eq!(get(None, CE_ID), None);
    }

    /// The map's order is another for each map, so a few of them stand for what replicas see.
    fn the_same_each_time<T: PartialEq + std::fmt::Debug>(read: impl Fn() -> T) -> T {
        let first = read();
        for _ in 0..32 {
            assert_eq!(read(), first);
        }
        first
    }

    #[test]
    fn of_two_spellings_always_the_same_is_read() {
        let read = the_same_each_time(|| {
            let mut headers = HeaderMap::new();
            headers.insert("ce-ID", "b");
            headers.insert("CE-Id", "a");
            get(Some(&headers), CE_ID).map(str::to_owned)
        });
        assert_eq!(read.as_deref(), Some("a"));
    }

    #[test]
    fn the_headers_that_an_event_is_read_by_are_kept_first() {
        let kept = the_same_each_time(|| {
            let mut headers = HeaderMap::new();
            for n in 0..40 {
                headers.insert(format!("A-{n:02}").as_str(), "x".repeat(400));
            }
            headers.insert("CE-Type", "user.created");
            headers.insert(MSG_ID, "1");
            originals(Some(&headers))
        });
        assert_eq!(get(Some(&kept), CE_TYPE), Some("user.created"));
        assert_eq!(get(Some(&kept), MSG_ID), None);
        assert_eq!(kept.len(), 20, "{kept:?}");
    }

    #[test]
    fn a_broken_trace_is_none() {
        let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        for (text, good) in [
            (traceparent, true),
            ("00-1-2-01", false),
            ("00-x\r\nEvil: 1", false),
        ] {
            let written = TraceContext {
                traceparent: text.to_owned(),
                tracestate: Some("a=1\r\nEvil: 1".to_owned()),
            };
            let mut headers = HeaderMap::new();
            insert_trace(&mut headers, &written);
            let read = trace(Some(&headers));
            assert_eq!(read.is_some(), good, "{text}");
            assert_eq!(read.and_then(|trace| trace.tracestate), None);
        }
    }
}
