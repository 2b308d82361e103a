//! What a regular expression costs.
//!
//! Matching takes linear time: for each byte at most one step for each place in the expression at which a match may be.
//! So the places are counted, each repetition written out, and so is the memory that the compiled automaton takes.
//! Both come from the syntax alone, before anything is compiled.

use std::collections::HashMap;

use posthorn_domain::limits::{
    SCHEMA_PATTERN_BYTES_MAX, SCHEMA_PATTERN_TEXT_BYTES_MAX, SCHEMA_PATTERNS_MAX,
    SCHEMA_PATTERNS_TEXT_BYTES_MAX,
};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Memory of one state of an automaton, in bytes.
const STATE_BYTES: u64 = 40;
/// Memory of one range of a class, spelled in UTF-8, in bytes.
const RANGE_BYTES: u64 = 64;
/// The automaton is compiled forwards, backwards, and once more for patterns that are anchored.
const AUTOMATA: u64 = 3;
/// What the states that matching remembers take for each place, in bytes, up to [`REMEMBERED_BYTES_MAX`].
const REMEMBERED_BYTES: u64 = 1_024;
/// Most memory for states that matching remembers, in bytes.
pub(crate) const REMEMBERED_BYTES_MAX: usize = 64 * 1024;

/// What one regular expression costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PatternCost {
    /// Places at which a match may be at the same time: steps for one byte.
    pub(crate) places: u64,
    /// Memory of the automaton, in bytes.
    bytes: u64,
}

impl PatternCost {
    /// Memory once it is compiled and used, in bytes.
    pub(crate) fn compiled_bytes(self) -> u64 {
        let most = u64::try_from(REMEMBERED_BYTES_MAX).unwrap_or(u64::MAX);
        let remembered = self.places.saturating_mul(REMEMBERED_BYTES).min(most);
        self.bytes
            .saturating_mul(AUTOMATA)
            .saturating_add(remembered)
    }

    fn and(self, other: Self) -> Self {
        Self {
            places: self.places.saturating_add(other.places),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    fn times(self, count: u64) -> Self {
        Self {
            places: self.places.saturating_mul(count),
            bytes: self.bytes.saturating_mul(count),
        }
    }

    fn of(hir: &Hir) -> Self {
        let state = Self {
            places: 1,
            bytes: STATE_BYTES,
        };
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => state,
            HirKind::Literal(literal) => state.times(count(literal.0.len())),
            HirKind::Class(class) => {
                let (ranges, width) = match class {
                    Class::Unicode(class) if !class.is_ascii() => (class.ranges().len(), 4),
                    Class::Unicode(class) => (class.ranges().len(), 1),
                    Class::Bytes(class) => (class.ranges().len(), 1),
                };
                Self {
                    places: width,
                    bytes: STATE_BYTES.saturating_add(count(ranges).saturating_mul(RANGE_BYTES)),
                }
            }
            HirKind::Repetition(repetition) => {
                let times = repetition.max.unwrap_or(repetition.min).max(1);
                Self::of(&repetition.sub).and(state).times(times.into())
            }
            HirKind::Capture(capture) => Self::of(&capture.sub).and(state),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => parts
                .iter()
                .fold(state, |sum, part| sum.and(Self::of(part))),
        }
    }
}

/// The distinct regular expressions of one schema.
#[derive(Default)]
pub(crate) struct Patterns {
    costs: HashMap<String, PatternCost>,
    text_bytes: usize,
}

impl Patterns {
    /// What an expression costs, or why it is refused.
    pub(crate) fn cost(&mut self, pattern: &str) -> Result<PatternCost, String> {
        if let Some(cost) = self.costs.get(pattern) {
            return Ok(*cost);
        }
        if pattern.len() > SCHEMA_PATTERN_TEXT_BYTES_MAX {
            return Err(format!(
                "must be at most {SCHEMA_PATTERN_TEXT_BYTES_MAX} bytes long"
            ));
        }
        self.text_bytes += pattern.len();
        if self.costs.len() >= SCHEMA_PATTERNS_MAX {
            return Err(format!(
                "is one too many: a schema has at most {SCHEMA_PATTERNS_MAX} regular expressions"
            ));
        }
        if self.text_bytes > SCHEMA_PATTERNS_TEXT_BYTES_MAX {
            return Err(format!(
                "is too long: the regular expressions of a schema are at most {SCHEMA_PATTERNS_TEXT_BYTES_MAX} bytes together"
            ));
        }
        // As the validator translates and reads it.
        let hir = jsonschema_regex::to_rust_regex(pattern)
            .ok()
            .and_then(|translated| regex_syntax::parse(&translated).ok())
            .ok_or("is not a regular expression without look-around and back-references")?;
        let cost = PatternCost::of(&hir);
        if cost.bytes > count(SCHEMA_PATTERN_BYTES_MAX) {
            return Err(format!(
                "must be at most {SCHEMA_PATTERN_BYTES_MAX} bytes once compiled"
            ));
        }
        self.costs.insert(pattern.to_owned(), cost);
        Ok(cost)
    }

    /// Memory of all of them once they are compiled and used, in bytes.
    pub(crate) fn compiled_bytes(&self) -> u64 {
        self.costs.values().fold(0, |sum: u64, cost| {
            sum.saturating_add(cost.compiled_bytes())
        })
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(pattern: &str) -> Result<PatternCost, String> {
        Patterns::default().cost(pattern)
    }

    #[test]
    fn repetitions_are_written_out() {
        let once = cost("^[a-z]$").unwrap();
        let often = cost("^[a-z]{50}$").unwrap();
        assert!(often.places > 40 * once.places / 2, "{often:?}");
        assert!(once.compiled_bytes() < 20_000, "{once:?}");
        for bomb in [
            "((a{1,999}){1,999}){1,999}",
            r"^\p{L}{500}$",
            "(?=look)ahead",
            r"(a)\1",
            "(",
        ] {
            assert!(cost(bomb).is_err(), "{bomb}");
        }
    }

    #[test]
    fn a_schema_has_few_of_them() {
        let mut patterns = Patterns::default();
        for n in 0..SCHEMA_PATTERNS_MAX {
            patterns.cost(&format!("^a{n}$")).unwrap();
            patterns.cost("^a0$").unwrap();
        }
        assert!(patterns.cost("^b$").is_err());
        let long = "a".repeat(SCHEMA_PATTERN_TEXT_BYTES_MAX);
        let mut patterns = Patterns::default();
        for n in 0..7 {
            patterns.cost(&format!("{n}{}", &long[1..])).unwrap();
        }
        assert!(patterns.cost(&format!("{}{long}", "x")).is_err());
    }
}
