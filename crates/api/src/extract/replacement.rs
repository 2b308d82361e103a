//! A document that replaces another, as it may come back from who has read that one: with the fields that only Posthorn
//! sets. What they say is compared with what they are, so that a change of one never passes silently.

use std::{borrow::Cow, collections::BTreeSet, fmt, marker::PhantomData, sync::LazyLock};

use axum::extract::{FromRequest, Request};
use chrono::DateTime;
use posthorn_domain::{FieldError, without_bom};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value, value::RawValue};
use utoipa::ToSchema;

use super::{
    body::{MediaType, read_body},
    document::{Shape, no_json, parse_document, require_json},
    patch_names::PatchNames,
};
use crate::problem::Problem;

/// Fields that an answer has and a request has not.
pub(crate) type ReadOnlyFields = LazyLock<BTreeSet<String>>;

/// Those of `View` that `Input` has not.
pub(crate) fn read_only<View: ToSchema, Input: ToSchema>() -> BTreeSet<String> {
    let (shown, taken) = (PatchNames::of::<View>(), PatchNames::of::<Input>());
    &shown.names() - &taken.names()
}

/// A type that is answered with fields of its own.
pub(crate) trait Replaces: Shape {
    /// The fields that only Posthorn sets.
    fn read_only_fields() -> &'static BTreeSet<String>;
}

/// A document, and what it says of the fields that only Posthorn sets.
pub(crate) struct Replacement<T> {
    pub(crate) document: T,
    pub(crate) read_only: ReadOnly,
}

/// What a request says of fields that only Posthorn sets.
#[derive(Debug, Default)]
pub(crate) struct ReadOnly(Map<String, Value>);

impl<T: Replaces, S: Sync> FromRequest<S> for Replacement<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let media_type = MediaType::of(request.headers())?;
        let body = read_body(request.into_body(), T::BYTES_MAX).await?;
        require_json::<T>(media_type)?;
        let Some((rest, read_only)) = divided(&body, T::read_only_fields())? else {
            return Ok(Self {
                document: parse_document(&body)?,
                read_only: ReadOnly::default(),
            });
        };
        Ok(Self {
            document: parse_document(rest.as_bytes())?,
            read_only,
        })
    }
}

/// Takes the fields out of an object; `None` where there are none, or where it is no object.
fn divided(body: &[u8], fields: &BTreeSet<String>) -> Result<Option<(String, ReadOnly)>, Problem> {
    let Ok(Members(members)) = serde_json::from_slice(without_bom(body)) else {
        return Ok(None);
    };
    if members.iter().all(|(name, _)| !fields.contains(&**name)) {
        return Ok(None);
    }
    let (mut rest, mut read_only) = (String::with_capacity(body.len()), Map::new());
    for (name, value) in members {
        if fields.contains(&*name) {
            let value = serde_json::from_str(value.get()).map_err(|e| no_json(body, &e))?;
            read_only.insert(name.into_owned(), value);
            continue;
        }
        rest.push(if rest.is_empty() { '{' } else { ',' });
        rest.push_str(&Value::from(name).to_string());
        rest.push(':');
        rest.push_str(value.get());
    }
    if rest.is_empty() {
        rest.push('{');
    }
    rest.push('}');
    Ok(Some((rest, ReadOnly(read_only))))
}

impl ReadOnly {
    /// Takes them out of a merge patch.
    pub(crate) fn of_patch(patch: &mut Map<String, Value>, fields: &BTreeSet<String>) -> Self {
        let taken = fields
            .iter()
            .filter_map(|field| patch.remove_entry(field))
            .collect();
        Self(taken)
    }

