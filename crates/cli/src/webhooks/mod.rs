//! `posthorn webhooks`: one file for each command.

mod create;
mod list;
mod secret;
mod settings;
mod test;
mod update;

use clap::{Args, Subcommand};
use posthorn_domain::WebhookId;

use crate::{
    exit::Failure,
    remote::{Common, Session},
    show::{Confirm, notice},
};

const EXAMPLES: &str = "\
Examples:
  posthorn webhooks list --search slack
  posthorn webhooks create --name Orders --url https://example.com/hook --event-type 'order.*'
  posthorn webhooks update 0193… --max-retries 8 --unset filter
  posthorn webhooks test 0193… --event-type order.paid --data '{\"id\": 7}'
  posthorn webhooks secret rotate 0193… --overlap 24h";

/// List, make, change, test and delete webhooks
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
    List(list::Arguments),
    /// Show a webhook
    Get {
        id: WebhookId,
    },
    Create(Box<create::Arguments>),
    Update(Box<update::Arguments>),
    /// Delete a webhook, its deliveries and its dead letters
    Delete {
        id: WebhookId,
        #[command(flatten)]
        confirm: Confirm,
    },
    /// Enable a webhook
    Enable {
        id: WebhookId,
    },
    /// Disable a webhook; what waits for a retry becomes dead letters
    Disable {
        id: WebhookId,
    },
    Test(test::Arguments),
    Secret(secret::Arguments),
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    match arguments.command {
        Command::List(arguments) => list::run(&session, arguments).await,
        Command::Get { id } => {
            let answer = session.client.get(format!("/webhooks/{id}")).await?;
            session.show(&answer)
        }
        Command::Create(arguments) => create::run(&session, *arguments).await,
        Command::Update(arguments) => update::run(&session, *arguments).await,
        Command::Delete { id, confirm } => {
            confirm.ask(&format!(
                "Delete webhook {id}, its deliveries and its dead letters?"
            ))?;
            session.client.delete(format!("/webhooks/{id}")).await?;
            notice(&format!("Deleted webhook {id}"));
            Ok(())
        }
        Command::Enable { id } => switch(&session, id, "enable").await,
        Command::Disable { id } => switch(&session, id, "disable").await,
        Command::Test(arguments) => test::run(&session, arguments).await,
        Command::Secret(arguments) => secret::run(&session, arguments).await,
    }
}

async fn switch(session: &Session, id: WebhookId, how: &str) -> Result<(), Failure> {
    let answer = session
        .client
        .order(format!("/webhooks/{id}/{how}"))
        .await?;
    session.show(&answer)
}
