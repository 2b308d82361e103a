use clap::Args;
use http::Method;
use posthorn_domain::WebhookId;
use serde_json::Value;

use super::settings::Settings;
use crate::{
    exit::{Exit, Failure},
    remote::{Query, Session},
};

/// Change a webhook; what is not given stays as it is
#[derive(Args)]
pub(super) struct Arguments {
    id: WebhookId,
    #[command(flatten)]
    settings: Settings,
    /// Settings to put back to their default; repeat it
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    unset: Vec<String>,
}

pub(super) async fn run(session: &Session, arguments: Arguments) -> Result<(), Failure> {
    let probe = arguments.settings.probe.then_some(true);
    let mut document = arguments.settings.document()?;
    for field in arguments.unset {
        document.insert(field, Value::Null);
    }
    if document.is_empty() {
        let words = "nothing to change: give a setting";
        return Err(Failure::new(Exit::Usage, words));
    }
    let query = Query::new(format!("/webhooks/{}", arguments.id)).with("probe", probe);
    let answer = session
        .client
        .with_body(Method::PATCH, query, &document)
        .await?;
    session.show(&answer)
}
