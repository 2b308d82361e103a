use std::collections::HashSet;

use axum::{
    Json,
    extract::{Request, State},
};
use posthorn_domain::{
    EventType, FieldError,
    limits::{EVENT_TYPE_IMPORT_BYTES_MAX, EVENT_TYPES_PER_TENANT_MAX},
};
use posthorn_store::EventTypeEntry;
use serde::{Deserialize, Serialize, de::IgnoredAny};
use utoipa::ToSchema;

use super::{
    of_openapi::event_types_of_openapi,
    settings::{EventTypeSettings, NewEventType},
};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{MediaType, Shape, parse_document, read_body},
    problem::{Code, Problem},
};

/// Event types to enter or replace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventTypeImport {
    #[schema(max_items = 1000)]
    event_types: Vec<NewEventType>,
}

impl Shape for EventTypeImport {
    const REQUIRED: &'static [&'static str] = &["event_types"];
}

/// What an import did.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportedEventTypes {
    /// How many were new.
    created: u64,
    /// How many were there already and are replaced.
    updated: u64,
    /// The names of both, sorted.
    #[schema(value_type = Vec<String>)]
    event_types: Vec<EventType>,
}

/// Tells the two kinds of document apart.
#[derive(Deserialize)]
struct Kind {
    openapi: Option<IgnoredAny>,
}

/// Enter or replace many event types, all or none.
///
/// Takes a list of our own, or an OpenAPI 3.1 document: each of its `webhooks` becomes an event type, with the
/// summary as its label, the first tag as its category, and the JSON schema of the request body, with the components
/// that it refers to. Types that are not in the document stay.
#[utoipa::path(
    post, path = "/event-types/import", tag = "event types", operation_id = "import_event_types",
    request_body(content(
        (EventTypeImport = "application/json"),
    )),
    responses((status = 200, body = ImportedEventTypes)),
)]
pub(crate) async fn import(
    State(app): State<App>,
    caller: May<Manage>,
    request: Request,
) -> Result<Json<ImportedEventTypes>, Problem> {
    let (parts, body) = request.into_parts();
    if MediaType::of(&parts.headers)? != Some(MediaType::Json) {
        return Err(MediaType::unsupported());
    }
    let body = read_body(body, EVENT_TYPE_IMPORT_BYTES_MAX).await?;
    let entries = entries(&body)?;
    let imported = app
        .database
        .call(|store| store.import_event_types(&caller.tenant, &entries, &caller.actor))
        .await
        .map_err(|error| Problem::of_store(error, Code::EventTypeNotFound))?;
    app.refresh_catalogue().await;
    Ok(Json(ImportedEventTypes {
        created: imported.created,
        updated: imported.updated,
        event_types: entries.into_iter().map(|entry| entry.name).collect(),
    }))
}

/// Every event type of the document, sorted by name.
fn entries(body: &[u8]) -> Result<Vec<EventTypeEntry>, Problem> {
    let kind = serde_json::from_slice(body);
    let is_openapi = matches!(kind, Ok(Kind { openapi: Some(_) }));
    let types: Vec<(String, EventType, EventTypeSettings)> = if is_openapi {
        event_types_of_openapi(body)?
    } else {
        let document: EventTypeImport = parse_document(body)?;
        let types = document.event_types.into_iter().enumerate();
        let placed = types.map(|(index, event_type)| {
            let (name, settings) = event_type.into_parts();
            (format!("event_types[{index}]"), name, settings)
        });
        placed.collect()
    };
    check(types)
}

fn check(
    types: Vec<(String, EventType, EventTypeSettings)>,
) -> Result<Vec<EventTypeEntry>, Problem> {
    if types.is_empty() || types.len() > EVENT_TYPES_PER_TENANT_MAX {
        let detail = format!("must hold 1 to {EVENT_TYPES_PER_TENANT_MAX} event types");
        return Err(Problem::field("event_types", detail));
    }
    let mut errors: Vec<FieldError> = Vec::new();
    let mut names = HashSet::new();
    let mut entries = Vec::with_capacity(types.len());
    for (place, name, settings) in types {
        if !names.insert(name.clone()) {
            errors.push(FieldError::new(format!("{place}.name"), "is there twice"));
        }
        match settings.check(name) {
            Ok(entry) => entries.push(entry),
            Err(mistakes) => errors.extend(mistakes.into_iter().map(|mistake| FieldError {
                field: format!("{place}.{}", mistake.field),
                ..mistake
            })),
        }
    }
    if !errors.is_empty() {
        return Err(Problem::validation(errors));
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}
