//! Filters that put items in order or compare them.

use std::cmp::Ordering;

use super::attribute::Getter;
use crate::{
    eval::{Bound, Machine},
    mistake::{Failure, Outcome},
    value::{Absent, Value},
};

/// Items with the keys that they are sorted by.
type Keyed<'a> = Vec<(Vec<Value<'a>>, Value<'a>)>;

fn keyed<'a>(
    machine: &Machine<'a>,
    items: Vec<Value<'a>>,
    getters: &[Getter<'a>],
) -> Outcome<Keyed<'a>> {
    let key = |item: Value<'a>| {
        let keys = getters
            .iter()
            .map(|getter| getter.get(machine, &item))
            .collect::<Outcome<_>>()?;
        Ok((keys, item))
    };
    items.into_iter().map(key).collect()
}

fn is_less<'a>(machine: &Machine<'a>, a: &[Value<'a>], b: &[Value<'a>]) -> Outcome<bool> {
    for (a, b) in a.iter().zip(b) {
        if a.is_undefined() || b.is_undefined() || !machine.equal(a, b)? {
            return Ok(machine.order(a, b, "<")? == Some(Ordering::Less));
        }
    }
    Ok(false)
}

fn sorted<'a>(machine: &Machine<'a>, items: Keyed<'a>, reverse: bool) -> Outcome<Keyed<'a>> {
    machine.sort(items, &mut |a, b| {
        if reverse {
            is_less(machine, &b.0, &a.0)
        } else {
            is_less(machine, &a.0, &b.0)
        }
    })
}

pub(super) fn sort<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let getters = Getter::several(bound.some(2), !bound.flag(1, false))?;
    let items = keyed(machine, machine.items(&value)?, &getters)?;
    let items = sorted(machine, items, bound.flag(0, false))?;
    machine.list(items.into_iter().map(|(_, item)| item).collect())
}

pub(super) fn dictsort<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let Value::Dict(dict) = &value else {
        return match &value {
            Value::Undefined(absent) => Err(Failure::new(absent.words())),
            other => Err(Failure::new(format!(
                "'{}' object has no attribute 'items'",
                other.type_name()
            ))),
        };
    };
    let place = match bound.text(1)?.unwrap_or("key") {
        "key" => 0,
        "value" => 1,
        _ => {
            return Err(Failure::new(
                "You can only sort by either \"key\" or \"value\"",
            ));
        }
    };
    let getter = Getter::new(Some(&Value::Int(place)), None, !bound.flag(0, false))?;
    let pairs = machine.dict_entries(dict)?.into_iter();
    let pairs = pairs
        .map(|(key, value)| machine.tuple(vec![key, value]))
        .collect::<Outcome<Vec<_>>>()?;
    let items = sorted(
        machine,
        keyed(machine, pairs, &[getter])?,
        bound.flag(2, false),
    )?;
    machine.list(items.into_iter().map(|(_, pair)| pair).collect())
}

pub(super) fn unique<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let getter = Getter::new(bound.some(1), None, !bound.flag(0, false))?;
    let seen = machine.dict_cell(Vec::new())?;
    let mut kept = Vec::new();
    for item in machine.items(&value)? {
        let before = seen.0.borrow().len();
        machine.insert(&seen, getter.get(machine, &item)?, Value::None)?;
        if seen.0.borrow().len() > before {
            kept.push(item);
        }
    }
    machine.stream(kept)
}

pub(super) fn groupby<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    mut bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let default = bound.take(1);
    let sorts_by = Getter::new(bound.some(0), default.clone(), !bound.flag(2, false))?;
    let shows = Getter::new(bound.some(0), default, false)?;
    let items = keyed(machine, machine.items(&value)?, &[sorts_by])?;
    let mut groups: Vec<(Value<'a>, Vec<Value<'a>>)> = Vec::new();
    for (keys, item) in sorted(machine, items, false)? {
        let Some(key) = keys.into_iter().next() else {
            continue;
        };
        match groups.last_mut() {
            Some((last, members)) if machine.equal(last, &key)? => members.push(item),
            _ => groups.push((key, vec![item])),
        }
    }
    let mut tuples = Vec::with_capacity(groups.len());
    for (_, members) in groups {
        let Some(first) = members.first() else {
            continue;
        };
        let shown = shows.get(machine, first)?;
        tuples.push(machine.tuple(vec![shown, machine.list(members)?])?);
    }
    machine.list(tuples)
}

pub(super) fn min<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    extreme(machine, &value, &bound, "<")
}

pub(super) fn max<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    extreme(machine, &value, &bound, ">")
}

fn extreme<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    bound: &Bound<'a>,
    operator: &str,
) -> Outcome<Value<'a>> {
    let getter = Getter::new(bound.some(1), None, !bound.flag(0, false))?;
    let wanted = if operator == "<" {
        Ordering::Less
    } else {
        Ordering::Greater
    };
    let mut best: Option<(Value<'a>, Value<'a>)> = None;
    for item in machine.items(value)? {
        let key = getter.get(machine, &item)?;
        let is_better = match &best {
            None => true,
            Some((kept, _)) => machine.order(&key, kept, operator)? == Some(wanted),
        };
        if is_better {
            best = Some((key, item));
        }
    }
    let empty = Value::Undefined(Absent::Words("No aggregated item, sequence was empty."));
    Ok(best.map_or(empty, |(_, item)| item))
}
