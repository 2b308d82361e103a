use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use super::{Machine, Scope, expression::CAPTURED};
use crate::{
    ast::{Expr, For, Macro, Node, Statement, StatementKind, Target},
    context::Context,
    mistake::{Failure, Outcome},
    value::{Key, LoopState, MacroValue, Text, Value},
};

/// One evaluation of a template or an expression.
pub(crate) struct Run<'a> {
    pub(crate) context: &'a Context,
    pub(crate) machine: Machine<'a>,
}

impl<'a> Run<'a> {
    pub(crate) fn body(
        &self,
        body: &'a [Statement],
        scope: &Rc<Scope<'a>>,
        out: &mut String,
    ) -> Outcome<()> {
        self.machine.enter()?;
        for statement in body {
            self.machine.charge(1)?;
            let done = match &statement.kind {
                StatementKind::Text(text) => self.machine.push(out, text),
                StatementKind::Output(node) => self.output(node, scope, out),
                _ => self.statement(statement, scope, out),
            };
            done.map_err(|failure| failure.at(statement.line))?;
        }
        self.machine.leave();
        Ok(())
    }

    fn output(&self, node: &'a Node, scope: &Rc<Scope<'a>>, out: &mut String) -> Outcome<()> {
        let value = self.eval(node, scope)?;
        self.machine.print(&value, out)
    }

    fn statement(
        &self,
        statement: &'a Statement,
        scope: &Rc<Scope<'a>>,
        out: &mut String,
    ) -> Outcome<()> {
        match &statement.kind {
            StatementKind::Text(_) | StatementKind::Output(_) => Ok(()),
            StatementKind::For(of) => {
                let items = self.eval(&of.items, scope)?;
                self.loop_over(of, &items, scope, 0, out)
            }
            StatementKind::If(branches, otherwise) => {
                for (condition, body) in branches {
                    let condition = self.eval(condition, scope)?;
                    if self.machine.is_true(&condition)? {
                        return self.body(body, scope, out);
                    }
                }
                self.body(otherwise, scope, out)
            }
            StatementKind::Set(target, node) => {
                let value = self.eval(node, scope)?;
                self.assign(target, value, scope)
            }
            StatementKind::SetBlock(target, filter, body) => {
                let value = self.captured(body, filter, scope)?;
                self.assign(target, value, scope)
            }
            StatementKind::Filter(filter, body) => {
                let value = self.captured(body, filter, scope)?;
                self.machine.print(&value, out)
            }
            StatementKind::With(assignments, body) => {
                let inner = Scope::new(Some(scope));
                for (target, node) in assignments {
                    let value = self.eval(node, scope)?;
                    self.assign(target, value, &inner)?;
                }
                self.body(body, &inner, out)
            }
            StatementKind::Block(body) => self.body(body, &Scope::new(Some(scope)), out),
            StatementKind::Macro(definition) => {
                let value = self.macro_value(definition, scope)?;
                scope.set(&definition.name, value);
                Ok(())
            }
            StatementKind::Call(block) => {
                let caller = self.macro_value(&block.caller, scope)?;
                let Expr::Call(callee, arguments) = &block.call.expr else {
                    return Err(Failure::new("expected a call"));
                };
                let callee = self.eval(callee, scope)?;
                let given = self.given(arguments, scope)?;
                let value = match &callee {
                    Value::Macro(of) => self.call_macro(of, given, Some(caller))?,
                    other => self.call_value(other, given)?,
                };
                self.machine.print(&value, out)
            }
            StatementKind::Do(node) => self.eval(node, scope).map(drop),
        }
    }

    fn macro_value(&self, definition: &'a Macro, scope: &Rc<Scope<'a>>) -> Outcome<Value<'a>> {
        self.machine.keep_scope(scope)?;
        Ok(Value::Macro(Rc::new(MacroValue {
            definition,
            scope: scope.clone(),
        })))
    }

    /// The text of a block, sent through filters.
    fn captured(
        &self,
        body: &'a [Statement],
        filter: &'a Node,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Value<'a>> {
        let mut text = String::new();
        let inner = Scope::new(Some(scope));
        self.body(body, &inner, &mut text)?;
        inner.set(CAPTURED, Value::Text(Text::from(text)));
        self.eval(filter, &inner)
    }

    fn assign(&self, target: &'a Target, value: Value<'a>, scope: &Rc<Scope<'a>>) -> Outcome<()> {
        match target {
            Target::Name(name) => {
                scope.set(name, value);
                Ok(())
            }
            Target::Tuple(targets) => {
                let items = self.machine.items(&value)?;
                if items.len() != targets.len() {
                    let (few, count) = (items.len() < targets.len(), targets.len());
                    let words = if few { "not enough" } else { "too many" };
                    return Err(Failure::new(format!(
                        "{words} values to unpack (expected {count}, got {})",
                        items.len()
                    )));
                }
                for (target, item) in targets.iter().zip(items) {
                    self.assign(target, item, scope)?;
                }
                Ok(())
            }
            Target::Member(name, member) => match scope.get(name) {
                Some(Value::Namespace(cell)) => {
                    let key = Value::Text(Text::Borrowed(member));
                    self.machine.charge(1)?;
                    cell.0
                        .borrow_mut()
                        .insert(Key::Text((**member).into()), (key, value));
                    Ok(())
                }
                _ => Err(Failure::new(
                    "cannot assign attribute on non-namespace object",
                )),
            },
        }
    }

    pub(super) fn loop_over(
        &self,
        of: &'a For,
        items: &Value<'a>,
        scope: &Rc<Scope<'a>>,
        depth: usize,
        out: &mut String,
    ) -> Outcome<()> {
        let mut items = self.machine.items(items)?;
        if let Some(condition) = &of.condition {
            let mut kept = Vec::with_capacity(items.len());
            for item in items {
                let inner = Scope::new(Some(scope));
                self.assign(&of.target, item.clone(), &inner)?;
                let condition = self.eval(condition, &inner)?;
                if self.machine.is_true(&condition)? {
                    kept.push(item);
                }
            }
            items = kept;
        }
        if items.is_empty() {
            return self.body(&of.otherwise, scope, out);
        }
        if of.recursive {
            self.machine.keep_scope(scope)?;
        }
        let items = self.machine.cell(items)?;
        let state = Rc::new(LoopState {
            items: items.clone(),
            at: Cell::new(0),
            depth,
            changed: RefCell::default(),
            recursive: of.recursive.then(|| (of, scope.clone())),
        });
        for at in 0..items.len() {
            self.machine.charge(1)?;
            state.at.set(at);
            let Some(item) = items.items().get(at).cloned() else {
                break;
            };
            let inner = Scope::new(Some(scope));
            inner.set("loop", Value::Loop(state.clone()));
            self.assign(&of.target, item, &inner)?;
            self.body(&of.body, &inner, out)?;
        }
        Ok(())
    }
}
