//! One request: render, sign, send.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, header::RETRY_AFTER};
use posthorn_domain::{
    Answer, AttemptOutcome, Clock, Failure, PayloadFormat, Timestamp, render, retry_after,
};
use posthorn_egress::{Client, Request};

use crate::{
    headers::{recorded, request_headers},
    work::Work,
};

/// What one attempt brought, ready to be judged and recorded.
pub(crate) struct Attempted {
    pub(crate) started_at: Timestamp,
    pub(crate) elapsed: Duration,
    pub(crate) outcome: AttemptOutcome,
    /// Plain words for an operator, when it failed.
    pub(crate) error_message: Option<String>,
    pub(crate) request_headers: Bytes,
    /// Kept only where the body cannot be made again from the event.
    pub(crate) request_body: Option<Bytes>,
    pub(crate) response_headers: Bytes,
    pub(crate) response_body: Bytes,
}

/// Makes the attempt. Never fails: a failure is an outcome.
pub(crate) async fn attempt(work: &Work, egress: &Client, clock: &dyn Clock) -> Attempted {
    let started_at = clock.now();
    let settings = &work.webhook.settings;
    let body = match render(&work.event, work.webhook.id, settings) {
        Ok(body) => body,
        Err(error) => return unrenderable(started_at, &error),
    };
    let headers = request_headers(&work.event, work.delivery, &work.webhook, &body, started_at);
    let request_headers = recorded(&headers);
    let request_body =
        (settings.payload_format == PayloadFormat::Template).then(|| body.bytes.clone());
    let request = Request {
        url: settings.url.clone(),
        headers,
        body: body.bytes,
        timeout: settings.timeout,
    };
    let exchange = egress.post(request).await;
    let (outcome, error_message, response_headers, response_body) = match exchange.outcome {
        Ok(response) => {
            let answer = Answer {
                status: response.status,
                retry_after: asked_delay(&response.headers, clock.now()),
            };
            let error = (!(200..300).contains(&response.status)).then(|| answered(response.status));
            (
                Ok(answer),
                error,
                recorded(&response.headers),
                response.body,
            )
        }
        Err(failed) => (
            Err(failed.kind),
            Some(failed.message),
            Bytes::new(),
            Bytes::new(),
        ),
    };
    Attempted {
        started_at,
        elapsed: exchange.elapsed,
        outcome,
        error_message,
        request_headers,
        request_body,
        response_headers,
        response_body,
    }
}

fn asked_delay(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    retry_after(headers.get(RETRY_AFTER)?.to_str().ok()?, now)
}

fn answered(status: u16) -> String {
    let reason = http::StatusCode::from_u16(status)
        .ok()
        .and_then(|code| code.canonical_reason());
    match reason {
        Some(reason) => format!("the endpoint answered {status} {reason}"),
        None => format!("the endpoint answered {status}"),
    }
}

fn unrenderable(started_at: Timestamp, error: &posthorn_domain::RenderFailed) -> Attempted {
    Attempted {
        started_at,
        elapsed: Duration::ZERO,
        outcome: Err(Failure::Unrenderable),
        error_message: Some(error.to_string()),
        request_headers: Bytes::new(),
        request_body: None,
        response_headers: Bytes::new(),
        response_body: Bytes::new(),
    }
}
