//! Event types out of an OpenAPI 3.1 document that describes webhooks.

use std::collections::BTreeMap;

use posthorn_domain::{EventType, FieldError};
use serde_json::{Map, Value, value::RawValue};

use super::settings::EventTypeSettings;
use crate::problem::{Code, Problem};

/// Where a document keeps its schemas, and where a bundled schema keeps them.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The methods of a path item, likeliest first.
const METHODS: [&str; 3] = ["post", "put", "patch"];

/// The event types that the document's `webhooks` describe, each with the place where it stands.
pub(super) fn event_types_of_openapi(
    body: &[u8],
) -> Result<Vec<(String, EventType, EventTypeSettings)>, Problem> {
    let document: Value = serde_json::from_slice(body).map_err(|error| {
        Problem::new(Code::InvalidJson, format!("the body is not JSON: {error}"))
    })?;
    let version = document["openapi"].as_str().unwrap_or_default();
    if !version.starts_with("3.1") {
        return Err(Problem::field(
            "openapi",
            "must be a 3.1 version: those describe webhooks",
        ));
    }
    let Some(webhooks) = document["webhooks"].as_object() else {
        return Err(Problem::field(
            "webhooks",
            "is required: each becomes an event type",
        ));
    };
    let mut errors = Vec::new();
    let mut types = Vec::with_capacity(webhooks.len());
    for (key, item) in webhooks {
        let place = format!("webhooks.{key}");
        let settings = key
            .parse::<EventType>()
            .map_err(|error| error.to_string())
            .and_then(|name| Ok((name, settings(&document, item)?)));
        match settings {
            Ok((name, settings)) => types.push((place, name, settings)),
            Err(detail) => errors.push(FieldError::new(place, detail)),
        }
    }
    if errors.is_empty() {
        Ok(types)
    } else {
        Err(Problem::validation(errors))
    }
}

fn settings(document: &Value, item: &Value) -> Result<EventTypeSettings, String> {
    let item = resolve(document, item)?;
    let operation = METHODS.iter().find_map(|method| item.get(method));
    let operation = operation.ok_or("describes no POST request")?;
    let text = |name: &str| {
        let own = operation.get(name).or_else(|| item.get(name));
        own.and_then(Value::as_str).map(str::to_owned)
    };
    let body = match operation.get("requestBody") {
        Some(body) => resolve(document, body)?.pointer("/content/application~1json"),
        None => None,
    };
    let schema = body.and_then(|body| body.get("schema"));
    Ok(EventTypeSettings {
        label: text("summary"),
        category: operation
            .pointer("/tags/0")
            .and_then(Value::as_str)
            .map(str::to_owned),
        description: text("description"),
        example: body
            .and_then(|body| example(document, body))
            .as_ref()
            .map(raw)
            .transpose()?,
        schema: schema
            .map(|schema| raw(&bundle(document, schema)?))
            .transpose()?,
    })
}

fn raw(value: &Value) -> Result<Box<RawValue>, String> {
    serde_json::value::to_raw_value(value).map_err(|error| error.to_string())
}

fn example(document: &Value, body: &Value) -> Option<Value> {
    let first = || {
        let (_, first) = body.get("examples")?.as_object()?.iter().next()?;
        resolve(document, first).ok()?.get("value")
    };
    body.get("example").or_else(first).cloned()
}

/// What a `$ref` leads to; one that leads to another is followed no further.
fn resolve<'a>(document: &'a Value, value: &'a Value) -> Result<&'a Value, String> {
    let Some(target) = value.get("$ref").and_then(Value::as_str) else {
        return Ok(value);
    };
    target
        .strip_prefix('#')
        .and_then(|pointer| document.pointer(pointer))
        .ok_or_else(|| format!("{target} leads to nothing in the document"))
}

/// The schema with every component that it refers to, directly or not, among its `$defs`.
fn bundle(document: &Value, schema: &Value) -> Result<Value, String> {
    let mut definitions: BTreeMap<String, Value> = BTreeMap::new();
    let mut schema = schema.clone();
    let mut wanted = Vec::new();
    rewrite(&mut schema, &mut wanted);
    while let Some(name) = wanted.pop() {
        if definitions.contains_key(&name) {
            continue;
        }
        let component = document
            .pointer(&format!("/components/schemas/{name}"))
            .ok_or_else(|| format!("{COMPONENTS}{name} leads to nothing in the document"))?;
        let mut component = component.clone();
        rewrite(&mut component, &mut wanted);
        // As the pointer that was written, whose escapes hold in the new place too.
        definitions.insert(name.replace("~1", "/").replace("~0", "~"), component);
    }
    if definitions.is_empty() {
        return Ok(schema);
    }
    if !schema.is_object() {
        return Ok(schema);
    }
    let own = schema["$defs"].take();
    let mut all = match own {
        Value::Object(own) => own,
        _ => Map::new(),
    };
    all.extend(definitions);
    schema["$defs"] = Value::Object(all);
    Ok(schema)
}

/// Points references to components at `$defs`, and notes which components those are.
fn rewrite(value: &mut Value, wanted: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => {
                        if let Some(rest) = target.strip_prefix(COMPONENTS) {
                            let name = rest.split('/').next().unwrap_or(rest).to_owned();
                            *target = format!("{DEFINITIONS}{rest}");
                            wanted.push(name);
                        }
                    }
                    other => rewrite(other, wanted),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|each| rewrite(each, wanted)),
        _ => {}
    }
}
