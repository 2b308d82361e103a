//! The functions of Jinja2.

use std::{cell::Cell, rc::Rc};

use crate::{
    eval::{Given, Machine, Signature, integer_of},
    mistake::{Failure, Outcome},
    value::{Range, Text, Value},
};

/// A function.
pub(crate) struct FunctionEntry {
    pub(crate) name: &'static str,
    pub(crate) signature: Signature,
}

pub(crate) const FUNCTIONS: &[FunctionEntry] = &[
    FunctionEntry {
        name: "range",
        signature: "start, stop=, step=",
    },
    FunctionEntry {
        name: "dict",
        signature: "*, **",
    },
    FunctionEntry {
        name: "namespace",
        signature: "*, **",
    },
    FunctionEntry {
        name: "cycler",
        signature: "*",
    },
    FunctionEntry {
        name: "joiner",
        signature: "sep=",
    },
];

/// Functions that Jinja2 or services often have, and why they are not here.
pub(crate) const NO_FUNCTIONS: &[(&str, &str)] = &[
    (
        "lipsum",
        "would give every retry of a delivery another body",
    ),
    (
        "now",
        "would give every retry of a delivery another body: use `timestamp`, the time of the event",
    ),
    (
        "utcnow",
        "would give every retry of a delivery another body: use `timestamp`, the time of the event",
    ),
    ("debug", "is not supported"),
    ("super", "is not supported: there is no other template"),
    ("self", "is not supported: there are no blocks to call"),
    (
        "len",
        "is a function of Python, not of Jinja2: use the filter `length`",
    ),
    (
        "str",
        "is a function of Python, not of Jinja2: use the filter `string`",
    ),
    (
        "int",
        "is a function of Python, not of Jinja2: use the filter `int`",
    ),
    (
        "float",
        "is a function of Python, not of Jinja2: use the filter `float`",
    ),
    (
        "list",
        "is a function of Python, not of Jinja2: use the filter `list`",
    ),
    (
        "sum",
        "is a function of Python, not of Jinja2: use the filter `sum`",
    ),
    (
        "min",
        "is a function of Python, not of Jinja2: use the filter `min`",
    ),
    (
        "max",
        "is a function of Python, not of Jinja2: use the filter `max`",
    ),
    (
        "sorted",
        "is a function of Python, not of Jinja2: use the filter `sort`",
    ),
    (
        "round",
        "is a function of Python, not of Jinja2: use the filter `round`",
    ),
    (
        "abs",
        "is a function of Python, not of Jinja2: use the filter `abs`",
    ),
    (
        "enumerate",
        "is a function of Python, not of Jinja2: use `loop.index0`",
    ),
    (
        "zip",
        "is a function of Python, not of Jinja2: use the filter `zip`",
    ),
];

pub(crate) fn call_function<'a>(
    machine: &Machine<'a>,
    name: &str,
    given: Given<'a>,
) -> Outcome<Value<'a>> {
    let Some(entry) = FUNCTIONS.iter().find(|function| function.name == name) else {
        return Err(Failure::new(format!("unknown function `{name}`")));
    };
    let mut bound = given.bind_to(|| format!("the function `{name}`"), entry.signature)?;
    match name {
        "range" => {
            let first = bound.take(0).map_or(Ok(0), |value| integer_of(&value))?;
            let second = bound.take(1).map(|value| integer_of(&value)).transpose()?;
            let step = bound.take(2).map_or(Ok(1), |value| integer_of(&value))?;
            if step == 0 {
                return Err(Failure::new("range() arg 3 must not be zero"));
            }
            let (start, stop) = second.map_or((0, first), |second| (first, second));
            Ok(Value::Range(Range { start, stop, step }))
        }
        "dict" | "namespace" => {
            let cell = machine.dict_cell(Vec::new())?;
            for source in bound.rest {
                for (key, value) in pairs_of(machine, &source)? {
                    machine.insert(&cell, key, value)?;
                }
            }
            for (key, value) in bound.named {
                machine.insert(&cell, Value::Text(key), value)?;
            }
            Ok(if name == "dict" {
                Value::Dict(crate::value::Dict::Owned(cell))
            } else {
                Value::Namespace(cell)
            })
        }
        "cycler" if bound.rest.is_empty() => {
            Err(Failure::new("at least one item has to be provided"))
        }
        "cycler" => machine.cycler(bound.rest),
        _ => {
            let separator = match bound.take(0) {
                Some(Value::Text(text)) => text,
                Some(other) => Text::from(machine.text_of(&other)?),
                None => Text::Borrowed(", "),
            };
            Ok(Value::Joiner(Rc::new((separator, Cell::new(false)))))
        }
    }
}

/// The members of a dict, or pairs of names and values.
pub(crate) fn pairs_of<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
) -> Outcome<Vec<(Value<'a>, Value<'a>)>> {
    if let Value::Dict(dict) = value {
        return machine.dict_entries(dict);
    }
    let pair = |item: Value<'a>| {
        let pair = <[Value<'a>; 2]>::try_from(machine.items(&item)?);
        let [key, value] =
            pair.map_err(|_| Failure::new("a dict is made of pairs of keys and values"))?;
        Ok((key, value))
    };
    machine.items(value)?.into_iter().map(pair).collect()
}
