use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderValue,
        header::{ETAG, IF_MATCH},
        request::Parts,
    },
};
use posthorn_store::ExpectedVersion;
use utoipa::IntoParams;

/// How `If-Match` stands in the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by `IfMatch`; this is its schema")]
pub(crate) struct IfMatchParam {
    /// The `ETag` that the webhook must still have, or 412. `*` and absence mean any.
    #[param(rename = "If-Match", example = "\"7\"")]
    if_match: Option<String>,
}

/// Which states of a webhook the request is meant for, by its `If-Match` header (RFC 9110, section 13.1.1).
///
/// Without the header, and with `*`, that is any. A tag that Posthorn never gave matches nothing, as does a weak one.
pub(crate) struct IfMatch(pub(crate) ExpectedVersion);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let mut headers = parts.headers.get_all(IF_MATCH).iter().peekable();
        if headers.peek().is_none() {
            return Ok(Self(ExpectedVersion::Any));
        }
        let mut versions = Vec::new();
        for header in headers {
            for tag in header.to_str().unwrap_or_default().split(',') {
                let tag = tag.trim();
                if tag == "*" {
                    return Ok(Self(ExpectedVersion::Any));
                }
                versions.extend(version(tag));
            }
        }
        Ok(Self(ExpectedVersion::OneOf(versions)))
    }
}

fn version(tag: &str) -> Option<i64> {
    tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The `ETag` of a webhook in this state. It names the settings: what is counted of its deliveries changes without it.
pub(crate) fn etag(version: i64) -> [(axum::http::HeaderName, HeaderValue); 1] {
    let tag = format!("\"{version}\"");
    [(
        ETAG,
        HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\"")),
    )]
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn read(headers: &[&str]) -> ExpectedVersion {
        let mut request = Request::builder();
        for value in headers {
            request = request.header(IF_MATCH, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let Ok(IfMatch(expected)) = IfMatch::from_request_parts(&mut parts, &()).await;
        expected
    }

    #[tokio::test]
    async fn reads_lists_stars_and_nothing_else() {
        assert_eq!(read(&[]).await, ExpectedVersion::Any);
        assert_eq!(read(&["*"]).await, ExpectedVersion::Any);
        assert_eq!(read(&["\"7\""]).await, ExpectedVersion::OneOf(vec![7]));
        assert_eq!(
            read(&["\"7\" , \"x\"", "\"8\""]).await,
            ExpectedVersion::OneOf(vec![7, 8])
        );
        for nothing in ["7", "W/\"7\"", "\"", "", "\"7"] {
            assert_eq!(
                read(&[nothing]).await,
                ExpectedVersion::OneOf(vec![]),
                "{nothing}"
            );
        }
    }
}
