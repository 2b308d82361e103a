use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::Next,
    response::Response,
};

use super::request_id::{REQUEST_ID, RequestId, request_id};
use crate::{
    access::Quota,
    app::App,
    problem::{Code, Problem},
};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// Where the pages of the API's documentation are.
const DOCS: &str = "/docs";
/// What these pages may load: what is theirs, and the document. They write styles into the text of the page.
const DOCS_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Names the request, and gives every answer of the port the headers that all have.
///
/// It is the outermost: health, metrics and preflights go through nothing else. They take nothing out of a
/// bucket, so they show a full one. Whatever is answered is what it says it is, and nobody on the way keeps it, unless
/// it says that it may be kept, as the files of the console do.
pub(crate) async fn common_headers(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let is_docs = request.uri().path().starts_with(DOCS);
    let id = request_id(request.headers(), &*app.clock, &app.rng);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    let quota = response.extensions().get::<Quota>().copied();
    let headers = response.headers_mut();
    if is_docs {
        headers.insert(CONTENT_SECURITY_POLICY, DOCS_POLICY);
    }
    add_common(
        headers,
        id,
        quota.unwrap_or_else(|| app.keyring.untouched_quota()),
    );
    response
}

/// What a client is told whose request cannot be read, in the shape of every other problem.
pub(crate) fn misread(app: &App, status: StatusCode) -> http::Response<Vec<u8>> {
    let (code, words) = match status {
        StatusCode::URI_TOO_LONG => (Code::UriTooLong, "the path and its query are too long"),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => (
            Code::HeadersTooLarge,
            "the request's headers are too many or too large",
        ),
        _ => (Code::MalformedRequest, "the request is not valid HTTP"),
    };
    let mut answer = Problem::new(code, words).into_bytes();
    let id = request_id(&HeaderMap::new(), &*app.clock, &app.rng);
    add_common(answer.headers_mut(), id, app.keyring.untouched_quota());
    answer
}

fn add_common(headers: &mut HeaderMap, id: HeaderValue, quota: Quota) {
    headers.insert(REQUEST_ID, id);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    add_quota(headers, quota);
}

fn add_quota(headers: &mut HeaderMap, quota: Quota) {
    headers.insert(LIMIT, HeaderValue::from(quota.limit));
    headers.insert(REMAINING, HeaderValue::from(quota.remaining));
    headers.insert(RESET, HeaderValue::from(quota.reset_seconds));
}
