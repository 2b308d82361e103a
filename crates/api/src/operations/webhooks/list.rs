use axum::{Json, extract::State};
use posthorn_domain::EventType;
use posthorn_store::WebhookFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::{WebhookItem, show_all};
use crate::{
    access::{May, Read},
    app::App,
    extract::Params,
    page::limit_and_offset,
    problem::{Code, Problem},
};

/// Longest text to search for, in characters.
const SEARCH_CHARS_MAX: usize = 200;

/// Which webhooks are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WebhookParams {
    /// Enabled, or not.
    enabled: Option<bool>,
    /// With a pattern that matches this type.
    #[param(value_type = Option<String>)]
    event_type: Option<EventType>,
    /// With this text in their name or URL, whatever the case.
    search: Option<String>,
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0).
    offset: Option<i64>,
}

/// A page of webhooks, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookList {
    webhooks: Vec<WebhookItem>,
    /// How many there are on all pages.
    total: u64,
}

/// List webhooks.
///
/// One that this process cannot read, because its secrets are sealed with another master key, say, is there with what
/// can be shown of it and `"unreadable": true`. It can be deleted like any other.
#[utoipa::path(
    get, path = "/webhooks", tag = "webhooks", operation_id = "list_webhooks",
    params(WebhookParams),
    responses((status = 200, body = WebhookList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<WebhookParams>,
) -> Result<Json<WebhookList>, Problem> {
    let (limit, offset) = limit_and_offset(params.limit, params.offset)?;
    let filter = WebhookFilter {
        enabled: params.enabled,
        event_type: params.event_type,
        search: params.search.map(checked_search).transpose()?,
        limit,
        offset,
    };
    let (webhooks, total) = app
        .database
        .call(|store| store.list_webhooks(&caller.tenant, &filter))
        .await
        .map_err(|error| Problem::of_store(error, Code::WebhookNotFound))?;
    let webhooks = show_all(&app, webhooks).await?.into_iter();
    Ok(Json(WebhookList {
        webhooks: webhooks
            .map(|view| view.for_reader(&caller.holder))
            .collect(),
        total,
    }))
}

fn checked_search(text: String) -> Result<String, Problem> {
    if text.chars().count() > SEARCH_CHARS_MAX || text.chars().any(char::is_control) {
        return Err(Problem::field(
            "search",
            format!("must be at most {SEARCH_CHARS_MAX} printable characters"),
        ));
    }
    Ok(text)
}
