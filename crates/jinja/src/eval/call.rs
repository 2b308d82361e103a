use std::{cell::Cell, rc::Rc};

use super::{Given, Machine, Run, Scope};
use crate::{
    ast::{Arguments, Expr, Node},
    functions::call_function,
    limits::TEXT_BYTES_MAX,
    methods::call_method,
    mistake::{Failure, Outcome},
    value::{Absent, Cycler, LoopState, MacroValue, Text, Value},
};

impl<'a> Run<'a> {
    pub(super) fn given(
        &self,
        arguments: &'a Arguments,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Given<'a>> {
        let mut given = Given::default();
        if arguments.is_empty() {
            return Ok(given);
        }
        for node in &arguments.positional {
            given.positional.push(self.eval(node, scope)?);
        }
        if let Some(list) = &arguments.list {
            let list = self.eval(list, scope)?;
            given.positional.extend(self.machine.items(&list)?);
        }
        for (name, node) in &arguments.named {
            given
                .named
                .push((Text::Borrowed(name), self.eval(node, scope)?));
        }
        if let Some(dict) = &arguments.dict {
            match self.eval(dict, scope)? {
                Value::Dict(dict) => {
                    for (key, value) in self.machine.dict_entries(&dict)? {
                        let Value::Text(name) = key else {
                            return Err(Failure::new("keywords must be strings"));
                        };
                        given.named.push((name, value));
                    }
                }
                other => {
                    let words = format!(
                        "argument after ** must be a mapping, not {}",
                        other.type_name()
                    );
                    return Err(Failure::new(words));
                }
            }
        }
        Ok(given)
    }

    #[inline(never)]
    pub(super) fn call(
        &self,
        callee: &'a Node,
        arguments: &'a Arguments,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Value<'a>> {
        if let Expr::Member(value, name) = &callee.expr {
            let value = self.eval(value, scope)?;
            let given = self.given(arguments, scope)?;
            return self.call_member(&value, name, given);
        }
        let callee = self.eval(callee, scope)?;
        let given = self.given(arguments, scope)?;
        self.call_value(&callee, given)
    }

    fn call_member(
        &self,
        value: &Value<'a>,
        name: &'a str,
        given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        match (value, name) {
            (Value::Loop(state), "cycle") => {
                let items = given.positional;
                let at = state.at.get().checked_rem(items.len());
                let item = at.and_then(|at| items.into_iter().nth(at));
                return item.ok_or_else(|| Failure::new("no items for cycling given"));
            }
            (Value::Loop(state), "changed") => {
                let now = self.machine.cell(given.positional)?;
                let before = state.changed.replace(Some(now.clone()));
                let same = match before {
                    Some(before) => self
                        .machine
                        .equal(&Value::Tuple(before), &Value::Tuple(now))?,
                    None => false,
                };
                return Ok(Value::Bool(!same));
            }
            (Value::Cycler(cycler), "next") => return Ok(next_of(cycler)),
            (Value::Cycler(cycler), "reset") => {
                cycler.at.set(0);
                return Ok(Value::None);
            }
            (Value::Namespace(_), _) => {
                let member = self.machine.member(value, Text::Borrowed(name))?;
                return self.call_value(&member, given);
            }
            _ => {}
        }
        call_method(&self.machine, value, name, given)
    }

    pub(super) fn call_value(&self, callee: &Value<'a>, given: Given<'a>) -> Outcome<Value<'a>> {
        match callee {
            Value::Macro(of) => self.call_macro(of, given, None),
            Value::Function(name) => call_function(&self.machine, name, given),
            Value::Joiner(joiner) => {
                let text = if joiner.1.replace(true) {
                    joiner.0.clone()
                } else {
                    Text::Borrowed("")
                };
                Ok(Value::Text(text))
            }
            Value::Loop(state) => self.call_loop(state, given),
            Value::Undefined(absent) => Err(Failure::new(absent.words())),
            other => Err(Failure::new(format!(
                "'{}' object is not callable",
                other.type_name()
            ))),
        }
    }

    /// Runs a macro; its text is the value.
    pub(super) fn call_macro(
        &self,
        of: &Rc<MacroValue<'a>>,
        given: Given<'a>,
        caller: Option<Value<'a>>,
    ) -> Outcome<Value<'a>> {
        let definition = of.definition;
        let scope = Scope::new(Some(&of.scope));
        let what = || format!("macro '{}'", definition.name);
        let mut given = given;
        let count = definition.parameters.len();
        let more = given
            .positional
            .split_off(given.positional.len().min(count));
        if definition.takes_more {
            scope.set("varargs", self.machine.tuple(more)?);
        } else if !more.is_empty() {
            return Err(Failure::new(format!(
                "{} takes not more than {count} argument(s)",
                what()
            )));
        }
        let mut values: Vec<Option<Value<'a>>> = given.positional.into_iter().map(Some).collect();
        values.resize_with(count, || None);
        let (mut named, mut caller) = (Vec::new(), caller);
        for (name, value) in given.named {
            match definition
                .parameters
                .iter()
                .position(|parameter| **parameter == *name)
            {
                Some(at) if values[at].is_some() => {
                    return Err(Failure::new(format!(
                        "{} got two values for '{}'",
                        what(),
                        &*name
                    )));
                }
                Some(at) => values[at] = Some(value),
                None if &*name == "caller" && definition.names_caller => caller = Some(value),
                None => named.push((Value::Text(name), value)),
            }
        }
        if definition.takes_more_named {
            scope.set("kwargs", self.machine.dict(named)?);
        } else if let Some((Value::Text(name), _)) = named.first() {
            return Err(Failure::new(format!(
                "{} takes no keyword argument '{}'",
                what(),
                &**name
            )));
        }
        if definition.names_caller {
            let absent = Value::Undefined(Absent::Words("No caller defined"));
            scope.set("caller", caller.unwrap_or(absent));
        } else if caller.is_some() {
            return Err(Failure::new(format!(
                "{} was invoked with a call block, but names no `caller`",
                what()
            )));
        }
        let first_default = count - definition.defaults.len();
        for (at, (name, value)) in definition.parameters.iter().zip(values).enumerate() {
            let value = match value {
                Some(value) => value,
                None if at >= first_default => {
                    let defaults = &definition.defaults;
                    self.eval(&defaults[at - first_default], &scope)?
                }
                None => {
                    Value::Undefined(Absent::Words("a parameter of the macro was not provided"))
                }
            };
            scope.set(name, value);
        }
        let mut text = String::new();
        self.machine
            .deeper(|| self.body(&definition.body, &scope, &mut text))?;
        Ok(Value::Text(Text::from(text)))
    }

