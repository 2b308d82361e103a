use std::{cmp::Ordering, rc::Rc};

use super::{Machine, Run, Scope};
use crate::{
    ast::{Comparison, Expr, Node},
    filters::filter_named,
    functions::FUNCTIONS,
    limits::TEXT_BYTES_MAX,
    mistake::{Failure, Outcome},
    tests::test_named,
    value::{Absent, Text, Value},
};

/// The variable that holds the text of a filter's block; no template can name it.
pub(super) const CAPTURED: &str = "\0captured";

type At<'s, 'a> = &'s Rc<Scope<'a>>;

impl<'a> Run<'a> {
    pub(crate) fn eval(&self, node: &'a Node, scope: At<'_, 'a>) -> Outcome<Value<'a>> {
        self.machine.charge(1)?;
        match &node.expr {
            Expr::None => Ok(Value::None),
            Expr::Bool(value) => Ok(Value::Bool(*value)),
            Expr::Int(value) => Ok(Value::Int(*value)),
            Expr::Float(value) => Ok(Value::Float(*value)),
            Expr::Text(text) => Ok(Value::Text(Text::Borrowed(text))),
            Expr::Name(name) => Ok(self.variable(name, scope)),
            _ => {
                self.machine.enter()?;
                let value = self.compound(node, scope);
                self.machine.leave();
                value.map_err(|failure| failure.at(node.line))
            }
        }
    }

    fn variable(&self, name: &'a str, scope: At<'_, 'a>) -> Value<'a> {
        if let Some(value) = scope.get(name) {
            return value;
        }
        if let Some(value) = self.context.get(name) {
            return Value::from(value);
        }
        match FUNCTIONS.iter().find(|function| function.name == name) {
            Some(function) => Value::Function(function.name),
            None => Value::Undefined(Absent::Name(name)),
        }
    }

    fn compound(&self, node: &'a Node, scope: At<'_, 'a>) -> Outcome<Value<'a>> {
        let machine = &self.machine;
        match &node.expr {
            Expr::Member(value, name) => {
                let value = self.eval(value, scope)?;
                machine.member(&value, Text::Borrowed(name))
            }
            Expr::Compare(first, more) => self.comparison(first, more, scope),
            Expr::And(parts) => self.either(parts, false, scope),
            Expr::Or(parts) => self.either(parts, true, scope),
            Expr::Not(value) => {
                let value = self.eval(value, scope)?;
                Ok(Value::Bool(!machine.is_true(&value)?))
            }
            Expr::Filter(_) => self.filter(node, scope),
            Expr::Test(_) => self.test(node, scope),
            Expr::Call(callee, arguments) => self.call(callee, arguments, scope),
            Expr::Item(both) => {
                let value = self.eval(&both.0, scope)?;
                let key = self.eval(&both.1, scope)?;
                machine.item(&value, &key)
            }
            Expr::Binary(operator, both) => {
                let left = self.eval(&both.0, scope)?;
                let right = self.eval(&both.1, scope)?;
                machine.binary(*operator, &left, &right)
            }
            Expr::If(all) => {
                let condition = self.eval(&all.condition, scope)?;
                if machine.is_true(&condition)? {
                    return self.eval(&all.then, scope);
                }
                match &all.otherwise {
                    Some(otherwise) => self.eval(otherwise, scope),
                    None => Ok(Value::Undefined(Absent::Words(
                        "the inline if-expression evaluated to false and no else section was defined.",
                    ))),
                }
            }
            _ => self.rarer(node, scope),
        }
    }

    fn rarer(&self, node: &'a Node, scope: At<'_, 'a>) -> Outcome<Value<'a>> {
        let machine = &self.machine;
        match &node.expr {
            Expr::Concat(parts) => {
                let mut text = String::new();
                for part in parts {
                    let value = self.eval(part, scope)?;
                    machine.print(&value, &mut text)?;
                }
                machine.text(text)
            }
            Expr::List(items) => machine.list(self.all(items, scope)?),
            Expr::Tuple(items) => machine.tuple(self.all(items, scope)?),
            Expr::Dict(entries) => {
                let mut made = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    made.push((self.eval(key, scope)?, self.eval(value, scope)?));
                }
                machine.dict(made)
            }
            Expr::Slice(value, parts) => {
                let value = self.eval(value, scope)?;
                let mut bounds = [None, None, None];
                for (bound, part) in bounds.iter_mut().zip(&**parts) {
                    *bound = part
                        .as_ref()
                        .map(|part| self.eval(part, scope))
                        .transpose()?;
                }
                machine.slice(&value, &bounds)
            }
            Expr::Negative(value) => machine.negative(&self.eval(value, scope)?),
            Expr::Positive(value) => machine.positive(&self.eval(value, scope)?),
            Expr::Big(value) => Ok(Value::Big(Rc::new(value.clone()))),
            Expr::Captured => Ok(scope
                .get(CAPTURED)
                .unwrap_or(Value::Text(Text::Borrowed("")))),
            _ => Err(Failure::new("the expression cannot be evaluated")),
        }
    }

    fn all(&self, nodes: &'a [Node], scope: At<'_, 'a>) -> Outcome<Vec<Value<'a>>> {
        nodes.iter().map(|node| self.eval(node, scope)).collect()
    }

    /// The first part that is as `wanted`, or the last one.
    fn either(&self, parts: &'a [Node], wanted: bool, scope: At<'_, 'a>) -> Outcome<Value<'a>> {
        let mut last = Value::None;
        for (at, part) in parts.iter().enumerate() {
            last = self.eval(part, scope)?;
            if at + 1 < parts.len() && self.machine.is_true(&last)? == wanted {
                break;
            }
        }
        Ok(last)
    }

    fn comparison(
        &self,
        first: &'a Node,
        more: &'a [(Comparison, Node)],
        scope: At<'_, 'a>,
    ) -> Outcome<Value<'a>> {
        let mut left = self.eval(first, scope)?;
        for (operator, right) in more {
            let right = self.eval(right, scope)?;
            if !self.machine.compare(*operator, &left, &right)? {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    #[inline(never)]
    fn filter(&self, node: &'a Node, scope: At<'_, 'a>) -> Outcome<Value<'a>> {
        let Expr::Filter(call) = &node.expr else {
            return Err(Failure::new("there is no filter here"));
        };
        let value = self.eval(&call.value, scope)?;
        let given = self.given(&call.arguments, scope)?;
        let entry = match call.entry {
            Some(entry) => entry,
            None => filter_named(&call.name)?,
        };
        entry.apply(&self.machine, value, given)
    }

    #[inline(never)]
    fn test(&self, node: &'a Node, scope: At<'_, 'a>) -> Outcome<Value<'a>> {
        let Expr::Test(call) = &node.expr else {
            return Err(Failure::new("there is no test here"));
        };
        let value = self.eval(&call.value, scope)?;
        let given = self.given(&call.arguments, scope)?;
        let entry = match call.entry {
            Some(entry) => entry,
            None => test_named(&call.name)?,
        };
        Ok(Value::Bool(
            entry.holds(&self.machine, &value, given)? != call.negated,
        ))
    }
}

impl<'a> Machine<'a> {
    pub(crate) fn compare(
        &self,
        operator: Comparison,
        a: &Value<'a>,
        b: &Value<'a>,
    ) -> Outcome<bool> {
        match operator {
            Comparison::Eq | Comparison::Ne => {
                self.defined(a)?;
                self.defined(b)?;
                Ok(self.equal(a, b)? == (operator == Comparison::Eq))
            }
            Comparison::Lt => Ok(self.order(a, b, "<")? == Some(Ordering::Less)),
            Comparison::Gt => Ok(self.order(a, b, ">")? == Some(Ordering::Greater)),
            Comparison::Le => {
                let order = self.order(a, b, "<=")?;
                Ok(matches!(order, Some(Ordering::Less | Ordering::Equal)))
            }
            Comparison::Ge => {
                let order = self.order(a, b, ">=")?;
                Ok(matches!(order, Some(Ordering::Greater | Ordering::Equal)))
            }
            Comparison::In => self.contains(b, a),
            Comparison::NotIn => Ok(!self.contains(b, a)?),
        }
    }
}

/// No text of an evaluation is longer, so no place in one is, either.
const _: () = assert!(TEXT_BYTES_MAX < u32::MAX as usize);
