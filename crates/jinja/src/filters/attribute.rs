use crate::{
    eval::{Bound, Machine},
    mistake::{Failure, Outcome},
    value::{Text, Value},
};

/// How a key is got from an item: its members one after the other, or the item itself.
pub(super) struct Getter<'a> {
    path: Vec<Value<'a>>,
    default: Option<Value<'a>>,
    ignores_case: bool,
}

impl<'a> Getter<'a> {
    pub(super) fn new(
        attribute: Option<&Value<'a>>,
        default: Option<Value<'a>>,
        ignores_case: bool,
    ) -> Outcome<Self> {
        let path = match attribute {
            None => Vec::new(),
            Some(Value::Text(path)) => parts_of(path),
            Some(index @ Value::Int(_)) => vec![index.clone()],
            Some(other) => {
                let words = format!(
                    "an attribute is a text or an index, not {}",
                    other.type_name()
                );
                return Err(Failure::new(words));
            }
        };
        Ok(Self {
            path,
            default,
            ignores_case,
        })
    }

    /// One for each of the paths between commas.
    pub(super) fn several(attribute: Option<&Value<'a>>, ignores_case: bool) -> Outcome<Vec<Self>> {
        match attribute {
            Some(Value::Text(paths)) if paths.contains(',') => {
                let paths = paths.split(',').map(parts_of);
                Ok(paths
                    .map(|path| Self {
                        path,
                        default: None,
                        ignores_case,
                    })
                    .collect())
            }
            other => Ok(vec![Self::new(other, None, ignores_case)?]),
        }
    }

    pub(super) fn get(&self, machine: &Machine<'a>, item: &Value<'a>) -> Outcome<Value<'a>> {
        let mut value = item.clone();
        for part in &self.path {
            machine.charge(1)?;
            value = machine.item(&value, part)?;
            if let (true, Some(default)) = (value.is_undefined(), &self.default) {
                value = default.clone();
            }
        }
        match &value {
            Value::Text(text) if self.ignores_case => {
                machine.charge_bytes(text.len())?;
                machine.text(text.to_lowercase())
            }
            _ => Ok(value),
        }
    }
}

fn parts_of<'a>(path: &str) -> Vec<Value<'a>> {
    let part = |part: &str| match part.parse() {
        Ok(index) if part.bytes().all(|b| b.is_ascii_digit()) => Value::Int(index),
        _ => Value::Text(Text::from(part.to_owned())),
    };
    path.split('.').map(part).collect()
}

pub(super) fn attr<'a>(
    machine: &Machine<'a>,
    value: Value<'a>,
    mut bound: Bound<'a>,
) -> Outcome<Value<'a>> {
    match bound.take(0) {
        Some(Value::Text(name)) => machine.member(&value, name),
        _ => Err(Failure::new("the filter `attr` needs the name of a member")),
    }
}
