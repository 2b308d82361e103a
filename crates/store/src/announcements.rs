//! Operational events between the transaction that decided them and their publishing.
//!
//! Who decided one publishes it and then forgets it here. If that process dies in between, another finds it after
//! a while and publishes it, under the same id: what was published twice is one event.

use bytes::Bytes;
use posthorn_domain::{
    Event, EventId, JsonText, OperationalType, Timestamp, WebhookId, operational_event,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{error::StoreError, session::bounded, store::Store};

#[derive(sqlx::FromRow)]
struct AnnouncementRow {
    id: Uuid,
    created_at: Timestamp,
    webhook_id: Uuid,
    tenant: String,
    event_type: String,
    data: String,
}

/// Keeps operational events until they are published. Others are not taken: they would come back as something else.
pub(crate) async fn insert_announcements(
    connection: &mut PgConnection,
    events: &[Event],
) -> Result<(), StoreError> {
    for event in events {
        let Some(about) = event.about() else {
            return Err(StoreError::Corrupt(format!(
                "event {} is no operational event",
                event.id
            )));
        };
        sqlx::query(
            "INSERT INTO announcements (id, created_at, webhook_id, tenant, event_type, data)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(event.id.as_uuid())
        .bind(event.timestamp)
        .bind(about.as_uuid())
        .bind(event.tenant.as_str())
        .bind(event.event_type.as_str())
        .bind(event.data.as_str())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

impl Store {
    /// At most `limit` operational events that were decided before `before` and wait, the oldest first.
    pub async fn waiting_announcements(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let rows: Vec<AnnouncementRow> = sqlx::query_as(
                "SELECT * FROM announcements WHERE created_at < $1 ORDER BY id LIMIT $2",
            )
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(&mut *session)
            .await?;
            session.finish();
            rows.into_iter().map(read).collect()
        })
        .await
    }

    /// It is published.
    pub async fn forget_announcement(&self, id: EventId) -> Result<(), StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            sqlx::query("DELETE FROM announcements WHERE id = $1")
                .bind(id.as_uuid())
                .execute(&mut *session)
                .await?;
            session.finish();
            Ok(())
        })
        .await
    }
}

fn read(row: AnnouncementRow) -> Result<Event, StoreError> {
    let corrupt = || StoreError::Corrupt(format!("announcement {}", row.id));
    let kind: OperationalType = row.event_type.parse().map_err(|_| corrupt())?;
    let tenant = row.tenant.parse().map_err(|_| corrupt())?;
    let data = JsonText::parse(Bytes::from(row.data)).map_err(|_| corrupt())?;
    let about = WebhookId::from_uuid(row.webhook_id);
    let id = EventId::from_uuid(row.id);
    Ok(operational_event(
        id,
        tenant,
        kind,
        about,
        row.created_at,
        data,
    ))
}
