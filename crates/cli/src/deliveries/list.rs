use clap::Args;

use super::DeliveryFilter;
use crate::{
    exit::Failure,
    remote::{List, PageOptions, Session},
    show::columns::{Column, number, status, text, time},
};

const COLUMNS: &[Column] = &[
    text("ID", "id"),
    time("CREATED", "created_at"),
    status("STATUS", "status"),
    number("CODE", "status_code"),
    number("MS", "response_time_ms"),
    number("ATTEMPTS", "attempt_count"),
    text("EVENT TYPE", "event_type"),
    text("WEBHOOK", "webhook_id"),
    text("ERROR", "error_message"),
];

/// List deliveries, the newest first
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    filter: DeliveryFilter,
    #[command(flatten)]
    page: PageOptions,
}

pub(super) async fn run(session: &Session, arguments: Arguments) -> Result<(), Failure> {
    let list = List {
        query: arguments.filter.query(""),
        items: "deliveries",
        columns: COLUMNS,
    };
    list.print(&session.client, &arguments.page, session.format)
        .await
}
