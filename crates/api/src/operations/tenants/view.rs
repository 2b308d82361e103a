use chrono::{DateTime, Utc};
use posthorn_domain::TenantId;
use posthorn_store::Tenant;
use serde::Serialize;
use utoipa::ToSchema;

/// An isolation boundary: an organisation, a customer, a user.
#[derive(Serialize, ToSchema)]
#[schema(as = Tenant)]
pub(crate) struct TenantView {
    #[schema(value_type = String)]
    id: TenantId,
    created_at: DateTime<Utc>,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self {
            id: tenant.id,
            created_at: tenant.created_at,
        }
    }
}
