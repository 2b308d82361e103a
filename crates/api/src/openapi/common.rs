//! What the document says of every operation: the key, the tenant, the problems, and the headers of each answer.

use axum::http::StatusCode;
use serde_json::json;
use utoipa::openapi::{
    Header, Ref, RefOr, Required, Response,
    content::ContentBuilder,
    header::HeaderBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use super::{body::leave_out_null, parameters::bound};
use crate::problem::Code;

/// Schemas of answers that have an `ETag`.
const WITH_ETAG: [&str; 4] = ["Webhook", "CreatedWebhook", "RotatedSecret", "EventType"];

/// Which things a path names, and the code of the answer where there is no such thing.
const MISSING: [(&str, Code); 6] = [
    ("/webhooks/{", Code::WebhookNotFound),
    ("/events/{", Code::EventNotFound),
    ("/deliveries/{", Code::DeliveryNotFound),
    ("/event-types/{", Code::EventTypeNotFound),
    ("/api-keys/{", Code::ApiKeyNotFound),
    ("/tenants/{", Code::TenantNotFound),
];

/// Adds to every operation what all have in common. What an operation says itself stays.
pub(crate) fn complete(document: &mut utoipa::openapi::OpenApi) {
    document
        .components
        .get_or_insert_default()
        .add_security_scheme(
            "api_key",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        );
    document.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>(
        "api_key",
        [],
    )]);
    for (path, item) in &mut document.paths.paths {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            complete_operation(path, operation);
        }
    }
}

fn complete_operation(path: &str, operation: &mut Operation) {
    let tenant = ParameterBuilder::new()
        .name("tenant")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(
            "The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`.",
        ))
        .schema(Some(tenant_name()))
        .build();
    let parameters = operation.parameters.get_or_insert_default();
    for parameter in parameters.iter_mut() {
        if let RefOr::T(parameter) = parameter {
            bound(parameter);
        }
    }
    let has_precondition = parameters.iter().any(|each| match each {
        RefOr::T(parameter) => parameter.name == "If-Match",
        RefOr::Ref(_) => false,
    });
    parameters.push(tenant.into());
    parameters.push(tenant_header().into());
    let mut problems = vec![
        (Code::Unauthorized, "There is no such key, or none was sent"),
        (
            Code::Forbidden,
            "The key's role or tenant does not allow it",
        ),
        (
            Code::ValidationFailed,
            "Something in the request cannot be; `errors` says what",
        ),
        (
            Code::RateLimited,
            "The key has used up its requests for the moment",
        ),
        (
            Code::DatabaseUnavailable,
            "A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body",
        ),
    ];
    if let Some((_, code)) = MISSING.iter().find(|(part, _)| path.contains(part)) {
        problems.push((
            *code,
            "There is no such thing, or it belongs to another tenant",
        ));
    }
    leave_out_null(operation);
    if operation.request_body.is_some() {
        problems.extend([
            (
                Code::InvalidJson,
                "The body is not JSON; `invalid_body`: it broke off",
            ),
            (Code::PayloadTooLarge, "The body is too large"),
            (
                Code::UnsupportedMediaType,
                "The body is of a type that is not read here",
            ),
            (Code::RequestTimeout, "The body did not come in time"),
        ]);
    }
    if has_precondition {
        let code = if path.contains("/event-types/") {
            Code::EventTypeChanged
        } else {
            Code::WebhookChanged
        };
        problems.push((code, "It does not have this `ETag` any more"));
    }
    let responses = &mut operation.responses.responses;
    for (code, words) in problems {
        let status = code.status().as_str().to_owned();
        let response = responses
            .entry(status)
            .or_insert_with(|| Response::new(words).into());
        if let RefOr::T(response) = response {
            complete_problem(response, code);
        }
    }
    for (status, response) in responses {
        if let RefOr::T(response) = response {
            complete_response(status, response);
        }
    }
}

/// The other way to name a tenant.
fn tenant_header() -> Parameter {
    ParameterBuilder::new()
        .name("Posthorn-Tenant")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree.",
        ))
        .schema(Some(tenant_name()))
        .build()
}

fn tenant_name() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^[a-z0-9_-]{1,64}$"))
}

/// The body of a problem, where the operation itself has said no more than when it occurs.
fn complete_problem(response: &mut Response, code: Code) {
    if !response.content.is_empty() {
        return;
    }
    let status = code.status();
    let mut example = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "detail": "What happened, in words for people",
        "code": code.as_str(),
    });
    if status == StatusCode::UNPROCESSABLE_ENTITY {
        example["errors"] = json!([{"field": "limit", "detail": "must be between 1 and 500"}]);
    }
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .example(Some(example))
        .build();
    response
        .content
        .insert("application/problem+json".to_owned(), content.into());
}

fn complete_response(status: &str, response: &mut Response) {
    let status: StatusCode = status.parse().unwrap_or(StatusCode::OK);
    if response.description.is_empty() {
        // The specification requires one.
        response.description = status.canonical_reason().unwrap_or("An answer").to_owned();
    }
    if (status.is_client_error() || status.is_server_error()) && response.content.is_empty() {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("Problem")))
            .build();
        response
            .content
            .insert("application/problem+json".to_owned(), content.into());
    }
    let mut headers = vec![
        (
            "x-request-id",
            text("Names the request; the one that was sent, or a new one"),
        ),
        (
            "RateLimit-Limit",
            count("Requests that the key may send in a second"),
        ),
        ("RateLimit-Remaining", count("Requests that are left")),
        (
            "RateLimit-Reset",
            count("Seconds until all are there again"),
        ),
    ];
    if matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    ) {
        headers.push((
            "Retry-After",
            count("Seconds after which it is worth trying again"),
        ));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.push((
            "WWW-Authenticate",
            text("`Bearer`; with `error=\"invalid_token\"` where a key was sent that is no good"),
        ));
    }
    if status == StatusCode::NOT_MODIFIED || has_tag(response) {
        headers.push((
            "ETag",
            text("The state that is answered, for `If-Match` and `If-None-Match`"),
        ));
    }
    if status == StatusCode::CREATED {
        headers.push(("Location", text("The path of what was created")));
    }
    if is_a_file(response) {
        let words = "`attachment`, with the name of the file";
        headers.push(("Content-Disposition", text(words)));
    }
    for (name, header) in headers {
        response
            .headers
            .entry(name.to_owned())
            .or_insert_with(|| header.into());
    }
}

/// Whether what is answered is a file to keep.
fn is_a_file(response: &Response) -> bool {
    response.content.contains_key("text/csv")
}

fn has_tag(response: &Response) -> bool {
    response.content.values().any(|content| match content {
        RefOr::T(content) => match &content.schema {
            Some(RefOr::Ref(schema)) => WITH_ETAG
                .iter()
                .any(|name| schema.ref_location == format!("#/components/schemas/{name}")),
            _ => false,
        },
        RefOr::Ref(_) => false,
    })
}

fn text(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some(description))
        .build()
}

fn count(description: &str) -> Header {
    let schema = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .minimum(Some(0));
    HeaderBuilder::new()
        .schema(Some(schema))
        .description(Some(description))
        .build()
}
