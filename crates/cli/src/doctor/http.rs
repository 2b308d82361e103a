//! Requests to what is no API: health, metrics, NATS's monitoring.

use std::time::Duration;

use reqwest::{Client, StatusCode, redirect};
use url::Url;

use crate::{
    exit::{Exit, Failure},
    remote::innermost,
};

pub(super) fn client(patience: Duration) -> Result<Client, Failure> {
    Client::builder()
        .user_agent(concat!("posthorn-doctor/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        // A proxy of the environment would answer for them.
        .no_proxy()
        .timeout(patience)
        .build()
        .map_err(|error| {
            let words = format!("cannot set up HTTP: {}", innermost(&error));
            Failure::new(Exit::Unavailable, words)
        })
}

/// Status and text of a GET below a URL, or why there is none.
pub(super) async fn get(
    client: &Client,
    base: &Url,
    path: &str,
) -> Result<(StatusCode, String), String> {
    let url: Url = format!("{}{path}", base.as_str().trim_end_matches('/'))
        .parse()
        .map_err(|error: url::ParseError| error.to_string())?;
    let why = |error: reqwest::Error| innermost(&error.without_url());
    let answer = client.get(url).send().await.map_err(why)?;
    let status = answer.status();
    let bytes = answer.bytes().await.map_err(why)?;
    Ok((status, String::from_utf8_lossy(&bytes).into_owned()))
}
