use posthorn_domain::Timestamp;

use crate::{
    error::StoreError,
    store::{Store, unfinished},
};

impl Store {
    /// Makes the partitions of the days ahead of `now`. Safe when several services do it at once.
    pub async fn ensure_partitions(&self, now: Timestamp) -> Result<(), StoreError> {
        let _ = now;
        unfinished()
    }

    /// Drops what is older than `retention_days`; how many partitions that were.
    pub async fn drop_expired(
        &self,
        now: Timestamp,
        retention_days: u32,
    ) -> Result<u32, StoreError> {
        let _ = (now, retention_days);
        unfinished()
    }
}
