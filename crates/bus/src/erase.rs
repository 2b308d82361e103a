//! Taking messages out of the streams, so that nothing of them is left.
//!
//! nats-server (2.15) overwrites a message's bytes in its file when it deletes it by its place, and rewrites and syncs the
//! whole block that holds it, up to 8 MiB, during which the stream stands still. So few are deleted at a time
//! ([`AT_ONCE_MAX`]). Purging by subject overwrites nothing: the bytes stay until half of the block is deleted, or the block
//! expires. The same holds for what a work queue has let go after its acknowledgement.
//! `tests/erasing.rs` asks the server.

use futures::{StreamExt, TryStreamExt, stream};
use posthorn_domain::{DeliveryId, EventId, TenantId, WebhookId};

use crate::{
    api,
    bus::Bus,
    error::BusError,
    event_message::StoredMessage,
    subject::{self, DEAD_LETTERS_STREAM, DELIVERIES_STREAM, EVENTS_STREAM},
};

/// Messages that are deleted at the same time.
const AT_ONCE_MAX: usize = 16;

/// Whether the bytes of a deleted message are overwritten in the stream's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Yes: nothing of it is left.
    Yes,
    /// No: they stay until the server compacts the file, which costs next to nothing.
    No,
}

/// An event, and where it was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventAt {
    /// Its id.
    pub id: EventId,
    /// Its place in the stream of events.
    pub sequence: u64,
}

impl Bus {
    /// Deletes events from their stream. One that is not there any more, or another in its place (the stream was made
    /// again), is left alone.
    ///
    /// # Errors
    /// [`BusError::Unavailable`] when NATS does not answer; some may be deleted then. Again does no harm.
    pub async fn erase_events(
        &self,
        events: &[EventAt],
        overwrite: Overwrite,
    ) -> Result<(), BusError> {
        stream::iter(events.to_vec())
            .map(|event| self.erase_event(event, overwrite))
            .buffer_unordered(AT_ONCE_MAX)
            .try_collect()
            .await
    }

    async fn erase_event(&self, event: EventAt, overwrite: Overwrite) -> Result<(), BusError> {
        let Some(message) = self.message_at(EVENTS_STREAM, event.sequence).await? else {
            return Ok(());
        };
        let stored = StoredMessage {
            subject: &message.subject,
            headers: Some(&message.headers),
            payload: &message.payload,
            sequence: message.sequence,
            stored_at: message.time,
        };
        if stored.id(&self.config) != event.id {
            return Ok(());
        }
        self.erase_message(EVENTS_STREAM, event.sequence, overwrite)
            .await
    }

    /// Takes back what waits for its time, and overwrites it.
    ///
    /// # Errors
    /// As [`Bus::erase_events`].
    pub async fn erase_schedules(&self, deliveries: &[DeliveryId]) -> Result<(), BusError> {
        stream::iter(deliveries.to_vec())
            .map(|delivery| self.erase_schedule(delivery))
            .buffer_unordered(AT_ONCE_MAX)
            .try_collect()
            .await
    }

    async fn erase_schedule(&self, delivery: DeliveryId) -> Result<(), BusError> {
        self.erase_subject(DELIVERIES_STREAM, &subject::later(delivery))
            .await
    }

    /// Deletes a message by its place, whatever it is. One that is not there any more is no error.
    ///
    /// # Errors
    /// As [`Bus::erase_events`].
    pub async fn erase_message(
        &self,
        stream: &str,
        sequence: u64,
        overwrite: Overwrite,
    ) -> Result<(), BusError> {
        let is_overwritten = overwrite == Overwrite::Yes;
        Ok(api::delete(&self.jetstream, stream, sequence, is_overwritten).await?)
    }

    /// Deletes every event and dead letter of a tenant.
    ///
    /// # Errors
    /// As [`Bus::erase_events`].
    pub async fn erase_tenant(&self, tenant: &TenantId) -> Result<(), BusError> {
        self.erase_subject(EVENTS_STREAM, &subject::of_tenant(tenant))
            .await?;
        self.erase_subject(DEAD_LETTERS_STREAM, &subject::dead_letters_of(tenant))
            .await
    }

    /// Deletes what is due for a webhook and was not taken up.
    ///
    /// # Errors
    /// As [`Bus::erase_events`].
    pub async fn erase_due(&self, webhook: WebhookId) -> Result<(), BusError> {
        self.erase_subject(DELIVERIES_STREAM, &subject::ready(webhook))
            .await
    }

    /// Deletes all that lies on a subject, one after the other.
    async fn erase_subject(&self, stream: &str, subject: &str) -> Result<(), BusError> {
        let mut from = 1;
        while let Some(message) = api::next_raw(&self.jetstream, stream, subject, from).await? {
            self.erase_message(stream, message.seq, Overwrite::Yes)
                .await?;
            from = message.seq.saturating_add(1);
        }
        Ok(())
    }
}
