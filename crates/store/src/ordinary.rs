//! Lists without what Posthorn says of itself.
//!
//! An index would be one more entry for each event and each delivery. Without one, a page passes over the operational
//! events that lie among the others, on its way through the tenant's index. How many those can be is bounded by what
//! makes them: an ordinary event brings one `delivery.exhausted` for each webhook that gives it up, and few of the
//! other types.

use posthorn_domain::OperationalType;
use sqlx::{Postgres, QueryBuilder};

/// Writes the condition ` AND event_type NOT IN (…)`. The names stand in the statement, so that the planner knows how
/// rare they are.
pub(crate) fn push_ordinary(query: &mut QueryBuilder<Postgres>) {
    query.push(" AND event_type NOT IN (");
    for (n, kind) in OperationalType::ALL.into_iter().enumerate() {
        let comma = if n == 0 { "" } else { ", " };
        query.push(format_args!("{comma}'{kind}'"));
    }
    query.push(")");
}
