//! From the document that a client sends to the entry that is kept.

use std::{collections::BTreeSet, sync::LazyLock};

use posthorn_domain::{
    EventType, FieldError,
    limits::{
        EVENT_TYPE_CATEGORY_CHARS_MAX, EVENT_TYPE_DESCRIPTION_CHARS_MAX,
        EVENT_TYPE_EXAMPLE_BYTES_MAX, EVENT_TYPE_LABEL_CHARS_MAX,
    },
};
use posthorn_schema::{DescribedType, EventSchema, Misfit};
use posthorn_store::EventTypeEntry;
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::view::EventTypeView;
use crate::extract::{ReadOnlyFields, Replaces, Shape, read_only};

/// JSON Schema of a JSON Schema, as far as a document can say it.
fn json_schema() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::SchemaType::from_iter([
            utoipa::openapi::Type::Object,
            utoipa::openapi::Type::Boolean,
            utoipa::openapi::Type::Null,
        ]))
        .build()
}

/// What is said of an event type.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventTypeSettings {
    /// For people, 1 to 150 characters (made of the name).
    #[schema(example = "User created", min_length = 1, max_length = 150)]
    pub(super) label: Option<String>,
    /// A group of types, 1 to 50 characters.
    #[schema(example = "user", min_length = 1, max_length = 50)]
    pub(super) category: Option<String>,
    /// When it is published, and what it holds; at most 2,000 characters.
    #[schema(max_length = 2000)]
    pub(super) description: Option<String>,
    /// An example of its data, which satisfies the schema; at most 64 KiB.
    #[schema(value_type = Value, required = false)]
    pub(super) example: Option<Box<RawValue>>,
    /// A JSON Schema of its data, at most 64 KiB: events over HTTP must satisfy it (422). Draft 2020-12, or 2019-09 or
    /// draft-07 where `$schema` names it; it refers to nothing outside itself, and what would take too many steps or too
    /// much memory to check is refused.
    #[schema(schema_with = json_schema, required = false)]
    pub(super) schema: Option<Box<RawValue>>,
}

/// An event type to enter.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEventType {
    /// A dotted name of at most 128 characters.
    #[schema(value_type = String, example = "user.created", pattern = "^[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$", max_length = 128)]
    name: EventType,
    /// For people, 1 to 150 characters (made of the name).
    #[schema(example = "User created", min_length = 1, max_length = 150)]
    label: Option<String>,
    /// A group of types, 1 to 50 characters.
    #[schema(example = "user", min_length = 1, max_length = 50)]
    category: Option<String>,
    /// When it is published, and what it holds; at most 2,000 characters.
    #[schema(max_length = 2000)]
    description: Option<String>,
    /// An example of its data, which satisfies the schema; at most 64 KiB.
    #[schema(value_type = Value, required = false)]
    example: Option<Box<RawValue>>,
    /// A JSON Schema of its data, at most 64 KiB: events over HTTP must satisfy it (422). Draft 2020-12, or 2019-09 or
    /// draft-07 where `$schema` names it; it refers to nothing outside itself, and what would take too many steps or too
    /// much memory to check is refused.
    #[schema(schema_with = json_schema, required = false)]
    schema: Option<Box<RawValue>>,
}

impl Replaces for EventTypeSettings {
    fn read_only_fields() -> &'static BTreeSet<String> {
        static FIELDS: ReadOnlyFields =
            LazyLock::new(read_only::<EventTypeView, EventTypeSettings>);
        &FIELDS
    }
}

impl Shape for EventTypeSettings {
    const REQUIRED: &'static [&'static str] = &[];
}

impl Shape for NewEventType {
    const REQUIRED: &'static [&'static str] = &["name"];
}

impl NewEventType {
    pub(super) fn into_parts(self) -> (EventType, EventTypeSettings) {
        let settings = EventTypeSettings {
            label: self.label,
            category: self.category,
            description: self.description,
            example: self.example,
            schema: self.schema,
        };
        (self.name, settings)
    }
}

impl EventTypeSettings {
    /// Whether checking it takes work with a schema.
    pub(super) fn has_schema(&self) -> bool {
        self.schema.is_some()
    }

    /// Checks every field, and reports all that are wrong.
    ///
    /// Where there is a schema, this needs much stack and some time: [`crate::catalogue::Catalogue::run`] has both.
    pub(super) fn check(self, name: EventType) -> Result<EventTypeEntry, Vec<FieldError>> {
        let mut errors = Vec::new();
        for (field, text, chars_min, chars_max) in [
            ("label", &self.label, 1, EVENT_TYPE_LABEL_CHARS_MAX),
            ("category", &self.category, 1, EVENT_TYPE_CATEGORY_CHARS_MAX),
            (
                "description",
                &self.description,
                0,
                EVENT_TYPE_DESCRIPTION_CHARS_MAX,
            ),
        ] {
            let Some(text) = text else { continue };
            if !(chars_min..=chars_max).contains(&text.chars().count()) {
                let detail = format!("must have {chars_min} to {chars_max} characters");
                errors.push(FieldError::new(field, detail));
            } else if text.contains('\0') {
                errors.push(FieldError::new(
                    field,
                    "must not contain the character U+0000",
                ));
            }
        }
        let example = self.example.map(|json| json.get().to_owned());
        if example
            .as_ref()
            .is_some_and(|text| text.len() > EVENT_TYPE_EXAMPLE_BYTES_MAX)
        {
            let detail = format!("must be at most {EVENT_TYPE_EXAMPLE_BYTES_MAX} bytes");
            errors.push(FieldError::new("example", detail));
        }
        let schema = self.schema.map(|json| json.get().to_owned());
        if let Some(text) = &schema {
            match EventSchema::compile(text) {
                Ok(schema) => errors.extend(example_misfits(&schema, example.as_deref())),
                Err(mistake) => errors.push(field("schema", mistake)),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(EventTypeEntry {
            label: self.label.unwrap_or_else(|| name.label()),
            name,
            category: self.category,
            description: self.description,
            example,
            schema,
        })
    }
}

impl From<DescribedType> for EventTypeSettings {
    fn from(described: DescribedType) -> Self {
        Self {
            label: described.label,
            category: described.category,
            description: described.description,
            example: described.example,
            schema: described.schema,
        }
    }
}

fn example_misfits(schema: &EventSchema, example: Option<&str>) -> Vec<FieldError> {
    let misfits = example.map(|example| schema.check(example));
    let misfits = misfits.and_then(Result::err).unwrap_or_default();
    misfits
        .into_iter()
        .map(|misfit| field("example", misfit))
        .collect()
}

/// The place is the field, followed by a JSON Pointer into it.
fn field(name: &str, misfit: Misfit) -> FieldError {
    FieldError::new(format!("{name}{}", misfit.pointer), misfit.detail)
}
