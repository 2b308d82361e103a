//! How much work a schema can make.
//!
//! A few references that are doubled at each level make a schema of a few lines take longer than the universe has:
//! `a` is twice `b`, `b` twice `c`, and so on. So a schema is unfolded here, each subschema counted as often as it
//! is reached, up to a bound; checking takes at most that many steps for each value of the data.
//!
//! That holds with recursion too, as of trees, where it leads back from one place alone: then each value is reached
//! in one way. Two places, such as two branches that both go on with the same value, would double the work at each
//! level of the data. Recursion that does not step into the data would never end.

use std::borrow::Cow;

use posthorn_domain::limits::SCHEMA_EXPANSIONS_MAX;
use serde_json::{Map, Value};

use super::schema::Misfit;

/// Keywords whose value is data.
const DATA: [&str; 5] = ["const", "enum", "default", "example", "examples"];
/// Keywords whose value is an object of schemas under names of the author's.
const NAMED: [&str; 6] = [
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
    "dependencies",
];
/// Keywords whose schemas are for parts of the value, not for the value itself.
const DESCENDING: [&str; 11] = [
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "items",
    "prefixItems",
    "additionalItems",
    "contains",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords that make a reference mean something else than a place in this document.
const REFUSED: [&str; 4] = [
    "$dynamicRef",
    "$dynamicAnchor",
    "$recursiveRef",
    "$recursiveAnchor",
];
/// Definitions are reached by reference; by themselves they check nothing.
const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

/// References that lead to references: the walk, the compiler and the validator each take a piece of the stack for one.
const NESTED_REFERENCES_MAX: usize = 50;

/// Counts the subschemas of a schema, each as often as it is reached.
pub(super) fn expansions(schema: &Value) -> Result<usize, Misfit> {
    let mut walk = Walk {
        root: schema,
        count: 0,
        depth: 0,
        frames: vec![Frame::new("", 0)],
    };
    walk.subschema(schema, "")?;
    walk.leave(0)?;
    // Definitions that nobody refers to are still compiled.
    for keyword in DEFINITIONS {
        if let Some(Value::Object(definitions)) = schema.get(keyword) {
            for (name, definition) in definitions {
                let pointer = format!("/{keyword}/{}", escape(name));
                walk.referred(&pointer, definition, &pointer)?;
            }
        }
    }
    Ok(walk.count)
}

/// A target of a reference that is being unfolded.
struct Frame {
    pointer: String,
    /// How far into the data it began.
    depth: usize,
    /// References back to it or to others, in all that is unfolded below it.
    loops: usize,
    is_head: bool,
}

impl Frame {
    fn new(pointer: &str, depth: usize) -> Self {
        Self {
            pointer: pointer.to_owned(),
            depth,
            loops: 0,
            is_head: false,
        }
    }
}

struct Walk<'a> {
    root: &'a Value,
    count: usize,
    depth: usize,
    frames: Vec<Frame>,
}

impl<'a> Walk<'a> {
    fn subschema(&mut self, schema: &'a Value, place: &str) -> Result<(), Misfit> {
        self.count += 1;
        if self.count > SCHEMA_EXPANSIONS_MAX {
            let detail = format!("unfolds to more than {SCHEMA_EXPANSIONS_MAX} subschemas");
            return Err(Misfit::new("", detail));
        }
        let Value::Object(keywords) = schema else {
            return Ok(());
        };
        for (keyword, value) in keywords {
            let place = format!("{place}/{}", escape(keyword));
            self.keyword(keyword, value, &place)?;
        }
        Ok(())
    }

    fn keyword(&mut self, keyword: &str, value: &'a Value, place: &str) -> Result<(), Misfit> {
        if DATA.contains(&keyword) || DEFINITIONS.contains(&keyword) {
            return Ok(());
        }
        if REFUSED.contains(&keyword) || (keyword == "$id" && place != "/$id") {
            let detail = format!("{keyword} is not supported here: refer to `#/$defs/…`");
            return Err(Misfit::new(place, detail));
        }
        let descends = usize::from(DESCENDING.contains(&keyword));
        self.depth += descends;
        match value {
            Value::String(target) if keyword == "$ref" => self.reference(target, place)?,
            Value::Object(named) if NAMED.contains(&keyword) => self.named(named, place)?,
            Value::Object(_) => self.subschema(value, place)?,
            Value::Array(schemas) => {
                for (index, schema) in schemas.iter().enumerate() {
                    if schema.is_object() {
                        self.subschema(schema, &format!("{place}/{index}"))?;
                    }
                }
            }
            _ => {}
        }
        self.depth -= descends;
        Ok(())
    }

    fn named(&mut self, schemas: &'a Map<String, Value>, place: &str) -> Result<(), Misfit> {
        for (name, schema) in schemas {
            self.subschema(schema, &format!("{place}/{}", escape(name)))?;
        }
        Ok(())
    }

