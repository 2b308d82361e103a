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

mod admin;
mod bench;
mod completions;
mod config;
mod dead_letters;
mod deliveries;
mod doctor;
mod duration;
mod event_types;
mod events;
mod exit;
mod health;
mod input;
mod installation;
mod json_text;
mod keys;
mod listen;
mod moment;
mod random;
mod ready;
mod remote;
mod replay;
mod send;
mod show;
mod tail;
mod tenants;
mod webhooks;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::exit::{Exit, Failure};

const EXAMPLES: &str = "\
Examples:
  posthorn config set production --url https://posthorn.example.com --key-file ~/.posthorn-key
  posthorn webhooks create --name Orders --url https://example.com/hook --event-type 'order.*'
  posthorn send order.paid '{\"id\": 7}'
  posthorn deliveries list --status failed --since 1h
  posthorn listen --port 9000 --fail 2

`posthorn help COMMAND` tells more.";

/// Work with Posthorn: webhooks, events and deliveries; receivers to look at; checks and measurements
#[derive(Parser)]
#[command(name = "posthorn", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Send(send::Arguments),
    // Boxed: those have very many options.
    Webhooks(Box<webhooks::Arguments>),
    Events(Box<events::Arguments>),
    Deliveries(Box<deliveries::Arguments>),
    DeadLetters(Box<dead_letters::Arguments>),
    Replay(Box<replay::Arguments>),
    Tail(Box<tail::Arguments>),
    Health(health::Arguments),
    EventTypes(event_types::Arguments),
    Keys(keys::Arguments),
    Tenants(tenants::Arguments),
    Listen(Box<listen::Arguments>),
    Bench(Box<bench::Arguments>),
    Doctor(Box<doctor::Arguments>),
    Ready(ready::Arguments),
    Admin(admin::Arguments),
    Config(Box<config::Arguments>),
    Completions(completions::Arguments),
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
            if let Some(words) = failure.words() {
                show::notice(&format!("posthorn: {words}"));
            }
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
            Command::Webhooks(arguments) => webhooks::run(*arguments).await,
            Command::Events(arguments) => events::run(*arguments).await,
            Command::Deliveries(arguments) => deliveries::run(*arguments).await,
            Command::DeadLetters(arguments) => dead_letters::run(*arguments).await,
            Command::Replay(arguments) => replay::run(*arguments).await,
            Command::Tail(arguments) => tail::run(*arguments).await,
            Command::Health(arguments) => health::run(arguments).await,
            Command::EventTypes(arguments) => event_types::run(arguments).await,
            Command::Keys(arguments) => keys::run(arguments).await,
            Command::Tenants(arguments) => tenants::run(arguments).await,
            Command::Listen(arguments) => listen::run(*arguments).await,
            Command::Bench(arguments) => bench::run(*arguments).await,
            Command::Ready(arguments) => ready::run(arguments).await,
            Command::Doctor(arguments) => doctor::run(*arguments).await,
            Command::Admin(arguments) => admin::run(arguments).await,
            Command::Config(arguments) => config::run(*arguments),
            Command::Completions(arguments) => completions::run(&arguments),
        }
    })
}
