//! CloudEvents 1.0: the JSON event format ("structured mode") here, attributes in headers in [`headers`].

pub(crate) mod headers;

use std::{borrow::Cow, fmt};

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use chrono::Datelike;
use posthorn_domain::{
    CloudEventAttributes, JsonText, Timestamp,
    cloud_event::{
        AttributeName, AttributeValue, InvalidAttribute, MoreAttributesBuilder, base64_data,
        says_json,
    },
    limits::CLOUD_EVENT_ATTRIBUTE_BYTES_MAX,
    without_bom,
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// A CloudEvent in its JSON format, as NATS and HTTP carry it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudEvent {
    /// All attributes but `type` and `time`.
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
    /// A version other than 1.0.
    #[error("specversion must be 1.0")]
    SpecVersion,
    /// A required attribute is missing or empty.
    #[error("{0} is required")]
    Missing(&'static str),
    /// An attribute is too long.
    #[error("{0} is longer than {CLOUD_EVENT_ATTRIBUTE_BYTES_MAX} bytes")]
    TooLong(&'static str),
    /// `time` is no RFC 3339 timestamp.
    #[error("time is not an RFC 3339 timestamp")]
    Time,
    /// Both ways of carrying data at once.
    #[error("data and data_base64 exclude each other")]
    DataTwice,
    /// `data_base64` does not decode.
    #[error("data_base64 is not base64")]
    Base64,
    /// `data_base64` holds something else than `datacontenttype` says.
    #[error("data_base64 does not hold base64 of a JSON value, though datacontenttype says so")]
    Base64OfNoJson,
    /// An attribute cannot be taken.
    #[error("{0}: {1}")]
    Attribute(String, #[source] InvalidAttribute),
}

impl InvalidCloudEvent {
    /// The member that is wrong; empty where it is the whole.
    pub fn field(&self) -> &str {
        match self {
            Self::Json(_) => "",
            Self::SpecVersion => "specversion",
            Self::Missing(name) | Self::TooLong(name) => name,
            Self::Time => "time",
            Self::DataTwice => "data",
            Self::Base64 | Self::Base64OfNoJson => "data_base64",
            Self::Attribute(name, _) => name,
        }
    }

    /// What is wrong with it, without its name where that is said elsewhere.
    pub fn detail(&self) -> String {
        match self {
            Self::Attribute(_, invalid) => invalid.to_string(),
            other => other.to_string(),
        }
    }
}

/// The members of a CloudEvent as they stand.
#[derive(Default)]
struct Wire<'a> {
    specversion: Option<Cow<'a, str>>,
    id: Option<Cow<'a, str>>,
    source: Option<Cow<'a, str>>,
    event_type: Option<Cow<'a, str>>,
    subject: Option<Cow<'a, str>>,
    time: Option<Cow<'a, str>>,
    datacontenttype: Option<Cow<'a, str>>,
    dataschema: Option<Cow<'a, str>>,
    data: Option<&'a RawValue>,
    data_base64: Option<Cow<'a, str>>,
    more: MoreAttributesBuilder,
    /// The first attribute that cannot be taken.
    wrong: Option<(String, InvalidAttribute)>,
}

/// Text, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Wire<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Wire<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CloudEvent object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wire<'de>, A::Error> {
        let mut wire = Wire::default();
        while let Some(Text(name)) = map.next_key()? {
            let place = match &*name {
                "specversion" => &mut wire.specversion,
                "id" => &mut wire.id,
                "source" => &mut wire.source,
                "type" => &mut wire.event_type,
                "subject" => &mut wire.subject,
                "time" => &mut wire.time,
                "datacontenttype" => &mut wire.datacontenttype,
                "dataschema" => &mut wire.dataschema,
                "data_base64" => &mut wire.data_base64,
                "data" => {
                    if wire.data.replace(map.next_value()?).is_some() {
                        return Err(A::Error::duplicate_field("data"));
                    }
                    continue;
                }
                _ => {
                    wire.extension(&name, map.next_value()?)
                        .map_err(A::Error::custom)?;
                    continue;
                }
            };
            let value: Option<Text<'de>> = map.next_value()?;
            let known = place.is_some();
            *place = value.map(|Text(text)| text);
            if known {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
        }
        Ok(wire)
    }
}

impl Wire<'_> {
    /// Takes an extension attribute, or notes why not; fails where it is there twice.
    fn extension(&mut self, name: &str, value: &RawValue) -> Result<(), String> {
        let taken = AttributeName::parse(name).and_then(|name| {
            let value = AttributeValue::of_json(value)?;
            Ok(value.map(|value| (name, value)))
        });
        let kept = match taken {
            Ok(None) => Ok(()),
            Ok(Some((name, _))) if self.more.has(&name) => {
                return Err(format!("duplicate field `{}`", name.as_str()));
            }
            Ok(Some((name, value))) => self.more.extension(name, value),
            Err(invalid) => Err(invalid),
        };
        if let Err(invalid) = kept
            && self.wrong.is_none()
        {
            self.wrong = Some((name.chars().take(NAME_SHOWN_CHARS_MAX).collect(), invalid));
        }
        Ok(())
    }
}

/// Longest name that an error repeats, in characters.
const NAME_SHOWN_CHARS_MAX: usize = 64;

