//! One extension attribute: its name by CloudEvents' naming rule, its value with the types that JSON tells apart.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Attributes that are no extensions, and `data`, which is no name of an attribute at all.
const RESERVED: [&str; 9] = [
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "dataschema",
    "data",
];

/// Why an extension attribute cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAttribute {
    /// The name breaks CloudEvents' rule.
    #[error("names of attributes are made of lower-case letters and digits")]
    Name,
    /// An attribute that CloudEvents defines, where an extension is expected.
    #[error("is no extension attribute")]
    Reserved,
    /// An object, an array, or a number with a fraction.
    #[error(
        "must be a string, true, false, or a whole number from -2147483648 to 2147483647: CloudEvents has no other types"
    )]
    Type,
    /// There are too many.
    #[error(
        "an event has at most {} extension attributes",
        crate::limits::CLOUD_EVENT_EXTENSIONS_MAX
    )]
    TooMany,
    /// They are too large.
    #[error(
        "datacontenttype, dataschema and the extension attributes have at most {} bytes together, names included",
        crate::limits::CLOUD_EVENT_ATTRIBUTES_BYTES_MAX
    )]
    TooLarge,
}

/// The name of an extension attribute: lower-case letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributeName(String);

impl AttributeName {
    /// Checks a name as it stands.
    pub fn parse(name: &str) -> Result<Self, InvalidAttribute> {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        if name.is_empty() || !name.bytes().all(fits) {
            return Err(InvalidAttribute::Name);
        }
        if RESERVED.contains(&name) {
            return Err(InvalidAttribute::Reserved);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for AttributeName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The value of an extension attribute. Of CloudEvents' types only these differ in JSON: binary, URI, URI-reference and
/// timestamp are strings there and stay as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AttributeValue {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number of 32 bits.
    Integer(i32),
    /// All else.
    String(String),
}

impl AttributeValue {
    /// Reads the value of a member in the JSON format; `None` where it is null, which says that there is none.
    pub fn of_json(raw: &RawValue) -> Result<Option<Self>, InvalidAttribute> {
        let text = raw.get();
        match text.as_bytes().first() {
            Some(b'"') => serde_json::from_str(text)
                .map(|text| Some(Self::String(text)))
                .map_err(|_| InvalidAttribute::Type),
            Some(b't') => Ok(Some(Self::Boolean(true))),
            Some(b'f') => Ok(Some(Self::Boolean(false))),
            Some(b'n') => Ok(None),
            _ => text
                .parse()
                .map(|number| Some(Self::Integer(number)))
                .map_err(|_| InvalidAttribute::Type),
        }
    }

    /// Its length as text, in bytes.
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::String(text) => text.len(),
            Self::Boolean(_) | Self::Integer(_) => self.to_string().len(),
        }
    }
}

/// The canonical text of CloudEvents' type system.
impl fmt::Display for AttributeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::String(value) => f.write_str(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_letters_and_digits() {
        for fine in ["a", "partitionkey", "x1", "0"] {
            assert_eq!(AttributeName::parse(fine).unwrap().as_str(), fine);
        }
        for wrong in ["", "traceParent", "a_b", "a-b", "é", "data_base64"] {
            assert_eq!(
                AttributeName::parse(wrong),
                Err(InvalidAttribute::Name),
                "{wrong}"
            );
        }
        for taken in RESERVED {
            assert_eq!(
                AttributeName::parse(taken),
                Err(InvalidAttribute::Reserved),
                "{taken}"
            );
        }
    }

    #[test]
    fn values_have_the_types_of_cloud_events() {
        let read = |json: &str| {
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            AttributeValue::of_json(raw)
        };
        for (json, text) in [
            ("true", "true"),
            ("false", "false"),
            ("2147483647", "2147483647"),
            ("-2147483648", "-2147483648"),
            (r#""a\nb""#, "a\nb"),
            (r#""5""#, "5"),
        ] {
            let value = read(json).unwrap().unwrap();
            assert_eq!(value.to_string(), text, "{json}");
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(value.text_bytes(), text.len());
        }
        assert_eq!(read("null"), Ok(None));
        for wrong in [
            "1.0",
            "1e3",
            "2147483648",
            "-2147483649",
            "{}",
            "[1]",
            r#""\ud800""#,
        ] {
            assert_eq!(read(wrong), Err(InvalidAttribute::Type), "{wrong}");
        }
    }
}
