//! The methods of Python's texts, lists, tuples, dicts and numbers.

mod dict;
mod list;
mod search;
mod text;

use crate::{
    eval::{Bound, Given, Machine, Signature},
    mistake::{Failure, Outcome},
    suggest::nearest,
    value::Value,
};

type Call = for<'a> fn(&Machine<'a>, &Value<'a>, Bound<'a>) -> Outcome<Value<'a>>;

/// What has methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Text,
    List,
    Tuple,
    Dict,
    Number,
}

/// A method.
pub(crate) struct MethodEntry {
    pub(crate) owner: Owner,
    pub(crate) name: &'static str,
    pub(crate) signature: Signature,
    /// Whether it changes what it is called on.
    pub(crate) changes: bool,
    call: Call,
}

const fn method(owner: Owner, name: &'static str, signature: Signature, call: Call) -> MethodEntry {
    MethodEntry {
        owner,
        name,
        signature,
        changes: false,
        call,
    }
}

const fn changing(
    owner: Owner,
    name: &'static str,
    signature: Signature,
    call: Call,
) -> MethodEntry {
    MethodEntry {
        owner,
        name,
        signature,
        changes: true,
        call,
    }
}

/// All of them.
pub(crate) fn methods() -> impl Iterator<Item = &'static MethodEntry> {
    text::METHODS
        .iter()
        .chain(search::METHODS)
        .chain(list::METHODS)
        .chain(dict::METHODS)
}

fn owner_of(value: &Value<'_>) -> Option<Owner> {
    Some(match value {
        Value::Text(_) => Owner::Text,
        Value::List(_) => Owner::List,
        Value::Tuple(_) => Owner::Tuple,
        Value::Dict(_) => Owner::Dict,
        Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Published(_) | Value::Bool(_) => {
            Owner::Number
        }
        _ => return None,
    })
}

/// The method of this name, of this owner or of any.
pub(crate) fn method_entry(owner: Option<Owner>, name: &str) -> Option<&'static MethodEntry> {
    methods().find(|entry| entry.name == name && owner.is_none_or(|owner| entry.owner == owner))
}

pub(crate) fn is_method(value: &Value<'_>, name: &str) -> bool {
    owner_of(value).is_some_and(|owner| method_entry(Some(owner), name).is_some())
}

/// Why there is no method of this name.
pub(crate) fn no_method(owner: Option<Owner>, name: &str) -> String {
    let known = methods()
        .filter(|entry| owner.is_none_or(|owner| entry.owner == owner))
        .map(|entry| entry.name);
    let of = match owner {
        None => "",
        Some(Owner::Text) => " of a text",
        Some(Owner::List) => " of a list",
        Some(Owner::Tuple) => " of a tuple",
        Some(Owner::Dict) => " of a dict",
        Some(Owner::Number) => " of a number",
    };
    let why = match name {
        "encode" | "translate" | "maketrans" | "format_map" | "to_bytes" => " (not supported)",
        "strftime" | "isoformat" | "date" | "time" | "timestamp" => " (a time is a text here)",
        "iteritems" | "itervalues" | "iterkeys" | "has_key" => " (it was one in Python 2)",
        "push" | "toUpperCase" | "toLowerCase" | "includes" => " (it is one of JavaScript)",
        _ => "",
    };
    format!("unknown method `{name}`{of}{why}{}", nearest(name, known))
}

pub(crate) fn call_method<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    name: &str,
    given: Given<'a>,
) -> Outcome<Value<'a>> {
    if let Value::Undefined(absent) = value {
        return Err(Failure::new(absent.words()));
    }
    let owner = owner_of(value);
    let entry = owner.and_then(|owner| method_entry(Some(owner), name));
    let Some(entry) = entry else {
        let kind = if matches!(value, Value::None) {
            "None".to_owned()
        } else {
            format!("{} object", value.type_name())
        };
        return Err(Failure::new(format!("'{kind}' has no attribute '{name}'")));
    };
    if name == "format" {
        let Value::Text(format) = value else {
            return Err(Failure::new("only a text has a method `format`"));
        };
        if format.is_safe() {
            return Err(Failure::new(
                "`format` of escaped text is not supported: use `%`",
            ));
        }
        return machine.text_like(value, crate::format::brace_format(machine, format, &given)?);
    }
    if let Value::Text(text) = value {
        machine.charge_bytes(text.len())?;
    }
    let bound = given.bind_to(|| format!("the method `{name}`"), entry.signature)?;
    (entry.call)(machine, value, bound)
}
