use posthorn_domain::{TenantId, WebhookId};
use sqlx::PgConnection;

use crate::error::StoreError;

/// Which state of a webhook a change was decided on. A change of any other is refused, so that nobody overwrites
/// what they have not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedVersion {
    /// Whatever it is now: the last change wins.
    Any,
    /// One of these versions.
    OneOf(Vec<i64>),
}

impl ExpectedVersion {
    /// Refuses ([`StoreError::Changed`]) unless `version` is an expected one.
    pub fn check(&self, version: i64) -> Result<(), StoreError> {
        match self {
            Self::Any => Ok(()),
            Self::OneOf(versions) if versions.contains(&version) => Ok(()),
            Self::OneOf(_) => Err(StoreError::Changed),
        }
    }
}

/// Whether a webhook is in a state that the change was decided on; one that is not there is nobody's surprise.
///
/// Asked for after the version was raised, which keeps every other change waiting.
pub(crate) async fn is_expected(
    connection: &mut PgConnection,
    tenant: &TenantId,
    id: WebhookId,
    expected: &ExpectedVersion,
) -> Result<bool, StoreError> {
    if *expected == ExpectedVersion::Any {
        return Ok(true);
    }
    let version: Option<i64> = sqlx::query_scalar(
        "SELECT version FROM webhooks WHERE id = $1 AND tenant = $2 AND deleted_at IS NULL",
    )
    .bind(id.as_uuid())
    .bind(tenant.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(version.is_none_or(|version| expected.check(version).is_ok()))
}
