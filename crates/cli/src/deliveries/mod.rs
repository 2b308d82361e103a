//! `posthorn deliveries`: what went where, and what came of it.

mod export;
mod filter;
mod get;
mod list;

use clap::{Args, Subcommand};
use posthorn_domain::DeliveryId;

pub(crate) use filter::DeliveryFilter;

use crate::{exit::Failure, remote::Common};

const EXAMPLES: &str = "\
Examples:
  posthorn deliveries list --status failed --since 1h
  posthorn deliveries get 0193…
  posthorn deliveries retry 0193…
  posthorn deliveries export --format csv --file deliveries.csv --since 7d";

/// List, show, retry and export deliveries
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
    /// Show a delivery: its attempts, what was sent and what was answered
    Get {
        id: DeliveryId,
    },
    /// Try a delivery again now, with its full retry policy
    Retry {
        id: DeliveryId,
    },
    Export(export::Arguments),
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    match arguments.command {
        Command::List(arguments) => list::run(&session, arguments).await,
        Command::Get { id } => get::run(&session, id).await,
        Command::Retry { id } => {
            let path = format!("/deliveries/{id}/retry");
            session.show(&session.client.order(path).await?)
        }
        Command::Export(arguments) => export::run(&session, arguments).await,
    }
}
