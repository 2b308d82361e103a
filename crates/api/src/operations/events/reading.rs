//! Finds the events in a request: objects of our own, CloudEvents in a body, or one CloudEvent whose
//! attributes are headers (CloudEvents 1.0, HTTP protocol binding).

use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use percent_encoding::percent_decode;
use posthorn_bus::IdempotencyKey;
use posthorn_domain::{
    CloudEventAttributes, JsonText,
    limits::{EVENTS_PER_REQUEST_MAX, IDEMPOTENCY_KEY_CHARS_MAX},
};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::{
    draft::{Draft, Mistakes},
    elements::Elements,
};
use crate::{
    extract::MediaType,
    problem::{Code, Problem},
};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Longest attribute of a CloudEvent in headers, in bytes; the bus has the same bound for one in a body.
const ATTRIBUTE_BYTES_MAX: usize = 2_048;

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
        match MediaType::of(headers)? {
            Some(MediaType::CloudEvent) => Ok(Self::CloudEvent),
            Some(MediaType::CloudEventBatch) => Ok(Self::CloudEventBatch),
            Some(MediaType::Json) | None if in_headers => Ok(Self::CloudEventInHeaders),
            Some(MediaType::Json) => Ok(Self::Objects),
            Some(MediaType::MergePatch) | None => Err(MediaType::unsupported()),
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
    serde_json::from_slice(body)
        .map_err(|error| Problem::new(Code::InvalidJson, format!("the body is not JSON: {error}")))
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
    value
        .to_str()
        .unwrap_or_default()
        .parse()
        .map(Some)
        .map_err(|error: posthorn_bus::InvalidIdempotencyKey| {
            Problem::field("Idempotency-Key", error.to_string())
        })
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

fn cloud_event_in_headers(
    headers: &HeaderMap,
    body: &Bytes,
    mistakes: &mut Mistakes,
) -> Result<Option<Draft>, Problem> {
    let attribute = |name: &str| headers.get(format!("ce-{name}")).map(decode);
    let mut required = |name: &str| {
        let value = attribute(name).filter(|value| !value.is_empty());
        if value.is_none() {
            mistakes.note(&format!("ce-{name}"), "is required");
        }
        value
    };
    let (specversion, id) = (required("specversion"), required("id"));
    let (source, event_type) = (required("source"), required("type"));
    if specversion.is_some_and(|version| version != "1.0") {
        mistakes.note("ce-specversion", "must be 1.0");
    }
    let time = attribute("time").map(|text| chrono::DateTime::parse_from_rfc3339(&text));
    if time.as_ref().is_some_and(Result::is_err) {
        mistakes.note("ce-time", "must be an RFC 3339 timestamp");
    }
    let data = if body.is_empty() {
        JsonText::from_trusted(Bytes::from_static(b"null"))
    } else {
        JsonText::parse(body.clone())
            .map_err(|error| Problem::new(Code::InvalidJson, format!("the body is {error}")))?
    };
    let subject = attribute("subject");
    for (name, value) in [
        ("ce-id", &id),
        ("ce-source", &source),
        ("ce-subject", &subject),
    ] {
        if value
            .as_ref()
            .is_some_and(|value| value.len() > ATTRIBUTE_BYTES_MAX)
        {
            mistakes.note(
                name,
                format_args!("must be at most {ATTRIBUTE_BYTES_MAX} bytes"),
            );
        }
    }
    let (Some(id), Some(source), Some(event_type)) = (id, source, event_type) else {
        return Ok(None);
    };
    let attributes = CloudEventAttributes {
        id,
        source,
        subject,
    };
    let time = time.and_then(Result::ok).map(|time| time.to_utc());
    Ok(Draft::of_attributes(
        &event_type,
        time,
        data,
        attributes,
        mistakes,
    ))
}

/// Values are percent-encoded UTF-8 (section 3.1.3.2 of the binding).
fn decode(value: &HeaderValue) -> String {
    percent_decode(value.as_bytes())
        .decode_utf8_lossy()
        .into_owned()
}
