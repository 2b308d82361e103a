//! The JSON event format of CloudEvents 1.0 ("structured mode").

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use chrono::Datelike;
use posthorn_domain::{CloudEventAttributes, JsonText, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Longest `id`, `source` or `subject`, in bytes: together they must fit into a message's headers.
pub(crate) const ATTRIBUTE_BYTES_MAX: usize = 2_048;

/// A CloudEvent in its JSON format, as NATS and HTTP carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudEvent {
    /// `id`, `source` and `subject`.
    pub attributes: CloudEventAttributes,
    /// `type`, as it was written; the caller decides whether it is an event type.
    pub event_type: String,
    /// `time`, if there was one.
    pub time: Option<Timestamp>,
    /// `data` byte for byte, or what `data_base64` held, or `null`.
    pub data: JsonText,
}

/// Why something is no CloudEvent that can be delivered.
#[derive(Debug, thiserror::Error)]
pub enum InvalidCloudEvent {
    /// Not JSON, or not an object with the attributes' types.
    #[error("not a CloudEvent in JSON format: {0}")]
    Json(#[source] serde_json::Error),
    /// A version other than 1.x.
    #[error("specversion must be 1.0")]
    SpecVersion,
    /// A required attribute is missing or empty.
    #[error("{0} is required")]
    Missing(&'static str),
    /// An attribute is too long.
    #[error("{0} is longer than {ATTRIBUTE_BYTES_MAX} bytes")]
    TooLong(&'static str),
    /// `time` is no RFC 3339 timestamp.
    #[error("time is not an RFC 3339 timestamp")]
    Time,
    /// Both ways of carrying data at once.
    #[error("data and data_base64 exclude each other")]
    DataTwice,
    /// `data_base64` does not decode to JSON, which is all that can be delivered.
    #[error("data_base64 does not hold base64 of a JSON value")]
    Base64,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    specversion: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    event_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    subject: Option<Cow<'a, str>>,
    #[serde(borrow)]
    time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    data_base64: Option<Cow<'a, str>>,
}

impl CloudEvent {
    /// Reads one event; unknown (extension) attributes are ignored.
    pub fn parse(json: &[u8]) -> Result<Self, InvalidCloudEvent> {
        let wire: Wire<'_> = serde_json::from_slice(json).map_err(InvalidCloudEvent::Json)?;
        if wire.specversion.as_deref() != Some("1.0") {
            return Err(InvalidCloudEvent::SpecVersion);
        }
        let event_type = required("type", wire.event_type)?;
        let attributes = CloudEventAttributes {
            id: required("id", wire.id)?,
            source: required("source", wire.source)?,
            subject: wire.subject.map(Cow::into_owned),
        };
        check_lengths(&attributes)?;
        let time = wire.time.as_deref().map(parse_time).transpose()?;
        let data = match (wire.data, wire.data_base64) {
            (Some(_), Some(_)) => return Err(InvalidCloudEvent::DataTwice),
            (Some(data), None) => JsonText::from_raw(data),
            (None, Some(encoded)) => BASE64_STANDARD
                .decode(encoded.as_bytes())
                .ok()
                .and_then(|bytes| JsonText::parse(Bytes::from(bytes)).ok())
                .ok_or(InvalidCloudEvent::Base64)?,
            (None, None) => null(),
        };
        Ok(Self {
            attributes,
            event_type,
            time,
            data,
        })
    }
}

/// The data of an event that has none.
pub(crate) fn null() -> JsonText {
    JsonText::from_trusted(Bytes::from_static(b"null"))
}

pub(crate) fn parse_time(text: &str) -> Result<Timestamp, InvalidCloudEvent> {
    let time = chrono::DateTime::parse_from_rfc3339(text).map_err(|_| InvalidCloudEvent::Time)?;
    // An offset can carry it out of the years that RFC 3339 has, and then it could not be read back.
    Some(time.to_utc())
        .filter(|time| (0..=9_999).contains(&time.year()))
        .ok_or(InvalidCloudEvent::Time)
}

pub(crate) fn check_lengths(attributes: &CloudEventAttributes) -> Result<(), InvalidCloudEvent> {
    let subject = attributes.subject.as_deref().unwrap_or_default();
    for (name, value) in [
        ("id", attributes.id.as_str()),
        ("source", &attributes.source),
        ("subject", subject),
    ] {
        if value.len() > ATTRIBUTE_BYTES_MAX {
            return Err(InvalidCloudEvent::TooLong(name));
        }
    }
    Ok(())
}

fn required(name: &'static str, value: Option<Cow<'_, str>>) -> Result<String, InvalidCloudEvent> {
    value
        .filter(|text| !text.is_empty())
        .map(Cow::into_owned)
        .ok_or(InvalidCloudEvent::Missing(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(members: &str) -> Result<CloudEvent, InvalidCloudEvent> {
        let json = format!(r#"{{"specversion":"1.0","type":"t","source":"/s","id":"1"{members}}}"#);
        CloudEvent::parse(json.as_bytes())
    }

    #[test]
    fn data_is_kept_byte_for_byte() {
        for data in [
            r#"{ "n" : 0.10 }"#,
            "1e400",
            r#""\u00e9\/""#,
            "[]",
            "12345678901234567890",
        ] {
            assert_eq!(
                event(&format!(r#","data": {data} "#))
                    .unwrap()
                    .data
                    .as_str(),
                data
            );
        }
    }

    #[test]
    fn data_may_be_base64_of_json_or_missing() {
        let base64 = event(r#","data_base64":"eyAibiI6IDAuMTAgfQ==""#).unwrap();
        assert_eq!(base64.data.as_str(), r#"{ "n": 0.10 }"#);
        for none in ["", r#","data":null"#, r#","data_base64":null"#] {
            assert_eq!(event(none).unwrap().data.as_str(), "null", "{none}");
        }
    }

    #[test]
    fn optional_and_unknown_attributes() {
        let event = event(
            r#","subject":"a\nb","time":"2025-01-26T13:00:00.5+01:00","datacontenttype":"x/y","ext":{"a":[1]}"#,
        )
        .unwrap();
        assert_eq!(event.attributes.subject.as_deref(), Some("a\nb"));
        assert_eq!(event.time, Some("2025-01-26T12:00:00.5Z".parse().unwrap()));
    }

    #[test]
    fn says_what_is_wrong() {
        let long = format!(r#","subject":"{}""#, "x".repeat(ATTRIBUTE_BYTES_MAX + 1));
        for (members, words) in [
            (r#","data":1,"data_base64":"MQ==""#, "exclude"),
            (r#","data_base64":"!""#, "base64 of a JSON value"),
            (r#","data_base64":"AAAA""#, "base64 of a JSON value"),
            (r#","time":"yesterday""#, "RFC 3339"),
            (r#","time":"9999-12-31T23:59:59-00:01""#, "RFC 3339"),
            (r#","time":"0000-01-01T00:00:00+00:01""#, "RFC 3339"),
            (long.as_str(), "longer than"),
            (r#","id":"2""#, "duplicate field"),
            (r#","subject":1"#, "JSON format"),
        ] {
            let error = event(members).unwrap_err();
            assert!(format!("{error}").contains(words), "{error}");
        }
        for (json, words) in [
            (
                r#"{"specversion":"0.3","type":"t","source":"s","id":"1"}"#,
                "specversion",
            ),
            (
                r#"{"specversion":"1.0","type":"t","source":"s"}"#,
                "id is required",
            ),
            (
                r#"{"specversion":"1.0","type":"t","source":"","id":"1"}"#,
                "source is required",
            ),
            (
                r#"{"specversion":"1.0","source":"s","id":"1"}"#,
                "type is required",
            ),
            ("[]", "JSON format"),
        ] {
            let error = CloudEvent::parse(json.as_bytes()).unwrap_err();
            assert!(format!("{error}").contains(words), "{error}");
        }
    }
}
