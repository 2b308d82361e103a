#![doc = include_str!("../README.md")]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test says what went wrong by panicking"
    )
)]

mod bench;
mod duration;
mod exit;
mod json_text;
mod listen;
mod output;
mod send;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::exit::{Exit, Failure};

const EXAMPLES: &str = "\
Examples:
  posthorn listen --port 9000 --fail 2
  posthorn send user.created '{\"id\": 7}'

`posthorn help COMMAND` tells more.";

/// Publish events to Posthorn, receive deliveries to look at them, and measure what a cluster does
#[derive(Parser)]
#[command(name = "posthorn", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Send(send::Arguments),
    Listen(listen::Arguments),
    // Boxed: it has very many options.
    Bench(Box<bench::Arguments>),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => {
            // Help and version are told as errors too.
            let exit = if told.use_stderr() {
                Exit::Usage
            } else {
                Exit::Done
            };
            return match told.print() {
                Ok(()) => exit.into(),
                Err(_) => Exit::Output.into(),
            };
        }
    };
    match run(arguments) {
        Ok(()) => Exit::Done.into(),
        Err(failure) => {
            output::notice(&format!("posthorn: {failure}"));
            failure.exit.into()
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Unavailable, format!("cannot start: {error}")))?;
    runtime.block_on(async {
        match arguments.command {
            Command::Send(arguments) => send::run(arguments).await,
            Command::Listen(arguments) => listen::run(arguments).await,
            Command::Bench(arguments) => bench::run(*arguments).await,
        }
    })
}
