//! `posthorn tenants`: the isolation boundaries.

use clap::{ArgGroup, Args, Subcommand};
use http::Method;
use posthorn_domain::TenantId;
use serde_json::{Map, json};

use crate::{
    exit::Failure,
    remote::{Common, List, PageOptions},
    show::{
        Confirm,
        columns::{Column, text, time},
        notice,
    },
};

const COLUMNS: &[Column] = &[text("ID", "id"), time("CREATED", "created_at")];

/// List, make, change and delete tenants (for admins)
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List tenants
    List {
        #[command(flatten)]
        page: PageOptions,
    },
    /// Show a tenant
    Get { id: TenantId },
    /// Make a tenant
    Create { id: TenantId },
    /// Change what a tenant keeps
    #[command(group = ArgGroup::new("what").required(true).multiple(true))]
    Update {
        id: TenantId,
        /// Days for which its events and deliveries are kept; 0: as long as the installation keeps them
        #[arg(long, value_name = "DAYS", group = "what")]
        retention_days: Option<u32>,
        /// Whether payloads are kept always, or until every delivery of their event is settled
        #[arg(long, value_name = "HOW", value_parser = ["always", "until_settled"], group = "what")]
        keep_payload: Option<String>,
    },
    /// Delete a tenant and everything of it
    Delete {
        id: TenantId,
        #[command(flatten)]
        confirm: Confirm,
    },
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    let client = &session.client;
    match arguments.command {
        Command::List { page } => {
            let list = List {
                query: "/tenants".into(),
                items: "tenants",
                columns: COLUMNS,
            };
            list.print(client, &page, session.format).await
        }
        Command::Get { id } => session.show(&client.get(format!("/tenants/{id}")).await?),
        Command::Create { id } => session.show(&client.post("/tenants", &json!({"id": id})).await?),
        Command::Update {
            id,
            retention_days,
            keep_payload,
        } => {
            let mut patch = Map::new();
            if let Some(days) = retention_days {
                let days = Some(days).filter(|days| *days > 0);
                patch.insert("retention_days".to_owned(), json!(days));
            }
            if let Some(kept) = keep_payload {
                patch.insert("keep_payload".to_owned(), json!(kept));
            }
            let path = format!("/tenants/{id}");
            session.show(&client.with_body(Method::PATCH, path, &patch).await?)
        }
        Command::Delete { id, confirm } => {
            confirm.ask(&format!(
                "Delete tenant {id} with its webhooks, keys, events and deliveries?"
            ))?;
            client.delete(format!("/tenants/{id}")).await?;
            notice(&format!("Deleted tenant {id}"));
            Ok(())
        }
    }
}
