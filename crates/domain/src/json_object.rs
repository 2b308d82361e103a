//! Structs that are read from a JSON object only: what serde derives takes an array of their fields in order, too.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
    forward_to_deserialize_any,
};

/// For `deserialize_with` on a field that holds such a struct, or null.
///
/// # Errors
/// What is neither an object nor null.
pub fn optional<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Nullable<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Nullable<T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object or null")
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Self::Value, D::Error> {
            T::deserialize(ObjectOnly(deserializer)).map(Some)
        }
    }

    deserializer.deserialize_option(Nullable(PhantomData))
}

/// Reads a struct from members alone. The deserializer beneath still learns which struct it is.
struct ObjectOnly<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, Members(visitor))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Members<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Members<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Outer {
        #[serde(default, deserialize_with = "optional")]
        inner: Option<Inner>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        a: Option<u8>,
    }

    fn read(json: &str) -> Result<Option<Inner>, String> {
        serde_json::from_str(json)
            .map(|outer: Outer| outer.inner)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn an_array_is_no_object() {
        assert_eq!(
            read(r#"{"inner": {"a": 1}}"#),
            Ok(Some(Inner { a: Some(1) }))
        );
        for none in [r#"{"inner": null}"#, "{}"] {
            assert_eq!(read(none), Ok(None));
        }
        for wrong in [r#"{"inner": [1]}"#, r#"{"inner": []}"#, r#"{"inner": 1}"#] {
            let said = read(wrong).unwrap_err();
            assert!(said.contains("expected an object"), "{said}");
        }
    }
}
