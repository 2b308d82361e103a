//! A JSON object as it was written: its members in their order, each value with its own spelling.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::harmless;

/// Members of an object.
#[derive(Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<(String, Box<RawValue>)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&RawValue> {
        let member = self.0.iter().find(|(present, _)| present == name);
        member.map(|(_, value)| &**value)
    }

    /// A member as a person reads it; empty if it is absent.
    pub(crate) fn text(&self, name: &str) -> String {
        self.get(name).map(plain).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Fields(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// A value as a person reads it: texts without quotes, lists with commas, nothing for null.
pub(crate) fn plain(value: &RawValue) -> String {
    let json = value.get();
    if json == "null" {
        return String::new();
    }
    if let Ok(text) = serde_json::from_str::<String>(json) {
        return harmless(&text);
    }
    if let Ok(items) = serde_json::from_str::<Vec<Box<RawValue>>>(json) {
        let items: Vec<String> = items.iter().map(|item| plain(item)).collect();
        return items.join(", ");
    }
    harmless(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_spelling_are_kept() {
        let fields: Fields =
            serde_json::from_str(r#"{"z":0.10,"a":null,"t":["x","y\u001b"],"o":{"b":1e400}}"#)
                .unwrap();
        let names: Vec<&str> = fields.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["z", "a", "t", "o"]);
        for (name, text) in [
            ("z", "0.10"),
            ("a", ""),
            ("t", "x, y\u{fffd}"),
            ("o", "{\"b\":1e400}"),
            ("absent", ""),
        ] {
            assert_eq!(fields.text(name), text, "{name}");
        }
    }
}
