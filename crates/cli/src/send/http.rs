//! Publishing through the API.

use std::{error::Error, time::Duration};

use posthorn_domain::{EventType, Timestamp, limits::EVENTS_PER_REQUEST_MAX};
use reqwest::{Client, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use url::Url;

use super::{Outgoing, Published, Report};
use crate::exit::{Exit, Failure};

/// About how many bytes of events one request carries.
const REQUEST_BYTES: usize = 1024 * 1024;

pub(super) struct Api {
    client: Client,
    events: Url,
    key: Option<SecretString>,
}

/// One event as `POST /events` takes it.
#[derive(Serialize)]
struct EventBody<'a> {
    #[serde(rename = "type")]
    event_type: &'a EventType,
    data: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
}

#[derive(Deserialize)]
struct Acceptance {
    events: Vec<AcceptedEvent>,
}

#[derive(Deserialize)]
struct AcceptedEvent {
    id: String,
    #[serde(default)]
    duplicate: bool,
}

/// The parts of a problem document (RFC 9457) that a person wants to read.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
    errors: Vec<FieldProblem>,
}

#[derive(Deserialize)]
struct FieldProblem {
    field: String,
    detail: String,
}

impl Api {
    pub(super) fn new(
        api: &Url,
        key: Option<&SecretString>,
        timeout: Duration,
    ) -> Result<Self, Failure> {
        if !matches!(api.scheme(), "http" | "https") {
            return Err(Failure::new(
                Exit::Usage,
                "--api must be an http or https URL",
            ));
        }
        let base = api.as_str().trim_end_matches('/');
        let base = base.strip_suffix("/api/v1").unwrap_or(base);
        let events = format!("{base}/api/v1/events")
            .parse()
            .map_err(|error| Failure::new(Exit::Usage, format!("--api: {error}")))?;
        let client = Client::builder()
            .user_agent(concat!("posthorn/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .timeout(timeout)
            .build()
            .map_err(|error| {
                Failure::new(
                    Exit::Unavailable,
                    format!("cannot set up HTTP: {}", words(&error)),
                )
            })?;
        Ok(Self {
            client,
            events,
            key: key.cloned(),
        })
    }

    /// Publishes in as few requests as the API's limits allow.
    pub(super) async fn publish(
        &self,
        outgoing: &Outgoing,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let data: &RawValue = serde_json::from_str(outgoing.data.as_str())
            .map_err(|error| Failure::new(Exit::Data, format!("the data is not JSON: {error}")))?;
        let fit = REQUEST_BYTES / data.get().len().max(1);
        let step = fit.clamp(1, EVENTS_PER_REQUEST_MAX);
        let mut left = 1..=outgoing.count;
        loop {
            let events = left
                .by_ref()
                .take(step)
                .map(|n| {
                    Ok(EventBody {
                        event_type: &outgoing.event_type,
                        data,
                        timestamp: outgoing.timestamp,
                        idempotency_key: outgoing.key(n)?.map(|key| key.to_string()),
                    })
                })
                .collect::<Result<Vec<_>, Failure>>()?;
            let body = match &events[..] {
                [] => return Ok(()),
                [event] => serde_json::to_vec(event),
                events => serde_json::to_vec(events),
            };
            let body =
                body.map_err(|error| Failure::new(Exit::Data, format!("the event: {error}")))?;
            let published = self.post(body, outgoing).await?;
            report.add(&published)?;
        }
    }

    async fn post(&self, body: Vec<u8>, outgoing: &Outgoing) -> Result<Vec<Published>, Failure> {
        let mut request = self
            .client
            .post(self.events.clone())
            .header("content-type", "application/json")
            .body(body);
        if let Some(tenant) = &outgoing.tenant {
            request = request.header("posthorn-tenant", tenant.as_str());
        }
        if let Some(key) = &self.key {
            request = request.bearer_auth(key.expose_secret());
        }
        let answer = request.send().await.map_err(|error| self.cut_off(error))?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|error| self.cut_off(error))?;
        if status != StatusCode::ACCEPTED {
            return Err(refused(status, &body));
        }
        let accepted: Acceptance = serde_json::from_slice(&body).map_err(|_| {
            Failure::new(
                Exit::Unavailable,
                "the answer is not Posthorn's: is --api right?",
            )
        })?;
        Ok(accepted
            .events
            .into_iter()
            .map(|event| Published {
                id: event.id,
                event_type: outgoing.event_type.clone(),
                duplicate: event.duplicate,
            })
            .collect())
    }

    fn cut_off(&self, error: reqwest::Error) -> Failure {
        let origin = self.events.origin().ascii_serialization();
        let words = words(&error.without_url());
        Failure::new(
            Exit::Unavailable,
            format!("cannot reach Posthorn at {origin}: {words}"),
        )
    }
}

/// What an answer that is not an acceptance means.
fn refused(status: StatusCode, body: &[u8]) -> Failure {
    let exit = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Exit::Denied,
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Exit::Unavailable,
        status if status.is_client_error() => Exit::Data,
        _ => Exit::Unavailable,
    };
    let problem: Problem = serde_json::from_slice(body).unwrap_or_default();
    let mut words = format!("Posthorn answered {status}");
    if let Some(detail) = problem.detail.or(problem.title) {
        words.push_str(": ");
        words.push_str(&detail);
    }
    for error in problem.errors {
        words.push_str(&format!("\n  {}: {}", error.field, error.detail));
    }
    Failure::new(exit, words)
}

/// The innermost cause: it says what happened, the others say around what.
fn words(error: &reqwest::Error) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
