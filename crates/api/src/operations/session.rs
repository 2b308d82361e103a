use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use posthorn_domain::{ApiKeyId, TenantId, UrlPolicy};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Enter, May},
    app::App,
    operations::api_keys::RoleView,
    problem::Problem,
};

/// Whose key a request carries.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    /// What the audit log calls the key's holder.
    #[schema(value_type = String, example = "operations (01983f9c-…)")]
    name: std::sync::Arc<str>,
    /// Null for the bootstrap key.
    key_id: Option<ApiKeyId>,
    role: RoleView,
    /// Null for a key that is good for every tenant.
    #[schema(value_type = Option<String>)]
    tenant: Option<TenantId>,
    /// Null for a key that does not expire.
    expires_at: Option<DateTime<Utc>>,
    /// The version of the api.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// Whether webhooks may have http:// URLs.
    allows_http: bool,
    /// Largest `data` of one event, in bytes.
    #[schema(example = 262144)]
    event_data_bytes_max: usize,
}

/// Read whose key this is, and what it may do.
#[utoipa::path(
    get, path = "/session", tag = "access", operation_id = "get_session",
    responses((status = 200, body = SessionView)),
)]
pub(crate) async fn session(
    State(app): State<App>,
    caller: May<Enter>,
) -> Result<Json<SessionView>, Problem> {
    let holder = caller.holder;
    Ok(Json(SessionView {
        name: holder.actor.clone(),
        key_id: holder.id,
        role: holder.role.into(),
        tenant: holder.tenant.clone(),
        expires_at: holder.expires_at,
        version: env!("CARGO_PKG_VERSION"),
        allows_http: app.url_policy == UrlPolicy::HttpAllowed,
        event_data_bytes_max: app.event_data_bytes_max,
    }))
}
