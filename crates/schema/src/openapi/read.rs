//! Reads as much of a document as is wanted; the rest stays text.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use percent_encoding::percent_decode_str;
use posthorn_domain::limits::EVENT_TYPE_IMPORT_BYTES_MAX;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// Most text that is read for one document, in bytes: each part is read once for each part around it, and once for each
/// that refers to it.
const READ_BYTES_MAX: usize = 24 * EVENT_TYPE_IMPORT_BYTES_MAX;

/// How much may still be read.
pub(super) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(READ_BYTES_MAX)
    }
}

impl Budget {
    pub(super) fn charge(&mut self, text: &str) -> Result<(), String> {
        let left = self.0.checked_sub(text.len());
        self.0 = left.unwrap_or(0);
        left.map(drop)
            .ok_or_else(|| "takes too long to read: too much refers to the same".to_owned())
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

/// Some members of an object.
pub(super) struct Part<'a>(Vec<(&'static str, &'a RawValue)>);

impl<'a> Part<'a> {
    /// Those of the given names. What is no object has none.
    pub(super) fn read(
        text: &'a str,
        names: &[&'static str],
        budget: &mut Budget,
    ) -> Result<Self, String> {
        budget.charge(text)?;
        if !text.trim_start().starts_with('{') {
            return Ok(Self(Vec::new()));
        }
        let mut found = Vec::new();
        each_member(text, |name, value| {
            if let Some(name) = names.iter().find(|wanted| **wanted == name) {
                found.retain(|(known, _)| known != name);
                found.push((*name, value));
            }
            true
        })?;
        Ok(Self(found))
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    /// A member that is a string.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        serde_json::from_str(self.get(name)?.get()).ok()
    }
}

/// The members of an object, up to a number.
#[derive(Default)]
pub(super) struct Members<'a> {
    pub(super) map: BTreeMap<String, &'a RawValue>,
    /// Whether there are more.
    pub(super) more: bool,
}

impl<'a> Members<'a> {
    /// What is no object has none.
    pub(super) fn read(
        part: &'a RawValue,
        members_max: usize,
        budget: &mut Budget,
    ) -> Result<Self, String> {
        let mut members = Self::default();
        budget.charge(part.get())?;
        if !part.get().starts_with('{') {
            return Ok(members);
        }
        each_member(part.get(), |name, value| {
            if members.map.len() < members_max || members.map.contains_key(name.as_ref()) {
                members.map.insert(name.into_owned(), value);
                return true;
            }
            members.more = true;
            false
        })?;
        Ok(members)
    }
}

/// The components that something may refer to, by kind and name.
#[derive(Default)]
pub(super) struct Components<'a>(BTreeMap<&'static str, BTreeMap<String, &'a RawValue>>);

impl<'a> Components<'a> {
    pub(super) fn read(
        components: Option<&'a RawValue>,
        of_a_kind_max: usize,
        budget: &mut Budget,
    ) -> Result<Self, String> {
        const KINDS: [&str; 4] = ["schemas", "pathItems", "requestBodies", "examples"];
        let mut all = Self::default();
        let Some(components) = components else {
            return Ok(all);
        };
        let parts = Part::read(components.get(), &KINDS, budget)?;
        for kind in KINDS {
            let Some(part) = parts.get(kind) else {
                continue;
            };
            let members = Members::read(part, of_a_kind_max, budget)?;
            if members.more {
                return Err(format!("holds more than {of_a_kind_max} {kind}"));
            }
            all.0.insert(kind, members.map);
        }
        Ok(all)
    }

    pub(super) fn get(&self, kind: &str, name: &str) -> Option<&'a RawValue> {
        self.0.get(kind)?.get(name).copied()
    }
}

/// The names of a reference within the document: `#/components/schemas/a~1b` has three, the last of them `a/b`.
pub(super) fn tokens(target: &str) -> Option<Vec<String>> {
    target
        .strip_prefix("#/")?
        .split('/')
        .map(unescape)
        .collect()
}

/// The name that a token of a JSON Pointer in a URL stands for.
pub(super) fn unescape(token: &str) -> Option<String> {
    let token = percent_decode_str(token).decode_utf8().ok()?;
    Some(token.replace("~1", "/").replace("~0", "~"))
}

/// The first of an array, if it is a string.
pub(super) fn first_text(array: &RawValue) -> Option<String> {
    struct First;
    impl<'de> Visitor<'de> for First {
        type Value = Option<&'de RawValue>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let first = seq.next_element()?;
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(first)
        }
    }
    let mut reader = serde_json::Deserializer::from_str(array.get());
    let first = reader.deserialize_seq(First).ok()??;
    serde_json::from_str(first.get()).ok()
}

/// A member's name, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Shows each member of an object, until `visit` says that it has seen enough.
fn each_member<'a>(
    object: &'a str,
    visit: impl FnMut(Cow<'a, str>, &'a RawValue) -> bool,
) -> Result<(), String> {
    struct Each<V>(V);
    impl<'de, V: FnMut(Cow<'de, str>, &'de RawValue) -> bool> Visitor<'de> for Each<V> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            let mut wanted = true;
            while wanted && let Some(Name(name)) = map.next_key()? {
                wanted = (self.0)(name, map.next_value()?);
            }
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(())
        }
    }
    impl<'de, V: FnMut(Cow<'de, str>, &'de RawValue) -> bool> DeserializeSeed<'de> for Each<V> {
        type Value = ();

        fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
            reader.deserialize_map(self)
        }
    }
    Each(visit)
        .deserialize(&mut serde_json::Deserializer::from_str(object))
        .map_err(|error| format!("cannot be read: {error}"))
}
