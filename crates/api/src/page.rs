//! Which part of a list is wanted.

use posthorn_store::Page;

use crate::problem::Problem;

/// Items on a page unless the caller says otherwise.
const LIMIT_DEFAULT: u32 = 50;
/// Most items on a page.
pub(crate) const LIMIT_MAX: u32 = 500;
/// Deepest page that can be reached by counting.
pub(crate) const OFFSET_MAX: u64 = 1_000_000_000;

/// Checks `limit` and `offset`.
pub(crate) fn limit_and_offset(
    limit: Option<i64>,
    offset: Option<i64>,
) -> Result<(u32, u64), Problem> {
    let limit = match limit {
        None => LIMIT_DEFAULT,
        Some(limit) => u32::try_from(limit)
            .ok()
            .filter(|limit| (1..=LIMIT_MAX).contains(limit))
            .ok_or_else(|| Problem::field("limit", format!("must be between 1 and {LIMIT_MAX}")))?,
    };
    let offset = u64::try_from(offset.unwrap_or(0))
        .ok()
        .filter(|offset| *offset <= OFFSET_MAX)
        .ok_or_else(|| Problem::field("offset", format!("must be between 0 and {OFFSET_MAX}")))?;
    Ok((limit, offset))
}

/// Checks `limit`, `offset` and `cursor`.
pub(crate) fn page<Id>(
    limit: Option<i64>,
    offset: Option<i64>,
    cursor: Option<Id>,
) -> Result<Page<Id>, Problem> {
    let (limit, offset) = limit_and_offset(limit, offset)?;
    Ok(Page {
        limit,
        offset,
        before: cursor,
    })
}

/// For `total_exact`, which stands in an answer only where it is false.
pub(crate) fn is_true(exact: &bool) -> bool {
    *exact
}
