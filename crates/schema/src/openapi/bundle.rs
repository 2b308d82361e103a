//! A schema together with what it refers to.

use std::collections::{BTreeMap, BTreeSet};

use posthorn_domain::limits::EVENT_TYPE_SCHEMA_BYTES_MAX;
use serde_json::{Map, Value, value::RawValue};

use super::read::{Budget, Components, unescape};
use crate::keyword::{Kind, is_data};

/// Where a document keeps its schemas, and where a bundled schema keeps them.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";
/// Put before the name of a component where the schema has a definition of its own by this name.
const PREFIX: &str = "components.";

/// The schema with every component that it refers to, directly or not, among its `$defs`.
pub(super) fn bundle(
    schema: &RawValue,
    components: &Components<'_>,
    budget: &mut Budget,
) -> Result<Box<RawValue>, String> {
    let mut bytes = 0;
    let mut schema = parse(schema, &mut bytes, budget)?;
    let own = match schema.get("$defs") {
        Some(Value::Object(own)) => own.keys().cloned().collect(),
        _ => BTreeSet::new(),
    };
    let mut bundle = Bundle {
        own,
        wanted: Vec::new(),
    };
    bundle.rewrite(&mut schema)?;
    let mut definitions: BTreeMap<String, Value> = BTreeMap::new();
    // By the name itself: however a reference spells it, a component is taken once.
    while let Some(name) = bundle.wanted.pop() {
        let definition = format!("{}{name}", bundle.prefix(&name));
        if definitions.contains_key(&definition) {
            continue;
        }
        let component = components
            .get("schemas", &name)
            .ok_or_else(|| format!("{COMPONENTS}{name} leads to nothing in the document"))?;
        let mut component = parse(component, &mut bytes, budget)?;
        bundle.rewrite(&mut component)?;
        definitions.insert(definition, component);
    }
    if let Value::Object(keywords) = &mut schema
        && !definitions.is_empty()
    {
        let all = keywords
            .entry("$defs")
            .or_insert_with(|| Value::Object(Map::new()));
        if !all.is_object() {
            *all = Value::Object(Map::new());
        }
        if let Value::Object(all) = all {
            all.extend(definitions);
        }
    }
    serde_json::value::to_raw_value(&schema).map_err(|error| error.to_string())
}

/// Reads a schema, unless it is too large with all that was read before.
fn parse(schema: &RawValue, bytes: &mut usize, budget: &mut Budget) -> Result<Value, String> {
    *bytes += schema.get().len();
    if *bytes > EVENT_TYPE_SCHEMA_BYTES_MAX {
        return Err(format!(
            "has a schema that is more than {EVENT_TYPE_SCHEMA_BYTES_MAX} bytes with the components that it refers to"
        ));
    }
    budget.charge(schema.get())?;
    serde_json::from_str(schema.get())
        .map_err(|error| format!("has a schema that cannot be read: {error}"))
}

struct Bundle {
    /// Names of the schema's own definitions.
    own: BTreeSet<String>,
    /// Names of components that something refers to.
    wanted: Vec<String>,
}

impl Bundle {
    /// What stands before a component's name among the definitions.
    fn prefix(&self, name: &str) -> String {
        let mut prefix = String::new();
        while self.own.contains(&format!("{prefix}{name}")) {
            prefix.push_str(PREFIX);
        }
        prefix
    }

    /// Points references to components at `$defs`, and notes which components those are.
    fn rewrite(&mut self, schema: &mut Value) -> Result<(), String> {
        match schema {
            Value::Object(keywords) => {
                for (keyword, value) in keywords {
                    match (Kind::of(keyword), value) {
                        (Kind::Reference, Value::String(target)) => self.point(target)?,
                        (Kind::Named(_) | Kind::Definitions, Value::Object(named)) => {
                            for schema in named.values_mut() {
                                self.rewrite(schema)?;
                            }
                        }
                        (_, value) if !is_data(keyword) => self.rewrite(value)?,
                        _ => {}
                    }
                }
            }
            Value::Array(elements) => {
                for element in elements {
                    self.rewrite(element)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn point(&mut self, target: &mut String) -> Result<(), String> {
        let Some(rest) = target.strip_prefix(COMPONENTS) else {
            return Ok(());
        };
        let token = rest.split('/').next().unwrap_or(rest);
        let name = unescape(token).ok_or_else(|| format!("{target} is no reference"))?;
        let prefix = self.prefix(&name);
        // The token keeps its escapes, which hold in the new place too.
        let moved = format!("{DEFINITIONS}{prefix}{rest}");
        self.wanted.push(name);
        *target = moved;
        Ok(())
    }
}
