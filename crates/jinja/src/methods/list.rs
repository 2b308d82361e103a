use std::cmp::Ordering;

use super::{MethodEntry, Owner::List as OfList, Owner::Tuple as OfTuple, changing, method};
use crate::{
    eval::{Bound, Machine, integer_of},
    mistake::{Failure, Outcome},
    value::{List, ListCell, Value},
};

type Done<'a> = Outcome<Value<'a>>;

pub(super) const METHODS: &[MethodEntry] = &[
    changing(OfList, "append", "object", |machine, value, mut bound| {
        machine.charge_items(1)?;
        let item = bound.take(0).unwrap_or(Value::None);
        cell(value)?.0.borrow_mut().push(item);
        Ok(Value::None)
    }),
    changing(OfList, "clear", "", |_, value, _| {
        let items = cell(value)?.0.take();
        drop(items);
        Ok(Value::None)
    }),
    method(OfList, "copy", "", |machine, value, _| {
        machine.list(machine.items(value)?)
    }),
    method(OfList, "count", "value", count),
    changing(OfList, "extend", "iterable", |machine, value, bound| {
        let more = machine.items(argument(&bound))?;
        cell(value)?.0.borrow_mut().extend(more);
        Ok(Value::None)
    }),
    method(OfList, "index", "value, start=, stop=", index),
    changing(
        OfList,
        "insert",
        "index, object",
        |machine, value, mut bound| {
            let cell = cell(value)?;
            let at = bound.integer(0)?.unwrap_or(0);
            let item = bound.take(1).unwrap_or(Value::None);
            machine.charge_items(cell.len() + 1)?;
            let mut items = cell.0.borrow_mut();
            let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let at = if at < 0 { at.saturating_add(len) } else { at }.clamp(0, len);
            items.insert(usize::try_from(at).unwrap_or(0), item);
            Ok(Value::None)
        },
    ),
    changing(OfList, "pop", "index=", |machine, value, bound| {
        let cell = cell(value)?;
        machine.charge_items(cell.len())?;
        let mut items = cell.0.borrow_mut();
        let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let at = bound.some(0).map(integer_of).transpose()?.unwrap_or(-1);
        let at = if at < 0 { at.saturating_add(len) } else { at };
        match usize::try_from(at).ok().filter(|at| *at < items.len()) {
            Some(at) => Ok(items.remove(at)),
            None => Err(Failure::new("pop index out of range")),
        }
    }),
    changing(OfList, "remove", "value", |machine, value, bound| {
        let cell = cell(value)?;
        match position(machine, &machine.items(value)?, argument(&bound))? {
            Some(at) => {
                cell.0.borrow_mut().remove(at);
                Ok(Value::None)
            }
            None => Err(Failure::new("list.remove(x): x not in list")),
        }
    }),
    changing(OfList, "reverse", "", |machine, value, _| {
        let cell = cell(value)?;
        machine.charge_items(cell.len())?;
        cell.0.borrow_mut().reverse();
        Ok(Value::None)
    }),
    changing(OfList, "sort", "reverse=", |machine, value, bound| {
        let cell = cell(value)?;
        let items = machine.items(value)?;
        let (before, after) = if bound.flag(0, false) {
            (">", Ordering::Greater)
        } else {
            ("<", Ordering::Less)
        };
        let sorted = machine.sort(items, &mut |a, b| {
            Ok(machine.order(a, b, before)? == Some(after))
        })?;
        cell.0.replace(sorted);
        Ok(Value::None)
    }),
    method(OfTuple, "count", "value", count),
    method(OfTuple, "index", "value, start=, stop=", index),
];

fn argument<'b, 'a>(bound: &'b Bound<'a>) -> &'b Value<'a> {
    bound.get(0).unwrap_or(&Value::None)
}

/// The list, if a template made it.
fn cell<'v, 'a>(value: &'v Value<'a>) -> Outcome<&'v ListCell<'a>> {
    match value {
        Value::List(List::Owned(cell)) => Ok(cell),
        _ => Err(Failure::new(
            "the event's data cannot be changed: take a copy first, `data.x | list`",
        )),
    }
}

fn position<'a>(
    machine: &Machine<'a>,
    items: &[Value<'a>],
    wanted: &Value<'a>,
) -> Outcome<Option<usize>> {
    for (at, item) in items.iter().enumerate() {
        if machine.equal(item, wanted)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn count<'a>(machine: &Machine<'a>, value: &Value<'a>, bound: Bound<'a>) -> Done<'a> {
    let mut count = 0;
    for item in machine.items(value)? {
        count += i64::from(machine.equal(&item, argument(&bound))?);
    }
    Ok(Value::Int(count))
}

fn index<'a>(machine: &Machine<'a>, value: &Value<'a>, bound: Bound<'a>) -> Done<'a> {
    let items = machine.items(value)?;
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let place = |bound: Option<i64>, default: i64| {
        let place = bound.unwrap_or(default);
        let place = if place < 0 {
            place.saturating_add(len)
        } else {
            place
        };
        usize::try_from(place.clamp(0, len)).unwrap_or(0)
    };
    let (start, stop) = (place(bound.integer(1)?, 0), place(bound.integer(2)?, len));
    let found = match items.get(start..stop) {
        Some(part) => position(machine, part, argument(&bound))?,
        None => None,
    };
    match found {
        Some(at) => Ok(Value::Int(i64::try_from(start + at).unwrap_or(i64::MAX))),
        None => Err(Failure::new(format!(
            "{} is not in list",
            machine.repr_of(argument(&bound))?
        ))),
    }
}
