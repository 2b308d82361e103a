use clap::Args;
use posthorn_domain::{EventId, EventType, Timestamp, WebhookId};

use crate::{moment, remote::Query};

/// Which deliveries are meant.
#[derive(Args, Debug)]
pub(crate) struct DeliveryFilter {
    /// For this webhook
    #[arg(long, value_name = "ID")]
    webhook: Option<WebhookId>,
    /// In this state
    #[arg(long, value_parser = ["pending", "success", "retrying", "failed"])]
    status: Option<String>,
    /// Of events of this type
    #[arg(long, value_name = "TYPE")]
    event_type: Option<EventType>,
    /// Also those of events that Posthorn publishes itself, such as webhook.failing
    #[arg(long)]
    operational: bool,
    /// Of this event
    #[arg(long, value_name = "ID")]
    event: Option<EventId>,
    /// Of events accepted from this moment on, such as 2h ago or 2026-01-26T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Option<Timestamp>,
    /// Of events accepted before this moment
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    until: Option<Timestamp>,
}

impl DeliveryFilter {
    /// The list of them; `below` is what follows `/deliveries`.
    pub(crate) fn query(&self, below: &str) -> Query {
        let path = match self.webhook {
            Some(webhook) => format!("/webhooks/{webhook}/deliveries{below}"),
            None => format!("/deliveries{below}"),
        };
        Query::new(path)
            .with("status", self.status.as_ref())
            .with("event_type", self.event_type.as_ref())
            .with("operational", self.operational.then_some(true))
            .with("event_id", self.event)
            .with("since", self.since.as_ref().map(moment::rfc3339))
            .with("until", self.until.as_ref().map(moment::rfc3339))
    }
}
