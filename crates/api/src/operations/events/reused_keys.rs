//! An idempotency key names one event.

use std::collections::HashMap;

use posthorn_domain::FieldError;

use super::draft::Draft;
use crate::problem::{Code, Problem};

/// Keys that belong to other events.
pub(super) fn reused(errors: Vec<FieldError>) -> Problem {
    Problem::wrong_fields(Code::IdempotencyKeyReused, errors)
}

/// Refuses an array in which one key names two events that differ, before any of it is stored.
pub(super) fn refuse_keys_for_two(drafts: &[Draft]) -> Result<(), Problem> {
    let mut first_of = HashMap::with_capacity(drafts.len());
    let mut errors = Vec::new();
    for (index, draft) in drafts.iter().enumerate() {
        let Some(key) = &draft.idempotency_key else {
            continue;
        };
        let first = *first_of.entry(key.as_str()).or_insert(index);
        let is_other = drafts.get(first).is_some_and(|first| {
            first.event_type != draft.event_type
                || first.data != draft.data
                || first.data_is_bytes() != draft.data_is_bytes()
        });
        if is_other {
            errors.push(FieldError::new(
                format!("[{index}].idempotency_key"),
                format!("belongs to [{first}] already, which has another type or other data"),
            ));
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(reused(errors))
    }
}
