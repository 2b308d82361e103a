//! The attributes beside `id`, `source`, `subject`, `type` and `time`: collected within limits, and as one line of JSON in storage.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::RawValue;

use super::attribute::{AttributeName, AttributeValue, InvalidAttribute};
use crate::limits::{CLOUD_EVENT_ATTRIBUTES_BYTES_MAX, CLOUD_EVENT_EXTENSIONS_MAX};

/// The attributes that have no field of their own in an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoreAttributes {
    /// `datacontenttype`, as it was published. Without it, data is JSON, or bytes of which nobody says what they are.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        rename = "datacontenttype"
    )]
    pub data_content_type: Option<String>,
    /// `dataschema`, as it was published.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        rename = "dataschema"
    )]
    pub data_schema: Option<String>,
    /// The extension attributes, in the order in which they came.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "write_extensions",
        deserialize_with = "read_extensions"
    )]
    pub extensions: Vec<(AttributeName, AttributeValue)>,
    /// The data is not JSON: the event's data is the JSON text of its base64.
    #[serde(
        default,
        skip_serializing_if = "std::ops::Not::not",
        rename = "data_base64"
    )]
    pub data_is_bytes: bool,
}

impl MoreAttributes {
    /// One line of JSON, for storage.
    pub fn to_stored(&self) -> String {
        // Strings, numbers and booleans: it cannot fail to serialize.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads [`Self::to_stored`] back; `None` of what it did not write.
    pub fn from_stored(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// Collects the attributes of one event as they come, within their limits.
#[derive(Debug, Default)]
pub struct MoreAttributesBuilder {
    more: MoreAttributes,
    bytes: usize,
}

impl MoreAttributesBuilder {
    /// `datacontenttype`; an empty one is none.
    pub fn data_content_type(&mut self, text: Option<String>) -> Result<(), InvalidAttribute> {
        self.more.data_content_type = text.filter(|text| !text.is_empty());
        let text = self.more.data_content_type.as_deref();
        let bytes = text.map_or(0, |text| "datacontenttype".len() + text.len());
        self.count(bytes)
    }

    /// `dataschema`; an empty one is none.
    pub fn data_schema(&mut self, text: Option<String>) -> Result<(), InvalidAttribute> {
        self.more.data_schema = text.filter(|text| !text.is_empty());
        let text = self.more.data_schema.as_deref();
        let bytes = text.map_or(0, |text| "dataschema".len() + text.len());
        self.count(bytes)
    }

    /// An extension attribute.
    pub fn extension(
        &mut self,
        name: AttributeName,
        value: AttributeValue,
    ) -> Result<(), InvalidAttribute> {
        if self.more.extensions.len() >= CLOUD_EVENT_EXTENSIONS_MAX {
            return Err(InvalidAttribute::TooMany);
        }
        self.count(name.as_str().len() + value.text_bytes())?;
        self.more.extensions.push((name, value));
        Ok(())
    }

    /// Whether there is an extension of this name.
    pub fn has(&self, name: &AttributeName) -> bool {
        self.more.extensions.iter().any(|(known, _)| known == name)
    }

    /// What was collected, of an event whose data is bytes or not.
    pub fn build(self, data_is_bytes: bool) -> Box<MoreAttributes> {
        Box::new(MoreAttributes {
            data_is_bytes,
            ..self.more
        })
    }

    fn count(&mut self, bytes: usize) -> Result<(), InvalidAttribute> {
        self.bytes += bytes;
        if self.bytes > CLOUD_EVENT_ATTRIBUTES_BYTES_MAX {
            return Err(InvalidAttribute::TooLarge);
        }
        Ok(())
    }
}

fn write_extensions<S: Serializer>(
    extensions: &[(AttributeName, AttributeValue)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(extensions.len()))?;
    for (name, value) in extensions {
        map.serialize_entry(name, value)?;
    }
    map.end()
}

fn read_extensions<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(AttributeName, AttributeValue)>, D::Error> {
    struct Reader;
    impl<'de> Visitor<'de> for Reader {
        type Value = Vec<(AttributeName, AttributeValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("extension attributes")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut extensions = Vec::new();
            while let Some(name) = map.next_key::<String>()? {
                let value: Box<RawValue> = map.next_value()?;
                let (Ok(name), Ok(Some(value))) =
                    (AttributeName::parse(&name), AttributeValue::of_json(&value))
                else {
                    // Whoever wrote it has checked it; a later release may know more types.
                    continue;
                };
                extensions.push((name, value));
            }
            Ok(extensions)
        }
    }
    deserializer.deserialize_map(Reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> AttributeName {
        AttributeName::parse(text).unwrap()
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let mut builder = MoreAttributesBuilder::default();
        builder
            .data_content_type(Some("text/plain; charset=\"x\"".into()))
            .unwrap();
        builder.data_schema(Some(String::new())).unwrap();
        builder
            .extension(name("z"), AttributeValue::Boolean(true))
            .unwrap();
        builder
            .extension(name("a"), AttributeValue::Integer(-7))
            .unwrap();
        builder
            .extension(name("m"), AttributeValue::String("\0 true".into()))
            .unwrap();
        assert!(builder.has(&name("a")) && !builder.has(&name("b")));
        let more = *builder.build(true);
        let stored = more.to_stored();
        assert_eq!(
            stored,
            r#"{"datacontenttype":"text/plain; charset=\"x\"","extensions":{"z":true,"a":-7,"m":"\u0000 true"},"data_base64":true}"#
        );
        assert_eq!(MoreAttributes::from_stored(&stored), Some(more));
        let none = MoreAttributes::default();
        assert_eq!(none.to_stored(), "{}");
        assert_eq!(MoreAttributes::from_stored("{}"), Some(none));
        assert_eq!(MoreAttributes::from_stored("7"), None);
    }

    #[test]
    fn they_have_limits() {
        let mut builder = MoreAttributesBuilder::default();
        for n in 0..CLOUD_EVENT_EXTENSIONS_MAX {
            builder
                .extension(name(&format!("a{n}")), AttributeValue::Boolean(true))
                .unwrap();
        }
        assert_eq!(
            builder.extension(name("more"), AttributeValue::Boolean(true)),
            Err(InvalidAttribute::TooMany)
        );
        let text = |bytes: usize| AttributeValue::String("x".repeat(bytes));
        let mut builder = MoreAttributesBuilder::default();
        builder
            .extension(name("a"), text(CLOUD_EVENT_ATTRIBUTES_BYTES_MAX - 1))
            .unwrap();
        assert_eq!(
            builder.extension(name("b"), text(0)),
            Err(InvalidAttribute::TooLarge)
        );
        let schema = "x".repeat(CLOUD_EVENT_ATTRIBUTES_BYTES_MAX);
        assert_eq!(
            MoreAttributesBuilder::default().data_schema(Some(schema)),
            Err(InvalidAttribute::TooLarge)
        );
    }
}
