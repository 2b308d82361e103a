//! `posthorn admin`: work on an installation itself, beside its services.

mod reseal;

use clap::{Args, Subcommand};

use crate::exit::Failure;

/// Work on an installation itself: needs its database, not its API
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Reseal(reseal::Arguments),
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Reseal(arguments) => reseal::run(arguments).await,
    }
}
