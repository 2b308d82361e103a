//! `posthorn dead-letters`: what was given up.

mod choice;

use clap::{Args, Subcommand};
use posthorn_domain::DeadLetterId;
use serde::Deserialize;

use self::choice::{Choice, LetterFilter};
use crate::{
    exit::Failure,
    remote::{Common, List, PageOptions, Query},
    replay::{Accepted, Follow},
    show::{
        Confirm,
        columns::{Column, number, text, time},
        notice,
    },
};

const EXAMPLES: &str = "\
Examples:
  posthorn dead-letters list --webhook 0193…
  posthorn dead-letters retry 0194… 0195…
  posthorn dead-letters retry --webhook 0193… --since 6h
  posthorn dead-letters discard --kind malformed --yes";

const COLUMNS: &[Column] = &[
    text("ID", "id"),
    time("GIVEN UP", "created_at"),
    text("KIND", "kind"),
    text("EVENT TYPE", "event_type"),
    text("WEBHOOK", "webhook_id"),
    number("ATTEMPTS", "attempt_count"),
    number("CODE", "status_code"),
    text("REASON", "reason"),
];

/// List, show, retry and discard dead letters
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
    /// List dead letters, the newest first
    List {
        #[command(flatten)]
        filter: LetterFilter,
        #[command(flatten)]
        page: PageOptions,
    },
    /// Show a dead letter with its payload
    Get { id: DeadLetterId },
    /// Deliver dead letters again, and wait until they are handed over
    Retry {
        #[command(flatten)]
        choice: Choice,
        #[command(flatten)]
        follow: Follow,
    },
    /// Throw dead letters away
    Discard {
        #[command(flatten)]
        choice: Choice,
        #[command(flatten)]
        confirm: Confirm,
    },
}

#[derive(Deserialize)]
struct Discarded {
    discarded: u64,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    let client = &session.client;
    match arguments.command {
        Command::List { filter, page } => {
            let list = List {
                query: filter.over(Query::new("/dead-letters")),
                items: "dead_letters",
                columns: COLUMNS,
            };
            list.print(client, &page, session.format).await
        }
        Command::Get { id } => session.show(&client.get(format!("/dead-letters/{id}")).await?),
        Command::Retry { choice, follow } => {
            let query = choice.over(Query::new("/dead-letters/retry"))?;
            let accepted: Accepted = client.order(query).await?.read()?;
            follow.replay(&session, accepted.replay_id).await
        }
        Command::Discard { choice, confirm } => {
            let query = choice.over(Query::new("/dead-letters"))?;
            confirm.ask(&format!("Throw {} away for good?", choice.words()))?;
            let answer = client.delete(query).await?;
            let Discarded { discarded } = answer.read()?;
            notice(&format!("Discarded {discarded}"));
            session.show(&answer)
        }
    }
}
