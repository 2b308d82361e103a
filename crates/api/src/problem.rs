//! Everything that goes wrong, as RFC 9457 asks for it: one shape at the edge of the process.

use std::{borrow::Cow, fmt};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use posthorn_domain::FieldError;
use posthorn_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// After how many seconds a client may try again when a server behind the api is away.
const RETRY_AFTER_SECONDS: u64 = 1;

/// What went wrong, for programs. The names are part of the interface and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    InvalidJson,
    InvalidBody,
    ValidationFailed,
    IdempotencyKeyReused,
    InvalidWebhookUrl,
    WebhookUrlUnreachable,
    TooManyWebhooks,
    TooManySigningSecrets,
    Unauthorized,
    Forbidden,
    RouteNotFound,
    WebhookNotFound,
    EventNotFound,
    DeliveryNotFound,
    ApiKeyNotFound,
    TenantNotFound,
    ReplayNotFound,
    ErasureNotFound,
    DeadLetterNotFound,
    TenantExists,
    TenantBeingDeleted,
    EventTypeNotFound,
    EventTypeExists,
    ReplayEnded,
    DeliveryPending,
    WebhookDisabled,
    EventExpired,
    EventErased,
    WebhookChanged,
    EventTypeChanged,
    MethodNotAllowed,
    RequestTimeout,
    MalformedRequest,
    UriTooLong,
    HeadersTooLarge,
    PayloadTooLarge,
    UnsupportedMediaType,
    RateLimited,
    InternalError,
    ServerBusy,
    QueueUnavailable,
    DatabaseUnavailable,
    SchemaChecksBusy,
}

impl Code {
    const fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidJson => (StatusCode::BAD_REQUEST, "invalid_json"),
            Self::InvalidBody => (StatusCode::BAD_REQUEST, "invalid_body"),
            Self::ValidationFailed => (StatusCode::UNPROCESSABLE_ENTITY, "validation_failed"),
            Self::IdempotencyKeyReused => {
                (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused")
            }
            Self::InvalidWebhookUrl => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_webhook_url"),
            Self::WebhookUrlUnreachable => {
                (StatusCode::UNPROCESSABLE_ENTITY, "webhook_url_unreachable")
            }
            Self::TooManyWebhooks => (StatusCode::UNPROCESSABLE_ENTITY, "too_many_webhooks"),
            Self::TooManySigningSecrets => (StatusCode::CONFLICT, "too_many_signing_secrets"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "unauthorized"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::RouteNotFound => (StatusCode::NOT_FOUND, "route_not_found"),
            Self::WebhookNotFound => (StatusCode::NOT_FOUND, "webhook_not_found"),
            Self::EventNotFound => (StatusCode::NOT_FOUND, "event_not_found"),
            Self::DeliveryNotFound => (StatusCode::NOT_FOUND, "delivery_not_found"),
            Self::ApiKeyNotFound => (StatusCode::NOT_FOUND, "api_key_not_found"),
            Self::TenantNotFound => (StatusCode::NOT_FOUND, "tenant_not_found"),
            Self::TenantExists => (StatusCode::CONFLICT, "tenant_exists"),
            Self::TenantBeingDeleted => (StatusCode::CONFLICT, "tenant_being_deleted"),
            Self::ReplayNotFound => (StatusCode::NOT_FOUND, "replay_not_found"),
            Self::ErasureNotFound => (StatusCode::NOT_FOUND, "erasure_not_found"),
            Self::DeadLetterNotFound => (StatusCode::NOT_FOUND, "dead_letter_not_found"),
            Self::ReplayEnded => (StatusCode::CONFLICT, "replay_ended"),
            Self::DeliveryPending => (StatusCode::CONFLICT, "delivery_pending"),
            Self::WebhookDisabled => (StatusCode::CONFLICT, "webhook_disabled"),
            Self::EventExpired => (StatusCode::CONFLICT, "event_expired"),
            Self::EventErased => (StatusCode::CONFLICT, "event_erased"),
            Self::EventTypeNotFound => (StatusCode::NOT_FOUND, "event_type_not_found"),
            Self::EventTypeExists => (StatusCode::CONFLICT, "event_type_exists"),
            Self::WebhookChanged => (StatusCode::PRECONDITION_FAILED, "webhook_changed"),
            Self::EventTypeChanged => (StatusCode::PRECONDITION_FAILED, "event_type_changed"),
            Self::RequestTimeout => (StatusCode::REQUEST_TIMEOUT, "request_timeout"),
            Self::MalformedRequest => (StatusCode::BAD_REQUEST, "malformed_request"),
            Self::UriTooLong => (StatusCode::URI_TOO_LONG, "uri_too_long"),
            Self::HeadersTooLarge => (
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "headers_too_large",
            ),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::PayloadTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            }
            Self::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::InternalError => (StatusCode::INTERNAL_SERVER_ERROR, "internal_error"),
            Self::ServerBusy => (StatusCode::SERVICE_UNAVAILABLE, "server_busy"),
            Self::QueueUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "queue_unavailable"),
            Self::DatabaseUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "database_unavailable"),
            Self::SchemaChecksBusy => (StatusCode::SERVICE_UNAVAILABLE, "schema_checks_busy"),
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        self.parts().0
    }

    pub(crate) const fn as_str(self) -> &'static str {
        self.parts().1
    }
}

