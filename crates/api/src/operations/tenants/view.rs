use chrono::{DateTime, Utc};
use posthorn_domain::TenantId;
use posthorn_store::Tenant;
use serde::Serialize;
use utoipa::ToSchema;

use super::patch::KeepPayloadView;

/// An isolation boundary: an organisation, a customer, a user.
#[derive(Serialize, ToSchema)]
#[schema(as = Tenant)]
pub(crate) struct TenantView {
    #[schema(value_type = String)]
    id: TenantId,
    created_at: DateTime<Utc>,
    /// Days for which its events and deliveries are kept; null: as long as the installation keeps them.
    retention_days: Option<u32>,
    keep_payload: KeepPayloadView,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self {
            id: tenant.id,
            created_at: tenant.created_at,
            retention_days: tenant.settings.retention_days,
            keep_payload: tenant.settings.keep_payload.into(),
        }
    }
}
