//! References within one schema.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// What a reference leads to, with its JSON Pointer; or why it leads nowhere.
pub(crate) fn resolve<'a>(root: &'a Value, target: &str) -> Result<(String, &'a Value), String> {
    let Some(fragment) = target.strip_prefix('#') else {
        return Err("must begin with `#`: a schema refers to nothing outside itself".to_owned());
    };
    let nothing = || format!("{target} leads to nothing");
    let pointer = percent_decode_str(fragment)
        .decode_utf8()
        .map_err(|_| nothing())?;
    if pointer.is_empty() {
        return Ok((String::new(), root));
    }
    if !pointer.starts_with('/') {
        return Err(nothing());
    }
    let found = root.pointer(&pointer).ok_or_else(nothing)?;
    if !(found.is_object() || found.is_boolean()) {
        return Err(format!("{target} leads to no schema"));
    }
    if moves(root, &pointer) {
        return Err(format!(
            "{target} leads through `$id` or `$schema`, which make references mean something else"
        ));
    }
    Ok((pointer.into_owned(), found))
}

/// Whether a value on the way has an address or a dialect of its own. The walk sees those that stand where schemas
/// stand, but a pointer may lead through data.
fn moves(root: &Value, pointer: &str) -> bool {
    pointer
        .match_indices('/')
        .skip(1)
        .map(|(end, _)| &pointer[..end])
        .chain([pointer])
        .filter_map(|prefix| root.pointer(prefix))
        .any(|value| {
            ["$id", "id", "$schema"]
                .iter()
                .any(|name| value.get(name).is_some_and(Value::is_string))
        })
}

/// One name as a token of a JSON Pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
