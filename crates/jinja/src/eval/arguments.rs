use crate::{
    mistake::{Failure, Outcome},
    value::{Text, Value, number_of},
};

/// The parameters of a filter, a test, a function or a method, as `"value, default=, *rest"`: those with `=` may be
/// left out, `*` takes any number, `**` any names.
pub(crate) type Signature = &'static str;

/// Arguments as they were given.
#[derive(Default)]
pub(crate) struct Given<'a> {
    pub(crate) positional: Vec<Value<'a>>,
    pub(crate) named: Vec<(Text<'a>, Value<'a>)>,
}

/// Arguments in the order of the parameters.
pub(crate) struct Bound<'a> {
    slots: Vec<Option<Value<'a>>>,
    pub(crate) rest: Vec<Value<'a>>,
    pub(crate) named: Vec<(Text<'a>, Value<'a>)>,
}

/// One parameter of a signature.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) is_optional: bool,
}

/// The named parameters, whether any number of positional arguments is taken, and whether any name is.
pub(crate) fn parameters(signature: Signature) -> (Vec<Parameter>, bool, bool) {
    let (mut named, mut many, mut any_name) = (Vec::new(), false, false);
    for part in signature
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        if part.starts_with("**") {
            any_name = true;
        } else if part.starts_with('*') {
            many = true;
        } else {
            let name = part.trim_end_matches('=');
            let is_optional = part.ends_with('=');
            named.push(Parameter { name, is_optional });
        }
    }
    (named, many, any_name)
}

impl<'a> Given<'a> {
    /// Puts the arguments in their places.
    pub(crate) fn bind(self, what: &str, signature: Signature) -> Outcome<Bound<'a>> {
        self.bind_to(|| what.to_owned(), signature)
    }

    /// The same; what is called is only named where something is wrong.
    pub(crate) fn bind_to(
        self,
        what: impl Fn() -> String,
        signature: Signature,
    ) -> Outcome<Bound<'a>> {
        if signature.is_empty() && self.positional.is_empty() && self.named.is_empty() {
            return Ok(Bound {
                slots: Vec::new(),
                rest: Vec::new(),
                named: Vec::new(),
            });
        }
        let (parameters, many, any_name) = parameters(signature);
        let mut bound = Bound {
            slots: Vec::with_capacity(parameters.len()),
            rest: Vec::new(),
            named: Vec::new(),
        };
        let count = self.positional.len();
        for value in self.positional {
            if bound.slots.len() < parameters.len() {
                bound.slots.push(Some(value));
            } else if many {
                bound.rest.push(value);
            } else {
                return Err(Failure::new(format!(
                    "{} takes at most {} arguments, {count} are given",
                    what(),
                    parameters.len()
                )));
            }
        }
        bound.slots.resize_with(parameters.len(), || None);
        for (name, value) in self.named {
            match parameters
                .iter()
                .position(|parameter| *parameter.name == *name)
            {
                Some(at) if bound.slots[at].is_none() => bound.slots[at] = Some(value),
                Some(_) => {
                    return Err(Failure::new(format!(
                        "{} is given `{}` twice",
                        what(),
                        &*name
                    )));
                }
                None if any_name => bound.named.push((name, value)),
                None => {
                    return Err(Failure::new(format!(
                        "{} has no argument `{}`",
                        what(),
                        &*name
                    )));
                }
            }
        }
        let missing = parameters
            .iter()
            .zip(&bound.slots)
            .find(|(p, slot)| !p.is_optional && slot.is_none());
        if let Some((parameter, _)) = missing {
            return Err(Failure::new(format!(
                "{} needs the argument `{}`",
                what(),
                parameter.name
            )));
        }
        Ok(bound)
    }
}

impl<'a> Bound<'a> {
    pub(crate) fn take(&mut self, at: usize) -> Option<Value<'a>> {
        self.slots.get_mut(at).and_then(Option::take)
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Value<'a>> {
        self.slots.get(at).and_then(Option::as_ref)
    }

    /// The argument, unless it is left out or none.
    pub(crate) fn some(&self, at: usize) -> Option<&Value<'a>> {
        self.get(at).filter(|value| !matches!(value, Value::None))
    }

    pub(crate) fn text(&self, at: usize) -> Outcome<Option<&str>> {
        match self.some(at) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Undefined(absent)) => Err(Failure::new(absent.words())),
            Some(other) => Err(Failure::new(format!(
                "expected a text, not {}",
                other.type_name()
            ))),
        }
    }

    pub(crate) fn integer(&self, at: usize) -> Outcome<Option<i64>> {
        self.some(at).map(integer_of).transpose()
    }

    pub(crate) fn flag(&self, at: usize, default: bool) -> bool {
        self.get(at).map_or(default, Value::is_true)
    }
}

/// An integer that fits into 64 bits; true is 1, as Python has it.
pub(crate) fn integer_of(value: &Value<'_>) -> Outcome<i64> {
    use crate::value::Number;
    match number_of(value) {
        Some(Number::Int(value)) => Ok(value),
        Some(Number::Big(_)) => Err(Failure::new("the integer is too large")),
        Some(Number::Float(_)) | None => match value {
            Value::Undefined(absent) => Err(Failure::new(absent.words())),
            other => Err(Failure::new(format!(
                "expected an integer, not {}",
                other.type_name()
            ))),
        },
    }
}