    /// Whether there are none, so that nothing has to be read to compare them.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Refuses those that say something else than what is so. What deliveries move on may have been read earlier.
    pub(crate) fn check(&self, current: &impl serde::Serialize) -> Result<(), Problem> {
        let current = serde_json::to_value(current).map_err(Problem::internal)?;
        let errors: Vec<FieldError> = self
            .0
            .iter()
            .filter(|(name, given)| {
                let is = current.get(name.as_str()).unwrap_or(&Value::Null);
                !(same(given, is) || was(name, given, is))
            })
            .map(|(name, _)| {
                let detail = "is read-only: leave it out, or send it as it was answered";
                FieldError::new(name.as_str(), detail)
            })
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(Problem::validation(errors))
        }
    }
}

/// The same value; a moment may be written otherwise.
fn same(given: &Value, is: &Value) -> bool {
    given == is || moment(given).is_some_and(|given| Some(given) == moment(is))
}

/// Whether a field may have had that value before: counts grow, and the last delivery is followed by others.
fn was(name: &str, given: &Value, is: &Value) -> bool {
    if name.ends_with("_24h") {
        return given.is_u64();
    }
    if let (Some(given), Some(is)) = (given.as_u64(), is.as_u64()) {
        return given <= is;
    }
    if !name.starts_with("last_") {
        return false;
    }
    match (moment(given), moment(is)) {
        (Some(given), Some(is)) => given <= is,
        (Some(_), None) => false,
        (None, _) => given.is_null() || (given.is_string() && is.is_string()),
    }
}

fn moment(value: &Value) -> Option<DateTime<chrono::FixedOffset>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok()
}

/// The members of an object as they stand.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<'a>(PhantomData<&'a ()>);
        impl<'de> Visitor<'de> for Reader<'de> {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_taken_out_and_the_rest_keeps_its_bytes() {
        let fields = BTreeSet::from(["id".to_owned(), "count".to_owned()]);
        let (rest, read_only) = divided(
            "\u{feff}{\"id\":\"1\", \"example\" : {\"n\": 0.10}, \"count\":7,\"a\\\"\":1}"
                .as_bytes(),
            &fields,
        )
        .unwrap()
        .unwrap();
        assert_eq!(rest, r#"{"example":{"n": 0.10},"a\"":1}"#);
        assert_eq!(Value::Object(read_only.0), json!({"id": "1", "count": 7}));
        assert_eq!(divided(br#"{"id":1}"#, &fields).unwrap().unwrap().0, "{}");
        for other in ["[]", "{", r#"{"name":"id"}"#] {
            assert!(
                divided(other.as_bytes(), &fields).unwrap().is_none(),
                "{other}"
            );
        }
    }

    #[test]
    fn what_is_unchanged_passes_and_what_is_not_is_named() {
        let current = json!({
            "id": "1", "created_at": "2026-01-26T12:00:00Z", "disabled_reason": null, "total": 5,
            "last_delivery_at": "2026-01-26T12:00:00Z", "last_delivery_status": "failed", "failures_24h": 2,
        });
        let check = |given: Value| {
            let Value::Object(given) = given else {
                panic!("no object")
            };
            ReadOnly(given).check(&current)
        };
        check(current.clone())
            .map_err(|p| format!("{p:?}"))
            .unwrap();
        for fine in [
            json!({"created_at": "2026-01-26T13:00:00+01:00"}),
            json!({"total": 4, "last_delivery_at": null, "last_delivery_status": "success"}),
            json!({"last_delivery_at": "2026-01-26T11:00:00Z", "failures_24h": 9}),
        ] {
            assert!(check(fine.clone()).is_ok(), "{fine}");
        }
        for changed in [
            json!({"id": "2"}),
            json!({"id": null}),
            json!({"created_at": "2026-01-26T12:00:01Z"}),
            json!({"disabled_reason": "gone"}),
            json!({"total": 6}),
            json!({"total": "5"}),
            json!({"last_delivery_at": "2026-01-26T12:00:01Z"}),
            json!({"last_delivery_status": 7}),
        ] {
            assert!(check(changed.clone()).is_err(), "{changed}");
        }
    }
}
