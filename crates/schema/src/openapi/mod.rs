//! Event types out of an OpenAPI 3.1 document that describes webhooks.
//!
//! The document is not read into memory as a whole: its parts stay text until they are wanted, each reading is charged
//! to a budget, and what is made of them has a bound that is kept while it is made. So time and memory grow with the
//! document, however its parts refer to each other.

mod bundle;
mod read;

use std::collections::BTreeMap;

use posthorn_domain::{
    EventType, FieldError,
    limits::{
        EVENT_TYPE_EXAMPLE_BYTES_MAX, EVENT_TYPE_IMPORT_BYTES_MAX, EVENT_TYPE_SCHEMAS_BYTES_MAX,
        EVENT_TYPES_PER_TENANT_MAX, OPENAPI_COMPONENTS_MAX,
    },
};
use serde_json::value::RawValue;

use bundle::bundle;
use read::{Budget, Components, Members, Part};

/// The methods of a path item, likeliest first.
const METHODS: [&str; 3] = ["post", "put", "patch"];
/// Mistakes reported for one document; further ones add nothing but length.
const MISTAKES_MAX: usize = 100;

/// An event type that a document describes.
#[derive(Debug)]
pub struct DescribedType {
    /// Where it stands in the document.
    pub place: String,
    /// What it is called.
    pub name: EventType,
    /// The summary.
    pub label: Option<String>,
    /// The first tag.
    pub category: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The first example of the body.
    pub example: Option<Box<RawValue>>,
    /// The schema of the body, with the components that it refers to among its `$defs`.
    pub schema: Option<Box<RawValue>>,
}

/// The event types that the document's `webhooks` describe; or all that is wrong with it.
pub fn event_types_of_openapi(document: &str) -> Result<Vec<DescribedType>, Vec<FieldError>> {
    let wrong = |field: &str, detail: String| vec![FieldError::new(field, detail)];
    let mut budget = Budget::default();
    let whole = Part::read(
        document,
        &["openapi", "webhooks", "components"],
        &mut budget,
    )
    .map_err(|detail| wrong("", detail))?;
    let version = whole.text("openapi").unwrap_or_default();
    if !version.starts_with("3.1") {
        let detail = "must be a 3.1 version: those describe webhooks";
        return Err(wrong("openapi", detail.to_owned()));
    }
    let Some(webhooks) = whole.get("webhooks").filter(|webhooks| is_object(webhooks)) else {
        let detail = "is required: each becomes an event type";
        return Err(wrong("webhooks", detail.to_owned()));
    };
    let webhooks = Members::read(webhooks, EVENT_TYPES_PER_TENANT_MAX, &mut budget)
        .map_err(|detail| wrong("webhooks", detail))?;
    if webhooks.more || webhooks.map.is_empty() {
        let detail = format!("must hold 1 to {EVENT_TYPES_PER_TENANT_MAX} event types");
        return Err(wrong("webhooks", detail));
    }
    let components = Components::read(whole.get("components"), OPENAPI_COMPONENTS_MAX, &mut budget)
        .map_err(|detail| wrong("components", detail))?;
    let mut reader = Reader {
        webhooks: &webhooks.map,
        components: &components,
        budget,
        schemas_bytes: 0,
        examples_bytes: 0,
    };
    let mut mistakes = Vec::new();
    let mut types = Vec::with_capacity(webhooks.map.len());
    for (key, item) in &webhooks.map {
        let place = format!("webhooks.{key}");
        let described = key
            .parse::<EventType>()
            .map_err(|error| error.to_string())
            .and_then(|name| reader.describe(place.clone(), name, item));
        match described {
            Ok(described) => types.push(described),
            Err(detail) => mistakes.push(FieldError::new(place, detail)),
        }
        if mistakes.len() >= MISTAKES_MAX || reader.budget.is_spent() {
            break;
        }
    }
    if mistakes.is_empty() {
        Ok(types)
    } else {
        Err(mistakes)
    }
}

/// What a request body says.
#[derive(Default)]
struct Body {
    schema: Option<Box<RawValue>>,
    example: Option<Box<RawValue>>,
}

struct Reader<'a> {
    webhooks: &'a BTreeMap<String, &'a RawValue>,
    components: &'a Components<'a>,
    budget: Budget,
    schemas_bytes: usize,
    examples_bytes: usize,
}

