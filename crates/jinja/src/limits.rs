//! Limits that do not depend on who evaluates.

/// Deepest nesting of a template or an expression, in levels of the grammar.
pub(crate) const NESTING_MAX: usize = 64;
/// Most expressions within each other. Operators, members and filters in a row count too: each holds what is before it.
pub(crate) const HEIGHT_MAX: u16 = 150;
/// Most levels of evaluation within each other, through macros and recursive loops too.
pub(crate) const DEPTH_MAX: u32 = 260;
/// Deepest nesting of a value that is printed, compared or serialised, in levels.
pub(crate) const VALUE_DEPTH_MAX: u32 = 150;
/// Deepest nesting of JSON that is read, in levels. What is deeper counts as undefined.
pub(crate) const JSON_DEPTH_MAX: usize = 128;
/// Longest integer that is computed with, in bits. Python prints none of more than 4,300 digits either.
pub(crate) const INTEGER_BITS_MAX: u64 = 14_000;
/// Longest integer of a JSON document that is read as one, in digits. A longer one is a float that prints as published.
pub(crate) const INTEGER_DIGITS_MAX: usize = 4_200;
/// Longest text while a template is rendered, in bytes.
pub(crate) const TEXT_BYTES_MAX: usize = 1024 * 1024;
