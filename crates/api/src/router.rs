//! Every path of the API.

use axum::{Router, middleware::from_fn_with_state};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, Any, CorsLayer},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    app::App,
    config::CorsOrigins,
    edge::{edge, method_not_allowed, panicked, route_not_found},
    openapi,
    operations::{api_keys, audit_log, deliveries, events, tenants, webhooks},
};

/// The operations under `/api/v1`, and the document that describes them.
pub(crate) fn operations() -> (Router<App>, utoipa::openapi::OpenApi) {
    let v1 = OpenApiRouter::new()
        .routes(routes!(events::publish, events::list))
        .routes(routes!(events::get))
        .routes(routes!(events::deliveries))
        .routes(routes!(webhooks::create, webhooks::list))
        .routes(routes!(
            webhooks::get,
            webhooks::replace,
            webhooks::patch,
            webhooks::delete
        ))
        .routes(routes!(webhooks::enable))
        .routes(routes!(webhooks::disable))
        .routes(routes!(webhooks::reveal_secret))
        .routes(routes!(webhooks::rotate_secret))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::get))
        .routes(routes!(deliveries::retry))
        .routes(routes!(tenants::create, tenants::list))
        .routes(routes!(tenants::get, tenants::delete))
        .routes(routes!(api_keys::create, api_keys::list))
        .routes(routes!(api_keys::delete))
        .routes(routes!(audit_log::list));
    let (router, mut document) = OpenApiRouter::with_openapi(openapi::base())
        .nest(openapi::BASE, v1)
        .split_for_parts();
    openapi::complete(&mut document);
    (router, document)
}

/// Everything that the api serves but health and metrics.
pub(crate) fn router(app: App, cors: &CorsOrigins) -> Router {
    let (operations, document) = operations();
    let router = operations
        .merge(SwaggerUi::new("/docs").url(format!("{}/openapi.json", openapi::BASE), document))
        .fallback(route_not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), edge))
        .with_state(app);
    match cors_layer(cors) {
        Some(layer) => router.layer(layer),
        None => router,
    }
}

fn cors_layer(origins: &CorsOrigins) -> Option<CorsLayer> {
    let allowed: AllowOrigin = match origins {
        CorsOrigins::None => return None,
        CorsOrigins::Any => Any.into(),
        CorsOrigins::Some(origins) => AllowOrigin::list(origins.iter().cloned()),
    };
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods(Any)
        .allow_headers([
            axum::http::header::AUTHORIZATION,
            axum::http::header::CONTENT_TYPE,
            axum::http::HeaderName::from_static("idempotency-key"),
            axum::http::HeaderName::from_static("posthorn-tenant"),
            axum::http::HeaderName::from_static("x-request-id"),
        ])
        .expose_headers(Any);
    Some(layer)
}
