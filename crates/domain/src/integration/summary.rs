//! What a message says of an event, before a service's markup and limits.

use std::{borrow::Cow, fmt};

use chrono::SecondsFormat;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{cloud_event::published_bytes, event::Event, event_type::EventType};

/// The parts of a message.
pub(super) struct Summary<'a> {
    /// The event's type in words: `user.password_reset` is "User password reset".
    pub(super) title: String,
    /// The members of the data in their order.
    pub(super) fields: Vec<Field<'a>>,
    /// Members that are not among the fields.
    pub(super) omitted: usize,
    /// Where the message comes from: the event's type, its tenant and its time.
    pub(super) origin: String,
}

/// A member of the data. Numbers are as they were published, texts without their quotes, all else is JSON.
pub(super) struct Field<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
}

impl<'a> Summary<'a> {
    /// Takes an event apart, into at most `fields_max` fields. Data that is no object is one field.
    pub(super) fn of(event: &'a Event, fields_max: usize) -> Self {
        let text = event.data.as_str();
        let members = text
            .starts_with('{')
            .then(|| Members::read(text, fields_max))
            .flatten()
            .unwrap_or_else(|| Members {
                fields: vec![Field {
                    name: "data".into(),
                    value: bytes_in_words(event).map_or_else(|| shown(text), Cow::Owned),
                }],
                omitted: 0,
            });
        let moment = event.timestamp.to_rfc3339_opts(SecondsFormat::Secs, true);
        Self {
            title: title(&event.event_type),
            fields: members.fields,
            omitted: members.omitted,
            origin: format!("{} · {} · {moment}", event.event_type, event.tenant),
        }
    }

    /// The origin, and how many members are missing once `left_out` more did not fit.
    pub(super) fn closing(&self, left_out: usize) -> String {
        match self.omitted + left_out {
            0 => self.origin.clone(),
            missing => format!("{} · and {missing} more", self.origin),
        }
    }
}

fn title(event_type: &EventType) -> String {
    let words = event_type.as_str().replace(['.', '_', '-'], " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => event_type.to_string(),
    }
}

/// Data that is not JSON, of which a message can show nothing.
fn bytes_in_words(event: &Event) -> Option<String> {
    let attributes = event.cloud_event.as_ref()?;
    attributes.data_is_bytes().then(|| {
        let media_type = attributes.data_content_type().unwrap_or("no media type");
        let bytes = published_bytes(&event.data, true);
        format!("{bytes} bytes, {media_type}")
    })
}

/// A JSON text as a person reads it.
fn shown(json: &str) -> Cow<'_, str> {
    if json.starts_with('"') {
        // A text that is none, such as a lone surrogate, is shown as it is written.
        serde_json::from_str::<Text<'_>>(json).map_or(json.into(), |Text(text)| text)
    } else {
        json.into()
    }
}

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

struct Members<'a> {
    fields: Vec<Field<'a>>,
    omitted: usize,
}

impl<'a> Members<'a> {
    fn read(object: &'a str, fields_max: usize) -> Option<Self> {
        let mut reader = serde_json::Deserializer::from_str(object);
        reader.deserialize_map(Reader { fields_max }).ok()
    }
}

struct Reader {
    fields_max: usize,
}

impl<'de> Visitor<'de> for Reader {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Members {
            fields: Vec::new(),
            omitted: 0,
        };
        while members.fields.len() < self.fields_max {
            let Some(Text(name)) = map.next_key()? else {
                return Ok(members);
            };
            let value: &'de RawValue = map.next_value()?;
            members.fields.push(Field {
                name,
                value: shown(value.get()),
            });
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            members.omitted += 1;
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::tests_support::event;

    #[test]
    fn members_become_fields_in_their_order_and_as_published() {
        let event = event(
            "user.password_reset",
            r#"{"z":0.10,"a":"x\n\"y\"","n":{"b": [1]},"big":12345678901234567890,"no":null}"#,
        );
        let summary = Summary::of(&event, 4);
        assert_eq!(summary.title, "User password reset");
        let fields: Vec<_> = summary
            .fields
            .iter()
            .map(|field| (&*field.name, &*field.value))
            .collect();
        assert_eq!(
            fields,
            [
                ("z", "0.10"),
                ("a", "x\n\"y\""),
                ("n", r#"{"b": [1]}"#),
                ("big", "12345678901234567890")
            ]
        );
        assert_eq!(summary.omitted, 1);
        assert_eq!(
            summary.closing(2),
            "user.password_reset · default · 2025-01-26T12:00:00Z · and 3 more"
        );
    }

    #[test]
    fn what_is_no_object_is_one_field() {
        for (data, value) in [
            ("[1,2]", "[1,2]"),
            ("\"hello\"", "hello"),
            ("7", "7"),
            (r#"{"\ud800":1}"#, r#"{"\ud800":1}"#),
            (r#""\ud800""#, r#""\ud800""#),
        ] {
            let event = event("a.b", data);
            let summary = Summary::of(&event, 4);
            assert_eq!(summary.fields.len(), 1, "{data}");
            assert_eq!(summary.fields[0].value, value);
        }
    }
}
