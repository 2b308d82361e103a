//! The headers of a delivered request, and what of them may be kept.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE,
        USER_AGENT,
    },
};
use posthorn_domain::{
    Body, DeliveryId, Event, Timestamp, TraceContext, Webhook, body_signature, standard_signature,
};

const WEBHOOK_ID: HeaderName = HeaderName::from_static("webhook-id");
const WEBHOOK_TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
const WEBHOOK_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
const X_WEBHOOK_EVENT: HeaderName = HeaderName::from_static("x-webhook-event");
const X_WEBHOOK_DELIVERY: HeaderName = HeaderName::from_static("x-webhook-delivery");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// How requests introduce themselves.
const POSTHORN: HeaderValue =
    HeaderValue::from_static(concat!("Posthorn/", env!("CARGO_PKG_VERSION")));

/// Headers whose values are credentials wherever they come from.
const CREDENTIALS: [HeaderName; 4] = [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE, SET_COOKIE];
/// Headers of Standard Webhooks, such as `webhook-key-id`: none is a credential, and no owner can choose one.
const STANDARD_PREFIX: &str = "webhook-";

/// Signs `body` and names everything a receiver may want to know of it.
pub(super) fn request_headers(
    event: &Event,
    delivery: DeliveryId,
    webhook: &Webhook,
    trace: Option<&TraceContext>,
    body: &Body,
    sent_at: Timestamp,
) -> HeaderMap {
    let settings = &webhook.settings;
    let mut headers = HeaderMap::with_capacity(16);
    for (name, value) in settings.custom_headers.iter() {
        headers.insert(name.clone(), value.clone());
    }
    if let Some((name, value)) = settings.auth.header() {
        headers.insert(name, value);
    }
    headers.insert(USER_AGENT, POSTHORN);
    headers.insert(CONTENT_TYPE, body.content_type.clone());
    headers.extend(body.headers.iter().cloned());
    insert(&mut headers, WEBHOOK_ID, &event.id.to_string());
    headers.insert(WEBHOOK_TIMESTAMP, HeaderValue::from(sent_at.timestamp()));
    insert(
        &mut headers,
        WEBHOOK_SIGNATURE,
        &standard_signature(&webhook.secrets, event.id, sent_at, &body.bytes),
    );
    let signature = &settings.signature_header;
    let body_signature = body_signature(&webhook.secrets.current, signature.format, &body.bytes);
    insert(&mut headers, signature.name.clone(), &body_signature);
    insert(&mut headers, X_WEBHOOK_EVENT, event.event_type.as_str());
    insert(&mut headers, X_WEBHOOK_DELIVERY, &delivery.to_string());
    match trace {
        Some(trace) => {
            insert(&mut headers, TRACEPARENT, &trace.traceparent);
            if let Some(state) = &trace.tracestate {
                insert(&mut headers, TRACESTATE, state);
            }
        }
        None => insert(&mut headers, TRACEPARENT, &own_trace(event, delivery)),
    }
    headers
}

/// An event that nobody traced gets a trace of its own: the event's id is the trace, the delivery's hash the
/// parent, so the same delivery is found under the same name in everybody's logs (W3C Trace Context, not sampled).
fn own_trace(event: &Event, delivery: DeliveryId) -> String {
    let parent = u64::try_from(delivery.as_uuid().as_u128() & u128::from(u64::MAX)).unwrap_or(1);
    format!("00-{}-{parent:016x}-00", event.id.as_uuid().as_simple())
}

/// Skips a value that cannot travel; every value here was checked or made by us.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Whether a header's name says that its value is a credential. Of answers nothing else is known; what the webhook's
/// owner chose is [marked](posthorn_domain::CustomHeaders) as sensitive, whatever its name says.
///
/// It is asked of each header of each request and answer, so it reads a name once.
fn names_a_credential(name: &HeaderName) -> bool {
    let text = name.as_str();
    CREDENTIALS.contains(name)
        || (!text.starts_with(STANDARD_PREFIX)
            && (has_credential_part(text) || text.split(['-', '_', '.']).any(is_credential_word)))
}

/// Whether something stands in a name that is a credential wherever it stands.
fn has_credential_part(name: &str) -> bool {
    let name = name.as_bytes();
    name.iter().enumerate().any(|(at, first)| {
        let rest = || name.get(at..).unwrap_or_default();
        match first {
            b'a' => rest().starts_with(b"apikey") || rest().starts_with(b"authoriz"),
            b'c' => rest().starts_with(b"credential") || rest().starts_with(b"cookie"),
            b'j' => rest().starts_with(b"jwt"),
            b'p' => rest().starts_with(b"passw"),
            b's' => rest().starts_with(b"secret") || rest().starts_with(b"session"),
            b't' => rest().starts_with(b"token"),
            _ => false,
        }
    })
}

/// Words of such names that are parts of harmless ones too (`keep-alive`, `author`).
fn is_credential_word(word: &str) -> bool {
    matches!(
        word,
        "key" | "auth" | "pwd" | "pass" | "pin" | "otp" | "sid" | "bearer"
    )
}

/// A header's value for eyes that may not see credentials.
pub(super) fn shown<'a>(name: &HeaderName, value: &'a HeaderValue) -> &'a [u8] {
    if value.is_sensitive() || names_a_credential(name) {
        b"[redacted]"
    } else {
        value.as_bytes()
    }
}

/// Headers as `name: value` lines for the record. Credentials are left out, and never come back.
pub(super) fn recorded(headers: &HeaderMap) -> Bytes {
    lines(headers).into()
}

/// The same with the length of the body, for a record that does not hold all of it. The connection adds that header to
/// every request; nobody else can.
pub(super) fn recorded_with_length(headers: &HeaderMap, length: usize) -> Bytes {
    let mut lines = lines(headers);
    lines.extend_from_slice(format!("{CONTENT_LENGTH}: {length}\n").as_bytes());
    lines.into()
}

fn lines(headers: &HeaderMap) -> Vec<u8> {
    let mut lines = Vec::with_capacity(headers.len() * 48);
    for (name, value) in headers {
        lines.extend_from_slice(name.as_str().as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(shown(name, value));
        lines.push(b'\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_never_reach_the_record() {
        let mut headers = HeaderMap::new();
        let mut key = HeaderValue::from_static("k3y");
        key.set_sensitive(true);
        headers.insert("x-api-key", key);
        headers.insert(AUTHORIZATION, HeaderValue::from_static("Custom s3cret"));
        for name in [
            "set-cookie",
            "x-gitlab-token",
            "x-key",
            "client-secret-id",
            "x-credential",
            "x-passwd",
            "x-jwt",
            "x-session-id",
            "x-api-key-v2",
            "x-apikey",
            "x_auth_user",
            "x-accesstoken",
        ] {
            headers.insert(name, HeaderValue::from_static("s3cret"));
        }
        for name in ["x-plain", "webhook-key-id", "x-author", "keep-alive"] {
            headers.insert(name, HeaderValue::from_static("shown"));
        }
        let lines = String::from_utf8(recorded(&headers).to_vec()).unwrap();
        assert_eq!(lines.matches(": shown\n").count(), 4, "{lines}");
        assert!(
            !lines.contains("k3y") && !lines.contains("s3cret"),
            "{lines}"
        );
    }
}
