use std::{collections::HashSet, fmt};

use axum::{
    Json,
    extract::{Request, State},
};
use posthorn_domain::{
    EventType, FieldError, TenantId,
    limits::{EVENT_TYPE_IMPORT_BYTES_MAX, EVENT_TYPES_PER_TENANT_MAX},
};
use posthorn_schema::event_types_of_openapi;
use posthorn_store::EventTypeEntry;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};
use utoipa::ToSchema;

use super::settings::{EventTypeSettings, NewEventType};
use crate::{
    access::{Manage, May},
    app::App,
    extract::{MediaType, Shape, parse_document, read_body},
    problem::{Code, Problem},
};

/// Mistakes reported for one import; further ones add nothing but length.
const MISTAKES_MAX: usize = 100;

/// Event types to enter or replace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventTypeImport {
    #[schema(max_items = 1000)]
    #[serde(deserialize_with = "bounded")]
    event_types: Vec<NewEventType>,
}

impl Shape for EventTypeImport {
    const REQUIRED: &'static [&'static str] = &["event_types"];
}

/// Reads a list that ends, so that a longer one takes no memory.
fn bounded<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<NewEventType>, D::Error> {
    struct Bounded;
    impl<'de> Visitor<'de> for Bounded {
        type Value = Vec<NewEventType>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a sequence")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            let mut types = Vec::new();
            while let Some(event_type) = list.next_element()? {
                if types.len() == EVENT_TYPES_PER_TENANT_MAX {
                    return Err(A::Error::custom(wrong_count()));
                }
                types.push(event_type);
            }
            Ok(types)
        }
    }
    reader.deserialize_seq(Bounded)
}

fn wrong_count() -> String {
    format!("must hold 1 to {EVENT_TYPES_PER_TENANT_MAX} event types")
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
/// that it refers to. A `$ref` of the document leads to one of its `components` or `webhooks`. Types that are not in the
/// document stay.
#[utoipa::path(
    post, path = "/event-types/import", tag = "event types", operation_id = "import_event_types",
    request_body(content(
        (EventTypeImport = "application/json"),
    )),
    responses((status = 200, body = ImportedEventTypes), (status = 409, description = "`tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it")),
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
    let types = app
        .catalogue
        .run(&caller.tenant, move || read(&body))
        .await??;
    let entries = check(&app, &caller.tenant, types).await?;
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

/// An event type of a document, and where it stands there.
struct Placed {
    place: String,
    name: EventType,
    settings: EventTypeSettings,
}

/// Every event type of the document.
fn read(body: &[u8]) -> Result<Vec<Placed>, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| {
        Problem::new(Code::InvalidJson, format!("the body is not JSON: {error}"))
    })?;
    let kind = serde_json::from_str(text);
    if matches!(kind, Ok(Kind { openapi: Some(_) })) {
        let types = event_types_of_openapi(text).map_err(Problem::validation)?;
        let placed = types.into_iter().map(|described| Placed {
            place: described.place.clone(),
            name: described.name.clone(),
            settings: described.into(),
        });
        return Ok(placed.collect());
    }
    let document: EventTypeImport = parse_document(body)?;
    if document.event_types.is_empty() {
        return Err(Problem::field("event_types", wrong_count()));
    }
    let types = document.event_types.into_iter().enumerate();
    let placed = types.map(|(index, event_type)| {
        let (name, settings) = event_type.into_parts();
        Placed {
            place: format!("event_types[{index}]"),
            name,
            settings,
        }
    });
    Ok(placed.collect())
}

/// Checks every type, and sorts them by name. Each schema has its own turn, so that events of the tenant come between.
async fn check(
    app: &App,
    tenant: &TenantId,
    types: Vec<Placed>,
) -> Result<Vec<EventTypeEntry>, Problem> {
    let mut errors: Vec<FieldError> = Vec::new();
    let mut names = HashSet::new();
    let mut entries = Vec::with_capacity(types.len());
    for Placed {
        place,
        name,
        settings,
    } in types
    {
        if !names.insert(name.clone()) {
            errors.push(FieldError::new(format!("{place}.name"), "is there twice"));
        }
        let checked = if settings.has_schema() {
            let job = move || settings.check(name);
            app.catalogue.run(tenant, job).await?
        } else {
            settings.check(name)
        };
        match checked {
            Ok(entry) => entries.push(entry),
            Err(mistakes) => errors.extend(mistakes.into_iter().map(|mistake| FieldError {
                field: format!("{place}.{}", mistake.field),
                ..mistake
            })),
        }
        if errors.len() >= MISTAKES_MAX {
            break;
        }
    }
    errors.truncate(MISTAKES_MAX);
    if !errors.is_empty() {
        return Err(Problem::validation(errors));
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(entries)
}
