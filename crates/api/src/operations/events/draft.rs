use std::{borrow::Cow, fmt};

use chrono::{Datelike, SubsecRound};
use posthorn_bus::{CloudEvent, IdempotencyKey};
use posthorn_domain::{
    CloudEventAttributes, EventType, FieldError, InvalidEventType, JsonText, OPERATIONAL_SOURCE,
    Timestamp, cloud_event::published_bytes,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// An event that a request holds, checked; its id and its tenant come later.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) event_type: EventType,
    pub(super) timestamp: Option<Timestamp>,
    pub(super) data: JsonText,
    pub(super) cloud_event: Option<CloudEventAttributes>,
    pub(super) idempotency_key: Option<IdempotencyKey>,
}

/// Collects mistakes, each with its place: `type` of a single event, `[3].type` in an array.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    errors: Vec<FieldError>,
    /// Position of the event that is being read.
    pub(super) index: Option<usize>,
}

/// Mistakes reported for one request; further ones add nothing but length.
const MISTAKES_MAX: usize = 100;

impl Mistakes {
    pub(super) fn note(&mut self, field: &str, detail: impl fmt::Display) {
        if self.errors.len() >= MISTAKES_MAX {
            return;
        }
        let place = match self.index {
            None => field.to_owned(),
            Some(index) if field.is_empty() => format!("[{index}]"),
            Some(index) => format!("[{index}].{field}"),
        };
        self.errors.push(FieldError::new(place, detail.to_string()));
    }

    pub(super) fn keep<T, E: fmt::Display>(
        &mut self,
        field: &str,
        result: Result<T, E>,
    ) -> Option<T> {
        result.map_err(|error| self.note(field, error)).ok()
    }

    pub(super) fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }
}

/// The members of an event object as they stand in the text, each value untouched. Of those that cannot be there no more
/// are kept than are reported, however many there are.
#[derive(Default)]
struct Members<'a> {
    event_type: Option<&'a RawValue>,
    data: Option<&'a RawValue>,
    timestamp: Option<&'a RawValue>,
    idempotency_key: Option<&'a RawValue>,
    unknown: Vec<String>,
    repeated: Vec<&'static str>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Members::default();
                while let Some(Name(name)) = map.next_key()? {
                    let value: &'de RawValue = map.next_value()?;
                    let (name, place) = match &*name {
                        "type" => ("type", &mut members.event_type),
                        "data" => ("data", &mut members.data),
                        "timestamp" => ("timestamp", &mut members.timestamp),
                        "idempotency_key" => ("idempotency_key", &mut members.idempotency_key),
                        other => {
                            if members.unknown.len() < MISTAKES_MAX {
                                members.unknown.push(other.to_owned());
                            }
                            continue;
                        }
                    };
                    if place.replace(value).is_some() && members.repeated.len() < MISTAKES_MAX {
                        members.repeated.push(name);
                    }
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// A member's name, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl Draft {
    /// Reads `{"type", "data", "timestamp"?, "idempotency_key"?}`, or notes every mistake in it.
    pub(super) fn of_object(raw: &RawValue, mistakes: &mut Mistakes) -> Option<Self> {
        let Ok(members) = serde_json::from_str::<Members<'_>>(raw.get()) else {
            mistakes.note("", "must be an event object with `type` and `data`");
            return None;
        };
        let sound = members.unknown.is_empty() && members.repeated.is_empty();
        for name in &members.unknown {
            mistakes.note(
                name,
                "is not a field of an event; these are type, data, timestamp and idempotency_key",
            );
        }
        for name in &members.repeated {
            mistakes.note(name, "is there twice");
        }
        let event_type = text(members.event_type, "type", mistakes);
        let event_type = match event_type {
            Some(None) => {
                mistakes.note("type", "is required");
                None
            }
            Some(Some(text)) => mistakes.keep("type", publishable(&text)),
            None => None,
        };
        if members.data.is_none() {
            mistakes.note("data", "is required");
        }
        let timestamp = optional(members.timestamp, "timestamp", mistakes, |text| {
            chrono::DateTime::parse_from_rfc3339(text)
                .map_err(|_| "must be an RFC 3339 timestamp such as 2025-01-26T12:00:00Z")
                .and_then(|time| checked_time(time.to_utc()))
        });
        let idempotency_key = optional(
            members.idempotency_key,
            "idempotency_key",
            mistakes,
            str::parse::<IdempotencyKey>,
        );
        let data = JsonText::from_raw(members.data?);
        let shallow = mistakes.keep("data", data.check_depth()).is_some();
        let draft = Self {
            event_type: event_type?,
            timestamp: timestamp?,
            data,
            cloud_event: None,
            idempotency_key: idempotency_key?,
        };
        (sound && shallow).then_some(draft)
    }

    /// Reads a CloudEvent in its JSON format, or notes what is wrong.
    pub(super) fn of_cloud_event(json: &[u8], mistakes: &mut Mistakes) -> Option<Self> {
        match CloudEvent::parse(json) {
            Ok(event) => Self::of_attributes(
                &event.event_type,
                event.time,
                event.data,
                event.attributes,
                mistakes,
            ),
            Err(error) => {
                mistakes.note(error.field(), error.detail());
                None
            }
        }
    }

    /// Puts a CloudEvent together, whichever way it came.
    pub(super) fn of_attributes(
        event_type: &str,
        time: Option<Timestamp>,
        data: JsonText,
        attributes: CloudEventAttributes,
        mistakes: &mut Mistakes,
    ) -> Option<Self> {
        let event_type = mistakes.keep("type", publishable(event_type));
        let timestamp = mistakes.keep("time", time.map(checked_time).transpose());
        // Of a type that is refused nothing more is worth saying.
        if event_type.is_some() && attributes.source == OPERATIONAL_SOURCE {
            let words =
                format_args!("{OPERATIONAL_SOURCE} is Posthorn itself: nobody else is this source");
            mistakes.note("source", words);
            return None;
        }
        mistakes.keep("data", data.check_depth())?;
        Some(Self {
            event_type: event_type?,
            timestamp: timestamp?,
            data,
            cloud_event: Some(attributes),
            idempotency_key: None,
        })
    }

    /// Size of what is published as `data`, in bytes.
    pub(super) fn data_bytes(&self) -> usize {
        published_bytes(&self.data, self.data_is_bytes())
    }

    /// Whether it is not JSON.
    pub(super) fn data_is_bytes(&self) -> bool {
        let attributes = self.cloud_event.as_ref();
        attributes.is_some_and(CloudEventAttributes::data_is_bytes)
    }
}

