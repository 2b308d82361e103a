use std::num::NonZeroU32;

use crate::field_error::FieldError;

/// Collects mistakes, so that the caller hears of all of them at once.
#[derive(Default)]
pub(super) struct Mistakes(pub(super) Vec<FieldError>);

impl Mistakes {
    pub(super) fn note(&mut self, field: &str, detail: impl Into<String>) {
        self.0.push(FieldError::new(field, detail));
    }

    pub(super) fn keep<T>(
        &mut self,
        field: &str,
        result: Result<T, impl Into<String>>,
    ) -> Option<T> {
        result.map_err(|detail| self.note(field, detail)).ok()
    }

    pub(super) fn keep_all<T>(&mut self, result: Result<T, Vec<FieldError>>) -> Option<T> {
        result.map_err(|errors| self.0.extend(errors)).ok()
    }

    /// A number within `min..=max`, or the default where none is given.
    pub(super) fn ranged(
        &mut self,
        field: &str,
        value: Option<i64>,
        (min, max): (i64, i64),
        default: i64,
    ) -> i64 {
        let value = value.unwrap_or(default);
        if !(min..=max).contains(&value) {
            self.note(field, format!("must be between {min} and {max}"));
        }
        value.clamp(min, max)
    }

    pub(super) fn optional_bound(
        &mut self,
        field: &str,
        value: Option<i64>,
        max: u32,
    ) -> Option<NonZeroU32> {
        let value = self.ranged(field, Some(value?), (1, i64::from(max)), 1);
        u32::try_from(value).ok().and_then(NonZeroU32::new)
    }
}
