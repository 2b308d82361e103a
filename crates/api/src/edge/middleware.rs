use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::AUTHORIZATION},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::Instant;
use tracing::{debug, error};

use super::request_id::{REQUEST_ID, request_id};
use crate::{
    access::{Identity, Quota},
    app::App,
    problem::{Cause, Code, Problem},
};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Names the request, finds out who sent it, limits its rate, measures it, and logs its failure.
pub(crate) async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers(), &*app.clock, &app.rng);
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("unmatched", MatchedPath::as_str)
        .to_owned();

    let (identity, admission) = app
        .keyring
        .admit(key(request.headers()), &app.database)
        .await;
    let (mut response, quota) = match admission {
        Ok(quota) => {
            request.extensions_mut().insert::<Identity>(identity);
            (next.run(request).await, quota)
        }
        Err(exhausted) => {
            let problem = Problem::new(
                Code::RateLimited,
                "too many requests with this key: try again later",
            )
            .retry_after(exhausted.retry_after_seconds);
            (problem.into_response(), exhausted.quota)
        }
    };

    let took = started.elapsed();
    log(&response, &method, &route, &id);
    app.metrics.request(&method, route, response.status(), took);
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, id);
    add_quota(headers, quota);
    response
}

fn add_quota(headers: &mut HeaderMap, quota: Quota) {
    headers.insert(LIMIT, HeaderValue::from(quota.limit));
    headers.insert(REMAINING, HeaderValue::from(quota.remaining));
    headers.insert(RESET, HeaderValue::from(quota.reset_seconds));
}

/// The key of `Authorization: Bearer <key>`; the scheme's name in any case (RFC 9110, section 11.1).
fn key(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// A server that is away is in the log once, where that was noticed; each refused request is noise.
fn log(response: &Response, method: &axum::http::Method, route: &str, id: &HeaderValue) {
    let Some(Cause(cause)) = response.extensions().get::<Cause>() else {
        return;
    };
    let id = id.to_str().unwrap_or_default();
    let status = response.status();
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        error!(request.id = id, %method, route, "Request {id} failed: {method} {route}: {cause}");
    } else {
        debug!(request.id = id, %method, route, %status, "Request {id} refused: {method} {route}: {cause}");
    }
}
