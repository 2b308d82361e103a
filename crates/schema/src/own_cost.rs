//! What a subschema costs by itself, without those within it.

use serde_json::{Map, Value};

use crate::{
    bill::Cost,
    measure::{length, size},
    misfit::Misfit,
    pattern::Patterns,
};

/// Sixteenths of a step that one byte costs for each place of a regular expression.
const PLACE: u64 = 4;
/// … that one byte costs to be read once.
const READ: u64 = 1;
/// … for a `format`, which is parsed.
const FORMAT: u64 = 16;
/// … for `format: regex`, see [`crate::event_schema`].
const REGEX: u64 = 256;
/// … for content, which is decoded and parsed.
const CONTENT: u64 = 64;
/// Comparisons of `uniqueItems` in which a value takes part: short arrays are compared each with each.
const UNIQUE: u64 = 16;
/// Bytes of text that are compared in one step.
const BYTES_PER_STEP: u64 = 16;

/// Memory of one subschema, of one of its keywords, of one value that it holds, in bytes.
const NODE_BYTES: u64 = 300;
const KEYWORD_BYTES: u64 = 250;
const VALUE_BYTES: u64 = 100;
/// Data is kept for checking, for explaining, and in the words.
const COPIES_OF_DATA: u64 = 3;

/// What one subschema costs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OwnCost {
    /// For the value itself.
    pub(crate) here: Cost,
    /// For its members.
    pub(crate) members: Cost,
    /// Memory, in bytes, without the paths.
    bytes: u64,
    /// Each keyword keeps the path to it.
    paths: u64,
}

/// Weighs a subschema at `place`, a JSON Pointer.
pub(crate) fn own_cost(
    keywords: &Map<String, Value>,
    place: &str,
    patterns: &mut Patterns,
) -> Result<OwnCost, Misfit> {
    let count = number(keywords.len());
    let mut cost = OwnCost {
        bytes: NODE_BYTES + (count + 1).saturating_mul(KEYWORD_BYTES),
        paths: count + 1,
        ..OwnCost::default()
    };
    cost.here.steps = 1 + count;
    cost.here.mistakes = 1 + count;
    for (keyword, value) in keywords {
        cost.add(keyword, value, place, patterns)?;
    }
    Ok(cost)
}

impl OwnCost {
    /// Of `true` and `false`.
    pub(crate) const BOOLEAN: Self = Self {
        here: Cost {
            steps: 1,
            bytes: 0,
            deep: 0,
            mistakes: 1,
        },
        members: Cost {
            steps: 0,
            bytes: 0,
            deep: 0,
            mistakes: 0,
        },
        bytes: NODE_BYTES,
        paths: 1,
    };

    /// Memory of one copy, in bytes, where the path to it through all references takes `path_bytes`.
    pub(crate) fn compiled_bytes(self, path_bytes: u64) -> u64 {
        self.bytes
            .saturating_add(self.paths.saturating_mul(2).saturating_mul(path_bytes))
    }

    fn add(
        &mut self,
        keyword: &str,
        value: &Value,
        place: &str,
        patterns: &mut Patterns,
    ) -> Result<(), Misfit> {
        match (keyword, value) {
            ("enum" | "const", _) => {
                self.hold(value, COPIES_OF_DATA);
                self.compare(value);
            }
            ("required" | "dependentRequired", _) => {
                self.hold(value, COPIES_OF_DATA);
                self.compare(value);
                self.here.mistakes += size(value).values;
                self.members.bytes += READ;
            }
            ("not", _) => self.hold(value, 1),
            ("properties" | "dependentSchemas" | "dependencies", Value::Object(named)) => {
                for (name, schema) in named {
                    self.name(name);
                    if schema.is_array() {
                        self.hold(schema, COPIES_OF_DATA);
                        self.compare(schema);
                        self.here.mistakes += size(schema).values;
                    }
                }
                self.members.bytes += READ;
            }
            ("additionalProperties" | "unevaluatedProperties", _) => self.members.bytes += READ,
            ("patternProperties", Value::Object(named)) => {
                for pattern in named.keys() {
                    self.name(pattern);
                    let matching =
                        matching(pattern, &format!("{place}/patternProperties"), patterns)?;
                    self.members = self.members.and(matching);
                }
            }
            ("pattern", Value::String(pattern)) => {
                let matching = matching(pattern, &format!("{place}/pattern"), patterns)?;
                self.here = self.here.and(matching);
                self.bytes = self.bytes.saturating_add(length(pattern) * 2);
            }
            ("format", Value::String(format)) => {
                self.here.bytes += if format == "regex" { REGEX } else { FORMAT };
            }
            ("contentEncoding" | "contentMediaType", _) => self.here.bytes += CONTENT,
            ("minLength" | "maxLength", _) => self.here.bytes += READ,
            ("uniqueItems", Value::Bool(true)) => self.here.deep += UNIQUE,
            _ => {}
        }
        Ok(())
    }

    /// A name that the schema holds and looks for.
    fn name(&mut self, name: &str) {
        self.here.steps = self
            .here
            .steps
            .saturating_add(1 + length(name) / BYTES_PER_STEP);
        self.bytes = self
            .bytes
            .saturating_add(VALUE_BYTES + length(name).saturating_mul(COPIES_OF_DATA));
    }

    /// Data in the schema that a value is compared with.
    fn compare(&mut self, data: &Value) {
        let size = size(data);
        self.here.steps = self
            .here
            .steps
            .saturating_add(size.values + size.bytes / BYTES_PER_STEP);
    }

    /// Something that the compiled schema keeps copies of.
    fn hold(&mut self, value: &Value, copies: u64) {
        let size = size(value);
        let bytes = size.values.saturating_mul(VALUE_BYTES) + size.bytes;
        self.bytes = self.bytes.saturating_add(bytes.saturating_mul(copies));
    }
}

fn matching(pattern: &str, place: &str, patterns: &mut Patterns) -> Result<Cost, Misfit> {
    let cost = patterns
        .cost(pattern)
        .map_err(|detail| Misfit::new(place, detail))?;
    Ok(Cost {
        steps: 1,
        bytes: cost.places.saturating_mul(PLACE),
        ..Cost::default()
    })
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
