use chrono::{DateTime, Utc};
use posthorn_domain::{
    DeadLetterId, DeliveryId, EventId, EventType, FailureCode, TenantId, WebhookId,
};
use posthorn_store::{DeadLetter, LetterContent, LetterKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What could not be delivered or read.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadLetter)]
pub(crate) struct DeadLetterView {
    /// Of kind `delivery` the same as the delivery's.
    id: DeadLetterId,
    kind: KindView,
    #[schema(value_type = String)]
    tenant: TenantId,
    delivery_id: Option<DeliveryId>,
    webhook_id: Option<WebhookId>,
    event_id: Option<EventId>,
    #[schema(value_type = Option<String>)]
    event_type: Option<EventType>,
    /// Why it was given up, in words.
    reason: String,
    /// Attempts made.
    attempt_count: u32,
    /// HTTP status of the last attempt, if an answer came.
    status_code: Option<u16>,
    /// Of kind `delivery`: why no answer came to the last attempt, as a stable code. Null where the receiver answered,
    /// and when the delivery's record is no longer kept.
    #[schema(value_type = Option<String>, example = "connection_refused")]
    failure: Option<FailureCode>,
    /// Of kind `malformed`: where the message was published.
    subject: Option<String>,
    /// When it was given up.
    created_at: DateTime<Utc>,
}

/// `delivery`: it used up its attempts. `malformed`: a message that could not be read.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[schema(as = DeadLetterKind)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KindView {
    Delivery,
    Malformed,
}

impl From<KindView> for LetterKind {
    fn from(kind: KindView) -> Self {
        match kind {
            KindView::Delivery => Self::Delivery,
            KindView::Malformed => Self::Malformed,
        }
    }
}

impl From<DeadLetter> for DeadLetterView {
    fn from(letter: DeadLetter) -> Self {
        let delivery_id = letter.delivery();
        let view = Self {
            id: letter.id,
            kind: KindView::Malformed,
            tenant: letter.tenant,
            delivery_id,
            webhook_id: None,
            event_id: None,
            event_type: None,
            reason: letter.reason,
            attempt_count: 0,
            status_code: None,
            failure: None,
            subject: None,
            created_at: letter.created_at,
        };
        match letter.content {
            LetterContent::Malformed { subject } => Self {
                subject: Some(subject),
                ..view
            },
            LetterContent::Delivery {
                webhook,
                event,
                event_type,
                attempts,
                last_status,
                failure,
            } => Self {
                kind: KindView::Delivery,
                webhook_id: Some(webhook),
                event_id: Some(event),
                event_type: Some(event_type),
                attempt_count: attempts,
                status_code: last_status,
                failure,
                ..view
            },
        }
    }
}