    fn reference(&mut self, target: &str, place: &str) -> Result<(), Misfit> {
        let Some(fragment) = target.strip_prefix('#') else {
            let detail = "must begin with `#`: a schema refers to nothing outside itself";
            return Err(Misfit::new(place, detail));
        };
        let pointer = percent_encoding::percent_decode_str(fragment)
            .decode_utf8()
            .unwrap_or(Cow::Borrowed(fragment));
        let found = if pointer.is_empty() || pointer.starts_with('/') {
            self.root.pointer(&pointer)
        } else {
            None
        };
        let Some(found) = found else {
            return Err(Misfit::new(place, format!("{target} leads to nothing")));
        };
        self.referred(&pointer, found, place)
    }

    fn referred(&mut self, pointer: &str, schema: &'a Value, place: &str) -> Result<(), Misfit> {
        let depth = self.depth;
        if let Some(head) = self
            .frames
            .iter()
            .position(|frame| frame.pointer == pointer)
        {
            if self.frames[head].depth == depth {
                return Err(Misfit::new(place, "refers to itself without an end"));
            }
            self.frames[head].is_head = true;
            for frame in &mut self.frames {
                frame.loops += 1;
            }
            return Ok(());
        }
        if self.frames.len() >= NESTED_REFERENCES_MAX {
            let detail = format!("nests more than {NESTED_REFERENCES_MAX} references");
            return Err(Misfit::new(place, detail));
        }
        self.frames.push(Frame::new(pointer, depth));
        self.subschema(schema, pointer)?;
        self.leave(self.frames.len() - 1)
    }

    /// Ends the frames from `index` on.
    fn leave(&mut self, index: usize) -> Result<(), Misfit> {
        for frame in self.frames.drain(index..) {
            if frame.is_head && frame.loops > 1 {
                let detail =
                    "refers to itself in more than one place, which makes checking exponential";
                return Err(Misfit::new(frame.pointer, detail));
            }
        }
        Ok(())
    }
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_each_subschema_as_often_as_it_is_reached() {
        let schema = json!({
            "properties": {"a": {"$ref": "#/$defs/x"}, "b": {"$ref": "#/$defs/x"}, "const": {}},
            "enum": [{"$ref": "#/nowhere"}],
            "$defs": {"x": {"items": {"type": "string"}}}
        });
        // The root, three properties, twice `x` with its items, and `x` once more by itself.
        assert_eq!(expansions(&schema), Ok(10));
    }

    #[test]
    fn refuses_work_without_an_end() {
        let mut doubling = json!({"$ref": "#/$defs/d0", "$defs": {"d40": {}}});
        for n in 0..40 {
            let next = json!({"$ref": format!("#/$defs/d{}", n + 1)});
            doubling["$defs"][format!("d{n}")] = json!({"allOf": [next, next]});
        }
        let both = json!({"properties": {"a": {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}}});
        let fibonacci = json!({"$ref": "#/$defs/b", "$defs": {
            "a": {"items": {"$ref": "#/$defs/b"}},
            "b": {"items": {"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}},
        }});
        for schema in [
            json!({"$ref": "#"}),
            json!({"allOf": [{"$ref": "#"}]}),
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/b"}}, "b": {"$ref": "#/$defs/a"}}}),
            json!({"$ref": "https://example.com/schema"}),
            json!({"properties": {"a": {"$id": "https://example.com/a"}}}),
            json!({"$ref": "#/$defs/missing"}),
            json!({"$ref": "#anchor"}),
            json!({"$dynamicRef": "#a"}),
            doubling,
            both,
            fibonacci,
        ] {
            assert!(expansions(&schema).is_err(), "{schema}");
        }
    }

    #[test]
    fn a_chain_of_references_takes_no_more_stack_than_there_is() {
        let mut chain = json!({"$ref": "#/$defs/d0", "$defs": {"d60": {}}});
        for n in 0..60 {
            chain["$defs"][format!("d{n}")] = json!({"$ref": format!("#/$defs/d{}", n + 1)});
        }
        assert!(expansions(&chain).is_err());
    }

    #[test]
    fn lets_trees_grow() {
        for schema in [
            json!({"properties": {"child": {"$ref": "#/$defs/child"}},
                   "$defs": {"child": {"properties": {"parent": {"$ref": "#"}}}}}),
            json!({"properties": {"children": {"items": {"$ref": "#"}}}}),
            json!({"properties": {
                "one": {"$ref": "#/$defs/list"}, "other": {"$ref": "#/$defs/list"}, "tree": {"$ref": "#/$defs/tree"}},
                "$defs": {"list": {"properties": {"next": {"$ref": "#/$defs/list"}}},
                          "tree": {"additionalProperties": {"$ref": "#/$defs/tree"}}}}),
        ] {
            assert!(expansions(&schema).is_ok(), "{schema}");
        }
    }
}
