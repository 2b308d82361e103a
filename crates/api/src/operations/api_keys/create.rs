use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use posthorn_domain::{FieldError, TenantId};
use posthorn_store::{NewApiKey, Role};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::{ApiKeyView, RoleView};
use crate::{
    access::{Administer, May},
    app::App,
    extract::{Document, Moment, Shape, time},
    openapi::BASE,
    problem::{Code, Problem},
};

/// Longest name of a key, in characters.
const NAME_CHARS_MAX: usize = 100;

/// A key to issue.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiKeyInput {
    /// What it is for, 1 to 100 characters.
    name: String,
    role: RoleView,
    /// Whose it is; the tenant of the request if absent. Not for an admin.
    #[schema(value_type = Option<String>)]
    tenant: Option<TenantId>,
    /// When it stops working; never if absent.
    #[schema(value_type = Option<DateTime<Utc>>)]
    expires_at: Option<Moment>,
}

impl Shape for ApiKeyInput {
    const REQUIRED: &'static [&'static str] = &["name", "role"];
}

/// A key that was just issued.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssuedApiKey {
    #[serde(flatten)]
    api_key: ApiKeyView,
    /// The key. It is never shown again.
    key: String,
}

/// Issue an API key. The answer holds it, and nothing else ever does.
#[utoipa::path(
    post, path = "/api-keys", tag = "access", operation_id = "create_api_key",
    request_body = ApiKeyInput,
    responses((status = 201, body = IssuedApiKey), (status = 409, description = "`tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it")),
)]
pub(crate) async fn create(
    State(app): State<App>,
    caller: May<Administer>,
    Document(input): Document<ApiKeyInput>,
) -> Result<Response, Problem> {
    let new = checked(input, &caller, app.clock.now())?;
    let mut rng = app.rng.fork();
    let issued = app
        .database
        .call(|store| store.create_api_key(new, &caller.actor, &mut rng))
        .await
        .map_err(|error| Problem::of_store(error, Code::ApiKeyNotFound))?;
    let location = format!("{BASE}/api-keys/{}", issued.api_key.id);
    let body = IssuedApiKey {
        api_key: issued.api_key.into(),
        key: issued.key.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(body)).into_response())
}

fn checked(
    input: ApiKeyInput,
    caller: &May<Administer>,
    now: DateTime<Utc>,
) -> Result<NewApiKey, Problem> {
    let mut errors = Vec::new();
    let chars = input.name.chars().count();
    if input.name.trim().is_empty()
        || chars > NAME_CHARS_MAX
        || input.name.chars().any(char::is_control)
    {
        errors.push(FieldError::new(
            "name",
            format!("must be 1 to {NAME_CHARS_MAX} printable characters"),
        ));
    }
    let expires_at = time(input.expires_at);
    if expires_at.is_some_and(|end| end <= now) {
        errors.push(FieldError::new("expires_at", "must lie in the future"));
    }
    let role = Role::from(input.role);
    let tenant = match (role, input.tenant) {
        (Role::Admin, Some(_)) => {
            errors.push(FieldError::new(
                "tenant",
                "must be absent: an admin acts for every tenant",
            ));
            None
        }
        (Role::Admin, None) => None,
        (_, tenant) => Some(tenant.unwrap_or_else(|| caller.tenant.clone())),
    };
    if !errors.is_empty() {
        return Err(Problem::validation(errors));
    }
    Ok(NewApiKey {
        name: input.name,
        role,
        tenant,
        expires_at,
    })
}
