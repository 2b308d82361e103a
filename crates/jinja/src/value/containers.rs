use std::{
    cell::{Cell, Ref, RefCell},
    rc::Rc,
};

use indexmap::IndexMap;

use super::{Dict, Key, List, Value};
use crate::{ast::Macro, eval::Scope};

/// The items of whatever an evaluation made. The methods of a list change it.
pub(crate) struct ListCell<'a>(pub(crate) RefCell<Vec<Value<'a>>>);

impl<'a> ListCell<'a> {
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    pub(crate) fn items(&self) -> Ref<'_, Vec<Value<'a>>> {
        self.0.borrow()
    }
}

/// A dict that a template made, or a namespace.
#[derive(Default)]
pub(crate) struct DictCell<'a>(pub(crate) RefCell<IndexMap<Key, (Value<'a>, Value<'a>)>>);

/// What `dict.items()` and its like give.
pub(crate) struct View<'a> {
    pub(crate) kind: &'static str,
    pub(crate) items: Rc<ListCell<'a>>,
}

#[derive(Clone, Copy)]
pub(crate) struct Range {
    pub(crate) start: i64,
    pub(crate) stop: i64,
    pub(crate) step: i64,
}

/// A macro, with the variables that it sees.
pub(crate) struct MacroValue<'a> {
    pub(crate) definition: &'a Macro,
    pub(crate) scope: Rc<Scope<'a>>,
}

pub(crate) struct Cycler<'a> {
    pub(crate) items: Rc<ListCell<'a>>,
    pub(crate) at: Cell<usize>,
}

/// `loop` in a loop.
pub(crate) struct LoopState<'a> {
    pub(crate) items: Rc<ListCell<'a>>,
    pub(crate) at: Cell<usize>,
    pub(crate) depth: usize,
    /// What `loop.changed` saw last.
    pub(crate) changed: RefCell<Option<Rc<ListCell<'a>>>>,
    /// What `loop(…)` runs again, where the loop is recursive.
    pub(crate) recursive: Option<(&'a crate::ast::For, Rc<Scope<'a>>)>,
}

impl Range {
    pub(crate) fn len(&self) -> usize {
        let (start, stop, step) = (
            i128::from(self.start),
            i128::from(self.stop),
            i128::from(self.step),
        );
        let span = if step > 0 { stop - start } else { start - stop };
        if span <= 0 || step == 0 {
            return 0;
        }
        usize::try_from((span + step.abs() - 1) / step.abs()).unwrap_or(usize::MAX)
    }

    pub(crate) fn get(&self, index: usize) -> Option<i64> {
        let index = i64::try_from(index).ok().filter(|_| index < self.len())?;
        self.start.checked_add(self.step.checked_mul(index)?)
    }
}

impl<'a> List<'a> {
    pub(crate) fn len(&self) -> usize {
        match self {
            List::Json(items) => items.len(),
            List::Owned(cell) => cell.0.borrow().len(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<Value<'a>> {
        match self {
            List::Json(items) => items.get(index).map(Value::from),
            List::Owned(cell) => cell.0.borrow().get(index).cloned(),
        }
    }

    pub(crate) fn to_vec(&self) -> Vec<Value<'a>> {
        match self {
            List::Json(items) => items.iter().map(Value::from).collect(),
            List::Owned(cell) => cell.0.borrow().clone(),
        }
    }
}

impl<'a> Dict<'a> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Dict::Json(object) => object.members().len(),
            Dict::Owned(cell) => cell.0.borrow().len(),
        }
    }

    /// The member of a textual name.
    pub(crate) fn get_text(&self, name: &str) -> Option<Value<'a>> {
        match self {
            Dict::Json(object) => object.get(name).map(Value::from),
            Dict::Owned(cell) => cell
                .0
                .borrow()
                .get(&super::key::TextKey(name))
                .map(|(_, value)| value.clone()),
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Value<'a>> {
        match (self, key) {
            (Dict::Json(object), Key::Text(name)) => object.get(name).map(Value::from),
            (Dict::Json(_), _) => None,
            (Dict::Owned(cell), key) => cell.0.borrow().get(key).map(|(_, value)| value.clone()),
        }
    }

    pub(crate) fn entries(&self) -> Vec<(Value<'a>, Value<'a>)> {
        match self {
            Dict::Json(object) => {
                let members = object.members().iter();
                members
                    .map(|(name, value)| (Value::borrowed(name), Value::from(value)))
                    .collect()
            }
            Dict::Owned(cell) => cell.0.borrow().values().cloned().collect(),
        }
    }
}
