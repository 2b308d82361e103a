use axum::http::{HeaderMap, HeaderName, HeaderValue};
use posthorn_domain::{Clock, EventId};
use posthorn_service::randomness::SharedRng;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, for whoever logs something about it.
#[derive(Clone)]
pub(crate) struct RequestId(pub(super) HeaderValue);

impl RequestId {
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Longest id of a client's that is taken over, in bytes.
const REQUEST_ID_BYTES_MAX: usize = 128;

/// The id that the client or a proxy before us gave, or a fresh one.
pub(super) fn request_id(headers: &HeaderMap, clock: &dyn Clock, rng: &SharedRng) -> HeaderValue {
    let given = headers.get(REQUEST_ID).filter(|id| {
        (1..=REQUEST_ID_BYTES_MAX).contains(&id.len())
            && id.as_bytes().iter().all(u8::is_ascii_graphic)
    });
    if let Some(id) = given {
        return id.clone();
    }
    // Any UUIDv7 does: it sorts by time, which helps whoever reads logs.
    let id = rng.with(|rng| EventId::generate(clock, rng)).as_uuid();
    let mut text = uuid::Uuid::encode_buffer();
    HeaderValue::from_str(id.as_hyphenated().encode_lower(&mut text))
        .unwrap_or(HeaderValue::from_static("unknown"))
}
