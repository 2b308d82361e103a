//! How many webhooks a tenant may have, and how large their settings may be together: every deliverer holds all of them
//! in memory, and tries every filter of a tenant on each of its events.

use posthorn_domain::{TenantId, limits::WEBHOOK_SETTINGS_BYTES_PER_TENANT_MAX};
use sqlx::PgConnection;

use crate::error::StoreError;

/// Refuses one more webhook of a tenant that has `at_most` already. Within a transaction that has raised the version of
/// the configuration, two that create one at the same time are counted one after the other.
pub(crate) async fn refuse_another(
    connection: &mut PgConnection,
    tenant: &TenantId,
    at_most: u32,
) -> Result<(), StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM webhooks WHERE tenant = $1 AND deleted_at IS NULL",
    )
    .bind(tenant.as_str())
    .fetch_one(connection)
    .await?;
    if count >= i64::from(at_most) {
        return Err(StoreError::TooManyWebhooks { at_most });
    }
    Ok(())
}

/// How much the settings of all webhooks of a tenant take, in bytes.
pub(crate) async fn settings_bytes(
    connection: &mut PgConnection,
    tenant: &TenantId,
) -> Result<usize, StoreError> {
    // The lengths stand before the values, which are not read for it.
    let bytes: i64 = sqlx::query_scalar(
        "SELECT coalesce(sum(octet_length(settings) + coalesce(octet_length(sealed_auth), 0)
             + coalesce(octet_length(sealed_tls), 0)), 0)::bigint
         FROM webhooks WHERE tenant = $1 AND deleted_at IS NULL",
    )
    .bind(tenant.as_str())
    .fetch_one(connection)
    .await?;
    Ok(usize::try_from(bytes).unwrap_or(usize::MAX))
}

/// Refuses a change by which the settings of a tenant's webhooks became too large together. What makes them smaller is
/// never refused.
pub(crate) fn refuse_growth(before: usize, after: usize) -> Result<(), StoreError> {
    if after > before && after > WEBHOOK_SETTINGS_BYTES_PER_TENANT_MAX {
        let mebibytes = WEBHOOK_SETTINGS_BYTES_PER_TENANT_MAX / (1024 * 1024);
        return Err(StoreError::Full(format!(
            "the settings of a tenant's webhooks are at most {mebibytes} MiB together"
        )));
    }
    Ok(())
}
