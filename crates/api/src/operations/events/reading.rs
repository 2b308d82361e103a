//! Finds the events in a request: objects of our own, CloudEvents in a body, or one CloudEvent whose
//! attributes are headers (CloudEvents 1.0, HTTP protocol binding).

use std::borrow::Cow;

use axum::http::HeaderMap;
use bytes::Bytes;
use posthorn_bus::{IdempotencyKey, InvalidIdempotencyKey};
use posthorn_domain::{
    limits::{EVENTS_PER_REQUEST_MAX, IDEMPOTENCY_KEY_CHARS_MAX},
    without_bom,
};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{
    binary::cloud_event_in_headers,
    draft::{Draft, Mistakes},
    elements::Elements,
};
use crate::{
    extract::{MediaType, no_json},
    problem::{Code, Problem},
};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// How the events lie in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Objects,
    CloudEvent,
    CloudEventBatch,
    /// Attributes in headers, data in the body.
    CloudEventInHeaders,
}

impl Mode {
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let in_headers = headers.contains_key("ce-specversion") || headers.contains_key("ce-id");
        match MediaType::of_any(headers)? {
            Some(MediaType::CloudEvent) => Ok(Self::CloudEvent),
            Some(MediaType::CloudEventBatch) => Ok(Self::CloudEventBatch),
            Some(MediaType::OtherCloudEvent) => Err(Problem::new(
                Code::UnsupportedMediaType,
                "of CloudEvents' formats JSON alone is read: `application/cloudevents+json` or \
                 `application/cloudevents-batch+json`",
            )),
            // Data may be of any type.
            _ if in_headers => Ok(Self::CloudEventInHeaders),
            Some(MediaType::Json) => Ok(Self::Objects),
            Some(MediaType::MergePatch | MediaType::Other) | None => Err(MediaType::unsupported()),
        }
    }
}

/// Reads every event of a request, and whether they came as an array; or tells everything that is wrong with them.
pub(super) fn read_events(
    mode: Mode,
    headers: &HeaderMap,
    body: &Bytes,
    data_bytes_max: usize,
) -> Result<(Vec<Draft>, bool), Problem> {
    let mut mistakes = Mistakes::default();
    let key = header_key(headers)?;
    let (mut drafts, is_array) = match mode {
        Mode::CloudEventInHeaders => {
            let draft = cloud_event_in_headers(headers, body, &mut mistakes)?;
            (Vec::from_iter(draft), false)
        }
        Mode::CloudEvent => {
            let raw = json(body)?;
            let draft = Draft::of_cloud_event(raw.get().as_bytes(), &mut mistakes);
            (Vec::from_iter(draft), false)
        }
        Mode::Objects => {
            let raw = json(body)?;
            if raw.get().starts_with('[') {
                (read_array(raw, &mut mistakes, Draft::of_object)?, true)
            } else {
                (Vec::from_iter(Draft::of_object(raw, &mut mistakes)), false)
            }
        }
        Mode::CloudEventBatch => {
            let raw = json(body)?;
            let read = |raw: &RawValue, mistakes: &mut Mistakes| {
                Draft::of_cloud_event(raw.get().as_bytes(), mistakes)
            };
            // Nothing to publish is nothing wrong.
            let inner = raw.get().strip_prefix('[');
            let inner = inner.and_then(|inner| inner.strip_suffix(']'));
            if inner.is_some_and(|inner| inner.trim().is_empty()) {
                return Ok((Vec::new(), true));
            }
            (read_array(raw, &mut mistakes, read)?, true)
        }
    };
    let errors = mistakes.into_errors();
    if !errors.is_empty() {
        return Err(Problem::validation(errors));
    }
    refuse_too_large(&drafts, is_array, data_bytes_max)?;
    if let Some(key) = key {
        for (index, draft) in drafts.iter_mut().enumerate() {
            if draft.idempotency_key.is_none() {
                draft.idempotency_key = Some(if is_array {
                    element_key(&key, index)?
                } else {
                    key.clone()
                });
            }
        }
    }
    Ok((drafts, is_array))
}

