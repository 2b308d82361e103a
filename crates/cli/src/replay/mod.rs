//! `posthorn replay`: delivers again what a webhook missed.

mod follow;

use clap::{Args, Subcommand};
use posthorn_domain::{EventType, ReplayId, Timestamp, WebhookId};
use serde_json::json;

pub(crate) use follow::{Accepted, Follow};

use crate::{
    exit::Failure,
    moment,
    remote::{Common, List, PageOptions, Query, Session},
    show::columns::{Column, number, status, text, time},
};

const EXAMPLES: &str = "\
Examples:
  posthorn replay start 0193… --since 6h --only undelivered
  posthorn replay show 0194…
  posthorn replay list";

const COLUMNS: &[Column] = &[
    text("ID", "id"),
    text("KIND", "kind"),
    text("WEBHOOK", "webhook_id"),
    status("STATUS", "status"),
    number("DONE", "processed"),
    number("OF", "total"),
    number("HANDED OVER", "handed_over"),
    time("CREATED", "created_at"),
];

/// Deliver a range of time to a webhook again, and watch
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Start(Start),
    /// Show a replay; waits for its end with a progress bar on a terminal
    Show {
        id: ReplayId,
        #[command(flatten)]
        follow: Follow,
    },
    /// List replays, the newest first
    List {
        #[command(flatten)]
        page: PageOptions,
    },
    /// Stop a replay; what it handed over already is delivered
    Cancel {
        id: ReplayId,
    },
}

/// Start a replay and wait for its end; exits with 1 when it fails
#[derive(Args)]
struct Start {
    /// The webhook to deliver to
    webhook: WebhookId,
    /// Events accepted from this moment on, such as 2h ago or 2026-01-26T12:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    since: Timestamp,
    /// Events accepted before this moment [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    until: Option<Timestamp>,
    /// Of these types; repeat it
    #[arg(long = "event-type", value_name = "TYPE", value_delimiter = ',')]
    event_types: Vec<EventType>,
    /// all, undelivered (no delivery succeeded) or failed (a delivery that was given up)
    #[arg(long, value_name = "WHICH", value_parser = ["all", "undelivered", "failed"])]
    only: Option<String>,
    #[command(flatten)]
    follow: Follow,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    match arguments.command {
        Command::Start(start) => start.run(&session).await,
        Command::Show { id, follow } => follow.replay(&session, id).await,
        Command::List { page } => {
            let list = List {
                query: "/replays".into(),
                items: "replays",
                columns: COLUMNS,
            };
            list.print(&session.client, &page, session.format).await
        }
        Command::Cancel { id } => {
            let path = Query::new(format!("/replays/{id}/cancel"));
            session.show(&session.client.order(path).await?)
        }
    }
}

impl Start {
    async fn run(self, session: &Session) -> Result<(), Failure> {
        let mut body = json!({"since": moment::rfc3339(&self.since)});
        if let Some(until) = &self.until {
            body["until"] = moment::rfc3339(until).into();
        }
        if !self.event_types.is_empty() {
            body["event_types"] = json!(self.event_types);
        }
        if let Some(only) = self.only {
            body["only"] = only.into();
        }
        let path = format!("/webhooks/{}/replay", self.webhook);
        let accepted: Accepted = session.client.post(path, &body).await?.read()?;
        self.follow.replay(session, accepted.replay_id).await
    }
}