/// A request that was not done, and why.
#[derive(Debug)]
pub(crate) struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    retry_after_seconds: Option<u64>,
    cause: Option<String>,
    /// What a 401 asks for.
    challenge: HeaderValue,
    /// A 415 that is about the encoding and not about the type.
    is_about_encoding: bool,
}

/// Travels beside the response to the place that logs it; the client never sees it.
#[derive(Debug, Clone)]
pub(crate) struct Cause(pub(crate) String);

/// A problem as it is answered (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDocument<'a> {
    /// `about:blank`: the status says what kind of problem it is, `code` which one.
    #[schema(value_type = String, example = "about:blank")]
    r#type: &'a str,
    /// The status in words.
    #[schema(value_type = String, example = "Unprocessable Entity")]
    title: &'a str,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// What happened, for people.
    #[schema(value_type = String)]
    detail: &'a str,
    /// What happened, for programs; stable.
    #[schema(value_type = String, example = "validation_failed")]
    code: &'a str,
    /// The wrong fields of a request (422).
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Option<Vec<FieldError>>)]
    errors: &'a [FieldError],
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_seconds: None,
            cause: None,
            challenge: HeaderValue::from_static("Bearer"),
            is_about_encoding: false,
        }))
    }

    /// A body that is compressed. RFC 9110, section 15.5.16, asks to say what is taken.
    pub(crate) fn unsupported_encoding(encoding: &str) -> Self {
        let shown: String = encoding.chars().take(40).collect();
        let mut problem = Self::new(
            Code::UnsupportedMediaType,
            format!("`Content-Encoding: {shown}` is not read: send the body as it is, without it"),
        );
        problem.0.is_about_encoding = true;
        problem
    }

    #[cfg(test)]
    pub(crate) fn code(&self) -> Code {
        self.0.code
    }

    /// Wrong fields.
    pub(crate) fn validation(errors: Vec<FieldError>) -> Self {
        Self::wrong_fields(Code::ValidationFailed, errors)
    }

    /// Wrong fields, where one of them has a code of its own.
    pub(crate) fn wrong_fields(code: Code, errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(code, detail_of(&errors));
        problem.0.errors = errors;
        problem
    }

    /// The same, where the fields that are wrong stand within another. What names no field stays as it is.
    pub(crate) fn within(mut self, place: &str) -> Self {
        if self.0.errors.is_empty() {
            return self;
        }
        for error in &mut self.0.errors {
            error.field = match error.field.as_str() {
                "" => place.to_owned(),
                field => format!("{place}.{field}"),
            };
        }
        self.0.detail = detail_of(&self.0.errors).into();
        self
    }

    /// One wrong field.
    pub(crate) fn field(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::validation(vec![FieldError::new(field, detail)])
    }

    /// The key that was sent is no good: another word than that none was sent (RFC 6750, section 3.1).
    pub(crate) fn unknown_key() -> Self {
        let mut problem = Self::new(
            Code::Unauthorized,
            "there is no such API key, or it has expired",
        );
        problem.0.challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        problem
    }

    /// The client may try again.
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// NATS did not take an event.
    pub(crate) fn queue_unavailable(cause: impl fmt::Display) -> Self {
        Self::new(
            Code::QueueUnavailable,
            "NATS did not acknowledge; nothing is known to be accepted: try again",
        )
        .retry_after(RETRY_AFTER_SECONDS)
        .caused_by(cause)
    }

    /// PostgreSQL does not answer.
    pub(crate) fn database_unavailable(cause: impl fmt::Display) -> Self {
        Self::new(
            Code::DatabaseUnavailable,
            "the database does not answer, or is busy with other requests of this tenant: try again",
        )
        .retry_after(RETRY_AFTER_SECONDS)
        .caused_by(cause)
    }

    /// The tenant's turn to have something checked against a schema did not come in time.
    pub(crate) fn schema_checks_busy() -> Self {
        Self::new(
            Code::SchemaChecksBusy,
            "other checks against this tenant's schemas take too long: try again",
        )
        .retry_after(RETRY_AFTER_SECONDS)
    }

    /// A mistake of ours.
    pub(crate) fn internal(cause: impl fmt::Display) -> Self {
        Self::new(
            Code::InternalError,
            "something went wrong here; the log has the request's id",
        )
        .caused_by(cause)
    }

    /// What the store says, where a missing thing is called `missing`.
    pub(crate) fn of_store(error: StoreError, missing: Code) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(missing),
            StoreError::Unavailable(cause) => Self::database_unavailable(cause),
            StoreError::Conflict(what) => {
                let code = match missing {
                    Code::EventTypeNotFound => Code::EventTypeExists,
                    _ => Code::TenantExists,
                };
                Self::new(code, format!("{what} exists already"))
            }
            StoreError::TenantBeingDeleted(tenant) => Self::tenant_being_deleted(&tenant),
            StoreError::Full(words) => Self::field("", words),
            StoreError::TooManyWebhooks { .. } => Self::wrong_fields(
                Code::TooManyWebhooks,
                vec![FieldError::new("", error.to_string())],
            ),
            StoreError::TooManySecrets(full) => {
                Self::new(Code::TooManySigningSecrets, full.to_string())
            }
            StoreError::Changed => {
                let (code, what) = match missing {
                    Code::EventTypeNotFound => (Code::EventTypeChanged, "event type"),
                    _ => (Code::WebhookChanged, "webhook"),
                };
                let words =
                    format!("the {what} has changed since: read it again, then decide again");
                Self::new(code, words)
            }
            StoreError::Corrupt(_) | StoreError::Configuration(_) | StoreError::Other(_) => {
                Self::internal(error)
            }
        }
    }

    /// The tenant's name is taken until nothing is left of it.
    pub(crate) fn tenant_being_deleted(tenant: &str) -> Self {
        Self::new(
            Code::TenantBeingDeleted,
            format!(
                "tenant {tenant} is being deleted: its name can be used when nothing is left of it"
            ),
        )
    }

    pub(crate) fn not_found(code: Code) -> Self {
        Self::new(
            code,
            "there is no such thing, or it belongs to another tenant",
        )
    }

    pub(crate) fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }
}

fn detail_of(errors: &[FieldError]) -> String {
    match errors {
        [error] => sentence(error),
        errors => format!("{} fields are wrong", errors.len()),
    }
}

fn sentence(error: &FieldError) -> String {
    if error.field.is_empty() {
        error.detail.clone()
    } else {
        format!("{}: {}", error.field, error.detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.into_bytes().map(Body::from)
    }
}

impl Problem {
    /// The answer with its body in memory.
    pub(crate) fn into_bytes(self) -> http::Response<Vec<u8>> {
        let inner = *self.0;
        let status = inner.code.status();
        let document = ProblemDocument {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: &inner.detail,
            code: inner.code.as_str(),
            errors: &inner.errors,
        };
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, inner.challenge);
        }
        if matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE
        ) {
            // The rest of the body may still be on its way, and is not read: the next request needs another connection
            // (RFC 9110, sections 15.5.9 and 15.5.14).
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if inner.is_about_encoding {
            headers.insert(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            );
        }
        if let Some(seconds) = inner.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(inner.code);
        if let Some(cause) = inner.cause {
            response.extensions_mut().insert(Cause(cause));
        }
        response
    }
}
