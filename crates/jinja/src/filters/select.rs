//! Filters that apply other filters and tests to each item.

use super::{attribute::Getter, filter_named};
use crate::{
    eval::{Bound, Given, Machine},
    mistake::{Failure, Outcome},
    tests::test_named,
    value::{Text, Value},
};

pub(super) fn map<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    let items = machine.items(&value)?;
    let (mut rest, mut named) = (bound.rest.into_iter(), bound.named);
    let mut mapped = Vec::with_capacity(items.len());
    let Some(first) = rest.next() else {
        let mut take = |name: &str| {
            let at = named.iter().position(|(known, _)| **known == *name)?;
            Some(named.remove(at).1)
        };
        let (attribute, default) = (take("attribute"), take("default"));
        if let Some((name, _)) = named.first() {
            return Err(Failure::new(format!(
                "Unexpected keyword argument '{}'",
                &**name
            )));
        }
        if attribute.is_none() {
            return Err(Failure::new("map requires a filter argument"));
        }
        let getter = Getter::new(attribute.as_ref(), default, false)?;
        for item in &items {
            mapped.push(getter.get(machine, item)?);
        }
        return machine.stream(mapped);
    };
    let name = name_of(&first)?;
    let (filter, rest) = (filter_named(&name)?, rest.collect::<Vec<_>>());
    for item in items {
        machine.charge(1)?;
        let given = Given {
            positional: rest.clone(),
            named: named.clone(),
        };
        mapped.push(filter.apply(machine, item, given)?);
    }
    machine.stream(mapped)
}

fn name_of<'a>(value: &Value<'a>) -> Outcome<Text<'a>> {
    match value {
        Value::Text(name) => Ok(name.clone()),
        other => Err(Failure::new(format!(
            "expected the name of a filter or a test, not {}",
            other.type_name()
        ))),
    }
}

pub(super) fn select<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    sieve(machine, &value, bound, false, true)
}

pub(super) fn reject<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    sieve(machine, &value, bound, false, false)
}

pub(super) fn selectattr<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    sieve(machine, &value, bound, true, true)
}

pub(super) fn rejectattr<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    sieve(machine, &value, bound, true, false)
}

/// The items of which a test holds, or does not, as `wanted`.
fn sieve<'a>(
    machine: &Machine<'a>,
    value: &Value<'a>,
    bound: Bound<'a>,
    of_attribute: bool,
    wanted: bool,
) -> Outcome<Value<'a>> {
    let items = machine.items(value)?;
    let mut rest = bound.rest.into_iter();
    let attribute = if of_attribute {
        Some(
            rest.next()
                .ok_or_else(|| Failure::new("Missing parameter for attribute name"))?,
        )
    } else {
        None
    };
    let getter = Getter::new(attribute.as_ref(), None, false)?;
    let test = rest
        .next()
        .map(|name| test_named(&name_of(&name)?))
        .transpose()?;
    let (rest, mut kept) = (rest.collect::<Vec<_>>(), Vec::new());
    for item in items {
        machine.charge(1)?;
        let value = getter.get(machine, &item)?;
        let holds = match test {
            None => machine.is_true(&value)?,
            Some(test) => {
                let given = Given {
                    positional: rest.clone(),
                    named: bound.named.clone(),
                };
                test.holds(machine, &value, given)?
            }
        };
        if holds == wanted {
            kept.push(item);
        }
    }
    machine.stream(kept)
}
