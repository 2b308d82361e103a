use std::fmt;

use bytes::Bytes;
use serde_json::value::RawValue;

use crate::{
    clock::Timestamp, cloud_event::CloudEventAttributes, event_type::EventType, ids::EventId,
    limits::DATA_DEPTH_MAX, tenant::TenantId, trace_context::TraceContext,
};

/// One JSON value, kept as the very bytes that were published.
///
/// Numbers, key order, escapes and white space inside the value survive: a receiver signs and compares
/// bytes, and `0.10` or a 64-bit integer does not survive a parse and a print.
#[derive(Clone, PartialEq, Eq)]
pub struct JsonText(Bytes);

/// The text is not one JSON value.
#[derive(Debug, thiserror::Error)]
#[error("not a JSON value: {0}")]
pub struct NotJson(#[source] serde_json::Error);

/// The value is nested more deeply than what looks into it can follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must not be nested deeper than {DATA_DEPTH_MAX} levels")]
pub struct TooDeep;

impl JsonText {
    /// Checks that `bytes` hold exactly one JSON value and keeps it, without the white space around it, and without a
    /// byte order mark before it (RFC 8259, 8.1).
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it keeps a part of the very buffer that it is given"
    )]
    pub fn parse(bytes: Bytes) -> Result<Self, NotJson> {
        let value: &RawValue = serde_json::from_slice(without_bom(&bytes)).map_err(NotJson)?;
        Ok(Self(bytes.slice_ref(value.get().as_bytes())))
    }

    /// Takes a value that a JSON parser has already delimited.
    pub fn from_raw(value: &RawValue) -> Self {
        Self(Bytes::copy_from_slice(value.get().as_bytes()))
    }

    /// Takes bytes that this type gave out before, such as those read back from storage.
    pub fn from_trusted(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// Refuses a value of more than [`DATA_DEPTH_MAX`] arrays and objects within each other. Asked where an event is taken;
    /// what was taken before that was asked stays readable here.
    pub fn check_depth(&self) -> Result<(), TooDeep> {
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        for byte in &self.0 {
            match (in_string, byte) {
                (true, _) if escaped => escaped = false,
                (true, b'\\') => escaped = true,
                (_, b'"') => in_string = !in_string,
                (false, b'[' | b'{') => {
                    depth += 1;
                    if depth > DATA_DEPTH_MAX {
                        return Err(TooDeep);
                    }
                }
                (false, b']' | b'}') => depth = depth.saturating_sub(1),
                (true | false, _) => {}
            }
        }
        Ok(())
    }

    /// The bytes as published.
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// The text as published.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("null")
    }
}

/// A text without the byte order mark that editors and some clients begin it with. UTF-8 needs none.
pub fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(BOM).unwrap_or(text)
}

const BOM: &[u8] = "\u{feff}".as_bytes();

impl fmt::Debug for JsonText {
    /// Payloads stay out of logs: only the length is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonText({} bytes)", self.0.len())
    }
}

/// Something that happened, as a service published it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Posthorn's own id, sent as `webhook-id`.
    pub id: EventId,
    /// Whose event it is.
    pub tenant: TenantId,
    /// What happened.
    pub event_type: EventType,
    /// When it happened, by the publisher's word, else when it was accepted.
    pub timestamp: Timestamp,
    /// The publisher's data. Of data that is not JSON, which only a CloudEvent has, the text of its base64.
    pub data: JsonText,
    /// Set when it was published as a CloudEvent.
    pub cloud_event: Option<CloudEventAttributes>,
    /// Set when the publisher traced it.
    pub trace: Option<TraceContext>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, NotJson> {
        JsonText::parse(Bytes::copy_from_slice(text.as_bytes()))
            .map(|json| json.as_str().to_owned())
    }

    #[test]
    fn keeps_every_byte_of_the_value() {
        for text in [
            r#"{"n":0.10,"u":"é\/","big":12345678901234567890}"#,
            "{ \"b\" : 1 ,\n\t\"a\":2 }",
            r#""\u00e9\ud83d\ude00""#,
            "1e400",
            "-0",
            "{}",
            "null",
            r#"{"a":1,"a":2}"#,
        ] {
            assert_eq!(parse(text).unwrap(), text);
            assert_eq!(parse(&format!(" \r\n{text}\t ")).unwrap(), text);
            assert_eq!(parse(&format!("\u{feff}{text}")).unwrap(), text);
        }
    }

    #[test]
    fn refuses_what_is_not_one_value() {
        for text in [
            "",
            " ",
            "{",
            "{}{}",
            "nul",
            "{'a':1}",
            "[1,]",
            "\u{feff}",
            "\u{feff}\u{feff}{}",
            " \u{feff}{}",
            "{}\u{feff}",
            "NaN",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(JsonText::parse(Bytes::from_static(b"\"\xff\"")).is_err());
    }

    #[test]
    fn depth_is_counted_outside_of_strings() {
        let check = |text: &str| {
            JsonText::parse(text.to_owned().into())
                .unwrap()
                .check_depth()
        };
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        for fine in [
            "1".to_owned(),
            nested(DATA_DEPTH_MAX),
            format!("[{}]", vec![nested(DATA_DEPTH_MAX - 1); 3].join(",")),
            format!(r#"{{"a\"[{{":"{}"}}"#, "[".repeat(200)),
            format!(r#"["\\","\"{}"]"#, "{".repeat(200)),
        ] {
            assert_eq!(check(&fine), Ok(()), "{fine}");
        }
        for deep in [
            nested(DATA_DEPTH_MAX + 1),
            format!("{}1{}", r#"{"a":["#.repeat(60), "]}".repeat(60)),
            format!(r#"["\\",{}]"#, nested(DATA_DEPTH_MAX)),
        ] {
            assert_eq!(check(&deep), Err(TooDeep), "{deep}");
        }
    }
}

#[cfg(test)]
pub(crate) mod tests_support {
    use super::*;

    /// An event of the default tenant at noon.
    pub(crate) fn event(event_type: &str, data: &str) -> Event {
        Event {
            id: EventId::from_stream_position(1_737_892_800_000_000_000, 1),
            tenant: TenantId::default_tenant(),
            event_type: event_type.parse().unwrap(),
            timestamp: "2025-01-26T12:00:00Z".parse().unwrap(),
            data: JsonText::parse(Bytes::copy_from_slice(data.as_bytes())).unwrap(),
            cloud_event: None,
            trace: None,
        }
    }
}
