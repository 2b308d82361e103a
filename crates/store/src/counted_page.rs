//! One page of a short list that is paged by offset, and the exact number of rows on all pages.

use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, postgres::PgRow};

/// Which page, of what.
pub(crate) struct CountedPage {
    pub(crate) columns: &'static str,
    pub(crate) order: &'static str,
    pub(crate) limit: u32,
    pub(crate) offset: u64,
}

impl CountedPage {
    /// Reads the page and counts what `push_filter` (` FROM … WHERE …`) lets pass.
    pub(crate) async fn read<R>(
        &self,
        connection: &mut PgConnection,
        push_filter: impl Fn(&mut QueryBuilder<Postgres>),
    ) -> Result<(Vec<R>, u64), sqlx::Error>
    where
        R: for<'row> FromRow<'row, PgRow> + Send + Unpin,
    {
        let mut query = QueryBuilder::new("SELECT ");
        query.push(self.columns);
        push_filter(&mut query);
        query
            .push(" ORDER BY ")
            .push(self.order)
            .push(" LIMIT ")
            .push_bind(i64::from(self.limit))
            .push(" OFFSET ")
            .push_bind(i64::try_from(self.offset).unwrap_or(i64::MAX));
        let rows = query
            .build_query_as()
            .persistent(false)
            .fetch_all(&mut *connection)
            .await?;

        let mut query = QueryBuilder::new("SELECT count(*)");
        push_filter(&mut query);
        let total: i64 = query
            .build_query_scalar()
            .persistent(false)
            .fetch_one(connection)
            .await?;
        Ok((rows, total.unsigned_abs()))
    }
}
