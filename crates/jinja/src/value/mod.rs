//! Values as an evaluation has them: what was published is borrowed, what is made is counted against the budget.

mod compare;
mod containers;
mod key;
mod numbers;
mod print;
mod serialise;

use std::{ops::Deref, rc::Rc};

use num_bigint::BigInt;

pub(crate) use self::{
    containers::{Cycler, DictCell, ListCell, LoopState, MacroValue, Range, View},
    key::Key,
    numbers::{Number, bounded, floor_division, number_of},
    print::float_text,
    serialise::JsonStyle,
};
use crate::json::{Json, Object, Published};

#[derive(Clone)]
pub(crate) enum Value<'a> {
    Undefined(Absent<'a>),
    None,
    Bool(bool),
    Int(i64),
    Big(Rc<BigInt>),
    Float(f64),
    Published(&'a Published),
    Text(Text<'a>),
    List(List<'a>),
    Tuple(Rc<ListCell<'a>>),
    Dict(Dict<'a>),
    Range(Range),
    /// What Python's generators are: it can be gone through once. The last item comes first in the cell.
    Stream(Rc<ListCell<'a>>),
    View(Rc<View<'a>>),
    Function(&'static str),
    Macro(Rc<MacroValue<'a>>),
    Loop(Rc<LoopState<'a>>),
    Namespace(Rc<DictCell<'a>>),
    Cycler(Rc<Cycler<'a>>),
    Joiner(Rc<(Text<'a>, std::cell::Cell<bool>)>),
}

/// What is not there, for the words about it.
#[derive(Clone)]
pub(crate) enum Absent<'a> {
    Name(&'a str),
    Member(&'static str, Text<'a>),
    Words(&'static str),
    /// It is there, but nobody reads that deep.
    TooDeep,
}

#[derive(Clone)]
pub(crate) enum Text<'a> {
    Borrowed(&'a str),
    Shared(Rc<str>),
    /// Text that is HTML already: what escapes leaves it alone.
    Safe(Rc<str>),
}

#[derive(Clone)]
pub(crate) enum List<'a> {
    Json(&'a [Json]),
    Owned(Rc<ListCell<'a>>),
}

#[derive(Clone)]
pub(crate) enum Dict<'a> {
    Json(&'a Object),
    Owned(Rc<DictCell<'a>>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Shared(text) | Text::Safe(text) => text,
        }
    }
}

impl Text<'_> {
    pub(crate) fn is_safe(&self) -> bool {
        matches!(self, Text::Safe(_))
    }
}

impl<'a> From<String> for Text<'a> {
    fn from(text: String) -> Self {
        Text::Shared(text.into())
    }
}

impl<'a> From<&'a Json> for Value<'a> {
    fn from(json: &'a Json) -> Self {
        match json {
            Json::Null => Value::None,
            Json::Bool(value) => Value::Bool(*value),
            Json::Int(value) => Value::Int(*value),
            Json::Big(value) => Value::Big(Rc::new((**value).clone())),
            Json::Float(value) => Value::Float(*value),
            Json::Number(published) => Value::Published(published),
            Json::Text(text) => Value::Text(Text::Borrowed(text)),
            Json::List(items) => Value::List(List::Json(items)),
            Json::Object(object) => Value::Dict(Dict::Json(object)),
            Json::TooDeep => Value::Undefined(Absent::TooDeep),
        }
    }
}

impl<'a> Value<'a> {
    pub(crate) fn borrowed(text: &'a str) -> Self {
        Value::Text(Text::Borrowed(text))
    }

    pub(crate) fn as_text(&self) -> Option<&Text<'a>> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self, Value::Undefined(_))
    }

    /// What Python calls the type.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::Undefined(_) => "Undefined",
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::Big(_) => "int",
            Value::Published(number) if number.is_integer => "int",
            Value::Float(_) | Value::Published(_) => "float",
            Value::Text(text) if text.is_safe() => "Markup",
            Value::Text(_) => "str",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Dict(_) => "dict",
            Value::Range(_) => "range",
            Value::Stream(_) => "generator",
            Value::View(view) => view.kind,
            Value::Function(_) | Value::Macro(_) => "function",
            Value::Loop(_) => "LoopContext",
            Value::Namespace(_) => "Namespace",
            Value::Cycler(_) => "Cycler",
            Value::Joiner(_) => "Joiner",
        }
    }

    /// What Python makes of it where a condition is asked for.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Value::Undefined(_) | Value::None => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Big(value) => value.sign() != num_bigint::Sign::NoSign,
            Value::Float(value) => *value != 0.0,
            Value::Published(number) => number.value != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::List(list) => list.len() > 0,
            Value::Tuple(items) => items.len() > 0,
            Value::Dict(dict) => dict.len() > 0,
            Value::Range(range) => range.len() > 0,
            Value::View(view) => view.items.len() > 0,
            Value::Stream(_)
            | Value::Function(_)
            | Value::Macro(_)
            | Value::Loop(_)
            | Value::Namespace(_)
            | Value::Cycler(_)
            | Value::Joiner(_) => true,
        }
    }
}

impl Absent<'_> {
    /// The words of Jinja2.
    pub(crate) fn words(&self) -> String {
        match self {
            Absent::Name(name) => format!("'{name}' is undefined"),
            Absent::Member(kind, name) => format!("'{kind} object' has no attribute '{}'", &**name),
            Absent::Words(words) => (*words).to_owned(),
            Absent::TooDeep => "the data is nested too deeply here".to_owned(),
        }
    }
}
