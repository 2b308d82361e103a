use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use posthorn_domain::{
    ApiKeyId, DeadLetterId, DeliveryId, ErasureId, EventId, EventType, ReplayId, TenantId,
    WebhookId,
};

use crate::problem::{Code, Problem};

/// Something that a path names.
pub(crate) trait Target: FromStr {
    /// What the answer says when there is no such thing.
    const MISSING: Code;
}

impl Target for WebhookId {
    const MISSING: Code = Code::WebhookNotFound;
}
impl Target for EventId {
    const MISSING: Code = Code::EventNotFound;
}
impl Target for DeliveryId {
    const MISSING: Code = Code::DeliveryNotFound;
}
impl Target for ApiKeyId {
    const MISSING: Code = Code::ApiKeyNotFound;
}
impl Target for EventType {
    const MISSING: Code = Code::EventTypeNotFound;
}
impl Target for ReplayId {
    const MISSING: Code = Code::ReplayNotFound;
}
impl Target for ErasureId {
    const MISSING: Code = Code::ErasureNotFound;
}
impl Target for DeadLetterId {
    const MISSING: Code = Code::DeadLetterNotFound;
}
impl Target for TenantId {
    const MISSING: Code = Code::TenantNotFound;
}

/// The id in the path. What cannot be an id is one that does not exist.
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: Target, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let missing = || Problem::not_found(T::MISSING);
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| missing())?;
        let (_, text) = params.iter().next().ok_or_else(missing)?;
        text.parse().map(Self).map_err(|_| missing())
    }
}
