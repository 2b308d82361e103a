//! W3C Trace Context as publishers send it: what breaks its rules is as good as none, so that a receiver's tracing never
//! sees it, and the event gets a trace of its own instead.

/// Longest `traceparent` that is passed on, in bytes: later versions may append to the 55 of the first.
const TRACEPARENT_BYTES_MAX: usize = 128;
/// Longest `tracestate` that is passed on, in bytes (W3C Trace Context asks for at least 512).
const TRACESTATE_BYTES_MAX: usize = 1_024;
/// Most members of a `tracestate`.
const TRACESTATE_MEMBERS_MAX: usize = 32;
/// Longest key and longest value of a member, in characters.
const TRACESTATE_PART_CHARS_MAX: usize = 256;

/// W3C trace context, carried from the publisher to the receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    /// The `traceparent` header.
    pub traceparent: String,
    /// The `tracestate` header.
    pub tracestate: Option<String>,
}

impl TraceContext {
    /// Takes what a publisher sent; `None` where `traceparent` is not valid. A `tracestate` that is not valid is left out.
    pub fn sent(traceparent: &str, tracestate: Option<&str>) -> Option<Self> {
        is_traceparent(traceparent).then(|| Self {
            traceparent: traceparent.to_owned(),
            tracestate: tracestate
                .filter(|state| is_tracestate(state))
                .map(str::to_owned),
        })
    }
}

/// `version-trace id-parent id-flags` in lower-case hexadecimal; neither id is zero.
fn is_traceparent(text: &str) -> bool {
    let is_hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_id = |part: &str, length: usize| is_hex(part, length) && part.bytes().any(|b| b != b'0');
    if text.len() > TRACEPARENT_BYTES_MAX || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return false;
    }
    let mut parts = text.splitn(5, '-');
    let mut next = || parts.next().unwrap_or_default();
    let version = next();
    is_hex(version, 2)
        && version != "ff"
        && is_id(next(), 32)
        && is_id(next(), 16)
        && is_hex(next(), 2)
        && (parts.next().is_none() || version != "00")
}

/// `key=value` members, each key once; empty members are allowed.
fn is_tracestate(text: &str) -> bool {
    if text.len() > TRACESTATE_BYTES_MAX {
        return false;
    }
    let mut keys = Vec::new();
    for member in text.split(',') {
        let member = member.trim_matches(' ');
        if member.is_empty() {
            continue;
        }
        let Some((key, value)) = member.split_once('=') else {
            return false;
        };
        if !is_key(key) || !is_value(value) || keys.contains(&key) {
            return false;
        }
        keys.push(key);
    }
    (1..=TRACESTATE_MEMBERS_MAX).contains(&keys.len())
}

fn is_key(key: &str) -> bool {
    let starts = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let goes_on = |b: u8| starts(&b) || matches!(b, b'_' | b'-' | b'*' | b'/' | b'@');
    key.len() <= TRACESTATE_PART_CHARS_MAX
        && key.as_bytes().first().is_some_and(starts)
        && key.bytes().all(goes_on)
        && key.bytes().filter(|b| *b == b'@').count() <= 1
        && !key.ends_with('@')
}

fn is_value(value: &str) -> bool {
    let fits = |b: u8| matches!(b, b' '..=b'~') && b != b'=';
    (1..=TRACESTATE_PART_CHARS_MAX).contains(&value.len()) && value.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn only_a_valid_parent_is_taken() {
        for fine in [
            VALID,
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
            // A later version may append.
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-ever",
        ] {
            assert_eq!(TraceContext::sent(fine, None).unwrap().traceparent, fine);
        }
        for broken in [
            "",
            "00-00000000000000000000000000000000-0000000000000000-00",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0A",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "FF-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nEvil: 1",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        ] {
            assert_eq!(TraceContext::sent(broken, Some("a=1")), None, "{broken}");
        }
        let long = format!("cc{}-{}", &VALID[2..], "x".repeat(TRACEPARENT_BYTES_MAX));
        assert_eq!(TraceContext::sent(&long, None), None);
    }

    #[test]
    fn a_broken_state_is_left_out() {
        let state = |text: &str| TraceContext::sent(VALID, Some(text)).unwrap().tracestate;
        let many = |count: usize| {
            let members: Vec<String> = (0..count).map(|n| format!("k{n}=v")).collect();
            members.join(",")
        };
        for fine in [
            "a=1",
            "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
            "a=1 , b=2,,",
            "fw@acme=x y",
            &many(32),
        ] {
            assert_eq!(state(fine).as_deref(), Some(fine));
        }
        for broken in [
            "",
            " ",
            ",",
            "a",
            "=1",
            "A=1",
            "a=",
            "a=1,a=2",
            "a=b=c",
            "a=1\r\nEvil: 1",
            "a@=1",
            "a=1\t",
            "ä=1",
            "a=ü",
            &many(33),
            &format!("a={}", "x".repeat(257)),
            &format!("{}=1", "a".repeat(257)),
        ] {
            assert_eq!(state(broken), None, "{broken}");
        }
    }
}
