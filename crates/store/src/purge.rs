use crate::{
    error::StoreError,
    store::{Store, unfinished},
};

impl Store {
    /// Deletes deliveries of deleted webhooks that [`Store::delete_webhook`] left; how many that were.
    pub async fn purge_deleted(&self) -> Result<u64, StoreError> {
        unfinished()
    }
}
