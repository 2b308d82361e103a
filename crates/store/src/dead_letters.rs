use posthorn_domain::{
    DeadLetterId, DeliveryId, EventId, EventType, FailureCode, TenantId, Timestamp, WebhookId,
};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::{
    error::StoreError,
    page::{Listed, Page, total},
    session::bounded,
    store::Store,
};

/// A dead letter: what the index of them knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its id; of a delivery's letter the same as the delivery's.
    pub id: DeadLetterId,
    /// Grows with each burial; what pages go by.
    pub position: i64,
    /// Whose it is.
    pub tenant: TenantId,
    /// Why it was buried.
    pub reason: String,
    /// What is in it.
    pub content: LetterContent,
    /// Where it lies in its stream.
    pub stream_sequence: u64,
    /// When it was buried.
    pub created_at: Timestamp,
}

/// What is in a dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterContent {
    /// A delivery that was given up.
    Delivery {
        /// To whom.
        webhook: WebhookId,
        /// What.
        event: EventId,
        /// Its type.
        event_type: EventType,
        /// Attempts made.
        attempts: u32,
        /// The last HTTP status, if any answer came.
        last_status: Option<u16>,
        /// Why no answer came, as the log of deliveries has it. Not written with the letter.
        failure: Option<FailureCode>,
    },
    /// A message that could not be read.
    Malformed {
        /// Where it was published.
        subject: String,
    },
}

impl DeadLetter {
    /// The delivery, if it is one's letter.
    pub fn delivery(&self) -> Option<DeliveryId> {
        match self.content {
            LetterContent::Delivery { .. } => Some(DeliveryId::from_uuid(self.id.as_uuid())),
            LetterContent::Malformed { .. } => None,
        }
    }
}

/// What is in a letter, for filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterKind {
    /// A delivery that was given up.
    Delivery,
    /// A message that could not be read.
    Malformed,
}

/// Which dead letters are wanted. What is `None` does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadLetterFilter {
    /// One of these.
    pub ids: Option<Vec<DeadLetterId>>,
    /// With this in them.
    pub kind: Option<LetterKind>,
    /// For this webhook.
    pub webhook: Option<WebhookId>,
    /// Of this event.
    pub event: Option<EventId>,
    /// Of events of this type.
    pub event_type: Option<EventType>,
    /// Buried from this moment on.
    pub since: Option<Timestamp>,
    /// Buried before this moment.
    pub until: Option<Timestamp>,
}

/// The columns of [`LetterColumns`], for `concat!`.
macro_rules! letter_columns {
    () => {
        "id, position, stream_sequence, created_at, webhook_id, event_id, attempts, last_status, tenant, \
         event_type, subject, reason, \
         (SELECT failure FROM deliveries WHERE deliveries.id = dead_letters.id) AS failure"
    };
}
pub(crate) use letter_columns;

#[derive(sqlx::FromRow)]
pub(crate) struct LetterColumns {
    id: Uuid,
    position: i64,
    stream_sequence: i64,
    created_at: Timestamp,
    webhook_id: Option<Uuid>,
    event_id: Option<Uuid>,
    attempts: i32,
    last_status: Option<i16>,
    tenant: String,
    event_type: Option<String>,
    subject: Option<String>,
    reason: String,
    failure: Option<String>,
}

impl TryFrom<LetterColumns> for DeadLetter {
    type Error = StoreError;

    fn try_from(row: LetterColumns) -> Result<Self, StoreError> {
        let id = DeadLetterId::from_uuid(row.id);
        let corrupt = |what: &str| StoreError::Corrupt(format!("{what} of dead letter {id}"));
        let content = match (row.webhook_id, row.event_id, row.event_type, row.subject) {
            (Some(webhook), Some(event), Some(event_type), _) => LetterContent::Delivery {
                webhook: WebhookId::from_uuid(webhook),
                event: EventId::from_uuid(event),
                event_type: event_type.parse().map_err(|_| corrupt("event type"))?,
                attempts: row.attempts.unsigned_abs(),
                last_status: row.last_status.map(i16::unsigned_abs),
                failure: row.failure.map(FailureCode::from_stored),
            },
            (_, _, _, Some(subject)) => LetterContent::Malformed { subject },
            _ => return Err(corrupt("content")),
        };
        Ok(Self {
            id,
            position: row.position,
            tenant: row.tenant.parse().map_err(|_| corrupt("tenant"))?,
            reason: row.reason,
            content,
            stream_sequence: row.stream_sequence.unsigned_abs(),
            created_at: row.created_at,
        })
    }
}