fn json(body: &[u8]) -> Result<&RawValue, Problem> {
    serde_json::from_slice(without_bom(body)).map_err(|error| no_json(body, &error))
}

fn read_array(
    raw: &RawValue,
    mistakes: &mut Mistakes,
    read: impl Fn(&RawValue, &mut Mistakes) -> Option<Draft>,
) -> Result<Vec<Draft>, Problem> {
    let wrong = || {
        Problem::field(
            "",
            format!("the body must be an array of 1 to {EVENTS_PER_REQUEST_MAX} events"),
        )
    };
    let Elements(elements) = serde_json::from_str(raw.get()).map_err(|_| wrong())?;
    if elements.is_empty() {
        return Err(wrong());
    }
    let mut drafts = Vec::with_capacity(elements.len());
    for (index, element) in elements.into_iter().enumerate() {
        mistakes.index = Some(index);
        drafts.extend(read(element, mistakes));
    }
    Ok(drafts)
}

fn refuse_too_large(
    drafts: &[Draft],
    is_array: bool,
    data_bytes_max: usize,
) -> Result<(), Problem> {
    let too_large = drafts
        .iter()
        .position(|draft| draft.data_bytes() > data_bytes_max);
    let Some(index) = too_large else {
        return Ok(());
    };
    let place = if is_array {
        format!("[{index}].data")
    } else {
        "data".to_owned()
    };
    Err(Problem::new(
        Code::PayloadTooLarge,
        format!("{place} must be at most {data_bytes_max} bytes"),
    ))
}

fn header_key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    if headers
        .get_all(IDEMPOTENCY_KEY)
        .iter()
        .any(|other| other != value)
    {
        return Err(Problem::field("Idempotency-Key", "is there twice"));
    }
    let text = value.to_str().unwrap_or_default();
    unquoted(text)
        .unwrap_or_default()
        .parse()
        .map(Some)
        .map_err(|error: InvalidIdempotencyKey| {
            Problem::field("Idempotency-Key", error.to_string())
        })
}

/// The key as the IETF's draft writes it, a string of structured fields (RFC 9651, 3.3.3), or as it stands. `None` of a
/// string that does not end. Parameters behind it mean nothing.
fn unquoted(text: &str) -> Option<Cow<'_, str>> {
    let Some(inner) = text.strip_prefix('"') else {
        return Some(Cow::Borrowed(text));
    };
    let mut unquoted = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                let rest = characters.as_str().trim_start_matches(' ');
                let ends = rest.is_empty() || rest.starts_with(';');
                return ends.then_some(Cow::Owned(unquoted));
            }
            '\\' => unquoted.push(characters.next().filter(|c| matches!(c, '"' | '\\'))?),
            other => unquoted.push(other),
        }
    }
    None
}

/// A key in the header names the request: each event of an array has its place in it as well. A key that
/// would become too long is hashed.
fn element_key(key: &IdempotencyKey, index: usize) -> Result<IdempotencyKey, Problem> {
    let mut text = format!("{key}[{index}]");
    if text.len() > IDEMPOTENCY_KEY_CHARS_MAX {
        let hash = Sha256::digest(key.as_str().as_bytes());
        text = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        text.push_str(&format!("[{index}]"));
    }
    text.parse().map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_be_a_string_of_structured_fields() {
        for (text, key) in [
            ("order-7", Some("order-7")),
            (r#""order-7""#, Some("order-7")),
            (r#""a\"b\\c""#, Some(r#"a"b\c"#)),
            (r#""a";v=1"#, Some("a")),
            (r#""""#, Some("")),
            (r#"a"b"#, Some(r#"a"b"#)),
            (r#""a"#, None),
            (r#""a"b"#, None),
            (r#""a\b""#, None),
        ] {
            assert_eq!(unquoted(text).as_deref(), key, "{text}");
        }
    }
}
