//! Which drafts of JSON Schema are taken: those whose cost is known.
//!
//! Before draft 7, `id` instead of `$id` moves what a reference means, and the walk over a schema would weigh another
//! schema than the one that the validator runs.

use jsonschema::Draft;
use serde_json::Value;

use crate::misfit::Misfit;

const DRAFTS: [(&str, Draft); 3] = [
    ("json-schema.org/draft/2020-12/schema", Draft::Draft202012),
    ("json-schema.org/draft/2019-09/schema", Draft::Draft201909),
    ("json-schema.org/draft-07/schema", Draft::Draft7),
];

/// The draft that a schema is written in: 2020-12 unless it names another.
pub(crate) fn draft_of(schema: &Value) -> Result<Draft, Misfit> {
    let Some(named) = schema.get("$schema") else {
        return Ok(Draft::Draft202012);
    };
    let name = named.as_str().unwrap_or_default();
    let name = name
        .strip_prefix("https://")
        .or_else(|| name.strip_prefix("http://"))
        .unwrap_or_default();
    let name = name.strip_suffix('#').unwrap_or(name);
    DRAFTS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, draft)| *draft)
        .ok_or_else(|| {
            Misfit::new(
                "/$schema",
                "must be the 2020-12, the 2019-09 or the draft-07 schema of json-schema.org",
            )
        })
}

/// Takes away what only tells where a schema lies and how it is written. Nothing may refer to it by its address, and
/// without one no location has to be spelled out for each keyword.
pub(crate) fn without_address(mut schema: Value) -> Value {
    if let Value::Object(keywords) = &mut schema {
        for keyword in ["$schema", "$id", "$anchor", "$vocabulary"] {
            keywords.remove(keyword);
        }
    }
    schema
}
