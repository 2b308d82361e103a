//! `posthorn doctor`: looks at an installation and says in plain words what is wrong and what to do.
//!
//! It works with what it is given: with a URL and a key it looks at the API; with the services' settings it looks at
//! NATS, PostgreSQL and the secrets too; with the URLs of deliverers and of NATS's monitoring at those. It changes
//! nothing. What it could not look at it names, so that silence is never taken for health.

mod api;
mod database;
mod deliverer;
mod egress;
mod finding;
mod http;
mod nats;
mod nats_monitor;
mod report;
mod secrets;
mod settings;

use std::time::Duration;

use clap::Args;
use url::Url;

use self::{finding::Findings, settings::Settings};
use crate::{
    exit::{Exit, Failure},
    installation::Installation,
    remote::Remote,
    show::Output,
};

const EXAMPLES: &str = "\
Examples:
  posthorn doctor --api https://posthorn.example.com --key $KEY
  posthorn doctor --config /etc/posthorn.toml --deliverer http://127.0.0.1:8081
  posthorn doctor --nats-monitor http://127.0.0.1:8222 --output json | jq '.checks[] | select(.level != \"ok\")'

With the services' environment or --config it looks at NATS, PostgreSQL and the secrets too. Exits with 0 when
nothing is wrong, warnings included, and with 1 when there is a problem.";

/// Longest wait for each part of an installation.
const PATIENCE: Duration = Duration::from_secs(10);

/// Check an installation and say in plain words what is wrong and what to do
#[derive(Args)]
#[command(after_help = EXAMPLES, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    installation: Installation,
    /// Where a deliverer's health and metrics are; repeat it for several
    #[arg(
        long = "deliverer",
        value_name = "URL",
        env = "POSTHORN_DELIVERER_URLS",
        value_delimiter = ',',
        help_heading = "Installation"
    )]
    deliverers: Vec<Url>,
    /// Where NATS's monitoring is (the server's http_port), to see how it writes to disk
    #[arg(long, value_name = "URL", help_heading = "Installation")]
    nats_monitor: Option<Url>,
    #[command(flatten)]
    output: Output,
}

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let client = arguments.remote.client()?;
    let http = http::client(PATIENCE)?;
    let mut findings = Findings::default();

    let settings = Settings::read(&arguments.installation, &mut findings);
    let version = api::check(&client, &mut findings).await;
    deliverer::check(
        &http,
        &arguments.deliverers,
        version.as_deref(),
        &mut findings,
    )
    .await;
    match &settings {
        None => findings.skipped(
            "installation",
            "NATS, PostgreSQL, the secrets and the guard were not looked at",
            "give the services' settings: their environment variables, or --config FILE",
        ),
        Some(settings) => {
            nats::check(settings, &mut findings).await;
            database::check(settings, &mut findings).await;
            egress::check(settings, &mut findings);
        }
    }
    nats_monitor::check(&http, arguments.nats_monitor.as_ref(), &mut findings).await;

    report::print(&findings, arguments.output.format())?;
    if findings.has_problem() {
        return Err(Failure::silent(Exit::Not));
    }
    Ok(())
}
