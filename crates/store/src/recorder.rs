use crate::{
    error::StoreError,
    records::RecordBatch,
    store::{Store, unfinished},
};

impl Store {
    /// Records a batch: all of it or nothing.
    ///
    /// Writing the same batch twice changes nothing. A record never moves its delivery backwards: it counts
    /// only if it has more attempts than the row, or as many and a later state (pending, retrying, settled),
    /// or as many, the same unsettled state and a later `next_retry_at`. Rows of deleted webhooks are dropped.
    pub async fn write(&self, batch: &RecordBatch) -> Result<(), StoreError> {
        let _ = batch;
        unfinished()
    }
}
