//! The end of what no partition ends: the audit log, the index of dead letters, replays, erasures and their tombstones, and
//! the rows that deleted webhooks and tenants leave.

use crate::{error::StoreError, retention::RetentionTime, store::Store};

/// So many days longer than anything in the streams is a tombstone kept.
const TOMBSTONES_KEPT_DAYS: u32 = 30;

impl Store {
    /// Deletes the entries of the audit log that are older than `days`; how many that were.
    pub async fn drop_expired_audit(
        &self,
        time: RetentionTime,
        days: u32,
    ) -> Result<u64, StoreError> {
        // Ids grow with time: the oldest entries are the first of the primary key, and no other is looked at.
        self.delete_in_rounds(
            "DELETE FROM audit_log WHERE id = ANY (ARRAY(
                 SELECT id FROM (SELECT id, at FROM audit_log ORDER BY id LIMIT $2) oldest WHERE at < $1))",
            time.days_before(days),
        )
        .await
    }

    /// Deletes what the index holds of dead letters older than `days`, which the stream has dropped; how many that
    /// were.
    pub async fn drop_expired_letters(
        &self,
        time: RetentionTime,
        days: u32,
    ) -> Result<u64, StoreError> {
        self.delete_in_rounds(
            "DELETE FROM dead_letters WHERE id = ANY (ARRAY(
                 SELECT id FROM dead_letters WHERE created_at < $1 ORDER BY created_at LIMIT $2))",
            time.days_before(days),
        )
        .await
    }

    /// Deletes replays that ended more than `days` ago; how many that were.
    pub async fn drop_old_replays(
        &self,
        time: RetentionTime,
        days: u32,
    ) -> Result<u64, StoreError> {
        self.delete_in_rounds(
            "DELETE FROM replays WHERE id = ANY (ARRAY(SELECT id FROM replays WHERE finished_at < $1 LIMIT $2))",
            time.days_before(days),
        )
        .await
    }

    /// Deletes erasures that ended more than `days` ago; how many that were.
    pub async fn drop_old_erasures(
        &self,
        time: RetentionTime,
        days: u32,
    ) -> Result<u64, StoreError> {
        self.delete_in_rounds(
            "DELETE FROM erasures WHERE id = ANY (ARRAY(SELECT id FROM erasures WHERE finished_at < $1 LIMIT $2))",
            time.days_before(days),
        )
        .await
    }

    /// Forgets tombstones of events, and of tenants, that are older than `days` and `TOMBSTONES_KEPT_DAYS` more: no
    /// message of theirs is anywhere. How many that were.
    pub async fn drop_old_tombstones(
        &self,
        time: RetentionTime,
        days: u32,
    ) -> Result<u64, StoreError> {
        let oldest = time.days_before(days.saturating_add(TOMBSTONES_KEPT_DAYS));
        let events = self
            .delete_in_rounds(
                // Positions grow with time: the oldest are the first, and no other is looked at.
                "DELETE FROM erased_events WHERE event_id = ANY (ARRAY(
                     SELECT event_id FROM (SELECT event_id, erased_at, stage FROM erased_events ORDER BY position LIMIT $2)
                         oldest WHERE erased_at < $1 AND stage = 2))",
                oldest,
            )
            .await?;
        let tenants = self
            .delete_in_rounds(
                "DELETE FROM deleted_tenants WHERE tenant = ANY (ARRAY(
                     SELECT tenant FROM deleted_tenants WHERE deleted_at < $1 LIMIT $2))",
                oldest,
            )
            .await?;
        Ok(events + tenants)
    }

    /// Forgets webhooks that were deleted, with everything that was theirs, more than `days` ago; how many that were.
    ///
    /// A reader of [`Store::changes_since`] that has not read since then does not learn of their deletion any more,
    /// and must begin again, from version 0.
    pub async fn forget_deleted(&self, time: RetentionTime, days: u32) -> Result<u64, StoreError> {
        self.delete_in_rounds(
            "DELETE FROM webhooks WHERE id = ANY (ARRAY(
                 SELECT id FROM webhooks WHERE purged_at < $1 ORDER BY purged_at LIMIT $2))",
            time.days_before(days),
        )
        .await
    }
}
