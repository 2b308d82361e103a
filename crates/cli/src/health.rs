//! `posthorn health`: how a tenant's webhooks are.

use clap::Args;
use serde_json::value::RawValue;

use crate::{
    exit::Failure,
    remote::{Common, Query},
    show::{
        Fields, Format, Table,
        columns::{Column, number, status, text, time},
        notice,
    },
};

const TROUBLED: &[Column] = &[
    text("WEBHOOK", "webhook_id"),
    text("NAME", "name"),
    status("CONDITION", "condition"),
    time("SINCE", "condition_since"),
    number("DELIVERIES", "deliveries"),
    number("FAILURES", "failures"),
];

/// Show how the tenant's webhooks did in the last 24 hours, and which are in trouble
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    session.show(&session.client.get("/webhooks/health").await?)?;
    if session.format == Format::Json {
        return Ok(());
    }
    let query = Query::new("/webhooks/activity")
        .with("troubled", Some(true))
        .with("limit", Some(20));
    let activity: Fields = session.client.get(query).await?.read()?;
    let troubled: Vec<Box<RawValue>> = activity
        .get("webhooks")
        .and_then(|webhooks| serde_json::from_str(webhooks.get()).ok())
        .unwrap_or_default();
    if troubled.is_empty() {
        notice("\nNo webhook is disabled, down, throttled or failing at this moment");
        return Ok(());
    }
    notice("\nIn trouble:");
    Ok(Table::new(TROUBLED, Format::Table).page(&troubled)?)
}
