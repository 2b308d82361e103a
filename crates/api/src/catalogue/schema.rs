use std::fmt;

use jsonschema::{PatternOptions, Validator};
use posthorn_domain::limits::{
    EVENT_TYPE_SCHEMA_BYTES_MAX, SCHEMA_PATTERN_BYTES_MAX, SCHEMA_STEPS_MAX,
};
use serde_json::Value;

use super::expansion::expansions;

/// Mistakes reported for one event; further ones add nothing but length.
const MISFITS_MAX: usize = 10;

/// A JSON Schema of the data of events, compiled: 2020-12, unless `$schema` names another draft.
///
/// It refers to nothing outside itself, and its regular expressions take linear time.
pub(crate) struct EventSchema {
    text: Box<str>,
    validator: Validator,
    /// Subschemas, each as often as it is referred to.
    expansions: usize,
}

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// JSON Pointer (RFC 6901); empty for the whole.
    pub(crate) pointer: String,
    pub(crate) detail: String,
}

impl Misfit {
    pub(super) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.detail)
        } else {
            write!(f, "{}: {}", self.pointer, self.detail)
        }
    }
}

impl EventSchema {
    /// Compiles a schema, or says where it is wrong.
    pub(crate) fn compile(text: &str) -> Result<Self, Misfit> {
        if text.len() > EVENT_TYPE_SCHEMA_BYTES_MAX {
            let detail = format!("must be at most {EVENT_TYPE_SCHEMA_BYTES_MAX} bytes");
            return Err(Misfit::new("", detail));
        }
        let schema: Value = serde_json::from_str(text)
            .map_err(|error| Misfit::new("", format!("cannot be read: {error}")))?;
        if !(schema.is_object() || schema.is_boolean()) {
            return Err(Misfit::new("", "a JSON Schema is an object or a boolean"));
        }
        let expansions = expansions(&schema)?;
        let patterns = PatternOptions::regex()
            .size_limit(SCHEMA_PATTERN_BYTES_MAX)
            .dfa_size_limit(SCHEMA_PATTERN_BYTES_MAX);
        let validator = jsonschema::options()
            .offline()
            .with_pattern_options(patterns)
            .build(&schema)
            .map_err(|error| Misfit::new(error.instance_path().as_str(), error.to_string()))?;
        Ok(Self {
            text: text.into(),
            validator,
            expansions,
        })
    }

    /// The schema as it was given.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Checks data, which is JSON. The words name what is wanted, and nothing of what was sent.
    pub(crate) fn check(&self, data: &str) -> Result<(), Vec<Misfit>> {
        // Every value but the first follows one of these; those within strings only make the bound stricter.
        let values = data
            .bytes()
            .filter(|b| matches!(b, b',' | b':' | b'['))
            .count()
            + 1;
        if self.expansions.saturating_mul(values) > SCHEMA_STEPS_MAX {
            let detail = "is too large to be checked against the schema of its type";
            return Err(vec![Misfit::new("", detail)]);
        }
        // Such as a number beyond what a double holds.
        let data: Value = serde_json::from_str(data).map_err(|_| {
            let detail = "cannot be checked against the schema of its type: it holds a number or a text that has no value";
            vec![Misfit::new("", detail)]
        })?;
        if self.validator.is_valid(&data) {
            return Ok(());
        }
        Err(self
            .validator
            .iter_errors(&data)
            .take(MISFITS_MAX)
            .map(|error| Misfit::new(error.instance_path().as_str(), error.masked().to_string()))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(schema: &str) -> Misfit {
        match EventSchema::compile(schema) {
            Ok(_) => panic!("compiled: {schema}"),
            Err(mistake) => mistake,
        }
    }

    #[test]
    fn names_the_place_and_quotes_no_data() {
        let schema = EventSchema::compile(
            r#"{"type":"object","required":["id"],"properties":{"a":{"items":{"type":"integer"}},"id":{"pattern":"^x+$"}}}"#,
        )
        .unwrap();
        assert_eq!(schema.check(r#"{"id":"xx","a":[1]}"#), Ok(()));
        let misfits = schema
            .check(r#"{"id":"hunter2","a":[1,"hunter2"]}"#)
            .unwrap_err();
        let mut places: Vec<_> = misfits.iter().map(|m| m.pointer.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["/a/1", "/id"]);
        assert!(
            misfits.iter().all(|m| !m.detail.contains("hunter2")),
            "{misfits:?}"
        );
        assert!(schema.check(r#"{"id":1e400}"#).is_err());
    }

    #[test]
    fn a_draft_is_chosen_by_its_name() {
        let old = r#"{"$schema":"http://json-schema.org/draft-04/schema#","minimum":1,"exclusiveMinimum":true}"#;
        assert!(EventSchema::compile(old).unwrap().check("1").is_err());
        refused(r#"{"minimum":1,"exclusiveMinimum":true}"#);
        refused(r#"{"$schema":"https://example.com/own-dialect"}"#);
    }

    #[test]
    fn refuses_what_is_no_schema_and_says_where() {
        for (schema, pointer) in [
            ("7", ""),
            ("[]", ""),
            (
                r#"{"properties":{"a":{"type":"strin"}}}"#,
                "/properties/a/type",
            ),
            (
                r#"{"properties":{"a":{"pattern":"("}}}"#,
                "/properties/a/pattern",
            ),
            (r#"{"pattern":"(?=look)ahead"}"#, "/pattern"),
            (r#"{"pattern":"((a{1,999}){1,999}){1,999}"}"#, "/pattern"),
        ] {
            assert_eq!(refused(schema).pointer, pointer, "{schema}");
        }
    }

    #[test]
    fn checking_takes_no_longer_than_its_bound() {
        let subschemas: Vec<String> = (0..2_000)
            .map(|n| format!("{{\"not\":{{\"const\":{n}}}}}"))
            .collect();
        let schema = format!("{{\"items\":{{\"allOf\":[{}]}}}}", subschemas.join(","));
        let schema = EventSchema::compile(&schema).unwrap();
        assert!(schema.check("[-1]").is_ok());
        let data = format!("[-1{}]", ",-1".repeat(50_000));
        assert!(
            schema.check(&data).unwrap_err()[0]
                .detail
                .contains("too large")
        );
    }
}