    /// `loop(items)` in a recursive loop: the text of the loop over other items.
    fn call_loop(&self, state: &LoopState<'a>, given: Given<'a>) -> Outcome<Value<'a>> {
        let Some((of, scope)) = &state.recursive else {
            return Err(Failure::new(
                "the loop must have the `recursive` marker to be called recursively",
            ));
        };
        let mut bound = given.bind("`loop`", "iterable")?;
        let items = bound.take(0).unwrap_or(Value::None);
        let mut text = String::new();
        self.machine
            .deeper(|| self.loop_over(of, &items, scope, state.depth + 1, &mut text))?;
        if text.len() > TEXT_BYTES_MAX {
            return Err(Failure::new("the text is too long"));
        }
        Ok(Value::Text(Text::from(text)))
    }
}

fn next_of<'a>(cycler: &Cycler<'a>) -> Value<'a> {
    let items = cycler.items.items();
    let at = cycler.at.get();
    cycler
        .at
        .set((at + 1).checked_rem(items.len()).unwrap_or(0));
    items.get(at).cloned().unwrap_or(Value::None)
}

impl<'a> Machine<'a> {
    /// A member of `loop` that is no method.
    pub(super) fn loop_member(
        &self,
        state: &LoopState<'a>,
        name: &str,
    ) -> Outcome<Option<Value<'a>>> {
        let (at, len) = (state.at.get(), state.items.len());
        let number = |value: usize| Some(Value::Int(i64::try_from(value).unwrap_or(i64::MAX)));
        let item = |at: Option<usize>| {
            let found = at.and_then(|at| state.items.items().get(at).cloned());
            Some(found.unwrap_or(Value::Undefined(Absent::Words(
                "there is no such item in the loop",
            ))))
        };
        Ok(match name {
            "index" => number(at + 1),
            "index0" => number(at),
            "revindex" => number(len - at),
            "revindex0" => number(len - at - 1),
            "first" => Some(Value::Bool(at == 0)),
            "last" => Some(Value::Bool(at + 1 == len)),
            "length" => number(len),
            "depth" => number(state.depth + 1),
            "depth0" => number(state.depth),
            "previtem" => item(at.checked_sub(1)),
            "nextitem" => item(Some(at + 1)),
            _ => None,
        })
    }

    pub(crate) fn cycler(&self, items: Vec<Value<'a>>) -> Outcome<Value<'a>> {
        let items = self.cell(items)?;
        Ok(Value::Cycler(Rc::new(Cycler {
            items,
            at: Cell::new(0),
        })))
    }
}
