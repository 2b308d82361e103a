//! Which headers a webhook's owner may choose.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::{
    field_error::FieldError,
    limits::{CUSTOM_HEADERS_MAX, HEADER_VALUE_BYTES_MAX},
};

/// Headers that the protocol, HTTP or the signature own.
const RESERVED: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "traceparent",
    "tracestate",
    "x-webhook-event",
    "x-webhook-delivery",
];

/// Reserved families of headers.
const RESERVED_PREFIXES: &[&str] = &["webhook-", "proxy-", "ce-", "sec-"];

/// Reads the name of a header that a webhook's owner chose.
pub(crate) fn free_header_name(name: &str) -> Result<HeaderName, String> {
    let parsed =
        HeaderName::try_from(name).map_err(|_| format!("`{name}` is not a header name"))?;
    let lower = parsed.as_str();
    if RESERVED.contains(&lower)
        || RESERVED_PREFIXES
            .iter()
            .any(|prefix| lower.starts_with(prefix))
    {
        return Err(format!(
            "`{lower}` is set by the protocol and cannot be chosen"
        ));
    }
    Ok(parsed)
}

/// Reads a header's value: visible ASCII, spaces and tabs.
pub(crate) fn header_value(value: &str) -> Result<HeaderValue, String> {
    if value.len() > HEADER_VALUE_BYTES_MAX {
        return Err(format!(
            "must be at most {HEADER_VALUE_BYTES_MAX} bytes long"
        ));
    }
    let visible = value
        .bytes()
        .all(|b| b == b'\t' || (b' '..=b'~').contains(&b));
    if !visible {
        return Err("must be visible ASCII".to_owned());
    }
    HeaderValue::try_from(value).map_err(|_| "is not a header value".to_owned())
}

/// Headers that a webhook's owner adds to each request. Their values are marked sensitive: no record shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomHeaders(Vec<(HeaderName, HeaderValue)>);

impl CustomHeaders {
    /// Checks every header; all mistakes are reported, each under its own name.
    pub fn validate(headers: &BTreeMap<String, String>) -> Result<Self, Vec<FieldError>> {
        if headers.len() > CUSTOM_HEADERS_MAX {
            return Err(vec![FieldError::new(
                "custom_headers",
                format!(
                    "has {} headers, at most {CUSTOM_HEADERS_MAX} are allowed",
                    headers.len()
                ),
            )]);
        }
        let mut errors = Vec::new();
        let mut valid = Vec::with_capacity(headers.len());
        for (name, value) in headers {
            match (free_header_name(name), header_value(value)) {
                (Ok(name), Ok(_)) if valid.iter().any(|(seen, _)| *seen == name) => {
                    errors.push(FieldError::new(
                        format!("custom_headers.{name}"),
                        "is given twice",
                    ));
                }
                (Ok(name), Ok(mut value)) => {
                    // What it is for, only its owner knows: it may be a credential under any name.
                    value.set_sensitive(true);
                    valid.push((name, value));
                }
                (Err(detail), _) | (_, Err(detail)) => {
                    errors.push(FieldError::new(format!("custom_headers.{name}"), detail));
                }
            }
        }
        if errors.is_empty() {
            Ok(Self(valid))
        } else {
            Err(errors)
        }
    }

    /// The headers.
    pub fn iter(&self) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
        self.0.iter()
    }

    /// The value of a header, if it is set.
    pub fn get(&self, name: &HeaderName) -> Option<&HeaderValue> {
        self.0
            .iter()
            .find(|(set, _)| set == name)
            .map(|(_, value)| value)
    }
}

/// How the body's signature is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignatureFormat {
    /// `sha256=<hex>`.
    #[default]
    PrefixedHex,
    /// `<hex>`.
    Hex,
    /// Padded base64.
    Base64,
}

/// The header that carries the body's signature, for receivers older than Standard Webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHeader {
    /// Name of the header; its spelling is kept for display, HTTP does not see it.
    pub name: HeaderName,
    /// Spelling of the signature.
    pub format: SignatureFormat,
}

impl SignatureHeader {
    /// Name unless the webhook says otherwise.
    pub const DEFAULT_NAME: &str = "X-Webhook-Signature";

    /// Checks the name.
    pub fn validate(name: &str, format: SignatureFormat) -> Result<Self, FieldError> {
        let name = free_header_name(name)
            .map_err(|detail| FieldError::new("signature_header.name", detail))?;
        if [http::header::CONTENT_TYPE, http::header::AUTHORIZATION].contains(&name) {
            return Err(FieldError::new(
                "signature_header.name",
                format!("`{name}` has another use"),
            ));
        }
        Ok(Self { name, format })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(headers: &[(&str, &str)]) -> Vec<String> {
        let map = headers
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        CustomHeaders::validate(&map)
            .err()
            .into_iter()
            .flatten()
            .map(|e| e.field)
            .collect()
    }

    #[test]
    fn refuses_what_others_own_and_names_each() {
        for name in [
            "Host",
            "content-length",
            "Transfer-Encoding",
            "webhook-id",
            "Webhook-Anything",
            "User-Agent",
            "a b",
            "",
        ] {
            assert_eq!(
                fields(&[(name, "x")]),
                [format!("custom_headers.{name}")],
                "{name}"
            );
        }
        assert_eq!(
            fields(&[("x-a", "1"), ("X-A", "2")]),
            ["custom_headers.x-a"]
        );
        assert_eq!(
            fields(&[("x-a", "a\r\nb: c"), ("x-b", "é")]),
            ["custom_headers.x-a", "custom_headers.x-b"]
        );
        assert!(fields(&[("X-Api-Key", "k"), ("Accept", "*/*")]).is_empty());
    }
}
