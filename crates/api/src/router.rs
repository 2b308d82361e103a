//! Every path of the API.

use std::time::Duration;

use axum::{
    Router,
    http::{HeaderName, Method},
    middleware::from_fn_with_state,
    routing::get,
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, Any, CorsLayer},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    app::App,
    asyncapi::asyncapi,
    config::CorsOrigins,
    console,
    edge::{
        Consent, KnownQueries, common_headers, edge, known_query, method_not_allowed, panicked,
        route_not_found, webhook_consent,
    },
    openapi,
    operations::{
        api_keys, audit_log, dead_letters, deliveries, erasures, event_types, events, exports,
        queue, replays, session, statistics, tenants, webhooks,
    },
};

/// The operations under `/api/v1`, and the document that describes them.
pub(crate) fn operations() -> (Router<App>, utoipa::openapi::OpenApi) {
    let v1 = OpenApiRouter::new()
        .routes(routes!(
            events::publish,
            events::list,
            events::erase_matching
        ))
        .routes(routes!(events::get, events::erase))
        .routes(routes!(erasures::get))
        .routes(routes!(events::deliveries))
        .routes(routes!(events::replay))
        .routes(routes!(webhooks::create, webhooks::list))
        .routes(routes!(webhooks::probe))
        .routes(routes!(webhooks::preview))
        .routes(routes!(
            webhooks::get,
            webhooks::replace,
            webhooks::patch,
            webhooks::delete
        ))
        .routes(routes!(webhooks::gate))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::enable))
        .routes(routes!(webhooks::disable))
        .routes(routes!(webhooks::reveal_secret))
        .routes(routes!(webhooks::rotate_secret))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::available))
        .routes(routes!(event_types::create, event_types::list))
        .routes(routes!(
            event_types::get,
            event_types::replace,
            event_types::delete
        ))
        .routes(routes!(event_types::import))
        .routes(routes!(webhooks::replay))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::get))
        .routes(routes!(deliveries::retry))
        .routes(routes!(exports::of_deliveries))
        .routes(routes!(exports::of_webhook))
        .routes(routes!(statistics::of_tenant))
        .routes(routes!(statistics::of_webhook))
        .routes(routes!(statistics::health))
        .routes(routes!(statistics::activity))
        .routes(routes!(dead_letters::list, dead_letters::discard))
        .routes(routes!(dead_letters::retry))
        .routes(routes!(dead_letters::get))
        .routes(routes!(replays::list))
        .routes(routes!(replays::get))
        .routes(routes!(replays::cancel))
        .routes(routes!(tenants::create, tenants::list))
        .routes(routes!(tenants::get, tenants::patch, tenants::delete))
        .routes(routes!(api_keys::create, api_keys::list))
        .routes(routes!(api_keys::get, api_keys::delete))
        .routes(routes!(audit_log::list))
        .routes(routes!(session::session))
        .routes(routes!(queue::queue));
    let (router, mut document) = OpenApiRouter::with_openapi(openapi::base())
        .nest(openapi::BASE, v1)
        .split_for_parts();
    openapi::complete(&mut document);
    (router, document)
}

/// Everything that the api's port serves: the operations, their documents, the console, and `health`.
pub(crate) fn router(
    app: App,
    cors: &CorsOrigins,
    consent: Option<Consent>,
    health: Router,
) -> Router {
    let (operations, document) = operations();
    let known = KnownQueries::of(&document);
    let mut router = operations
        .route_layer(from_fn_with_state(known, known_query))
        .route(&format!("{}/asyncapi.json", openapi::BASE), get(asyncapi))
        .merge(SwaggerUi::new("/docs").url(format!("{}/openapi.json", openapi::BASE), document))
        .fallback(route_not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), edge))
        .with_state(app.clone());
    // Outside the edge: a preflight has no key, and a browser may read why it was limited.
    if let Some(layer) = cors_layer(cors) {
        router = router.layer(layer);
    }
    // Outside of that, which answers every OPTIONS.
    if let Some(consent) = consent {
        router = router.layer(from_fn_with_state(consent, webhook_consent));
    }
    router
        .merge(health)
        .merge(console::files().with_state(app.clone()))
        .layer(from_fn_with_state(app, common_headers))
}

/// What a request from a browser may bring, further to what browsers always send.
const CORS_REQUEST_HEADERS: [&str; 16] = [
    "authorization",
    "content-type",
    "if-match",
    "idempotency-key",
    "posthorn-tenant",
    "x-request-id",
    "traceparent",
    "tracestate",
    "ce-specversion",
    "ce-id",
    "ce-source",
    "ce-type",
    "ce-time",
    "ce-subject",
    "ce-dataschema",
    "ce-datacontenttype",
];
/// How long a browser may remember the answer to a preflight.
const CORS_MAX_AGE: Duration = Duration::from_secs(60 * 60);

fn cors_layer(origins: &CorsOrigins) -> Option<CorsLayer> {
    let allowed: AllowOrigin = match origins {
        CorsOrigins::None => return None,
        CorsOrigins::Any => Any.into(),
        CorsOrigins::Some(origins) => AllowOrigin::list(origins.iter().cloned()),
    };
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers(CORS_REQUEST_HEADERS.map(HeaderName::from_static))
        .expose_headers(Any)
        .max_age(CORS_MAX_AGE);
    Some(layer)
}
