use std::{borrow::Cow, collections::HashMap};

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use posthorn_domain::{FieldError, without_bom};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;

use super::body::{MediaType, read_body};
use crate::problem::{Code, Problem};

/// Largest document, in bytes. Events have a limit of their own.
const DOCUMENT_BYTES_MAX: usize = 1024 * 1024;

/// A JSON object in the body of a request.
pub(crate) struct Document<T>(pub(crate) T);

/// The same, where an empty body means the default.
pub(crate) struct OptionalDocument<T>(pub(crate) T);

/// A type that is written as a JSON object.
pub(crate) trait Shape: DeserializeOwned {
    /// Its fields that must be there. Serde tells of a missing one in words alone, and of the first only.
    const REQUIRED: &'static [&'static str];
    /// Largest body, in bytes.
    const BYTES_MAX: usize = DOCUMENT_BYTES_MAX;
    /// Whether it is a merge patch, which has a media type of its own.
    const IS_MERGE_PATCH: bool = false;
}

impl<T: Shape, S: Sync> FromRequest<S> for Document<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let media_type = MediaType::of(request.headers())?;
        let body = read_body(request.into_body(), T::BYTES_MAX).await?;
        require_json::<T>(media_type)?;
        parse_document(&body).map(Self)
    }
}

impl<T: Shape + Default, S: Sync> FromRequest<S> for OptionalDocument<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let media_type = MediaType::of(request.headers());
        let body: Bytes = read_body(request.into_body(), T::BYTES_MAX).await?;
        if body.is_empty() {
            return Ok(Self(T::default()));
        }
        require_json::<T>(media_type?)?;
        parse_document(&body).map(Self)
    }
}

pub(super) fn require_json<T: Shape>(media_type: Option<MediaType>) -> Result<(), Problem> {
    match media_type {
        Some(MediaType::Json) => Ok(()),
        Some(MediaType::MergePatch) if T::IS_MERGE_PATCH => Ok(()),
        Some(
            MediaType::MergePatch
            | MediaType::CloudEvent
            | MediaType::CloudEventBatch
            | MediaType::OtherCloudEvent
            | MediaType::Other,
        )
        | None => Err(MediaType::unsupported()),
    }
}

/// Reads an object: what is no JSON is 400, what does not fit 422 with the path of the field.
pub(crate) fn parse_document<T: Shape>(body: &[u8]) -> Result<T, Problem> {
    let raw: &RawValue =
        serde_json::from_slice(without_bom(body)).map_err(|error| no_json(body, &error))?;
    // Serde would read an array as an object's fields in their order.
    if !raw.get().starts_with('{') {
        return Err(Problem::field("", "the body must be a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_str(raw.get());
    let read = serde_path_to_error::deserialize(&mut reader);
    read.map_err(|error| match missing::<T>(raw.get()) {
        // A missing field is told only when nothing before it is wrong.
        Some(missing) if error.path().iter().next().is_none() => missing,
        _ => misfit(error),
    })
}

/// Says that a body is not JSON, and what it is where that is a usual mistake.
pub(crate) fn no_json(body: &[u8], error: &serde_json::Error) -> Problem {
    let words = match body {
        [0x1f, 0x8b, ..] => {
            "the body is compressed (gzip): send it as it is, or say so with `Content-Encoding`"
                .to_owned()
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            "the body is not JSON: it is UTF-16, and JSON is sent as UTF-8".to_owned()
        }
        _ => format!("the body is not JSON: {error}"),
    };
    Problem::new(Code::InvalidJson, words)
}

fn missing<T: Shape>(object: &str) -> Option<Problem> {
    let present: HashMap<Cow<'_, str>, IgnoredAny> = serde_json::from_str(object).ok()?;
    let errors: Vec<FieldError> = T::REQUIRED
        .iter()
        .filter(|name| !present.contains_key(**name))
        .map(|name| FieldError::new(*name, "is required"))
        .collect();
    (!errors.is_empty()).then(|| Problem::validation(errors))
}

fn misfit(error: serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let field = error.path().to_string();
    let error = error.into_inner();
    if !error.is_data() {
        // Such as a lone surrogate, which is no text although it is written like one.
        return no_json(&[], &error);
    }
    let detail = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let detail = detail.strip_suffix(&place).unwrap_or(&detail);
    // The path of the document itself is written as a dot.
    Problem::field(if field == "." { "" } else { &field }, detail)
}
