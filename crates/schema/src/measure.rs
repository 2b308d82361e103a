//! How large data is, at each depth.

use serde_json::Value;

/// What lies at one depth of the data: the whole is at depth 0, its members and elements at depth 1, and so on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Level {
    /// Values, and the names of those that are members.
    pub(crate) values: u64,
    /// Bytes of strings and of names.
    pub(crate) bytes: u64,
}

/// What data holds, by depth.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) levels: Vec<Level>,
    /// Longest JSON Pointer to a value, in bytes; a little more where names are short.
    pub(crate) path_bytes: u64,
}

/// What an index takes in a JSON Pointer, in bytes.
const INDEX_BYTES: u64 = 8;

impl Measure {
    pub(crate) fn of(data: &Value) -> Self {
        let mut measure = Self::default();
        measure.add(data, 0, 0);
        measure
    }

    fn add(&mut self, value: &Value, depth: usize, path_bytes: u64) {
        self.path_bytes = self.path_bytes.max(path_bytes);
        let level = self.level(depth);
        level.values += 1;
        match value {
            Value::String(text) => level.bytes += length(text),
            Value::Array(elements) => {
                for element in elements {
                    self.add(element, depth + 1, path_bytes + INDEX_BYTES);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.level(depth + 1).bytes += length(name);
                    // Each character may be escaped.
                    self.add(member, depth + 1, path_bytes + 1 + 2 * length(name));
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn level(&mut self, depth: usize) -> &mut Level {
        if self.levels.len() <= depth {
            self.levels.resize(depth + 1, Level::default());
        }
        &mut self.levels[depth]
    }
}

/// Values, and bytes of strings and names, in a piece of a schema.
pub(crate) fn size(value: &Value) -> Level {
    Measure::of(value)
        .levels
        .into_iter()
        .fold(Level::default(), |sum, level| Level {
            values: sum.values + level.values,
            bytes: sum.bytes + level.bytes,
        })
}

pub(crate) fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_values_and_bytes_at_each_depth() {
        let measure = Measure::of(&json!({"ab": ["cde", 1, {}], "f": null}));
        let level = |values, bytes| Level { values, bytes };
        assert_eq!(measure.levels, [level(1, 0), level(2, 3), level(3, 3)]);
        assert_eq!(measure.path_bytes, 1 + 2 * 2 + INDEX_BYTES);
        assert_eq!(size(&json!("text")), level(1, 4));
    }
}
