//! Tags of what is answered (RFC 9110, section 8.8.3), and the preconditions that name them (section 13.1).
//!
//! A tag is strong: it changes with every byte of the answer. A webhook's has two parts. The first is the version of its
//! settings, the rest what is counted of its deliveries, which changes by itself. `If-None-Match` looks at both, so that
//! nobody is told that nothing has changed while something has. `If-Match` asks whether the settings are still those that
//! a change was decided on, and looks at the first part alone.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{ETAG, IF_MATCH, IF_NONE_MATCH},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use posthorn_store::{EntryTag, ExpectedEntry, ExpectedVersion};
use utoipa::IntoParams;

/// How `If-Match` stands in the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by `IfMatch`; this is its schema")]
pub(crate) struct IfMatchParam {
    /// The `ETag` that it must still have, or 412. `*` and absence mean any.
    #[param(rename = "If-Match", example = "\"7\"")]
    if_match: Option<String>,
}

/// How `If-None-Match` stands in the document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by `IfNoneMatch`; this is its schema")]
pub(crate) struct IfNoneMatchParam {
    /// The `ETag` of an earlier answer: 304 without a body where it still holds.
    #[param(rename = "If-None-Match", example = "\"7\"")]
    if_none_match: Option<String>,
}

/// Which states of a webhook the request is meant for, by its `If-Match` header (RFC 9110, section 13.1.1).
///
/// Without the header, and with `*`, that is any. A tag that Posthorn never gave matches nothing, as does a weak one.
pub(crate) struct IfMatch(pub(crate) ExpectedVersion);

/// The same for an event type of the catalogue.
pub(crate) struct EntryIfMatch(pub(crate) ExpectedEntry);

/// The tags of earlier answers that the client still has (RFC 9110, section 13.1.2).
pub(crate) struct IfNoneMatch(Vec<String>);

/// The tag of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag(String);

impl Tag {
    /// That of a webhook whose settings have this version; `counted` is what else the answer shows.
    pub(crate) fn of_webhook(version: i64, counted: &[i64]) -> Self {
        let parts = std::iter::once(&version).chain(counted);
        let text: Vec<String> = parts.map(i64::to_string).collect();
        Self(text.join("."))
    }

    /// That of an event type of the catalogue.
    pub(crate) fn of_entry(tag: EntryTag) -> Self {
        Self(format!("{}.{}", tag.created_us, tag.updated_us))
    }

    /// The header that says it.
    pub(crate) fn header(&self) -> [(HeaderName, HeaderValue); 1] {
        let value = HeaderValue::from_str(&format!("\"{}\"", self.0));
        [(ETAG, value.unwrap_or(HeaderValue::from_static("\"\"")))]
    }
}

impl IfNoneMatch {
    /// The answer, or 304 where the client has it.
    pub(crate) fn answer(&self, tag: &Tag, answer: impl IntoResponse) -> Response {
        let has_it = self.0.iter().any(|held| held == "*" || *held == tag.0);
        if has_it {
            return (StatusCode::NOT_MODIFIED, tag.header()).into_response();
        }
        (tag.header(), answer).into_response()
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let expected = match expected(&parts.headers) {
            None => ExpectedVersion::Any,
            Some(tags) => {
                let settings = |tag: &String| number(tag.split('.').next()?);
                ExpectedVersion::OneOf(tags.iter().filter_map(settings).collect())
            }
        };
        Ok(Self(expected))
    }
}

impl<S: Sync> FromRequestParts<S> for EntryIfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let tag = |tag: &String| {
            let (created, updated) = tag.split_once('.')?;
            Some(EntryTag {
                created_us: number(created)?,
                updated_us: number(updated)?,
            })
        };
        let expected = expected(&parts.headers).map_or(ExpectedEntry::Any, |tags| {
            ExpectedEntry::OneOf(tags.iter().filter_map(tag).collect())
        });
        Ok(Self(expected))
    }
}

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // The comparison is weak: what a proxy has made weak on its way is the same here.
        let tags = written(&parts.headers, IF_NONE_MATCH);
        let held = tags.filter_map(|tag| match tag {
            "*" => Some("*".to_owned()),
            tag => opaque(tag.strip_prefix("W/").unwrap_or(tag)),
        });
        Ok(Self(held.collect()))
    }
}

/// The strong tags of `If-Match`; `None` where any state will do.
fn expected(headers: &HeaderMap) -> Option<Vec<String>> {
    if !headers.contains_key(IF_MATCH) || written(headers, IF_MATCH).any(|tag| tag == "*") {
        return None;
    }
    Some(written(headers, IF_MATCH).filter_map(opaque).collect())
}

/// What stands between the commas of a header that may be there several times.
fn written(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(name).into_iter();
    values.flat_map(|value| value.to_str().unwrap_or_default().split(',').map(str::trim))
}

fn opaque(tag: &str) -> Option<String> {
    let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.to_owned())
}

/// A number as tags write it: `7`, never `007` or `+7`, which would be other tags.
fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn parts(name: &HeaderName, headers: &[&str]) -> Parts {
        let mut request = Request::builder();
        for value in headers {
            request = request.header(name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    async fn read(headers: &[&str]) -> ExpectedVersion {
        let Ok(IfMatch(expected)) =
            IfMatch::from_request_parts(&mut parts(&IF_MATCH, headers), &()).await;
        expected
    }

    #[tokio::test]
    async fn reads_lists_stars_and_nothing_else() {
        assert_eq!(read(&[]).await, ExpectedVersion::Any);
        assert_eq!(read(&["*"]).await, ExpectedVersion::Any);
        assert_eq!(read(&["\"7\""]).await, ExpectedVersion::OneOf(vec![7]));
        assert_eq!(
            read(&["\"7\" , \"x\"", "\"8.1.2\""]).await,
            ExpectedVersion::OneOf(vec![7, 8])
        );
        for nothing in [
            "7", "W/\"7\"", "\"", "", "\"7", "\"007\"", "\"+7\"", "\"7 \"", "\".7\"",
        ] {
            assert_eq!(
                read(&[nothing]).await,
                ExpectedVersion::OneOf(vec![]),
                "{nothing}"
            );
        }
    }

    #[tokio::test]
    async fn what_the_client_has_is_not_sent_again() {
        let tag = Tag::of_webhook(7, &[3, 2]);
        assert_eq!(tag.header()[0].1, "\"7.3.2\"");
        for (held, status) in [
            ("\"7.3.2\"", 304),
            ("W/\"7.3.2\"", 304),
            ("*", 304),
            ("\"1\", \"7.3.2\"", 304),
            ("\"7\"", 200),
            ("\"7.4.2\"", 200),
            ("7.3.2", 200),
        ] {
            let mut parts = parts(&IF_NONE_MATCH, &[held]);
            let Ok(held_tags) = IfNoneMatch::from_request_parts(&mut parts, &()).await;
            let answer = held_tags.answer(&tag, "body");
            assert_eq!(answer.status(), status, "{held}");
            assert_eq!(answer.headers()[ETAG], "\"7.3.2\"", "{held}");
        }
    }
}
