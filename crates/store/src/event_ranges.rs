use posthorn_domain::{DeliveryId, EventId};
use sqlx::{
    Postgres,
    postgres::PgArguments,
    query::{QueryAs, QueryScalar},
};
use uuid::Uuid;

/// Of each event the range of its deliveries' ids, and the bounds of all: they leave out partitions that hold none.
pub(crate) struct Ranges {
    pub(crate) events: Vec<Uuid>,
    pub(crate) low: Vec<Uuid>,
    pub(crate) high: Vec<Uuid>,
    pub(crate) first: Uuid,
    pub(crate) last: Uuid,
}

impl Ranges {
    /// `None` where there are no events.
    pub(crate) fn of(events: &[EventId]) -> Option<Self> {
        let ranges = events.iter().map(|id| DeliveryId::range_of_event(*id));
        let (low, high): (Vec<Uuid>, Vec<Uuid>) = ranges
            .map(|(low, high)| (low.as_uuid(), high.as_uuid()))
            .unzip();
        Some(Self {
            events: events.iter().map(|id| id.as_uuid()).collect(),
            first: *low.iter().min()?,
            last: *high.iter().max()?,
            low,
            high,
        })
    }

    /// Binds $1 to $5: events, the first and last id of each, and the first and last of all.
    pub(crate) fn bind<'q, O>(
        &'q self,
        query: QueryScalar<'q, Postgres, O, PgArguments>,
    ) -> QueryScalar<'q, Postgres, O, PgArguments> {
        query
            .persistent(false)
            .bind(&self.events)
            .bind(&self.low)
            .bind(&self.high)
            .bind(self.first)
            .bind(self.last)
    }

    /// The same for a query of rows.
    pub(crate) fn bind_as<'q, O>(
        &'q self,
        query: QueryAs<'q, Postgres, O, PgArguments>,
    ) -> QueryAs<'q, Postgres, O, PgArguments> {
        query
            .persistent(false)
            .bind(&self.events)
            .bind(&self.low)
            .bind(&self.high)
            .bind(self.first)
            .bind(self.last)
    }
}
