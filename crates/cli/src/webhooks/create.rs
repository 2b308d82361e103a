use clap::Args;

use super::settings::Settings;
use crate::{
    exit::Failure,
    remote::{Query, Session},
};

/// Make a webhook; its signing secret is in the answer, and nowhere else later
///
/// Name, URL and at least one event type are needed.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    settings: Settings,
    /// Make it disabled
    #[arg(long)]
    disabled: bool,
}

pub(super) async fn run(session: &Session, arguments: Arguments) -> Result<(), Failure> {
    let probe = arguments.settings.probe.then_some(true);
    let mut document = arguments.settings.document()?;
    if arguments.disabled {
        document.insert("enabled".to_owned(), false.into());
    }
    let query = Query::new("/webhooks").with("probe", probe);
    let answer = session.client.post(query, &document).await?;
    session.show(&answer)
}
