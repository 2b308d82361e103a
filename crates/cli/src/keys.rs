//! `posthorn keys`: API keys.

use clap::{Args, Subcommand};
use posthorn_domain::{ApiKeyId, Timestamp};
use serde_json::json;

use crate::{
    exit::Failure,
    moment,
    remote::{Common, List, PageOptions, Session},
    show::{
        Confirm,
        columns::{Column, text, time},
        notice,
    },
};

const EXAMPLES: &str = "\
Examples:
  posthorn keys create checkout --role publisher --tenant acme
  posthorn keys list
  posthorn keys revoke 0193…";

const COLUMNS: &[Column] = &[
    text("ID", "id"),
    text("NAME", "name"),
    text("ROLE", "role"),
    text("TENANT", "tenant"),
    text("KEY", "hint"),
    time("CREATED", "created_at"),
    time("EXPIRES", "expires_at"),
    time("LAST USED", "last_used_at"),
];

/// List, make and revoke API keys (for admins)
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
    /// List keys; none is shown whole
    List {
        #[command(flatten)]
        page: PageOptions,
    },
    Create(Create),
    /// Revoke a key: it is refused within seconds
    Revoke {
        id: ApiKeyId,
        #[command(flatten)]
        confirm: Confirm,
    },
}

/// Make a key; it is in the answer, and nowhere else later
///
/// It is good for the tenant that is worked in, except an admin's, which is good for all.
#[derive(Args)]
struct Create {
    /// What people call it
    name: String,
    /// admin, manager, publisher or viewer
    #[arg(long, value_parser = ["admin", "manager", "publisher", "viewer"])]
    role: String,
    /// When it ends, RFC 3339 [default: never]
    #[arg(long, value_name = "TIME")]
    expires_at: Option<Timestamp>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let session = arguments.common.session()?;
    match arguments.command {
        Command::List { page } => {
            let list = List {
                query: "/api-keys".into(),
                items: "api_keys",
                columns: COLUMNS,
            };
            list.print(&session.client, &page, session.format).await
        }
        Command::Create(create) => create.run(&session).await,
        Command::Revoke { id, confirm } => {
            confirm.ask(&format!("Revoke key {id}?"))?;
            session.client.delete(format!("/api-keys/{id}")).await?;
            notice(&format!("Revoked key {id}"));
            Ok(())
        }
    }
}

impl Create {
    async fn run(self, session: &Session) -> Result<(), Failure> {
        let expires_at = self.expires_at.as_ref().map(moment::rfc3339);
        let body = json!({"name": self.name, "role": self.role, "expires_at": expires_at});
        let answer = session.client.post("/api-keys", &body).await?;
        session.show(&answer)
    }
}
