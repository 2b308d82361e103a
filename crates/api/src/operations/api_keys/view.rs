use chrono::{DateTime, Utc};
use posthorn_domain::{ApiKeyId, TenantId};
use posthorn_store::{ApiKey, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the holder of a key may do.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = Role)]
pub(crate) enum RoleView {
    /// Everything, for every tenant.
    Admin,
    /// Everything of its tenant.
    Manager,
    /// Publishing events of its tenant.
    Publisher,
    /// Reading what its tenant has.
    Viewer,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Manager => Self::Manager,
            Role::Publisher => Self::Publisher,
            Role::Viewer => Self::Viewer,
        }
    }
}

impl From<RoleView> for Role {
    fn from(role: RoleView) -> Self {
        match role {
            RoleView::Admin => Self::Admin,
            RoleView::Manager => Self::Manager,
            RoleView::Publisher => Self::Publisher,
            RoleView::Viewer => Self::Viewer,
        }
    }
}

/// An API key: everything but the key itself.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    id: ApiKeyId,
    name: String,
    role: RoleView,
    /// Null for an admin, who may act for every tenant.
    #[schema(value_type = Option<String>)]
    tenant: Option<TenantId>,
    /// The first characters of the key, to recognise it by.
    hint: String,
    expires_at: Option<DateTime<Utc>>,
    created_by: String,
    created_at: DateTime<Utc>,
    /// When it was last used, to about a minute; null before that was first noted.
    last_used_at: Option<DateTime<Utc>>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            role: key.role.into(),
            tenant: key.tenant,
            hint: key.hint,
            expires_at: key.expires_at,
            created_by: key.created_by,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
        }
    }
}
