use axum::{
    Json,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use posthorn_domain::EventType;
use posthorn_store::StoredEventType;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::{extract::Tag, problem::Problem};

/// An event type of the catalogue.
#[derive(Serialize, ToSchema)]
#[schema(as = EventType)]
pub(crate) struct EventTypeView {
    #[serde(skip)]
    pub(super) tag: Tag,
    #[schema(value_type = String, example = "user.created")]
    name: EventType,
    /// For people.
    #[schema(example = "User created")]
    label: String,
    /// A group of types.
    #[schema(example = "user")]
    category: Option<String>,
    /// When it is published, and what it holds.
    description: Option<String>,
    /// An example of its data.
    #[schema(value_type = Value)]
    example: Option<Box<RawValue>>,
    /// The JSON Schema of its data.
    #[schema(value_type = Value)]
    schema: Option<Box<RawValue>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<StoredEventType> for EventTypeView {
    type Error = Problem;

    fn try_from(stored: StoredEventType) -> Result<Self, Problem> {
        let json = |text: Option<String>| {
            text.map(RawValue::from_string)
                .transpose()
                .map_err(Problem::internal)
        };
        let tag = Tag::of_entry(stored.tag());
        let entry = stored.entry;
        Ok(Self {
            tag,
            name: entry.name,
            label: entry.label,
            category: entry.category,
            description: entry.description,
            example: json(entry.example)?,
            schema: json(entry.schema)?,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        })
    }
}

impl IntoResponse for EventTypeView {
    fn into_response(self) -> Response {
        (self.tag.header(), Json(self)).into_response()
    }
}
