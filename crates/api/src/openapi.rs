mod body;
mod common;
mod parameters;

use utoipa::OpenApi;

pub(crate) use self::common::complete;
use crate::{problem::ProblemDocument, router};

/// The path of every operation begins with this.
pub(crate) const BASE: &str = "/api/v1";

/// What does not follow from the operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Posthorn",
        description = "Delivers events to webhooks: signed, retried, recorded.\n\nSend an API key as `Authorization: Bearer <key>`. Problems are `application/problem+json` (RFC 9457) with a stable `code`. Every response carries `x-request-id` and the rate-limit headers.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(ProblemDocument<'static>)),
    tags(
        (name = "events", description = "What happened"),
        (name = "event types", description = "What may happen, and what it looks like"),
        (name = "webhooks", description = "Who wants to know"),
        (name = "deliveries", description = "Who was told, and what they said"),
        (name = "statistics", description = "How well it goes"),
        (name = "replays", description = "What is told again"),
        (name = "dead letters", description = "What could not be told, or not be read"),
        (name = "access", description = "Who may do what, and who did"),
    ),
)]
struct Base;

pub(crate) fn base() -> utoipa::openapi::OpenApi {
    Base::openapi()
}

/// The OpenAPI document of this version.
pub fn document() -> utoipa::openapi::OpenApi {
    router::operations().1
}
