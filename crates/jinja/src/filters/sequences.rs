use super::attribute::Getter;
use crate::{
    ast::Binary,
    eval::{Bound, Machine},
    mistake::{Failure, Outcome},
    value::{Absent, Value},
};

pub(super) fn default<'a>(
    _: &Machine<'a>,
    value: Value<'a>,
    mut bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    if value.is_undefined() || (bound.flag(1, false) && !value.is_true()) {
        return Ok(bound.take(0).unwrap_or(Value::borrowed("")));
    }
    Ok(value)
}

pub(super) fn length<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    Ok(Value::Int(
        i64::try_from(machine.length(&value)?).unwrap_or(i64::MAX),
    ))
}

pub(super) fn list<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    machine.list(machine.items(&value)?)
}

pub(super) fn items<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    match &value {
        Value::Undefined(_) => machine.stream(Vec::new()),
        Value::Dict(dict) => {
            let pairs = machine.dict_entries(dict)?.into_iter();
            let pairs = pairs.map(|(key, value)| machine.tuple(vec![key, value]));
            machine.stream(pairs.collect::<Outcome<_>>()?)
        }
        _ => Err(Failure::new("Can only get item pairs from a mapping.")),
    }
}

pub(super) fn first<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    let empty = || Value::Undefined(Absent::Words("No first item, sequence was empty."));
    let found = match &value {
        Value::Stream(cell) => cell.0.borrow_mut().pop(),
        Value::List(list) => list.get(0),
        Value::Text(text) => text
            .chars()
            .next()
            .map(|c| machine.text_like(&value, c))
            .transpose()?,
        other => machine.items(other)?.into_iter().next(),
    };
    Ok(found.unwrap_or_else(empty))
}

pub(super) fn last<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    let found = match &value {
        Value::Stream(_) => return Err(Failure::new("'generator' object is not reversible")),
        Value::List(list) => list.len().checked_sub(1).and_then(|at| list.get(at)),
        other => machine.items(other)?.pop(),
    };
    Ok(found.unwrap_or(Value::Undefined(Absent::Words(
        "No last item, sequence was empty.",
    ))))
}

pub(super) fn reverse<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    _: Bound<'a>,
) -> Outcome<Value<'a>> {
    if let Value::Text(text) = &value {
        return machine.text_like(&value, text.chars().rev().collect::<String>());
    }
    let mut items = machine.items(&value)?;
    items.reverse();
    machine.stream(items)
}

pub(super) fn join<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let separator = bound
        .get(0)
        .map(|value| machine.text_of(value))
        .transpose()?
        .unwrap_or_default();
    let getter = Getter::new(bound.some(1), None, false)?;
    let mut out = String::new();
    for (at, item) in machine.items(&value)?.iter().enumerate() {
        if at > 0 {
            machine.push(&mut out, &separator)?;
        }
        machine.print(&getter.get(machine, item)?, &mut out)?;
    }
    machine.text(out)
}

pub(super) fn sum<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    mut bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let getter = Getter::new(bound.some(0), None, false)?;
    let mut total = bound.take(1).unwrap_or(Value::Int(0));
    if matches!(total, Value::Text(_)) {
        return Err(Failure::new("sum() can't sum strings: use `join`"));
    }
    for item in machine.items(&value)? {
        total = machine.binary(Binary::Add, &total, &getter.get(machine, &item)?)?;
    }
    Ok(total)
}

pub(super) fn batch<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let count = usize::try_from(bound.integer(0)?.unwrap_or(1))
        .ok()
        .filter(|count| *count > 0);
    let count = count.ok_or_else(|| Failure::new("a batch needs at least one item"))?;
    let mut batches = Vec::new();
    for items in machine.items(&value)?.chunks(count) {
        let mut items = items.to_vec();
        if let Some(fill) = bound.some(1) {
            machine.charge_items(count - items.len())?;
            items.resize_with(count, || fill.clone());
        }
        batches.push(machine.list(items)?);
    }
    machine.stream(batches)
}

pub(super) fn slice<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let count = usize::try_from(bound.integer(0)?.unwrap_or(1))
        .ok()
        .filter(|count| *count > 0);
    let count = count.ok_or_else(|| Failure::new("there must be at least one slice"))?;
    machine.charge_items(count)?;
    let items = machine.items(&value)?;
    let (each, longer) = (items.len() / count, items.len() % count);
    let (mut slices, mut rest) = (Vec::new(), &items[..]);
    for number in 0..count {
        let (slice, after) = rest.split_at(each + usize::from(number < longer));
        rest = after;
        let mut slice = slice.to_vec();
        if let Some(fill) = bound.some(1).filter(|_| number >= longer) {
            slice.push(fill.clone());
        }
        slices.push(machine.list(slice)?);
    }
    machine.stream(slices)
}

pub(super) fn chain<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let mut items = machine.items(&value)?;
    for more in &bound.rest {
        items.extend(machine.items(more)?);
    }
    machine.list(items)
}

pub(super) fn zip<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let mut columns = vec![machine.items(&value)?];
    for more in &bound.rest {
        columns.push(machine.items(more)?);
    }
    let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
    let row = |at: usize| {
        machine.tuple(
            columns
                .iter()
                .filter_map(|column| column.get(at).cloned())
                .collect(),
        )
    };
    machine.list((0..rows).map(row).collect::<Outcome<_>>()?)
}
