//! Requests to the URL on this machine, and what came of them.

use std::time::Duration;

use posthorn_domain::{Clock, Event, SystemClock};
use posthorn_egress::Prepared;
use reqwest::{Client, redirect};
use serde_json::json;
use tokio::time::Instant;
use url::Url;

use super::super::print::Style;
use crate::{
    exit::{Exit, Failure},
    moment::rfc3339,
    remote::innermost,
};

pub(super) struct Local {
    client: Client,
    url: Url,
}

impl Local {
    pub(super) fn new(url: Url, timeout: Duration) -> Result<Self, Failure> {
        if !matches!(url.scheme(), "http" | "https") {
            let words = "--forward-to must be an http or https URL";
            return Err(Failure::new(Exit::Usage, words));
        }
        // As the deliverer does it: no redirects, no proxy, the webhook's timeout.
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(timeout)
            .build()
            .map_err(|error| {
                let words = format!("cannot set up HTTP: {}", innermost(&error));
                Failure::new(Exit::Unavailable, words)
            })?;
        Ok(Self { client, url })
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    pub(super) async fn send(&self, prepared: Prepared) -> Outcome {
        let start = Instant::now();
        let sent = self
            .client
            .post(self.url.clone())
            .headers(prepared.headers)
            .body(prepared.body)
            .send()
            .await;
        let answer = match sent {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(error) if error.is_timeout() => Err("no answer in time".to_owned()),
            Err(error) => Err(innermost(&error.without_url())),
        };
        Outcome {
            answer,
            took: start.elapsed(),
        }
    }
}

/// What came of one request.
pub(super) struct Outcome {
    answer: Result<u16, String>,
    took: Duration,
}

impl Outcome {
    pub(super) fn failed(why: String) -> Self {
        Self {
            answer: Err(why),
            took: Duration::ZERO,
        }
    }

    pub(super) fn succeeded(&self) -> bool {
        matches!(self.answer, Ok(200..=299))
    }

    /// The line to print, if any.
    pub(super) fn shown(&self, event: &Event, style: Style) -> Option<String> {
        let now = SystemClock.now();
        let ms = self.took.as_millis();
        let Event { id, event_type, .. } = event;
        match style {
            Style::Quiet => None,
            Style::Text => {
                let what = match &self.answer {
                    Ok(status) => format!("→ {status} in {ms} ms"),
                    Err(why) => format!("✘ {why}"),
                };
                let time = now.format("%H:%M:%S%.3f");
                Some(format!("{time}  {event_type}  {what}\n  event {id}"))
            }
            Style::Json => {
                let (status, problem) = match &self.answer {
                    Ok(status) => (Some(status), None),
                    Err(why) => (None, Some(why)),
                };
                let line = json!({"forwarded_at": rfc3339(&now), "event_type": event_type, "event_id": id,
                    "status": status, "response_time_ms": u64::try_from(ms).ok(), "problem": problem});
                Some(line.to_string())
            }
        }
    }
}
