use clap::Args;
use posthorn_domain::{EventType, Timestamp};

use crate::{
    exit::Failure,
    moment,
    remote::{Common, List, PageOptions, Query},
    show::columns::{Column, text, time},
};

const COLUMNS: &[Column] = &[
    text("ID", "id"),
    text("TYPE", "type"),
    time("ACCEPTED", "accepted_at"),
    time("HAPPENED", "timestamp"),
];

/// List events, the newest first
#[derive(Args)]
pub(super) struct Arguments {
    /// Of this type
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<EventType>,
    /// Also those that Posthorn publishes itself, such as webhook.failing
    #[arg(long)]
    operational: bool,
    /// Accepted from this moment on, such as 2h ago or 2026-01-26T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Option<Timestamp>,
    /// Accepted before this moment
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    until: Option<Timestamp>,
    #[command(flatten)]
    page: PageOptions,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    let list = List {
        query: Query::new("/events")
            .with("type", arguments.event_type)
            .with("operational", arguments.operational.then_some(true))
            .with("since", arguments.since.as_ref().map(moment::rfc3339))
            .with("until", arguments.until.as_ref().map(moment::rfc3339)),
        items: "events",
        columns: COLUMNS,
    };
    list.print(&session.client, &arguments.page, session.format)
        .await
}
