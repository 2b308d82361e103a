//! Which part of a list is wanted.

use std::fmt::Display;

use posthorn_domain::limits::LIST_OFFSET_MAX;
use posthorn_store::{Listed, Page};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Items on a page unless the caller says otherwise.
const LIMIT_DEFAULT: u32 = 50;
/// Most items on a page.
pub(crate) const LIMIT_MAX: u32 = 500;
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
        .filter(|offset| *offset <= LIST_OFFSET_MAX)
        .ok_or_else(|| {
            let detail = format!(
                "must be between 0 and {LIST_OFFSET_MAX}: use the cursor for what lies deeper"
            );
            Problem::field("offset", detail)
        })?;
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

/// What every page of a list says of itself.
#[derive(Serialize, ToSchema)]
#[schema(as = Page)]
pub(crate) struct PageView {
    /// How many there are on all pages; beyond 10,000 an estimate.
    total: u64,
    /// False where `total` is an estimate; otherwise absent.
    #[serde(skip_serializing_if = "is_true")]
    total_exact: bool,
    limit: u32,
    offset: u64,
    has_more: bool,
    /// The `cursor` of the next page.
    next_cursor: Option<String>,
}

impl PageView {
    /// Describes what was found for a page, and maps its items.
    pub(crate) fn split<T, Id: Display, View: From<T>>(
        page: &Page<Id>,
        found: Listed<T, Id>,
    ) -> (Vec<View>, Self) {
        let view = Self {
            total: found.total,
            total_exact: found.total_exact,
            limit: page.limit,
            offset: page.offset,
            has_more: found.has_more,
            next_cursor: found.next_cursor.map(|id| id.to_string()),
        };
        (found.items.into_iter().map(View::from).collect(), view)
    }
}

/// For `total_exact`, which stands in an answer only where it is false.
pub(crate) fn is_true(exact: &bool) -> bool {
    *exact
}
