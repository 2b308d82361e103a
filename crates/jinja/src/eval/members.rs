//! Members, items and slices of values, and what can be gone through.

use super::{Machine, arguments::integer_of};
use crate::{
    methods::is_method,
    mistake::{Failure, Outcome},
    value::{Absent, Key, Text, Value},
};

impl<'a> Machine<'a> {
    /// `value.name`: a member of the data is always the member, even if a dict has a method of that name.
    pub(crate) fn member(&self, value: &Value<'a>, name: Text<'a>) -> Outcome<Value<'a>> {
        let found = match value {
            Value::Undefined(absent) => return Err(Failure::new(absent.words())),
            Value::Dict(dict) => dict.get_text(&name),
            Value::Namespace(cell) => cell
                .0
                .borrow()
                .get(&Key::Text((*name).into()))
                .map(|(_, value)| value.clone()),
            Value::Loop(state) => self.loop_member(state, &name)?,
            Value::Tuple(cell) if cell.len() == 2 && matches!(&*name, "grouper" | "list") => {
                cell.items().get(usize::from(&*name == "list")).cloned()
            }
            Value::Macro(of) => match &*name {
                "name" => Some(Value::borrowed(&of.definition.name)),
                "arguments" => {
                    let names = of.definition.parameters.iter();
                    Some(self.tuple(names.map(|name| Value::borrowed(name)).collect())?)
                }
                _ => None,
            },
            Value::Cycler(cycler) if &*name == "current" => {
                cycler.items.items().get(cycler.at.get()).cloned()
            }
            Value::Text(_) | Value::List(_) | Value::Tuple(_) if is_method(value, &name) => {
                return Err(Failure::new(format!(
                    "the method `{0}` is not called: write `{0}(…)`",
                    &*name
                )));
            }
            _ => None,
        };
        if let Some(found) = found {
            return Ok(found);
        }
        let kind = if matches!(value, Value::None) {
            "None"
        } else {
            value.type_name()
        };
        Ok(Value::Undefined(Absent::Member(kind, name)))
    }

    /// `value[key]`.
    pub(crate) fn item(&self, value: &Value<'a>, key: &Value<'a>) -> Outcome<Value<'a>> {
        match (value, key) {
            (Value::Undefined(absent), _) | (_, Value::Undefined(absent)) => {
                return Err(Failure::new(absent.words()));
            }
            (Value::Dict(dict), Value::Text(name)) => {
                if let Some(found) = dict.get_text(name) {
                    return Ok(found);
                }
            }
            (Value::Dict(dict), key) => {
                if let Ok(key) = Key::of(key)
                    && let Some(found) = dict.get(&key)
                {
                    return Ok(found);
                }
            }
            (value, Value::Int(_) | Value::Bool(_)) => {
                let index = integer_of(key)?;
                return Ok(self
                    .at(value, index)?
                    .unwrap_or(Value::Undefined(Absent::Words("there is no such item"))));
            }
            _ => {}
        }
        match key {
            Value::Text(name) => self.member(value, name.clone()),
            _ => Ok(Value::Undefined(Absent::Words("there is no such item"))),
        }
    }

    /// The item of a sequence; negative indices count from the end.
    fn at(&self, value: &Value<'a>, index: i64) -> Outcome<Option<Value<'a>>> {
        let place = |len: usize| {
            let len = i64::try_from(len).unwrap_or(i64::MAX);
            let index = if index < 0 {
                index.checked_add(len)?
            } else {
                index
            };
            usize::try_from(index).ok().filter(|_| index < len)
        };
        Ok(match value {
            Value::List(list) => place(list.len()).and_then(|at| list.get(at)),
            Value::Tuple(cell) => place(cell.len()).and_then(|at| cell.items().get(at).cloned()),
            Value::Range(range) => place(range.len())
                .and_then(|at| range.get(at))
                .map(Value::Int),
            Value::Text(text) => {
                self.charge_bytes(text.len())?;
                let len = text.chars().count();
                let c = place(len).and_then(|at| text.chars().nth(at));
                c.map(|c| self.text_like(value, c)).transpose()?
            }
            _ => None,
        })
    }

    /// `value[start:stop:step]`.
    pub(crate) fn slice(
        &self,
        value: &Value<'a>,
        parts: &[Option<Value<'a>>; 3],
    ) -> Outcome<Value<'a>> {
        let mut bounds = [None; 3];
        for (bound, part) in bounds.iter_mut().zip(parts) {
            *bound = match part {
                None | Some(Value::None) => None,
                Some(part) => Some(integer_of(part)?),
            };
        }
        match value {
            Value::Undefined(absent) => Err(Failure::new(absent.words())),
            Value::Text(text) => {
                self.charge_bytes(text.len() * 4)?;
                let chars: Vec<char> = text.chars().collect();
                let taken: String = slice_places(chars.len(), bounds)?
                    .into_iter()
                    .map(|at| chars[at])
                    .collect();
                self.text_like(value, taken)
            }
            Value::List(_) | Value::Range(_) => {
                let items = self.items(value)?;
                self.list(
                    slice_places(items.len(), bounds)?
                        .into_iter()
                        .map(|at| items[at].clone())
                        .collect(),
                )
            }
            Value::Tuple(cell) => {
                let items = cell.items();
                let taken = slice_places(items.len(), bounds)?
                    .into_iter()
                    .map(|at| items[at].clone())
                    .collect();
                drop(items);
                self.tuple(taken)
            }
            _ => Ok(Value::Undefined(Absent::Words(
                "the value cannot be sliced",
            ))),
        }
    }

    /// Everything that a loop would go through.
    pub(crate) fn items(&self, value: &Value<'a>) -> Outcome<Vec<Value<'a>>> {
        match value {
            Value::List(list) => self.list_items(list),
            Value::Tuple(cell) => {
                self.charge_items(cell.len())?;
                Ok(cell.items().clone())
            }
            Value::View(view) => {
                self.charge_items(view.items.len())?;
                Ok(view.items.items().clone())
            }
            Value::Stream(cell) => {
                self.charge_items(cell.len())?;
                let mut items = cell.0.take();
                items.reverse();
                Ok(items)
            }
            Value::Dict(dict) => Ok(self
                .dict_entries(dict)?
                .into_iter()
                .map(|(key, _)| key)
                .collect()),
            Value::Range(range) => {
                self.charge_items(range.len())?;
                Ok((0..range.len())
                    .filter_map(|at| range.get(at))
                    .map(Value::Int)
                    .collect())
            }
            Value::Text(text) => {
                self.charge_items(text.len() * 2)?;
                Ok(text
                    .chars()
                    .map(|c| Value::Text(Text::from(c.to_string())))
                    .collect())
            }
            Value::Undefined(_) => {
                self.defined(value)?;
                Ok(Vec::new())
            }
            other => Err(Failure::new(format!(
                "'{}' object is not iterable",
                other.type_name()
            ))),
        }
    }

    /// How many items there are, where that is known.
    pub(crate) fn length(&self, value: &Value<'a>) -> Outcome<usize> {
        Ok(match value {
            Value::Text(text) => {
                self.charge_bytes(text.len())?;
                text.chars().count()
            }
            Value::List(list) => list.len(),
            Value::Tuple(cell) => cell.len(),
            Value::Dict(dict) => dict.len(),
            Value::Range(range) => range.len(),
            Value::View(view) => view.items.len(),
            Value::Loop(state) => state.items.len(),
            Value::Undefined(_) => {
                self.defined(value)?;
                0
            }
            other => {
                return Err(Failure::new(format!(
                    "object of type '{}' has no len()",
                    other.type_name()
                )));
            }
        })
    }

    /// `needle in value`.
    pub(crate) fn contains(&self, value: &Value<'a>, needle: &Value<'a>) -> Outcome<bool> {
        self.defined(needle)?;
        match value {
            Value::Text(text) => match needle {
                Value::Text(needle) => {
                    self.charge_bytes(text.len())?;
                    Ok(text.contains(&**needle))
                }
                other => Err(Failure::new(format!(
                    "'in <string>' requires string as left operand, not {}",
                    other.type_name()
                ))),
            },
            Value::Dict(dict) => Ok(dict.get(&Key::of(needle)?).is_some()),
            Value::List(_)
            | Value::Tuple(_)
            | Value::Range(_)
            | Value::View(_)
            | Value::Stream(_) => {
                for item in self.items(value)? {
                    if self.equal(&item, needle)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Undefined(_) => {
                self.defined(value)?;
                Ok(false)
            }
            other => Err(Failure::new(format!(
                "argument of type '{}' is not iterable",
                other.type_name()
            ))),
        }
    }
}

/// The places that a slice takes, in its order.
fn slice_places(len: usize, [start, stop, step]: [Option<i64>; 3]) -> Outcome<Vec<usize>> {
    let step = i128::from(step.unwrap_or(1));
    if step == 0 {
        return Err(Failure::new("slice step cannot be zero"));
    }
    let len = i128::try_from(len).unwrap_or(i128::MAX);
    let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let place = |bound: Option<i64>, default: i128| match bound.map(i128::from) {
        None => default,
        Some(bound) if bound < 0 => (bound + len).clamp(low, high),
        Some(bound) => bound.clamp(low, high),
    };
    let (from, to) = if step > 0 { (low, high) } else { (high, low) };
    let (mut at, stop) = (place(start, from), place(stop, to));
    let mut places = Vec::new();
    while if step > 0 { at < stop } else { at > stop } {
        places.extend(usize::try_from(at));
        at += step;
    }
    Ok(places)
}