impl<'a> Reader<'a> {
    fn describe(
        &mut self,
        place: String,
        name: EventType,
        item: &'a RawValue,
    ) -> Result<DescribedType, String> {
        const NO_REQUEST: &str = "describes no POST request";
        let names = ["$ref", "summary", "description", "post", "put", "patch"];
        let item = self.resolve(item, &names)?;
        let operation = METHODS.iter().find_map(|method| item.get(method));
        let operation = operation.ok_or(NO_REQUEST)?;
        let names = ["summary", "description", "tags", "requestBody"];
        let operation = Part::read(operation.get(), &names, &mut self.budget)?;
        let text = |name: &str| operation.text(name).or_else(|| item.text(name));
        let category = match operation.get("tags") {
            Some(tags) => read::first_text(tags),
            None => None,
        };
        let body = match operation.get("requestBody") {
            Some(body) => self.body(body)?,
            None => Body::default(),
        };
        Ok(DescribedType {
            place,
            name,
            label: text("summary"),
            category,
            description: text("description"),
            example: body.example,
            schema: body.schema,
        })
    }

    fn body(&mut self, body: &'a RawValue) -> Result<Body, String> {
        let body = self.resolve(body, &["$ref", "content"])?;
        let Some(content) = body.get("content") else {
            return Ok(Body::default());
        };
        let content = Part::read(content.get(), &["application/json"], &mut self.budget)?;
        let Some(media) = content.get("application/json") else {
            return Ok(Body::default());
        };
        let names = ["schema", "example", "examples"];
        let media = Part::read(media.get(), &names, &mut self.budget)?;
        let schema = match media.get("schema") {
            Some(schema) => Some(self.schema(schema)?),
            None => None,
        };
        let example = match (media.get("example"), media.get("examples")) {
            (Some(example), _) => Some(example),
            (None, Some(examples)) => self.first_example(examples)?,
            (None, None) => None,
        };
        let example = match example {
            Some(example) => Some(self.example(example)?),
            None => None,
        };
        Ok(Body { schema, example })
    }

    fn schema(&mut self, schema: &'a RawValue) -> Result<Box<RawValue>, String> {
        let bundled = bundle(schema, self.components, &mut self.budget)?;
        self.schemas_bytes += bundled.get().len();
        if self.schemas_bytes > EVENT_TYPE_SCHEMAS_BYTES_MAX {
            return Err(format!(
                "is too much: the schemas of a tenant are at most {EVENT_TYPE_SCHEMAS_BYTES_MAX} bytes together"
            ));
        }
        Ok(bundled)
    }

    fn first_example(&mut self, examples: &'a RawValue) -> Result<Option<&'a RawValue>, String> {
        let first = Members::read(examples, 1, &mut self.budget)?;
        let Some(first) = first.map.into_values().next() else {
            return Ok(None);
        };
        let first = self.resolve(first, &["$ref", "value"])?;
        Ok(first.get("value"))
    }

    fn example(&mut self, example: &'a RawValue) -> Result<Box<RawValue>, String> {
        let bytes = example.get().len();
        if bytes > EVENT_TYPE_EXAMPLE_BYTES_MAX {
            return Err(format!(
                "has an example of more than {EVENT_TYPE_EXAMPLE_BYTES_MAX} bytes"
            ));
        }
        self.examples_bytes += bytes;
        if self.examples_bytes > EVENT_TYPE_IMPORT_BYTES_MAX {
            return Err(format!(
                "is too much: the examples of an import are at most {EVENT_TYPE_IMPORT_BYTES_MAX} bytes together"
            ));
        }
        Ok(example.to_owned())
    }

    /// A part, or what its `$ref` leads to; one that leads to another is followed no further.
    fn resolve(&mut self, part: &'a RawValue, names: &[&'static str]) -> Result<Part<'a>, String> {
        let read = Part::read(part.get(), names, &mut self.budget)?;
        let Some(target) = read.text("$ref") else {
            return Ok(read);
        };
        let found = read::tokens(&target).and_then(|tokens| match tokens.as_slice() {
            [webhooks, name] if webhooks == "webhooks" => self.webhooks.get(name).copied(),
            [components, kind, name] if components == "components" => {
                self.components.get(kind, name)
            }
            _ => None,
        });
        let found = found.ok_or_else(|| {
            format!("{target} leads to none of the document's components and webhooks")
        })?;
        Part::read(found.get(), names, &mut self.budget)
    }
}

fn is_object(part: &RawValue) -> bool {
    part.get().starts_with('{')
}

#[cfg(test)]
mod tests;
