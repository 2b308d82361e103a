//! What a filter or a template may take of a processor and of memory.

use posthorn_jinja::Budget;

use crate::limits::{
    EXPRESSION_BYTES_MAX, EXPRESSION_BYTES_PER_DATA_BYTE, EXPRESSION_FUEL_MAX,
    EXPRESSION_FUEL_PER_DATA_BYTE,
};

/// The more there is to look at, the more may be done: all items of the largest event can be gone through, and little
/// can be wasted on a small one.
pub(crate) fn budget(data_bytes: usize) -> Budget {
    let data = u64::try_from(data_bytes).unwrap_or(u64::MAX);
    Budget {
        steps: EXPRESSION_FUEL_MAX
            .saturating_add(data.saturating_mul(EXPRESSION_FUEL_PER_DATA_BYTE)),
        bytes: EXPRESSION_BYTES_MAX
            .saturating_add(data_bytes.saturating_mul(EXPRESSION_BYTES_PER_DATA_BYTE)),
    }
}
