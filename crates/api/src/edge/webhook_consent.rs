//! Consent to be sent events, as "HTTP 1.1 Web Hooks for Event Delivery" of CloudEvents has it (section 4, abuse
//! protection): a sender such as Azure Event Grid asks by OPTIONS before it sends anything, and takes no other answer than
//! this. It has no key yet, and gets nothing by the answer: each event it sends needs one.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header::ALLOW},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    config::EventOrigins,
    openapi,
    problem::{Code, Problem},
};

const REQUEST_ORIGIN: HeaderName = HeaderName::from_static("webhook-request-origin");
const ALLOWED_ORIGIN: HeaderName = HeaderName::from_static("webhook-allowed-origin");
const ALLOWED_RATE: HeaderName = HeaderName::from_static("webhook-allowed-rate");

/// What the question is answered with. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Consent {
    pub(crate) origins: Arc<EventOrigins>,
    /// Most requests a minute with one key.
    pub(crate) rate_per_minute: u64,
}

/// Answers the question; everything else goes on.
pub(crate) async fn webhook_consent(
    State(consent): State<Consent>,
    request: Request,
    next: Next,
) -> Response {
    let is_of_events = request.uri().path().strip_prefix(openapi::BASE) == Some("/events");
    let origin = request.headers().get(REQUEST_ORIGIN);
    let Some(origin) = origin.filter(|_| is_of_events && request.method() == Method::OPTIONS)
    else {
        return next.run(request).await;
    };
    if !origin
        .to_str()
        .is_ok_and(|origin| consent.origins.consents_to(origin.trim()))
    {
        return Problem::new(
            Code::Forbidden,
            "this origin may not send events here; POSTHORN_CLOUDEVENTS_ORIGINS lists those that may",
        )
        .into_response();
    }
    let headers = [
        (ALLOW, HeaderValue::from_static("POST")),
        (ALLOWED_ORIGIN, origin.clone()),
        (ALLOWED_RATE, HeaderValue::from(consent.rate_per_minute)),
    ];
    (StatusCode::OK, headers).into_response()
}
