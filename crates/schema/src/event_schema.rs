use std::fmt;

use jsonschema::{Draft, PatternOptions, ValidationOptions, Validator};
use posthorn_domain::limits::{
    EVENT_TYPE_SCHEMA_BYTES_MAX, SCHEMA_DATA_INLINE_BYTES_MAX, SCHEMA_PATTERN_BYTES_MAX,
};
use serde_json::Value;

use crate::{
    dialect::{draft_of, without_address},
    measure::Measure,
    misfit::Misfit,
    pattern::REMEMBERED_BYTES_MAX,
    walk::weigh,
    weight::{Effort, Weight},
};

/// Mistakes reported for one event; further ones add nothing but length.
const MISFITS_MAX: usize = 10;

/// Longest text that may be a regular expression by `format: regex`, in bytes. Whether it is one takes time that grows
/// with the square of its length.
const REGEX_TEXT_BYTES_MAX: usize = 1_024;

/// A JSON Schema of the data of events, weighed and compiled.
///
/// It is of draft 2020-12, 2019-09 or 7, refers to nothing outside itself, and its regular expressions take linear time.
pub struct EventSchema {
    validator: Validator,
    weight: Weight,
}

impl EventSchema {
    /// Weighs and compiles a schema, or says where it is wrong or too costly.
    ///
    /// Needs the stack of [`crate::STACK_BYTES`], and up to a second.
    pub fn compile(text: &str) -> Result<Self, Misfit> {
        if text.len() > EVENT_TYPE_SCHEMA_BYTES_MAX {
            let detail = format!("must be at most {EVENT_TYPE_SCHEMA_BYTES_MAX} bytes");
            return Err(Misfit::new("", detail));
        }
        let schema: Value = serde_json::from_str(text)
            .map_err(|error| Misfit::new("", format!("cannot be read: {error}")))?;
        if !(schema.is_object() || schema.is_boolean()) {
            return Err(Misfit::new("", "a JSON Schema is an object or a boolean"));
        }
        let draft = draft_of(&schema)?;
        let weight = weigh(&schema)?;
        let validator = options(draft)
            .build(&without_address(schema))
            .map_err(|error| Misfit::new(error.instance_path().as_str(), error.to_string()))?;
        Ok(Self { validator, weight })
    }

    /// Memory that the compiled schema takes, in bytes, as it is estimated.
    pub fn compiled_bytes(&self) -> u64 {
        self.weight.compiled_bytes
    }

    /// Checks data, which is JSON. The words name what is wanted, and nothing of what was sent.
    ///
    /// Needs the stack of [`crate::STACK_BYTES`], and up to a second.
    pub fn check(&self, data: &str) -> Result<(), Vec<Misfit>> {
        let (data, effort) = self.read(data)?;
        self.judge(&data, effort)
    }

    /// The same where it takes no longer than a millisecond or two, and little stack; `None` where it would.
    pub fn check_if_small(&self, data: &str) -> Option<Result<(), Vec<Misfit>>> {
        if data.len() > SCHEMA_DATA_INLINE_BYTES_MAX {
            return None;
        }
        match self.read(data) {
            Ok((data, effort)) => effort.is_small().then(|| self.judge(&data, effort)),
            Err(misfits) => Some(Err(misfits)),
        }
    }

    fn read(&self, data: &str) -> Result<(Value, Effort), Vec<Misfit>> {
        // Such as a number beyond what a double holds.
        let data: Value = serde_json::from_str(data).map_err(|_| {
            let detail = "cannot be checked against the schema of its type: it holds a number or a text that has no value";
            vec![Misfit::new("", detail)]
        })?;
        let effort = self.weight.effort(&Measure::of(&data));
        Ok((data, effort))
    }

    fn judge(&self, data: &Value, effort: Effort) -> Result<(), Vec<Misfit>> {
        if let Some(detail) = effort.excess() {
            return Err(vec![Misfit::new("", detail)]);
        }
        if self.validator.is_valid(data) {
            return Ok(());
        }
        if !effort.is_explainable() {
            let detail = "does not satisfy the schema of its type, and is too large for each place to be named";
            return Err(vec![Misfit::new("", detail)]);
        }
        Err(self
            .validator
            .iter_errors(data)
            .take(MISFITS_MAX)
            .map(|error| Misfit::new(error.instance_path().as_str(), error.masked().to_string()))
            .collect())
    }
}

impl fmt::Debug for EventSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSchema").finish_non_exhaustive()
    }
}

/// How schemas are compiled: nothing is fetched, and each regular expression has a size.
fn options(draft: Draft) -> ValidationOptions<'static> {
    let patterns = PatternOptions::regex()
        .size_limit(SCHEMA_PATTERN_BYTES_MAX)
        .dfa_size_limit(REMEMBERED_BYTES_MAX);
    jsonschema::options()
        .offline()
        .with_draft(draft)
        .with_pattern_options(patterns)
        .with_format("regex", |text: &str| {
            text.len() <= REGEX_TEXT_BYTES_MAX && jsonschema_regex::is_valid_ecma_regex(text)
        })
}

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
