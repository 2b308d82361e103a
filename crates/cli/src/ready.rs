//! `posthorn ready`: whether a service says that it is well. For health checks in images that have neither a
//! shell nor a downloader.

use std::time::Duration;

use reqwest::{Client, redirect};
use url::Url;

use crate::{
    duration,
    exit::{Exit, Failure},
    remote::innermost,
};

/// Ask a service whether it is well, and exit with 0 if it is
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What to ask, such as http://127.0.0.1:8080/readyz
    #[arg(value_name = "URL")]
    url: Url,

    /// How long to wait for the answer
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = duration::parse)]
    timeout: Duration,
}

/// Says nothing where all is well.
pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { url, timeout } = arguments;
    let unwell = |why: String| Failure::new(Exit::Unavailable, format!("{url} is not well: {why}"));
    let answer = Client::builder()
        .user_agent(concat!("posthorn/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        // A proxy of the environment would answer for the service.
        .no_proxy()
        .timeout(timeout)
        .build()
        .map_err(|failure| unwell(innermost(&failure)))?
        .get(url.clone())
        .send()
        .await
        .map_err(|failure| unwell(innermost(&failure.without_url())))?;
    if answer.status().is_success() {
        return Ok(());
    }
    let status = answer.status();
    // The service's own words name the dependency that is missing; they are short.
    let body = answer.text().await.unwrap_or_default();
    let told: String = body.chars().take(500).collect();
    Err(unwell(format!("{status} {told}")))
}
