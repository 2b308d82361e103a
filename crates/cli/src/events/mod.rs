//! `posthorn events`: the log of what was published.

mod erase;
mod list;

use clap::{Args, Subcommand};
use posthorn_domain::{ErasureId, EventId, WebhookId};
use serde_json::json;

use crate::{
    exit::Failure,
    remote::Common,
    replay::{Accepted, Follow},
    send,
};

const EXAMPLES: &str = "\
Examples:
  posthorn events list --type user.created --since 1h
  posthorn events get 0193…
  posthorn events send user.created '{\"id\": 7}'
  posthorn events replay 0193… --webhook 0192…
  posthorn events erase 0193… --yes
  posthorn events erase --type user.created --until 2026-01-26T12:00:00Z";

/// List, show, publish, replay and erase events
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::Arguments),
    /// Show an event with its data
    Get {
        id: EventId,
        #[command(flatten)]
        common: Common,
    },
    // Boxed: it has many options.
    Send(Box<send::Arguments>),
    Replay(Replay),
    Erase(Box<erase::Arguments>),
    /// Show an erasure by filter; waits for its end with a progress bar on a terminal
    Erasure {
        id: ErasureId,
        /// Do not wait for its end
        #[arg(long)]
        detach: bool,
        #[command(flatten)]
        common: Common,
    },
}

/// Deliver an event again
#[derive(Args)]
struct Replay {
    id: EventId,
    /// To these webhooks; repeat it [default: all that it matches]
    #[arg(long = "webhook", value_name = "ID", value_delimiter = ',')]
    webhooks: Vec<WebhookId>,
    #[command(flatten)]
    follow: Follow,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::List(arguments) => list::run(arguments).await,
        Command::Get { id, common } => {
            let session = common.session()?;
            session.show(&session.client.get(format!("/events/{id}")).await?)
        }
        Command::Send(arguments) => send::run(*arguments).await,
        Command::Erase(arguments) => erase::run(*arguments).await,
        Command::Erasure { id, detach, common } => {
            erase::watch(&common.session()?, id, detach).await
        }
        Command::Replay(replay) => {
            let session = replay.common.session()?;
            let body = if replay.webhooks.is_empty() {
                json!({})
            } else {
                json!({"webhook_ids": replay.webhooks})
            };
            let path = format!("/events/{}/replay", replay.id);
            let accepted: Accepted = session.client.post(path, &body).await?.read()?;
            replay.follow.replay(&session, accepted.replay_id).await
        }
    }
}
