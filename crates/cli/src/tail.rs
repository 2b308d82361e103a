//! `posthorn tail`: deliveries as they happen.

use std::time::Duration;

use clap::Args;
use posthorn_domain::{EventType, Timestamp, WebhookId};

use crate::{
    duration,
    exit::{Exit, Failure},
    moment,
    remote::{Common, Follower, News, Query, Session},
    show::{
        Fields, Table,
        columns::{Column, number, status, text, time},
        notice,
    },
};

const EXAMPLES: &str = "\
Examples:
  posthorn tail
  posthorn tail --status failed --event-type order.paid
  posthorn tail --output json | jq -r '[.status, .event_type, .error_message] | @tsv'

Each delivery is shown when it is first seen and again when its state changes. The API is asked every --interval; of
several changes in between the last one is shown. Ends on Ctrl-C.";

const COLUMNS: &[Column] = &[
    time("ACCEPTED", "created_at"),
    status("STATUS  ", "status"),
    number("CODE", "status_code"),
    number("   MS", "response_time_ms"),
    number("ATTEMPTS", "attempt_count"),
    text("EVENT TYPE           ", "event_type"),
    text("WEBHOOK", "webhook_id"),
    text("ERROR", "error_message"),
];

/// Show deliveries as they happen
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
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
    /// Begin with events accepted from this moment on [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Option<Timestamp>,
    /// How often the API is asked
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::parse)]
    interval: Duration,
    /// End after so many lines
    #[arg(long, value_name = "N")]
    lines: Option<u64>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    let path = match arguments.webhook {
        Some(webhook) => format!("/webhooks/{webhook}/deliveries"),
        None => "/deliveries".to_owned(),
    };
    let query = Query::new(path)
        .with("status", arguments.status)
        .with("event_type", arguments.event_type)
        .with("operational", arguments.operational.then_some(true));
    let follower =
        Follower::new(&session.client, query, "deliveries", state, arguments.since).await?;
    let tail = show(&session, follower, arguments.interval, arguments.lines);
    tokio::select! {
        ended = tail => ended,
        _ = tokio::signal::ctrl_c() => Ok(()),
    }
}

/// What is a change.
fn state(delivery: &Fields) -> String {
    ["status", "attempt_count", "next_retry_at"]
        .map(|name| delivery.text(name))
        .join(" ")
}

async fn show(
    session: &Session,
    mut follower: Follower,
    interval: Duration,
    lines: Option<u64>,
) -> Result<(), Failure> {
    let mut table = Table::new(COLUMNS, session.format);
    let mut left = lines.unwrap_or(u64::MAX);
    let mut away = Away::default();
    loop {
        for News { raw, .. } in away.bear(follower.look(&session.client).await)? {
            table.page(&[raw])?;
            left -= 1;
            if left == 0 {
                return Ok(());
            }
        }
        tokio::time::sleep(interval).await;
    }
}

/// Bears that Posthorn is away for a while: it is told once, and looked for again.
#[derive(Default)]
pub(crate) struct Away(bool);

impl Away {
    pub(crate) fn bear<T: Default>(&mut self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        match outcome {
            Ok(found) => {
                if std::mem::take(&mut self.0) {
                    notice("Posthorn is back");
                }
                Ok(found)
            }
            Err(failure) if failure.exit == Exit::Unavailable => {
                if !std::mem::replace(&mut self.0, true) {
                    notice(&format!("{failure}; trying again"));
                }
                Ok(T::default())
            }
            Err(failure) => Err(failure),
        }
    }
}