/// A type of which applications may publish events.
fn publishable(text: &str) -> Result<EventType, String> {
    let event_type: EventType = text
        .parse()
        .map_err(|error: InvalidEventType| error.to_string())?;
    if event_type.is_operational() {
        return Err(format!(
            "{event_type} is what Posthorn says of itself: nobody else publishes events of this type"
        ));
    }
    Ok(event_type)
}

/// Four digits of year are what RFC 3339 can print; microseconds are what PostgreSQL keeps.
fn checked_time(time: Timestamp) -> Result<Timestamp, &'static str> {
    if (0..=9999).contains(&time.year()) {
        Ok(time.trunc_subsecs(6))
    } else {
        Err("must lie between the years 0000 and 9999")
    }
}

/// The text of a member: absent or null is `Some(None)`, what is no text `None` after noting it.
fn text(raw: Option<&RawValue>, field: &str, mistakes: &mut Mistakes) -> Option<Option<String>> {
    let Some(raw) = raw else {
        return Some(None);
    };
    match serde_json::from_str::<Option<String>>(raw.get()) {
        Ok(text) => Some(text),
        Err(_) => {
            mistakes.note(field, "must be a string");
            None
        }
    }
}

fn optional<T, E: fmt::Display>(
    raw: Option<&RawValue>,
    field: &str,
    mistakes: &mut Mistakes,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Option<Option<T>> {
    match text(raw, field, mistakes)? {
        None => Some(None),
        Some(text) => mistakes.keep(field, parse(&text)).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Draft, Vec<String>> {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        let mut mistakes = Mistakes {
            index: Some(3),
            ..Mistakes::default()
        };
        let draft = Draft::of_object(raw, &mut mistakes);
        let fields: Vec<_> = mistakes
            .into_errors()
            .into_iter()
            .map(|e| e.field)
            .collect();
        assert_eq!(draft.is_some(), fields.is_empty(), "{json}");
        draft.ok_or(fields)
    }

    #[test]
    fn keeps_the_data_byte_for_byte() {
        let data =
            "{\"n\": 0.10,\t\"u\":\"\\u00e9\\/\",\"big\":12345678901234567890,\"a\":1,\"a\":2}";
        let draft = read(&format!("{{\"data\" : {data} , \"type\":\"a.b\"}}")).unwrap();
        assert_eq!(draft.data.as_str(), data);
        assert_eq!(
            read(r#"{"type":"a","data":null}"#).unwrap().data.as_str(),
            "null"
        );
    }

    #[test]
    fn names_every_mistake_with_its_place() {
        for (json, fields) in [
            ("{}", &["[3].type", "[3].data"][..]),
            ("[]", &["[3]"]),
            (r#"{"typo":1,"type":"a","data":1}"#, &["[3].typo"]),
            (r#"{"type":"a","type":"b","data":1}"#, &["[3].type"]),
            (r#"{"type":7,"data":1}"#, &["[3].type"]),
            (r#"{"type":"a b","data":1}"#, &["[3].type"]),
            (r#"{"type":"webhook.failing","data":1}"#, &["[3].type"]),
            (
                r#"{"type":"a..b","data":1,"timestamp":"yesterday","idempotency_key":"a b"}"#,
                &["[3].type", "[3].timestamp", "[3].idempotency_key"],
            ),
            (
                r#"{"type":"a","data":1,"timestamp":"9999-12-31T23:59:59-23:00"}"#,
                &["[3].timestamp"],
            ),
            (
                &format!(
                    r#"{{"type":"a","data":{}1{}}}"#,
                    "[".repeat(101),
                    "]".repeat(101)
                ),
                &["[3].data"],
            ),
        ] {
            assert_eq!(read(json).unwrap_err(), fields, "{json}");
        }
    }

    #[test]
    fn null_is_absent() {
        let draft =
            read(r#"{"type":"a","data":1,"timestamp":null,"idempotency_key":null}"#).unwrap();
        assert!(draft.timestamp.is_none() && draft.idempotency_key.is_none());
    }
}