impl DeadLetterFilter {
    /// Writes the condition: letters of the tenant that are not settled and pass.
    pub(crate) fn push(&self, query: &mut QueryBuilder<Postgres>, tenant: &TenantId) {
        query
            .push(" settled_at IS NULL AND tenant = ")
            .push_bind(tenant.as_str().to_owned());
        if let Some(ids) = &self.ids {
            let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
            query.push(" AND id = ANY(").push_bind(ids).push(")");
        }
        match self.kind {
            None => {}
            Some(LetterKind::Delivery) => drop(query.push(" AND webhook_id IS NOT NULL")),
            Some(LetterKind::Malformed) => drop(query.push(" AND webhook_id IS NULL")),
        }
        if let Some(webhook) = self.webhook {
            query
                .push(" AND webhook_id = ")
                .push_bind(webhook.as_uuid());
        }
        if let Some(event) = self.event {
            // The letters of an event's deliveries have their ids in the event's millisecond.
            let (first, last) = DeliveryId::range_of_event(event);
            query.push(" AND event_id = ").push_bind(event.as_uuid());
            query.push(" AND id >= ").push_bind(first.as_uuid());
            query.push(" AND id <= ").push_bind(last.as_uuid());
        }
        if let Some(event_type) = &self.event_type {
            query
                .push(" AND event_type = ")
                .push_bind(event_type.as_str().to_owned());
        }
        if let Some(since) = self.since {
            query.push(" AND created_at >= ").push_bind(since);
        }
        if let Some(until) = self.until {
            query.push(" AND created_at < ").push_bind(until);
        }
    }

    fn push_from(&self, query: &mut QueryBuilder<Postgres>, tenant: &TenantId) {
        query.push(" FROM dead_letters WHERE");
        self.push(query, tenant);
    }
}

impl Store {
    /// The tenant's dead letters that pass the filter and are not settled.
    pub async fn list_dead_letters(
        &self,
        tenant: &TenantId,
        filter: &DeadLetterFilter,
        page: Page<i64>,
    ) -> Result<Listed<DeadLetter, i64>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let mut query = QueryBuilder::new(concat!("SELECT ", letter_columns!()));
            filter.push_from(&mut query, tenant);
            if let Some(before) = page.before {
                query.push(" AND position < ").push_bind(before);
            }
            query.push(" ORDER BY position DESC");
            page.push_limit(&mut query);
            let rows: Vec<LetterColumns> = query
                .build_query_as()
                .persistent(false)
                .fetch_all(&mut *session)
                .await?;
            let total = total(&mut session, &page, rows.len(), |query| {
                filter.push_from(query, tenant);
            })
            .await?;
            session.finish();

            Listed::of(&page, rows, total, |letter: &DeadLetter| letter.position)
        })
        .await
    }

    /// One dead letter of the tenant; a settled one is not there any more.
    pub async fn get_dead_letter(
        &self,
        tenant: &TenantId,
        id: DeadLetterId,
    ) -> Result<DeadLetter, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let row: Option<LetterColumns> = sqlx::query_as(concat!(
                "SELECT ",
                letter_columns!(),
                " FROM dead_letters WHERE id = $1 AND tenant = $2 AND settled_at IS NULL"
            ))
            .bind(id.as_uuid())
            .bind(tenant.as_str())
            .fetch_optional(&mut *session)
            .await?;
            session.finish();
            row.ok_or(StoreError::NotFound)?.try_into()
        })
        .await
    }
}
