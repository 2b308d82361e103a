use clap::Args;
use posthorn_domain::EventType;

use crate::{
    exit::Failure,
    remote::{List, PageOptions, Query, Session},
    show::columns::{Column, number, status, text, time},
};

const COLUMNS: &[Column] = &[
    text("ID", "id"),
    text("NAME", "name"),
    status("ENABLED", "enabled"),
    text("URL", "url"),
    text("EVENT TYPES", "event_types"),
    number("DELIVERIES", "total_deliveries"),
    time("LAST", "last_delivery_at"),
    status("STATUS", "last_delivery_status"),
    number("FILTER FAILURES", "filter_failures_24h"),
];

/// List webhooks, the newest first
#[derive(Args)]
pub(super) struct Arguments {
    /// Those that are enabled, or those that are not
    #[arg(long, value_name = "BOOL")]
    enabled: Option<bool>,
    /// Those that want this event type
    #[arg(long, value_name = "TYPE")]
    event_type: Option<EventType>,
    /// Those with this in their name or URL
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    page: PageOptions,
}

pub(super) async fn run(session: &Session, arguments: Arguments) -> Result<(), Failure> {
    let list = List {
        query: Query::new("/webhooks")
            .with("enabled", arguments.enabled)
            .with("event_type", arguments.event_type)
            .with("search", arguments.search),
        items: "webhooks",
        columns: COLUMNS,
    };
    list.print(&session.client, &arguments.page, session.format)
        .await
}
