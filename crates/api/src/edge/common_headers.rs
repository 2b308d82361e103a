use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

use super::request_id::{REQUEST_ID, RequestId, request_id};
use crate::{access::Quota, app::App};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Names the request, and gives every answer of the port the headers that all have.
///
/// It is the outermost: health, metrics and preflights go through nothing else. They take nothing out of a
/// bucket, so they show a full one.
pub(crate) async fn common_headers(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = request_id(request.headers(), &*app.clock, &app.rng);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    let quota = response.extensions().get::<Quota>().copied();
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    add_quota(
        headers,
        quota.unwrap_or_else(|| app.keyring.untouched_quota()),
    );
    response
}

fn add_quota(headers: &mut HeaderMap, quota: Quota) {
    headers.insert(LIMIT, HeaderValue::from(quota.limit));
    headers.insert(REMAINING, HeaderValue::from(quota.remaining));
    headers.insert(RESET, HeaderValue::from(quota.reset_seconds));
}
