use axum::{Json, extract::State};
use posthorn_store::EventTypeFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::view::EventTypeView;
use crate::{
    access::{May, Read},
    app::App,
    extract::Params,
    page::limit_and_offset,
    problem::{Code, Problem},
};

/// Longest text to look for, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// Which event types are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventTypeParams {
    /// Of this category.
    #[param(max_length = 200)]
    category: Option<String>,
    /// With this text in their name, label or description, whatever the case.
    #[param(max_length = 200)]
    search: Option<String>,
    /// Most to return, 1 to 500 (50).
    limit: Option<i64>,
    /// How many to skip (0).
    offset: Option<i64>,
}

/// A page of event types, by name.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventTypeList {
    event_types: Vec<EventTypeView>,
    /// How many there are on all pages.
    total: u64,
}

/// List event types.
#[utoipa::path(
    get, path = "/event-types", tag = "event types", operation_id = "list_event_types",
    params(EventTypeParams),
    responses((status = 200, body = EventTypeList)),
)]
pub(crate) async fn list(
    State(app): State<App>,
    caller: May<Read>,
    Params(params): Params<EventTypeParams>,
) -> Result<Json<EventTypeList>, Problem> {
    let (limit, offset) = limit_and_offset(params.limit, params.offset)?;
    let filter = EventTypeFilter {
        category: checked("category", params.category)?,
        search: checked("search", params.search)?,
        limit,
        offset,
    };
    let (types, total) = app
        .database
        .call(|store| store.list_event_types(&caller.tenant, &filter))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    let event_types = types.into_iter().map(EventTypeView::try_from);
    Ok(Json(EventTypeList {
        event_types: event_types.collect::<Result<_, _>>()?,
        total,
    }))
}

fn checked(field: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    let too_long = text
        .as_ref()
        .is_some_and(|text| text.chars().count() > TEXT_CHARS_MAX);
    if too_long {
        let detail = format!("must be at most {TEXT_CHARS_MAX} characters");
        return Err(Problem::field(field, detail));
    }
    Ok(text)
}
