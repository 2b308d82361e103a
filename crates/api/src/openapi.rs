use utoipa::{
    OpenApi,
    openapi::{
        Ref, Required, ResponseBuilder,
        content::ContentBuilder,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

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

/// Adds to every operation what all have in common: the key, the tenant and the shape of problems.
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
    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            complete_operation(operation);
        }
    }
}

fn complete_operation(operation: &mut Operation) {
    let tenant = ParameterBuilder::new()
        .name("tenant")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(
            "The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`.",
        ))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[a-z0-9_-]{1,64}$"))))
        .build();
    operation
        .parameters
        .get_or_insert_default()
        .push(tenant.into());
    let problem = ResponseBuilder::new()
        .description("A problem")
        .content(
            "application/problem+json",
            ContentBuilder::new()
                .schema(Some(Ref::from_schema_name("Problem")))
                .build(),
        )
        .build();
    operation
        .responses
        .responses
        .insert("default".to_owned(), problem.into());
}
