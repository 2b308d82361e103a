//! `posthorn tenants`: the isolation boundaries.

use clap::{Args, Subcommand};
use posthorn_domain::TenantId;
use serde_json::json;

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

/// List, make and delete tenants (for admins)
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
        Command::Delete { id, confirm } => {
            confirm.ask(&format!(
                "Delete tenant {id} with its webhooks, keys and deliveries?"
            ))?;
            client.delete(format!("/tenants/{id}")).await?;
            notice(&format!("Deleted tenant {id}"));
            Ok(())
        }
    }
}
