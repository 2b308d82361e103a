use std::time::Duration;

use clap::{Args, Subcommand};
use posthorn_domain::WebhookId;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    duration,
    exit::Failure,
    input,
    remote::{Answer, Session},
    show::{Confirm, Format, notice, result},
};

/// Show a webhook's signing secret, or replace it
#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the secret; the audit log says that you did
    Reveal {
        id: WebhookId,
    },
    Rotate(Rotate),
}

/// Replace the secret; both sign until the overlap ends
#[derive(Args)]
struct Rotate {
    id: WebhookId,
    /// How long the old secret still signs too [default: 24h]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    overlap: Option<Duration>,
    /// A secret of your own: @FILE, or - for standard input [default: a new one is made]
    #[arg(long, value_name = "WHSEC")]
    secret: Option<SecretString>,
    #[command(flatten)]
    confirm: Confirm,
}

#[derive(Deserialize)]
struct Secret {
    signing_secret: String,
}

pub(super) async fn run(session: &Session, arguments: Arguments) -> Result<(), Failure> {
    match arguments.command {
        Command::Reveal { id } => {
            let answer = session.client.get(format!("/webhooks/{id}/secret")).await?;
            show(session, &answer)
        }
        Command::Rotate(rotate) => rotate.run(session).await,
    }
}

impl Rotate {
    async fn run(self, session: &Session) -> Result<(), Failure> {
        let Self { id, overlap, .. } = self;
        let mut body = Map::new();
        if let Some(overlap) = overlap {
            body.insert("overlap_seconds".to_owned(), overlap.as_secs().into());
        }
        if let Some(secret) = &self.secret {
            let secret = input::text(secret.expose_secret())?;
            body.insert("signing_secret".to_owned(), secret.trim().into());
        }
        self.confirm
            .ask(&format!("Replace the signing secret of webhook {id}?"))?;
        let path = format!("/webhooks/{id}/secret/rotate");
        let answer = session.client.post(path, &Value::Object(body)).await?;
        notice("Both secrets sign until the overlap ends");
        show(session, &answer)
    }
}

/// The secret alone, so that it can be piped on.
fn show(session: &Session, answer: &Answer) -> Result<(), Failure> {
    match session.format {
        Format::Json => session.show(answer),
        Format::Table => Ok(result(&answer.read::<Secret>()?.signing_secret)?),
    }
}
