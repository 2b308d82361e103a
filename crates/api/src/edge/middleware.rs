use std::net::{IpAddr, Ipv4Addr};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, Method, StatusCode, header::AUTHORIZATION},
    middleware::Next,
    response::{IntoResponse, Response},
};
use posthorn_service::{
    http::ClientAddress,
    traces::{log_span, log_span_of_request},
};
use tokio::time::Instant;
use tracing::{Instrument, debug, error};

use super::{
    request_body,
    request_id::RequestId,
    request_span::{self, Traced},
};
use crate::{
    access::{Identity, tenant_of},
    app::App,
    database::on_behalf_of,
    problem::{Cause, Code, Problem},
};

/// Where events are published.
const PUBLISH_ROUTE: &str = "/api/v1/events";

/// Finds out who sent the request, limits its rate, measures it, and logs its failure.
pub(crate) async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request.extensions().get::<RequestId>().cloned();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());

    let span = request_span::begin(&app.traces, &request, route.as_deref());
    if let Some(span) = &span {
        request.extensions_mut().insert(Traced(span.here()));
    }
    let request_id = id.as_ref().map_or("unknown", RequestId::as_str);
    let log_of_request = log_span_of_request(span.as_ref(), request_id);

    let client = request.extensions().get::<ClientAddress>();
    let client = client.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.0);
    let (identity, admission) = app
        .keyring
        .admit(key(request.headers()), client, &app.database)
        .await;
    let (mut response, quota) = match admission {
        Ok(quota) => {
            let response = answer(&app, identity, request, next);
            (response.instrument(log_of_request).await, quota)
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
    // It names the request itself.
    log_span(span.as_ref()).in_scope(|| {
        let route = route.as_deref().unwrap_or("unmatched");
        log(&response, &method, route, request_id);
    });
    if let Some(span) = span {
        request_span::end(span, &response);
    }
    if let Some(code) = response.extensions().get::<Code>()
        && method == Method::POST
        && route.as_deref() == Some(PUBLISH_ROUTE)
    {
        app.metrics.refused(*code);
    }
    app.metrics.request(&method, route, response.status(), took);
    response.extensions_mut().insert(quota);
    response
}

/// Has a request answered that is admitted: what it takes of the database and of the memory for bodies is counted as its
/// sender's.
async fn answer(app: &App, identity: Identity, mut request: Request, next: Next) -> Response {
    let Identity::Holder(holder) = &identity else {
        request.extensions_mut().insert(identity);
        return next.run(request).await;
    };
    let tenant = tenant_of(holder, request.uri(), request.headers());
    // Until the answer is made: what was read of the body is in memory so long.
    let (mut request, _held) = request_body::held(request, &app.bodies, holder.id);
    request.extensions_mut().insert(identity);
    on_behalf_of(tenant, next.run(request)).await
}

/// The key of `Authorization: Bearer <key>`; the scheme's name in any case (RFC 9110, section 11.1).
fn key(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

/// A server that is away is in the log once, where that was noticed; each refused request is noise.
fn log(response: &Response, method: &Method, route: &str, id: &str) {
    let Some(Cause(cause)) = response.extensions().get::<Cause>() else {
        return;
    };
    let status = response.status();
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        error!(request.id = id, %method, route, "Request {id} failed: {method} {route}: {cause}");
    } else {
        debug!(request.id = id, %method, route, %status, "Request {id} refused: {method} {route}: {cause}");
    }
}
