use chrono::TimeDelta;
use posthorn_domain::{EventId, EventType, TenantId};

use crate::{
    error::StoreError, event_type_reads::type_name, session::bounded, statistics::before,
    store::Store,
};

/// How far back is looked.
const WINDOW: TimeDelta = TimeDelta::days(7);
/// Most types that are told, the first by their names.
pub const SEEN_EVENT_TYPES_MAX: u32 = 500;

impl Store {
    /// The types of the tenant's events of the last seven days, in the order of their names, operational ones left out; at
    /// most [`SEEN_EVENT_TYPES_MAX`].
    ///
    /// One step in the index of each day finds the next name, however many events have it, so the work is bounded by the
    /// number of names.
    pub async fn seen_event_types(&self, tenant: &TenantId) -> Result<Vec<EventType>, StoreError> {
        // Whole days, so that the index of the first one has nothing to pass over.
        let first_day = before(self.shared.clock.now(), WINDOW).date_naive();
        let since = first_day.and_time(chrono::NaiveTime::MIN).and_utc();
        let names: Vec<String> = bounded(async {
            let mut session = self.session().await?;
            let names = sqlx::query_scalar(
                "WITH RECURSIVE seen AS (
                     (SELECT event_type FROM events WHERE tenant = $1 AND id >= $2 ORDER BY event_type LIMIT 1)
                     UNION ALL
                     SELECT (SELECT event_type FROM events WHERE tenant = $1 AND event_type > seen.event_type AND id >= $2
                             ORDER BY event_type LIMIT 1)
                     FROM seen WHERE seen.event_type IS NOT NULL)
                 SELECT event_type FROM seen WHERE event_type IS NOT NULL LIMIT $3",
            )
            .persistent(false)
            .bind(tenant.as_str())
            .bind(EventId::floor_at(since).as_uuid())
            .bind(i64::from(SEEN_EVENT_TYPES_MAX))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            Ok::<_, StoreError>(names)
        })
        .await?;
        let types = names.iter().map(|text| type_name(text));
        let ordinary =
            |seen: &Result<EventType, _>| seen.as_ref().map_or(true, |seen| !seen.is_operational());
        types.filter(ordinary).collect()
    }
}
