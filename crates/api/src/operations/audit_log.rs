//! Who changed what.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use posthorn_domain::TenantId;
use posthorn_store::{AuditEntry, AuditFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    access::{May, Read},
    app::App,
    extract::{Moment, Params, time},
    page::{is_true, page},
    problem::{Code, Problem},
};

/// Longest action or target that is filtered by, in characters.
const WORD_CHARS_MAX: usize = 128;

/// Which entries are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditParams {
    /// Of this action, such as `webhook.created`.
    action: Option<String>,
    /// About the thing of this id or name.
    target_id: Option<String>,
    /// From this moment on.
    #[param(value_type = Option<DateTime<Utc>>)]
    since: Option<Moment>,
    /// Before this moment.
    #[param(value_type = Option<DateTime<Utc>>)]
    until: Option<Moment>,
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0), at most 10,000; `cursor` reaches what lies deeper.
    offset: Option<i64>,
    /// Only what is older than this: the `next_cursor` of the page before.
    cursor: Option<i64>,
}

/// A page of the audit log, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditLog {
    entries: Vec<AuditView>,
    /// How many there are on all pages; beyond 10,000 an estimate.
    total: u64,
    /// False where `total` is an estimate; otherwise absent.
    #[serde(skip_serializing_if = "is_true")]
    total_exact: bool,
    limit: u32,
    offset: u64,
    has_more: bool,
    /// The `cursor` of the next page.
    next_cursor: Option<i64>,
}

/// Something that somebody did.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct AuditView {
    id: i64,
    at: DateTime<Utc>,
    actor: String,
    /// Null for what belongs to no tenant.
    #[schema(value_type = Option<String>)]
    tenant: Option<TenantId>,
    action: String,
    target_kind: String,
    target_id: String,
    #[schema(value_type = Object)]
    details: serde_json::Value,
}

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            actor: entry.actor,
            tenant: entry.tenant,
            action: entry.action,
            target_kind: entry.target_kind,
            target_id: entry.target_id,
            details: entry.details,
        }
    }
}

/// Read the audit log: of the tenant, or of all where an admin names none.
#[utoipa::path(
    get, path = "/audit-log", tag = "access", operation_id = "list_audit_log",
    params(AuditParams),
    responses((status = 200, body = AuditLog)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<AuditParams>,
) -> Result<Json<AuditLog>, Problem> {
    let page = page(params.limit, params.offset, params.cursor)?;
    let filter = AuditFilter {
        tenant: caller.only_tenant,
        action: word("action", params.action)?,
        target_id: word("target_id", params.target_id)?,
        since: time(params.since),
        until: time(params.until),
    };
    let found = app
        .database
        .call(|store| store.list_audit(&filter, &page))
        .await
        .map_err(|error| Problem::of_store(error, Code::RouteNotFound))?;
    Ok(Json(AuditLog {
        entries: found.items.into_iter().map(Into::into).collect(),
        total: found.total,
        total_exact: found.total_exact,
        limit: page.limit,
        offset: page.offset,
        has_more: found.has_more,
        next_cursor: found.next_cursor,
    }))
}

fn word(field: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    match text {
        Some(text)
            if text.chars().count() > WORD_CHARS_MAX || text.chars().any(char::is_control) =>
        {
            Err(Problem::field(
                field,
                format!("must be at most {WORD_CHARS_MAX} printable characters"),
            ))
        }
        text => Ok(text),
    }
}
