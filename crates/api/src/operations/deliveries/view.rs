use chrono::{DateTime, Utc};
use posthorn_domain::{
    DeliveryId, DeliveryStatus, EventId, EventType, FailureCode, TenantId, WebhookId,
};
use posthorn_store::Delivery;
use serde::Serialize;
use utoipa::ToSchema;

/// One event for one webhook.
#[derive(Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryView {
    id: DeliveryId,
    #[schema(value_type = String)]
    tenant: TenantId,
    webhook_id: WebhookId,
    event_id: EventId,
    #[schema(value_type = String)]
    event_type: EventType,
    status: DeliveryStatus,
    /// HTTP status of the last attempt, if an answer came.
    status_code: Option<u16>,
    /// How long the last attempt took.
    response_time_ms: Option<u32>,
    /// Why no answer came to the last attempt, as a stable code: `timeout`, `connection_refused`, `tls_untrusted` …
    /// Null where the receiver answered.
    #[schema(value_type = Option<String>, example = "connection_refused")]
    failure: Option<FailureCode>,
    /// Why the last attempt failed, in words.
    error_message: Option<String>,
    attempt_count: u32,
    next_retry_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    delivered_at: Option<DateTime<Utc>>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id,
            tenant: delivery.tenant,
            webhook_id: delivery.webhook,
            event_id: delivery.event,
            event_type: delivery.event_type,
            status: delivery.status,
            status_code: delivery.status_code,
            response_time_ms: delivery.response_time_ms,
            failure: delivery.failure,
            error_message: delivery.error_message,
            attempt_count: delivery.attempt_count,
            next_retry_at: delivery.next_retry_at,
            created_at: delivery.created_at,
            delivered_at: delivery.delivered_at,
        }
    }
}
