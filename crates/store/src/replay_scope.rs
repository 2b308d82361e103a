use posthorn_domain::{EventId, EventTypePattern, Timestamp, WebhookId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// What is to be delivered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplayScope {
    /// One event.
    Event {
        /// Which.
        event: EventId,
        /// To these webhooks; `None` to all that want it now.
        webhooks: Option<Vec<WebhookId>>,
    },
    /// Events that one webhook wants.
    Webhook {
        /// To whom.
        webhook: WebhookId,
        /// Which events.
        range: ReplayRange,
    },
    /// The dead letters that were chosen for it.
    DeadLetters,
    /// Retries that wait for a webhook that was disabled: they are brought forward to become dead letters.
    Disabled {
        /// Whose.
        webhook: WebhookId,
    },
}

/// Which events of a webhook are delivered again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayRange {
    /// Accepted from this moment on (whole milliseconds count).
    pub since: Timestamp,
    /// Accepted before this moment (whole milliseconds count).
    pub until: Timestamp,
    /// Of a type that one of these matches; `None` of any type.
    pub event_types: Option<Vec<EventTypePattern>>,
    /// How their deliveries stand.
    pub only: ReplayOnly,
}

/// How a delivery must stand to be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplayOnly {
    /// However it stands.
    #[default]
    All,
    /// Not a success, or not there at all.
    Undelivered,
    /// Failed for good.
    Failed,
}

impl ReplayScope {
    /// The name in the API and in the table.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Event { .. } => "event",
            Self::Webhook { .. } => "webhook",
            Self::DeadLetters => "dead_letters",
            Self::Disabled { .. } => "disabled",
        }
    }

    /// The webhook, where there is just one.
    pub const fn webhook(&self) -> Option<WebhookId> {
        match self {
            Self::Webhook { webhook, .. } | Self::Disabled { webhook } => Some(*webhook),
            Self::Event { .. } | Self::DeadLetters => None,
        }
    }

    /// The event, where there is just one.
    pub const fn event(&self) -> Option<EventId> {
        match self {
            Self::Event { event, .. } => Some(*event),
            Self::Webhook { .. } | Self::DeadLetters | Self::Disabled { .. } => None,
        }
    }

    pub(crate) fn selection(&self) -> serde_json::Value {
        match self {
            Self::Event { webhooks, .. } => json!(webhooks),
            Self::Webhook { range, .. } => json!(range),
            Self::DeadLetters | Self::Disabled { .. } => json!(null),
        }
    }

    pub(crate) fn read(
        kind: &str,
        webhook: Option<Uuid>,
        event: Option<Uuid>,
        selection: &str,
    ) -> Option<Self> {
        let webhook = webhook.map(WebhookId::from_uuid);
        match kind {
            "event" => Some(Self::Event {
                event: EventId::from_uuid(event?),
                webhooks: serde_json::from_str(selection).ok()?,
            }),
            "webhook" => Some(Self::Webhook {
                webhook: webhook?,
                range: serde_json::from_str(selection).ok()?,
            }),
            "dead_letters" => Some(Self::DeadLetters),
            "disabled" => Some(Self::Disabled { webhook: webhook? }),
            _ => None,
        }
    }
}
