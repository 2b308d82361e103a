use std::rc::Rc;

use super::{MethodEntry, Owner::Dict as OfDict, changing, method};
use crate::{
    eval::Machine,
    functions::pairs_of,
    mistake::{Failure, Outcome},
    value::{Dict, DictCell, Key, Value, View},
};

type Done<'a> = Outcome<Value<'a>>;

pub(super) const METHODS: &[MethodEntry] = &[
    changing(OfDict, "clear", "", |_, value, _| {
        let entries = cell(value)?.0.take();
        drop(entries);
        Ok(Value::None)
    }),
    method(OfDict, "copy", "", |machine, value, _| {
        machine.dict(machine.dict_entries(of(value)?)?)
    }),
    method(OfDict, "get", "key, default=", |_, value, mut bound| {
        let found = of(value)?.get(&Key::of(bound.get(0).unwrap_or(&Value::None))?);
        Ok(found.or_else(|| bound.take(1)).unwrap_or(Value::None))
    }),
    method(OfDict, "items", "", |machine, value, _| {
        let pairs = machine.dict_entries(of(value)?)?.into_iter();
        let pairs = pairs
            .map(|(key, value)| machine.tuple(vec![key, value]))
            .collect::<Outcome<_>>()?;
        view(machine, "dict_items", pairs)
    }),
    method(OfDict, "keys", "", |machine, value, _| {
        view(
            machine,
            "dict_keys",
            machine
                .dict_entries(of(value)?)?
                .into_iter()
                .map(|(key, _)| key)
                .collect(),
        )
    }),
    changing(
        OfDict,
        "pop",
        "key, default=",
        |machine, value, mut bound| {
            let cell = cell(value)?;
            machine.charge_items(cell.0.borrow().len())?;
            let key = Key::of(bound.get(0).unwrap_or(&Value::None))?;
            let found = cell
                .0
                .borrow_mut()
                .shift_remove(&key)
                .map(|(_, value)| value);
            match found.or_else(|| bound.take(1)) {
                Some(found) => Ok(found),
                None => Err(Failure::new(format!(
                    "the key {} is not there",
                    machine.repr_of(bound.get(0).unwrap_or(&Value::None))?
                ))),
            }
        },
    ),
    changing(OfDict, "popitem", "", |machine, value, _| {
        let last = cell(value)?.0.borrow_mut().pop();
        match last {
            Some((_, (key, value))) => machine.tuple(vec![key, value]),
            None => Err(Failure::new("popitem(): dictionary is empty")),
        }
    }),
    changing(
        OfDict,
        "setdefault",
        "key, default=",
        |machine, value, mut bound| {
            let key = bound.take(0).unwrap_or(Value::None);
            if let Some(found) = of(value)?.get(&Key::of(&key)?) {
                return Ok(found);
            }
            let default = bound.take(1).unwrap_or(Value::None);
            machine.insert(cell(value)?, key, default.clone())?;
            Ok(default)
        },
    ),
    changing(OfDict, "update", "*, **", |machine, value, bound| {
        let cell = cell(value)?;
        for source in &bound.rest {
            for (key, value) in pairs_of(machine, source)? {
                machine.insert(cell, key, value)?;
            }
        }
        for (key, value) in bound.named {
            machine.insert(cell, Value::Text(key), value)?;
        }
        Ok(Value::None)
    }),
    method(OfDict, "values", "", |machine, value, _| {
        view(
            machine,
            "dict_values",
            machine
                .dict_entries(of(value)?)?
                .into_iter()
                .map(|(_, value)| value)
                .collect(),
        )
    }),
];

fn of<'v, 'a>(value: &'v Value<'a>) -> Outcome<&'v Dict<'a>> {
    match value {
        Value::Dict(dict) => Ok(dict),
        other => Err(Failure::new(format!(
            "expected a dict, not {}",
            other.type_name()
        ))),
    }
}

/// The dict, if a template made it.
fn cell<'v, 'a>(value: &'v Value<'a>) -> Outcome<&'v DictCell<'a>> {
    match of(value)? {
        Dict::Owned(cell) => Ok(cell),
        Dict::Json(_) => Err(Failure::new(
            "the event's data cannot be changed: take a copy first, `data.x.copy()`",
        )),
    }
}

fn view<'a>(machine: &Machine<'a>, kind: &'static str, items: Vec<Value<'a>>) -> Done<'a> {
    let items = machine.cell(items)?;
    Ok(Value::View(Rc::new(View { kind, items })))
}