impl CloudEvent {
    /// Reads one event.
    pub fn parse(json: &[u8]) -> Result<Self, InvalidCloudEvent> {
        let wire: Wire<'_> =
            serde_json::from_slice(without_bom(json)).map_err(InvalidCloudEvent::Json)?;
        if wire.specversion.as_deref() != Some("1.0") {
            return Err(InvalidCloudEvent::SpecVersion);
        }
        let event_type = required("type", wire.event_type)?;
        let mut attributes = CloudEventAttributes {
            id: required("id", wire.id)?,
            source: required("source", wire.source)?,
            subject: wire.subject.map(Cow::into_owned),
            more: None,
        };
        check_lengths(&attributes)?;
        let time = wire.time.as_deref().map(parse_time).transpose()?;
        if let Some((name, invalid)) = wire.wrong {
            return Err(InvalidCloudEvent::Attribute(name, invalid));
        }
        let mut more = wire.more;
        let media_type = wire
            .datacontenttype
            .as_deref()
            .filter(|text| !text.is_empty());
        let (data, is_bytes) = match (wire.data, wire.data_base64) {
            (Some(_), Some(_)) => return Err(InvalidCloudEvent::DataTwice),
            (Some(data), None) => (JsonText::from_raw(data), false),
            (None, Some(encoded)) => decoded(&encoded, media_type)?,
            (None, None) => (null(), false),
        };
        let named = |name: &str| {
            let name = name.to_owned();
            move |invalid| InvalidCloudEvent::Attribute(name, invalid)
        };
        more.data_content_type(wire.datacontenttype.map(Cow::into_owned))
            .map_err(named("datacontenttype"))?;
        more.data_schema(wire.dataschema.map(Cow::into_owned))
            .map_err(named("dataschema"))?;
        attributes.more = Some(more.build(is_bytes));
        Ok(Self {
            attributes,
            event_type,
            time,
            data,
        })
    }
}

/// What `data_base64` holds: JSON where that is what it is said to be, or where nothing is said and it is; else bytes.
fn decoded(encoded: &str, media_type: Option<&str>) -> Result<(JsonText, bool), InvalidCloudEvent> {
    let bytes = BASE64_STANDARD
        .decode(encoded.as_bytes())
        .map_err(|_| InvalidCloudEvent::Base64)?;
    let bytes = Bytes::from(bytes);
    if media_type.is_none_or(says_json) {
        match JsonText::parse(bytes.clone()) {
            Ok(json) => return Ok((json, false)),
            Err(_) if media_type.is_some() => return Err(InvalidCloudEvent::Base64OfNoJson),
            Err(_) => {}
        }
    }
    Ok((base64_data(&bytes), true))
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
        if value.len() > CLOUD_EVENT_ATTRIBUTE_BYTES_MAX {
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
        let typed =
            event(r#","data_base64":"MQ==","datacontenttype":"application/x+json""#).unwrap();
        assert_eq!(
            (typed.data.as_str(), typed.attributes.data_is_bytes()),
            ("1", false)
        );
        for none in ["", r#","data":null"#, r#","data_base64":null"#] {
            assert_eq!(event(none).unwrap().data.as_str(), "null", "{none}");
        }
    }

    #[test]
    fn every_attribute_is_kept_with_its_type() {
        let event = event(
            r#","subject":"a\nb","time":"2025-01-26T13:00:00.5+01:00","datacontenttype":"text/xml","dataschema":"https://s/1",
            "flag":true,"count":-5,"text":"5","none":null,"when":"2025-01-26T13:00:00+01:00","bin":"AAE=","data":"<x/>""#,
        )
        .unwrap();
        let attributes = event.attributes;
        assert_eq!(attributes.subject.as_deref(), Some("a\nb"));
        assert_eq!(event.time, Some("2025-01-26T12:00:00.5Z".parse().unwrap()));
        assert_eq!(
            attributes.more.unwrap().to_stored(),
            r#"{"datacontenttype":"text/xml","dataschema":"https://s/1","extensions":{"flag":true,"count":-5,"text":"5","when":"2025-01-26T13:00:00+01:00","bin":"AAE="}}"#
        );
        assert_eq!(event.data.as_str(), r#""<x/>""#);
    }

    #[test]
    fn data_that_is_not_json_is_bytes() {
        for members in [
            r#","data_base64":"AP8=""#,
            r#","data_base64":"AP8=","datacontenttype":"image/png""#,
        ] {
            let event = event(members).unwrap();
            assert!(event.attributes.data_is_bytes(), "{members}");
            assert_eq!(event.data.as_str(), r#""AP8=""#);
        }
        // Text that happens to be JSON stays what it was said to be.
        let text = event(r#","data_base64":"MQ==","datacontenttype":"text/plain""#).unwrap();
        assert!(text.attributes.data_is_bytes());
    }

    #[test]
    fn says_what_is_wrong() {
        let long = format!(
            r#","subject":"{}""#,
            "x".repeat(CLOUD_EVENT_ATTRIBUTE_BYTES_MAX + 1)
        );
        let many: String = (0..65).map(|n| format!(r#","x{n}":1"#)).collect();
        let large = format!(r#","x":"{}""#, "x".repeat(4_096));
        for (members, words) in [
            (r#","data":1,"data_base64":"MQ==""#, "exclude"),
            (r#","data_base64":"!""#, "not base64"),
            (
                r#","data_base64":"AAAA","datacontenttype":"application/json""#,
                "base64 of a JSON value",
            ),
            (r#","data_base64":5"#, "JSON format"),
            (r#","traceParent":"x""#, "traceParent: names of attributes"),
            (r#","a_b":"x""#, "a_b: names of attributes"),
            (r#","ext":{"a":1}"#, "ext: must be a string"),
            (r#","ext":[1]"#, "ext: must be a string"),
            (r#","ext":1.5"#, "ext: must be a string"),
            (r#","ext":2147483648"#, "ext: must be a string"),
            (r#","ext":1,"ext":2"#, "duplicate field `ext`"),
            (r#","data":1,"data":2"#, "duplicate field `data`"),
            (many.as_str(), "at most 64 extension attributes"),
            (large.as_str(), "4096 bytes together"),
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
