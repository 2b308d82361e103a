use std::collections::HashMap;

use posthorn_domain::{DeliveryStatus, Timestamp, WebhookId};

use crate::{
    error::StoreError,
    store::{Store, unfinished},
};

/// What a webhook has been sent since it was created; pruned history stays counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WebhookTotals {
    /// Deliveries, each counted once.
    pub total_deliveries: u64,
    /// Those of them that the receiver took, each counted once.
    pub successful_deliveries: u64,
    /// When the last attempt was made.
    pub last_delivery_at: Option<Timestamp>,
    /// Where the delivery of the last attempt stood after it.
    pub last_delivery_status: Option<DeliveryStatus>,
}

impl Store {
    /// The totals of the given webhooks; one that has none yet is absent (take the default).
    pub async fn webhook_totals(
        &self,
        ids: &[WebhookId],
    ) -> Result<HashMap<WebhookId, WebhookTotals>, StoreError> {
        let _ = ids;
        unfinished()
    }
}
