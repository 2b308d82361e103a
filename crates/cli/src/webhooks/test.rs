use clap::Args;
use posthorn_domain::{EventType, WebhookId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    exit::{Exit, Failure},
    input,
    remote::Session,
};

/// Send one real, signed request to a webhook's URL; exits with 1 when the receiver does not take it
///
/// No delivery is recorded and nothing is retried.
#[derive(Args)]
pub(super) struct Arguments {
    id: WebhookId,
    /// The type of the event to send
    #[arg(long, value_name = "TYPE")]
    event_type: Option<EventType>,
    /// Its data: JSON, @FILE, or - for standard input [default: an example]
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    event_type: Option<&'a EventType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Outcome {
    success: bool,
}

pub(super) async fn run(session: &Session, arguments: Arguments) -> Result<(), Failure> {
    let data = arguments
        .data
        .map(|data| input::json(Some(&data)))
        .transpose()?;
    let data = data
        .as_ref()
        .map(|data| serde_json::from_str::<&RawValue>(data.as_str()))
        .transpose()
        .map_err(|error| Failure::new(Exit::Data, error.to_string()))?;
    let body = Body {
        event_type: arguments.event_type.as_ref(),
        data,
    };
    let path = format!("/webhooks/{}/test", arguments.id);
    let answer = session.client.post(path, &body).await?;
    session.show(&answer)?;
    let outcome: Outcome = answer.read()?;
    if outcome.success {
        return Ok(());
    }
    Err(Failure::silent(Exit::Not))
}
