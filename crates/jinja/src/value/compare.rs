//! Equality and order as Python has them: values of unlike kinds are never equal, and have no order.

use std::cmp::Ordering;

use super::{Dict, Key, List, Value, number_of};
use crate::{
    eval::Machine,
    limits::VALUE_DEPTH_MAX,
    mistake::{Failure, Outcome},
};

impl<'a> Machine<'a> {
    pub(crate) fn equal(&self, a: &Value<'a>, b: &Value<'a>) -> Outcome<bool> {
        self.equal_at(a, b, 0)
    }

    fn equal_at(&self, a: &Value<'a>, b: &Value<'a>, depth: u32) -> Outcome<bool> {
        self.charge(1)?;
        if depth > VALUE_DEPTH_MAX {
            return Err(Failure::new(
                "the values are nested too deeply to be compared",
            ));
        }
        let all_equal = |a: &[Value<'a>], b: &[Value<'a>]| -> Outcome<bool> {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b) {
                if !self.equal_at(a, b, depth + 1)? {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        Ok(match (a, b) {
            (Value::Text(a), Value::Text(b)) => {
                self.charge_bytes(a.len().min(b.len()))?;
                **a == **b
            }
            (Value::None, Value::None) | (Value::Undefined(_), Value::Undefined(_)) => true,
            (Value::List(a), Value::List(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                all_equal(&self.list_items(a)?, &self.list_items(b)?)?
            }
            (Value::Tuple(a), Value::Tuple(b)) => all_equal(&a.items(), &b.items())?,
            (Value::Dict(a), Value::Dict(b)) => self.dicts_equal(a, b, depth)?,
            (Value::Range(a), Value::Range(b)) => {
                a.len() == b.len()
                    && (a.len() == 0 || (a.start == b.start && (a.len() == 1 || a.step == b.step)))
            }
            (Value::Function(a), Value::Function(b)) => a == b,
            (a, b) => match (number_of(a), number_of(b)) {
                (Some(a), Some(b)) => a.compare(&b) == Some(Ordering::Equal),
                _ => self.same(a, b),
            },
        })
    }

    fn dicts_equal(&self, a: &Dict<'a>, b: &Dict<'a>, depth: u32) -> Outcome<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (key, value) in self.dict_entries(a)? {
            match b.get(&Key::of(&key)?) {
                Some(other) if self.equal_at(&value, &other, depth + 1)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Whether both are one and the same, as Python's `is` has it.
    pub(crate) fn same(&self, a: &Value<'a>, b: &Value<'a>) -> bool {
        use std::{ptr, rc::Rc};
        match (a, b) {
            (Value::None, Value::None) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => **a == **b,
            (Value::List(List::Json(a)), Value::List(List::Json(b))) => ptr::eq(*a, *b),
            (Value::List(List::Owned(a)), Value::List(List::Owned(b))) => Rc::ptr_eq(a, b),
            (Value::Dict(Dict::Json(a)), Value::Dict(Dict::Json(b))) => ptr::eq(*a, *b),
            (Value::Dict(Dict::Owned(a)), Value::Dict(Dict::Owned(b))) => Rc::ptr_eq(a, b),
            (Value::Namespace(a), Value::Namespace(b)) => Rc::ptr_eq(a, b),
            (Value::Tuple(a), Value::Tuple(b)) => Rc::ptr_eq(a, b),
            (Value::Macro(a), Value::Macro(b)) => Rc::ptr_eq(a, b),
            (Value::Stream(a), Value::Stream(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// The order of two values, for the words of `operator`; `None` where one is not a number.
    pub(crate) fn order(
        &self,
        a: &Value<'a>,
        b: &Value<'a>,
        operator: &str,
    ) -> Outcome<Option<Ordering>> {
        self.order_at(a, b, operator, 0)
    }

    fn order_at(
        &self,
        a: &Value<'a>,
        b: &Value<'a>,
        operator: &str,
        depth: u32,
    ) -> Outcome<Option<Ordering>> {
        self.charge(1)?;
        if depth > VALUE_DEPTH_MAX {
            return Err(Failure::new(
                "the values are nested too deeply to be compared",
            ));
        }
        match (a, b) {
            (Value::Int(a), Value::Int(b)) => return Ok(Some(a.cmp(b))),
            (Value::Text(a), Value::Text(b)) => {
                self.charge_bytes(a.len().min(b.len()))?;
                return Ok(Some((**a).cmp(&**b)));
            }
            (Value::Undefined(absent), _) | (_, Value::Undefined(absent)) => {
                return Err(Failure::new(absent.words()));
            }
            (Value::List(a), Value::List(b)) => {
                return self.order_items(
                    &self.list_items(a)?,
                    &self.list_items(b)?,
                    operator,
                    depth,
                );
            }
            (Value::Tuple(a), Value::Tuple(b)) => {
                return self.order_items(&a.items(), &b.items(), operator, depth);
            }
            (a, b) => {
                if let (Some(a), Some(b)) = (number_of(a), number_of(b)) {
                    return Ok(a.compare(&b));
                }
            }
        }
        Err(Failure::new(format!(
            "'{operator}' not supported between instances of '{}' and '{}'",
            a.type_name(),
            b.type_name()
        )))
    }

    fn order_items(
        &self,
        a: &[Value<'a>],
        b: &[Value<'a>],
        operator: &str,
        depth: u32,
    ) -> Outcome<Option<Ordering>> {
        for (a, b) in a.iter().zip(b) {
            if !self.equal_at(a, b, depth + 1)? {
                return self.order_at(a, b, operator, depth + 1);
            }
        }
        Ok(Some(a.len().cmp(&b.len())))
    }

    /// Sorts, and leaves equal items in their order. The order may fail, and need be none: the standard library may
    /// panic where an order contradicts itself.
    pub(crate) fn sort<T: Clone>(
        &self,
        items: Vec<T>,
        less: &mut dyn FnMut(&T, &T) -> Outcome<bool>,
    ) -> Outcome<Vec<T>> {
        let mut runs: Vec<Vec<T>> = items.into_iter().map(|item| vec![item]).collect();
        while runs.len() > 1 {
            let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
            let mut left = runs.into_iter();
            while let Some(a) = left.next() {
                let Some(b) = left.next() else {
                    merged.push(a);
                    break;
                };
                let mut run = Vec::with_capacity(a.len() + b.len());
                let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
                while let (Some(first), Some(second)) = (a.peek(), b.peek()) {
                    self.charge(1)?;
                    run.extend(if less(second, first)? {
                        b.next()
                    } else {
                        a.next()
                    });
                }
                run.extend(a);
                run.extend(b);
                merged.push(run);
            }
            runs = merged;
        }
        Ok(runs.pop().unwrap_or_default())
    }
}
