//! Pages of long lists, and how many items there are in all.

use sqlx::{Connection, PgConnection, Postgres, QueryBuilder, types::Json};

use crate::error::StoreError;

/// Up to here a list's total is counted; beyond, it is the planner's estimate.
const TOTAL_EXACT_MAX: u64 = 10_000;
/// How long the counting may take before the estimate has to do, in milliseconds.
const COUNT_TIMEOUT: &str = "SET LOCAL statement_timeout = 2000";

/// Which part of a list is wanted. Lists are newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<Id> {
    /// Most items to return.
    pub limit: u32,
    /// Items to skip. Deep pages are slow by offset; [`Self::before`] stays fast.
    pub offset: u64,
    /// Only what is older than this id: the last of the page before (`next_cursor`).
    pub before: Option<Id>,
}

impl<Id> Page<Id> {
    /// One more than wanted tells whether there are more.
    pub(crate) fn push_limit(&self, query: &mut QueryBuilder<Postgres>) {
        query
            .push(" LIMIT ")
            .push_bind(i64::from(self.limit) + 1)
            .push(" OFFSET ")
            .push_bind(i64::try_from(self.offset).unwrap_or(i64::MAX));
    }

    pub(crate) fn len_max(&self) -> usize {
        usize::try_from(self.limit).unwrap_or(usize::MAX)
    }

    pub(crate) fn has_more(&self, found: usize) -> bool {
        found > self.len_max()
    }

    /// The total, where this page alone tells it: it is the first or holds something, and it is the last.
    fn known_total(&self, found: usize) -> Option<u64> {
        let ends_here =
            self.before.is_none() && !self.has_more(found) && (found > 0 || self.offset == 0);
        ends_here.then_some(self.offset + found as u64)
    }
}

/// One page of a list, newest first.
#[derive(Debug, Clone)]
pub struct Listed<T, Id> {
    /// What is on the page.
    pub items: Vec<T>,
    /// How many pass the filter, on all pages.
    pub total: u64,
    /// Whether [`Self::total`] was counted; above 10,000 it is the planner's estimate.
    pub total_exact: bool,
    /// Whether more follow this page.
    pub has_more: bool,
    /// What to pass as [`Page::before`] for the next page, if there is one.
    pub next_cursor: Option<Id>,
}

impl<T, Id> Listed<T, Id> {
    /// Makes a page of the rows that were found for it; `id` is what the list is ordered by.
    pub(crate) fn of<Row>(
        page: &Page<Id>,
        rows: Vec<Row>,
        total: Total,
        id: impl Fn(&T) -> Id,
    ) -> Result<Self, StoreError>
    where
        T: TryFrom<Row, Error = StoreError>,
    {
        let has_more = page.has_more(rows.len());
        let shown = rows.into_iter().take(page.len_max()).map(T::try_from);
        let items = shown.collect::<Result<Vec<T>, _>>()?;
        Ok(Self::with(items, has_more, total, id))
    }

    /// The same, without rows that cannot be read.
    pub(crate) fn of_readable<Row>(
        page: &Page<Id>,
        rows: Vec<Row>,
        total: Total,
        id: impl Fn(&T) -> Id,
    ) -> Self
    where
        T: TryFrom<Row, Error = StoreError>,
    {
        let has_more = page.has_more(rows.len());
        let shown = rows.into_iter().take(page.len_max()).map(T::try_from);
        Self::with(shown.filter_map(Result::ok).collect(), has_more, total, id)
    }

    fn with(items: Vec<T>, has_more: bool, total: Total, id: impl Fn(&T) -> Id) -> Self {
        Self {
            next_cursor: items.last().map(id).filter(|_| has_more),
            items,
            total: total.total,
            total_exact: total.exact,
            has_more,
        }
    }
}

/// How many items pass a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Total {
    pub(crate) total: u64,
    pub(crate) exact: bool,
}

impl Total {
    /// What was counted.
    pub(crate) const fn exactly(total: u64) -> Self {
        Self { total, exact: true }
    }
}

/// Counts what `push_filter` (` FROM … WHERE …`) lets pass, of which the page `found` some.
pub(crate) async fn total<Id>(
    connection: &mut PgConnection,
    page: &Page<Id>,
    found: usize,
    push_filter: impl Fn(&mut QueryBuilder<Postgres>),
) -> Result<Total, StoreError> {
    if let Some(total) = page.known_total(found) {
        return Ok(Total { total, exact: true });
    }
    let counted = count(connection, &push_filter).await?;
    if let Some(total) = counted.filter(|count| *count <= TOTAL_EXACT_MAX) {
        return Ok(Total { total, exact: true });
    }
    let estimate = estimate(connection, &push_filter).await?;
    Ok(Total {
        total: estimate.max(counted.unwrap_or(0)),
        exact: false,
    })
}

/// The number of rows, no further than one above the maximum; `None` if that takes too long.
async fn count(
    connection: &mut PgConnection,
    push_filter: &impl Fn(&mut QueryBuilder<Postgres>),
) -> Result<Option<u64>, StoreError> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM (SELECT 1");
    push_filter(&mut query);
    query.push(format!(" LIMIT {}) AS counted", TOTAL_EXACT_MAX + 1));

    let mut tx = connection.begin().await?;
    sqlx::query(COUNT_TIMEOUT).execute(&mut *tx).await?;
    let counted = query
        .build_query_scalar::<i64>()
        .persistent(false)
        .fetch_one(&mut *tx)
        .await;
    match counted {
        Ok(count) => {
            tx.commit().await?;
            Ok(Some(count.unsigned_abs()))
        }
        Err(error) if is_statement_timeout(&error) => {
            tx.rollback().await?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn is_statement_timeout(error: &sqlx::Error) -> bool {
    const QUERY_CANCELED: &str = "57014";
    error
        .as_database_error()
        .and_then(|error| error.code())
        .is_some_and(|code| code == QUERY_CANCELED)
}

async fn estimate(
    connection: &mut PgConnection,
    push_filter: &impl Fn(&mut QueryBuilder<Postgres>),
) -> Result<u64, StoreError> {
    let mut query = QueryBuilder::new("EXPLAIN (FORMAT JSON) SELECT 1");
    push_filter(&mut query);
    let Json(plan): Json<serde_json::Value> = query
        .build_query_scalar()
        .persistent(false)
        .fetch_one(connection)
        .await?;
    Ok(plan[0]["Plan"]["Plan Rows"].as_u64().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(offset: u64, before: Option<i64>) -> Page<i64> {
        Page {
            limit: 10,
            offset,
            before,
        }
    }

    #[test]
    fn a_last_page_tells_the_total() {
        assert_eq!(page(0, None).known_total(0), Some(0));
        assert_eq!(page(0, None).known_total(10), Some(10));
        assert_eq!(page(20, None).known_total(3), Some(23));
    }

    #[test]
    fn other_pages_do_not() {
        assert_eq!(page(0, None).known_total(11), None, "more follow");
        assert_eq!(page(20, None).known_total(0), None, "beyond the end");
        assert_eq!(page(0, Some(7)).known_total(3), None, "others came before");
    }
}
