//! Header names, and how text becomes a header value.

use async_nats::{HeaderMap, HeaderValue};
pub(crate) use posthorn_domain::cloud_event::{
    decode_header_value as decode, encode_header_value as encode,
};
use posthorn_domain::{Timestamp, TraceContext};

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
pub(crate) const CE_DATACONTENTTYPE: &str = "ce-datacontenttype";
pub(crate) const CE_DATASCHEMA: &str = "ce-dataschema";
/// What begins the header of every attribute of a CloudEvent.
pub(crate) const CE: &str = "ce-";
/// The attributes that have no header of Posthorn's, with their types.
pub(crate) const ATTRIBUTES: &str = "Posthorn-Attributes";
pub(crate) const TRACEPARENT: &str = "traceparent";
pub(crate) const TRACESTATE: &str = "tracestate";

/// By these a message becomes an event, and by the attributes of a CloudEvent.
const READ: [&str; 7] = [
    EVENT_ID,
    TIMESTAMP,
    SIGNATURE,
    CONTENT_TYPE,
    ATTRIBUTES,
    TRACEPARENT,
    TRACESTATE,
];
/// Begins the name of a header that a message had before it was buried.
const ORIGINAL: &str = "Posthorn-Original-";
/// Begins the name of a header that means something to the server.
const SERVERS: &str = "Nats-";
/// Most that is kept of a message's headers when it is buried, names and values, in bytes.
const ORIGINALS_BYTES_MAX: usize = 16 * 1_024;

/// Longest value of a header of a dead letter whose headers had to be cut, in bytes.
const NEEDED_BYTES_MAX: usize = 2 * 1_024;
/// Longest id of a request that is passed on, in bytes.
const REQUEST_ID_BYTES_MAX: usize = 128;

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

pub(crate) fn has_prefix(name: &str, prefix: &str) -> bool {
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
    has_prefix(name, CE) || READ.iter().any(|read| read.eq_ignore_ascii_case(name))
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

/// Writes words for a person on one line: control characters become spaces.
pub(crate) fn one_line(text: &str) -> String {
    let line = text.replace(|c: char| c.is_control(), " ");
    line.trim().to_owned()
}

/// RFC 3339 with as many fractional digits as needed.
pub(crate) fn rfc3339(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// Writes the trace context, leaving out what breaks W3C's rules.
pub(crate) fn insert_trace(headers: &mut HeaderMap, trace: &TraceContext) {
    let Some(trace) = TraceContext::sent(&trace.traceparent, trace.tracestate.as_deref()) else {
        return;
    };
    headers.insert(TRACEPARENT, trace.traceparent);
    if let Some(tracestate) = trace.tracestate {
        headers.insert(TRACESTATE, tracestate);
    }
}

/// Reads the trace context; a broken one is as good as none.
pub(crate) fn trace(headers: Option<&HeaderMap>) -> Option<TraceContext> {
    TraceContext::sent(get(headers, TRACEPARENT)?, get(headers, TRACESTATE))
}

/// Writes where the attempt before was traced.
pub(crate) fn insert_attempt_before(headers: &mut HeaderMap, attempt: &TraceContext) {
    if let Some(attempt) = TraceContext::sent(&attempt.traceparent, None) {
        headers.insert(ATTEMPT_BEFORE, attempt.traceparent);
    }
}

/// Reads it back.
pub(crate) fn attempt_before(headers: Option<&HeaderMap>) -> Option<TraceContext> {
    TraceContext::sent(headers?.get(ATTEMPT_BEFORE)?.as_str(), None)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_stay_on_one_line(text in any::<String>()) {
            prop_assert!(!one_line(&text).contains(|c: char| c.is_control()));
        }
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
            for n in 0..60 {
                headers.insert(format!("A-{n:02}").as_str(), "x".repeat(400));
            }
            headers.insert("CE-Type", "user.created");
            headers.insert("ce-zone", "7");
            headers.insert(MSG_ID, "1");
            originals(Some(&headers))
        });
        assert_eq!(get(Some(&kept), CE_TYPE), Some("user.created"));
        assert_eq!(get(Some(&kept), "ce-zone"), Some("7"));
        assert_eq!(get(Some(&kept), MSG_ID), None);
        assert_eq!(kept.len(), 40, "{kept:?}");
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
