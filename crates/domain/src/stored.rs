//! Reading what a neighbouring release may have stored.
//!
//! Two releases work on one database while one of them is being replaced. The newer one writes members that the older one
//! does not know, and the types that requests are read with refuse such members, so that no typing mistake passes. What
//! is read back from the database passes them over, in nested objects too. Everything else is as strict as ever: a
//! value that this release does not know (another payload format, say) cannot be read, because to ignore it would
//! change what is sent.

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, IntoDeserializer, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Value};

/// Reads stored JSON. Members of objects that `T` does not know are passed over, even if it denies unknown ones.
///
/// # Errors
/// The text is no JSON, or not what `T` reads. The words may quote the text.
pub fn from_stored<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    T::deserialize(Stored(serde_json::from_str(text)?))
}

struct Stored(Value);

impl<'de> IntoDeserializer<'de, Error> for Stored {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Stored {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(values) => {
                SeqDeserializer::new(values.into_iter().map(Stored)).deserialize_any(visitor)
            }
            Value::Object(members) => {
                let members = members
                    .into_iter()
                    .map(|(name, value)| (name, Stored(value)));
                MapDeserializer::new(members).deserialize_any(visitor)
            }
            value => value.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(Self(value)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let value = match self.0 {
            Value::Object(mut members) => {
                members.retain(|name, _| fields.contains(&name.as_str()));
                Value::Object(members)
            }
            value => value,
        };
        Self(value).deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{AuthInput, TlsInput, WebhookInput};

    #[test]
    fn members_of_a_newer_release_are_passed_over_wherever_they_are() {
        let stored = json!({
            "name": "n", "url": "https://example.com/", "event_types": ["*"], "description": null, "ordering": "key",
            "signature_header": {"name": "x-signed", "format": "hex", "algorithm": "v2"}, "custom_headers": {"x-a": "b"},
            "integration": {"chat_id": 1}, "max_retries": 3, "pause": {"until": []},
        });
        let input: WebhookInput = from_stored(&stored.to_string()).unwrap();
        let mut known = stored;
        for member in ["ordering", "pause"] {
            known.as_object_mut().unwrap().remove(member);
        }
        known["signature_header"]
            .as_object_mut()
            .unwrap()
            .remove("algorithm");
        assert_eq!(input, serde_json::from_value(known).unwrap());

        let auth: AuthInput =
            from_stored(r#"{"type":"bearer","token":"t","audience2":1}"#).unwrap();
        assert!(matches!(auth, AuthInput::Bearer { token: Some(token) } if token == "t"));
        let tls: TlsInput = from_stored(r#"{"ca_certificate":"c","versions":["1.3"]}"#).unwrap();
        assert_eq!(tls.ca_certificate.as_deref(), Some("c"));
    }

    #[test]
    fn values_that_are_not_known_are_not_passed_over() {
        for text in [
            r#"{"name":"n","url":"https://a.example/","event_types":["*"],"payload_format":"other"}"#,
            r#"{"name":"n","url":"https://a.example/","event_types":"*"}"#,
            r#"{"name":"n","url":"https://a.example/"}"#,
            r#"{"name":"n""#,
            "[]",
        ] {
            assert!(from_stored::<WebhookInput>(text).is_err(), "{text}");
        }
    }

    proptest! {
        /// What this release wrote it reads as ever, whatever is added.
        #[test]
        fn additions_change_nothing(
            name in "\\PC{0,20}", filter in proptest::option::of("\\PC{0,20}"), retries in proptest::option::of(any::<i64>()),
            added in "zz_[a-z]{1,8}", number in any::<i64>(),
        ) {
            let input = WebhookInput { name, filter, max_retries: retries, ..WebhookInput::default() };
            let mut document = serde_json::to_value(&input).unwrap();
            document[&added] = json!({"n": number});
            prop_assert_eq!(from_stored::<WebhookInput>(&document.to_string()).unwrap(), input);
        }
    }
}
