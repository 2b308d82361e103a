use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use num_bigint::BigInt;

use super::Scope;
use crate::{
    budget::Budget,
    limits::DEPTH_MAX,
    mistake::{Failure, Outcome},
    value::{Dict, DictCell, Key, List, ListCell, Text, Value},
};

/// Bytes of text that cost as much as one step.
const BYTES_PER_STEP: usize = 64;

/// What one evaluation has left, and everything that it made.
///
/// Lists, dicts and the scopes of macros may hold themselves or each other, and hang together in chains of any length.
/// So the machine keeps them all until it ends, and then empties them one by one: nothing leaks, and nothing is freed
/// by recursion.
pub(crate) struct Machine<'a> {
    steps: Cell<u64>,
    bytes: Cell<usize>,
    depth: Cell<u32>,
    /// Whether what is undefined is a failure wherever it is used.
    strict: bool,
    kept: RefCell<Vec<Kept<'a>>>,
}

enum Kept<'a> {
    List(Rc<ListCell<'a>>),
    Dict(Rc<DictCell<'a>>),
    Scope(Rc<Scope<'a>>),
}

impl Drop for Machine<'_> {
    fn drop(&mut self) {
        for kept in self.kept.get_mut().iter() {
            match kept {
                Kept::List(cell) => drop(cell.0.take()),
                Kept::Dict(cell) => drop(cell.0.take()),
                Kept::Scope(scope) => drop(scope.empty()),
            }
        }
    }
}

impl<'a> Machine<'a> {
    /// Whether what is absent is an error wherever it is used.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    pub(crate) fn new(budget: Budget, strict: bool) -> Self {
        Self {
            steps: Cell::new(budget.steps),
            bytes: Cell::new(budget.bytes),
            depth: Cell::new(0),
            strict,
            kept: RefCell::default(),
        }
    }

    /// Steps that are left.
    pub(crate) fn steps_left(&self) -> u64 {
        self.steps.get()
    }

    /// Takes steps from the budget.
    pub(crate) fn charge(&self, steps: u64) -> Outcome<()> {
        match self.steps.get().checked_sub(steps) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => {
                self.steps.set(0);
                Err(Failure::new(
                    "it takes too much work: its steps are used up",
                ))
            }
        }
    }

    pub(crate) fn charge_items(&self, items: usize) -> Outcome<()> {
        self.charge(u64::try_from(items).unwrap_or(u64::MAX))?;
        self.charge_memory(items.saturating_mul(size_of::<Value<'a>>()))
    }

    /// For text that is read or made.
    pub(crate) fn charge_bytes(&self, bytes: usize) -> Outcome<()> {
        self.charge(u64::try_from(bytes / BYTES_PER_STEP).unwrap_or(u64::MAX))?;
        self.charge_memory(bytes)
    }

    /// For what printing, multiplying or dividing a large integer costs: the square of its length.
    pub(crate) fn charge_big(&self, value: &BigInt) -> Outcome<()> {
        let words = value.bits() / 64;
        self.charge(words.saturating_mul(words) / 8)
    }

    fn charge_memory(&self, bytes: usize) -> Outcome<()> {
        match self.bytes.get().checked_sub(bytes) {
            Some(left) => {
                self.bytes.set(left);
                Ok(())
            }
            None => {
                self.bytes.set(0);
                Err(Failure::new("it takes too much memory"))
            }
        }
    }

    /// Refuses what would take so much before it is made.
    pub(crate) fn afford_bytes(&self, bytes: usize) -> Outcome<()> {
        if bytes > crate::limits::TEXT_BYTES_MAX {
            let words = format!(
                "a text is longer than {} bytes",
                crate::limits::TEXT_BYTES_MAX
            );
            return Err(Failure::new(words));
        }
        self.charge_bytes(bytes)
    }

    /// One level deeper while `run` runs.
    pub(crate) fn deeper<T>(&self, run: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        self.enter()?;
        let done = run();
        self.leave();
        done
    }

    #[inline]
    pub(crate) fn enter(&self) -> Outcome<()> {
        if self.depth.get() >= DEPTH_MAX {
            return Err(Failure::new(
                "it is nested too deeply: macros or loops call themselves without an end",
            ));
        }
        self.depth.set(self.depth.get() + 1);
        Ok(())
    }

    #[inline]
    pub(crate) fn leave(&self) {
        self.depth.set(self.depth.get() - 1);
    }

    /// Refuses what is undefined, where that is to be refused.
    pub(crate) fn defined(&self, value: &Value<'a>) -> Outcome<()> {
        match value {
            Value::Undefined(absent) if self.strict => Err(Failure::new(absent.words())),
            _ => Ok(()),
        }
    }

    pub(crate) fn is_true(&self, value: &Value<'a>) -> Outcome<bool> {
        self.defined(value)?;
        Ok(value.is_true())
    }

    pub(crate) fn text(&self, text: impl Into<String>) -> Outcome<Value<'a>> {
        let text = text.into();
        self.afford_bytes(text.len())?;
        Ok(Value::Text(Text::from(text)))
    }

    pub(crate) fn safe_text(&self, text: impl Into<String>) -> Outcome<Value<'a>> {
        let text = text.into();
        self.afford_bytes(text.len())?;
        Ok(Value::Text(Text::Safe(text.into())))
    }

    /// A text that is safe if the one that it was made of is.
    pub(crate) fn text_like(
        &self,
        like: &Value<'a>,
        text: impl Into<String>,
    ) -> Outcome<Value<'a>> {
        match like {
            Value::Text(text_before) if text_before.is_safe() => self.safe_text(text),
            _ => self.text(text),
        }
    }

    /// Keeps items, so that whatever holds them is freed without recursion.
    pub(crate) fn cell(&self, items: Vec<Value<'a>>) -> Outcome<Rc<ListCell<'a>>> {
        self.charge_items(items.len() + 1)?;
        let cell = Rc::new(ListCell(RefCell::new(items)));
        self.kept.borrow_mut().push(Kept::List(cell.clone()));
        Ok(cell)
    }

    pub(crate) fn list(&self, items: Vec<Value<'a>>) -> Outcome<Value<'a>> {
        Ok(Value::List(List::Owned(self.cell(items)?)))
    }

    pub(crate) fn tuple(&self, items: Vec<Value<'a>>) -> Outcome<Value<'a>> {
        Ok(Value::Tuple(self.cell(items)?))
    }

    /// Items that can be gone through once.
    pub(crate) fn stream(&self, mut items: Vec<Value<'a>>) -> Outcome<Value<'a>> {
        items.reverse();
        Ok(Value::Stream(self.cell(items)?))
    }

    pub(crate) fn keep_scope(&self, scope: &Rc<Scope<'a>>) -> Outcome<()> {
        self.charge_items(1)?;
        self.kept.borrow_mut().push(Kept::Scope(scope.clone()));
        Ok(())
    }

    pub(crate) fn dict_cell(
        &self,
        entries: Vec<(Value<'a>, Value<'a>)>,
    ) -> Outcome<Rc<DictCell<'a>>> {
        let cell = Rc::new(DictCell::default());
        self.kept.borrow_mut().push(Kept::Dict(cell.clone()));
        self.charge_items(1)?;
        for (key, value) in entries {
            self.insert(&cell, key, value)?;
        }
        Ok(cell)
    }

    pub(crate) fn dict(&self, entries: Vec<(Value<'a>, Value<'a>)>) -> Outcome<Value<'a>> {
        Ok(Value::Dict(Dict::Owned(self.dict_cell(entries)?)))
    }

    pub(crate) fn insert(
        &self,
        cell: &DictCell<'a>,
        key: Value<'a>,
        value: Value<'a>,
    ) -> Outcome<()> {
        self.charge_items(3)?;
        if let Value::Text(text) = &key {
            self.charge_bytes(text.len())?;
        }
        let found = Key::of(&key)?;
        let mut entries = cell.0.borrow_mut();
        match entries.get_mut(&found) {
            Some((_, kept)) => *kept = value,
            None => {
                entries.insert(found, (key, value));
            }
        }
        Ok(())
    }

    pub(crate) fn list_items(&self, list: &List<'a>) -> Outcome<Vec<Value<'a>>> {
        self.charge_items(list.len())?;
        Ok(list.to_vec())
    }

    pub(crate) fn dict_entries(&self, dict: &Dict<'a>) -> Outcome<Vec<(Value<'a>, Value<'a>)>> {
        self.charge_items(dict.len() * 2)?;
        Ok(dict.entries())
    }
}
