//! `posthorn event-types`: the catalogue.

use clap::{Args, Subcommand};
use posthorn_domain::EventType;
use serde_json::value::RawValue;

use crate::{
    exit::{Exit, Failure},
    input,
    remote::{Common, List, PageOptions, Query},
    show::columns::{Column, text, time},
};

const EXAMPLES: &str = "\
Examples:
  posthorn event-types list --category payment
  posthorn event-types import @event-types.json
  curl -s https://example.com/openapi.json | posthorn event-types import -";

const COLUMNS: &[Column] = &[
    text("NAME", "name"),
    text("LABEL", "label"),
    text("CATEGORY", "category"),
    text("DESCRIPTION", "description"),
    time("UPDATED", "updated_at"),
];

/// List the event types of the catalogue, and import them
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
    /// List event types
    List {
        /// Of this category
        #[arg(long, value_name = "NAME")]
        category: Option<String>,
        /// With this in their name or words
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        #[command(flatten)]
        page: PageOptions,
    },
    /// Show an event type with its schema and example
    Get { name: EventType },
    /// Create and replace event types: {"event_types": […]}, or the webhooks of an OpenAPI 3.1 document
    Import {
        /// JSON, @FILE, or - for standard input [default: standard input]
        #[arg(value_name = "DOCUMENT")]
        document: Option<String>,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    let client = &session.client;
    match arguments.command {
        Command::List {
            category,
            search,
            page,
        } => {
            let list = List {
                query: Query::new("/event-types")
                    .with("category", category)
                    .with("search", search),
                items: "event_types",
                columns: COLUMNS,
            };
            list.print(client, &page, session.format).await
        }
        Command::Get { name } => session.show(&client.get(format!("/event-types/{name}")).await?),
        Command::Import { document } => {
            let document = input::json(document.as_deref())?;
            let document: &RawValue = serde_json::from_str(document.as_str())
                .map_err(|error| Failure::new(Exit::Data, error.to_string()))?;
            session.show(&client.post("/event-types/import", &document).await?)
        }
    }
}
