use std::{collections::BTreeSet, sync::LazyLock};

use axum::{Json, extract::State};
use posthorn_domain::TenantId;
use posthorn_store::{KeepPayload, TenantSettings};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::view::TenantView;
use crate::{
    access::{Administer, May},
    app::App,
    extract::{PathId, ReadOnlyFields, Replacement, Replaces, Shape, read_only},
    problem::{Code, Problem},
};

/// What a tenant keeps of its events' payloads.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = KeepPayload)]
pub(crate) enum KeepPayloadView {
    /// As long as the events' records.
    Always,
    /// Until every delivery of the event is settled; then it is erased.
    UntilSettled,
}

impl From<KeepPayload> for KeepPayloadView {
    fn from(kept: KeepPayload) -> Self {
        match kept {
            KeepPayload::Always => Self::Always,
            KeepPayload::UntilSettled => Self::UntilSettled,
        }
    }
}

impl From<KeepPayloadView> for KeepPayload {
    fn from(kept: KeepPayloadView) -> Self {
        match kept {
            KeepPayloadView::Always => Self::Always,
            KeepPayloadView::UntilSettled => Self::UntilSettled,
        }
    }
}

/// What is to change of a tenant. A member that is absent stays; null is the installation's default.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TenantPatch {
    /// Days for which its events, deliveries and dead letters are kept, 1 up to the installation's POSTHORN_RETENTION_DAYS;
    /// null: as long as the installation keeps them. What is not settled is never dropped for its age.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>, minimum = 1)]
    retention_days: Option<Option<u32>>,
    /// Whether payloads go when every delivery of their event is settled; null: `always`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<KeepPayloadView>)]
    keep_payload: Option<Option<KeepPayloadView>>,
}

impl Shape for TenantPatch {
    const REQUIRED: &'static [&'static str] = &[];
    const IS_MERGE_PATCH: bool = true;
}

impl Replaces for TenantPatch {
    fn read_only_fields() -> &'static BTreeSet<String> {
        static FIELDS: ReadOnlyFields = LazyLock::new(read_only::<TenantView, TenantPatch>);
        &FIELDS
    }
}

/// Tells null from a member that is absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Change what a tenant keeps.
///
/// A JSON merge patch; a tenant as it was answered is taken too. A lower retention applies within ten minutes.
#[utoipa::path(
    patch, path = "/tenants/{id}", tag = "access", operation_id = "patch_tenant",
    params(("id" = String, Path)),
    request_body(content(
        (TenantPatch = "application/merge-patch+json"),
        (TenantPatch = "application/json"),
    )),
    responses((status = 200, body = TenantView)),
)]
pub(crate) async fn patch(
    State(app): State<App>,
    caller: May<Administer>,
    PathId(id): PathId<TenantId>,
    Replacement {
        document: patch,
        read_only,
    }: Replacement<TenantPatch>,
) -> Result<Json<TenantView>, Problem> {
    if !read_only.is_empty() {
        let tenant = app
            .database
            .call(|store| store.get_tenant(&id))
            .await
            .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
        read_only.check(&TenantView::from(tenant))?;
    }
    let TenantPatch {
        retention_days,
        keep_payload,
    } = patch;
    if let Some(Some(days)) = retention_days
        && !(1..=app.retention_days).contains(&days)
    {
        let detail = format!(
            "must be 1 to {}, the days for which the installation keeps events",
            app.retention_days
        );
        return Err(Problem::field("retention_days", detail));
    }
    let tenant = app
        .database
        .call(|store| {
            store.change_tenant(&id, &caller.actor, move |before| TenantSettings {
                retention_days: retention_days.unwrap_or(before.retention_days),
                keep_payload: match keep_payload {
                    None => before.keep_payload,
                    Some(kept) => kept.map(Into::into).unwrap_or_default(),
                },
            })
        })
        .await
        .map_err(|error| Problem::of_store(error, Code::TenantNotFound))?;
    Ok(Json(tenant.into()))
}
